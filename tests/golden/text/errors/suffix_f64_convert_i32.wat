;; expect 4:4+15 unknown operator f64.convert_i32; it needs a suffix: 'f64.convert_i32_s'
(memory 1)
(func
  (f64.convert_i32 (unreachable)))
