;; The start function is an import, exported again under another name.
(module $start_import
  (import "host" "begin" (func $begin))
  (export "begin_again" (func $begin))
  (global $count (mut i32) (i32.const 0))
  (func (export "init") (global.set $count (i32.add (global.get $count) (i32.const 1))))
  (func (export "count") (result i32) (global.get $count))
  (start $begin))
