;; Three memories: results are written into the second, the stack pointer belongs to it, the third is imported.
(module $multimemory
  (import "host" "scratch" (memory $scratch 1 4))
  (import "host" "read_pair" (func $read_pair (param i32)))
  (memory $plain (export "memory") 1)
  (memory $results (export "results") 2 8)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (data $greeting (memory $plain) (i32.const 16) "plain memory")
  (data $table (memory $results) (i32.const 70000) "\01\02\03\04\05\06\07\08")

  ;; (i64, i64) at the pointer, in $results
  (func (export "get_pair") (param $out i32) (param $x i64)
    (i64.store $results offset=8 (local.get $out) (i64.xor (local.get $x) (i64.const -1)))
    (i64.store $results (local.get $out) (local.get $x)))

  ;; the host writes a pair into $results too
  (func (export "sum_of_host") (result i64)
    (local $frame i32)
    (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 16))))
    (call $read_pair (local.get $frame))
    (i64.add (i64.load $results (local.get $frame)) (i64.load $results offset=8 (local.get $frame)))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16))))

  (func (export "copy_between") (param $from i32) (param $to i32) (param $count i32)
    (memory.copy $results $plain (local.get $to) (local.get $from) (local.get $count))
    (memory.fill $scratch (i32.const 0) (i32.const 0xAA) (local.get $count)))

  (func (export "sizes") (result i32 i32 i32)
    (memory.size $scratch) (memory.size $plain) (memory.size $results))

  (func (export "grow_results") (param i32) (result i32)
    (memory.grow $results (local.get 0))))
