;; expect 4:3+10 unknown operator set_global; it is 'global.set' since WebAssembly 1.0
(global $g (mut i32) (i32.const 0))
(func i32.const 1
  set_global $g)
