;; expect 5:9+5 unknown function '$gggg'
;; expect 6:10+7 unknown operator i32.adx
;; expect 7:3+4 unknown operator nope
(func $f (param $x i32)
  (call $gggg)
  (drop (i32.adx (local.get $x)))
  nope)
