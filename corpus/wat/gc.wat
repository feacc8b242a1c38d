;; Garbage-collected types: recursive groups, subtypes, arrays, casts, and a function that returns through a pointer.
(module $gc
  (rec
    (type $node (sub (struct (field $value i64) (field $next (mut (ref null $node))))))
    (type $tagged (sub final $node (struct (field $value i64) (field $next (mut (ref null $node))) (field $tag i8)))))
  (type $sum (func (param (ref null $node)) (result i64)))
  (type $bytes (array (mut i8)))
  (type $shape (func (param i32) (result (ref null $node))))
  (memory (export "memory") 1)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (global $list (mut (ref null $node)) (ref.null $node))
  (global $pattern (ref $bytes) (array.new_fixed $bytes 3 (i32.const 1) (i32.const 2) (i32.const 3)))
  (data $text "garbage")
  (elem $shapes (ref null $shape) (ref.func $plain) (ref.null $shape))

  (func $plain (type $shape) (param $x i32) (result (ref null $node))
    (struct.new $node (i64.extend_i32_s (local.get $x)) (ref.null $node)))

  (func (export "push") (param $value i64) (param $tag i32)
    (global.set $list
      (if (result (ref $node)) (local.get $tag)
        (then (struct.new $tagged (local.get $value) (global.get $list) (local.get $tag)))
        (else (struct.new $node (local.get $value) (global.get $list))))))

  ;; (i64, u8): the newest value and its tag
  (func (export "newest") (param $out i32)
    (local $top (ref $node))
    (local.set $top (br_on_null 0 (global.get $list)))
    (i64.store (local.get $out) (struct.get $node $value (local.get $top)))
    (i32.store8 offset=8 (local.get $out)
      (block $tag (result i32)
        (block $other (result (ref $node))
          (br $tag (struct.get_u $tagged $tag (br_on_cast_fail $other (ref $node) (ref $tagged) (local.get $top)))))
        (drop)
        (i32.const 0))))

  (func $total (type $sum)
    (local $sum i64)
    (loop $again
      (if (i32.eqz (ref.is_null (local.get 0)))
        (then
          (local.set $sum (i64.add (local.get $sum) (struct.get $node $value (local.get 0))))
          (local.set 0 (struct.get $node $next (local.get 0)))
          (br $again))))
    (local.get $sum))

  (func (export "sum") (result i64)
    (call_ref $sum (global.get $list) (ref.func $total)))

  (func (export "byte") (param $index i32) (result i32)
    (array.get_u $bytes (array.new_data $bytes $text (i32.const 0) (i32.const 7)) (local.get $index)))

  (func (export "small") (param $x i32) (result i32)
    (i31.get_s (ref.cast (ref i31) (ref.i31 (local.get $x)))))
  (elem declare func $total))
