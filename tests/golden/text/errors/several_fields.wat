;; expect 5:4+5 unexpected token 'globl'
;; expect 6:17+3 unexpected token 'i33'
;; expect 7:21+2 unknown function '$h'
(module
  (globl $g i32 (i32.const 0))
  (func (result i33))
  (export "a" (func $h)))
