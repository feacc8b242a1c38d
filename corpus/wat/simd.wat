;; Vectors: lanes, shuffles, a relaxed operation, and a pair of i64 written as one vector store.
(module $simd
  (memory (export "memory") 1)
  (global $__stack_pointer (mut i32) (i32.const 65536))

  ;; (i64, i64), joined into one store
  (func (export "pair") (param $out i32) (param $x i64)
    (v128.store align=8 (local.get $out)
      (i64x2.replace_lane 1 (i64x2.splat (local.get $x)) (i64.sub (i64.const 0) (local.get $x)))))

  ;; [f32; 4]
  (func (export "scaled") (param $out i32) (param $factor f32)
    (v128.store align=4 (local.get $out)
      (f32x4.mul (v128.const f32x4 1 -2 0.5 nan) (f32x4.splat (local.get $factor)))))

  (func (export "reverse") (param $at i32)
    (v128.store (local.get $at)
      (i8x16.shuffle 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0 (v128.load (local.get $at)) (v128.const i64x2 0 0))))

  (func (export "sum") (param $at i32) (result i32)
    (local $v v128)
    (local.set $v (i32x4.extadd_pairwise_i16x8_s (i16x8.extadd_pairwise_i8x16_u (v128.load (local.get $at)))))
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $v)) (i32x4.extract_lane 1 (local.get $v)))
      (i32.add (i32x4.extract_lane 2 (local.get $v)) (i32x4.extract_lane 3 (local.get $v)))))

  (func (export "any") (param $at i32) (result i32)
    (v128.any_true (i8x16.relaxed_swizzle (v128.load (local.get $at)) (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)))))
