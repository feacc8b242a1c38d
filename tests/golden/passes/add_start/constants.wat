;; Parameters get the constants given, results are dropped, and the export goes.
;; run: add-start function=main args=u32:4294967295 args=-7 args=f32:1.5 args=f64:0x7ff8000000000001 args=null remove-export=true
(module
  (func (export "other"))
  (func (export "main") (param i32 i64 f32 f64 externref) (result i32 i64)
    local.get 0
    local.get 1))
;; ->
;; note: add-start: 'main' runs at instantiation
;; note: add-start: removed export 'main'
;; claim: instantiation-calls old=1 args=['i32:4294967295', 'i64:18446744073709551609', 'f32:0x3fc00000', 'f64:0x7ff8000000000001', 'extern:null']
;; claim: removed kind=export name=main
;; type 0: [] -> []
;; type 1: [i32 i64 f32 f64 externref] -> [i32 i64]
;; func 2 [] -> []
;;   i32.const -1
;;   i64.const -7
;;   f32.const 1069547520
;;   f64.const 9221120237041090561
;;   ref.null extern
;;   call function 1
;;   drop
;;   drop
;; export 'other': function 0 [] -> []
;; start: function 2
