;; expect 2:27+2 unexpected token '$l'; expected an instruction
(func (block (result i32) $l (i32.const 1)) drop)
