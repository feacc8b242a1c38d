;; Shared memory, passive data and a start function that fills memory once, as linkers emit for threads.
(module $threads
  (import "env" "memory" (memory 1 4 shared))
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (global $__tls_base (mut i32) (i32.const 0))
  (data $initial "\64\00\00\00\2a\00\00\00")

  (func $__wasm_init_memory
    (if (i32.eqz (i32.atomic.rmw.cmpxchg (i32.const 2048) (i32.const 0) (i32.const 1)))
      (then
        (memory.init $initial (i32.const 1024) (i32.const 0) (i32.const 8))
        (i32.atomic.store (i32.const 2048) (i32.const 2))
        (drop (memory.atomic.notify (i32.const 2048) (i32.const -1))))
      (else
        (drop (memory.atomic.wait32 (i32.const 2048) (i32.const 1) (i64.const 0)))))
    (data.drop $initial))

  (func (export "init") (i32.atomic.store (i32.const 1024) (i32.const 500)))

  (func (export "take") (result i32) (i32.atomic.rmw.add (i32.const 1024) (i32.const 1)))

  (func (export "seen") (param $index i32) (result i32)
    (i32.load offset=1024 (i32.shl (i32.and (local.get $index) (i32.const 1)) (i32.const 2))))

  ;; (u32, u64)
  (func (export "take_two") (param $out i32)
    (local $first i32)
    (local.set $first (i32.atomic.rmw.add (i32.const 1024) (i32.const 2)))
    (i32.store (local.get $out) (local.get $first))
    (i64.store offset=8 (local.get $out) (i64.add (i64.extend_i32_u (local.get $first)) (i64.const 1)))
    (atomic.fence))
  (start $__wasm_init_memory))
