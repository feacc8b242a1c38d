;; The import keeps its index and gets the new type; call, return_call, ref.func, segments, a global, and an export mean
;; the appended function instead. Stores are as wide as their fields, last first.
;; run: multi-value "import=js.read=(a: u8 @4, b: f32 @0, c: i16 @6, d: u128 @16)"
(module
  (import "js" "other" (func $other))
  (import "js" "read" (func $read (param i32 i32)))
  (memory 1)
  (table 3 funcref)
  (global (export "chosen") funcref (ref.func $read))
  (elem (i32.const 0) func $read $other)
  (elem declare func $read)
  (export "read" (func $read))
  (func (param i32)
    (call $read (local.get 0) (i32.const 1))
    (drop (ref.func $read))
    (return_call $read (local.get 0) (i32.const 2)))
  (func (export "untouched") call $other))
;; ->
;; note: multi-value: changed type of import 'js.read' to [i32] -> [i32 f32 i32 i64 i64] (was [i32 i32] -> []; declared result (a: u8 @4, b: f32 @0, c: i16 @6, d: u128 @16))
;; claim: uses of function 1 mean 4
;; claim: returns-by-value kind=import name=read result=(a: u8 @4, b: f32 @0, c: i16 @6, d: u128 @16) module=js old=1 new=1
;; claim: custom-changed name=name reason=it follows what was added or moved
;; type 0: [] -> []
;; type 1: [i32 i32] -> []
;; type 2: [i32] -> []
;; type 3: [i32] -> [i32 f32 i32 i64 i64]
;; import js.other: function 0 [] -> []
;; import js.read: function 1 [i32] -> [i32 f32 i32 i64 i64]
;; func 2 [i32] -> []
;;   local.get 0
;;   i32.const 1
;;   call function 4
;;   ref.func function 4
;;   drop
;;   local.get 0
;;   i32.const 2
;;   return_call function 4
;; func 4 'read by pointer' [i32 i32] -> [] locals 1*i64 1*i32 1*f32
;;   local.get 1
;;   call function 1
;;   local.set 2
;;   local.get 0
;;   local.get 2
;;   i64.store (align=3 offset=24 memory=memory 0)
;;   local.set 2
;;   local.get 0
;;   local.get 2
;;   i64.store (align=3 offset=16 memory=memory 0)
;;   local.set 3
;;   local.get 0
;;   local.get 3
;;   i32.store16 (align=1 offset=6 memory=memory 0)
;;   local.set 4
;;   local.get 0
;;   local.get 4
;;   f32.store (align=2 offset=0 memory=memory 0)
;;   local.set 3
;;   local.get 0
;;   local.get 3
;;   i32.store8 (align=0 offset=4 memory=memory 0)
;; elem 0: function 4 function 0
;; elem 1: function 4
;; export 'chosen': global 0
;; export 'read': function 4 [i32 i32] -> []
;; export 'untouched': function 3 [] -> []
;; custom 'name': 011f0300056f74686572010472656164040f7265616420627920706f696e746572
