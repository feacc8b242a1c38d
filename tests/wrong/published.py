"""Bugs that users of other rewriters reported, made again on small modules; and every kind of index left behind.

``CASES`` are whole pairs. ``KINDS`` take one module in which everything moved by one, and leave one mention as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.helpers.wat import wat
from tests.wrong.rights import Right
from tests.wrong.surgery import CUSTOM, Patient
from tests.wrong.wrong import Wrong, damaged
from wasmrewrite.contract import (
    Added,
    Contract,
    CustomChanged,
    IndexMap,
    InstantiationCalls,
    Removed,
    Renamed,
    Run,
)
from wasmrewrite.model import Module

# --- one module with every kind of index -----------------------------------------------------------------------------

SPACES = """(module
  {type} (type $t (func (result i32))) (type $u (func (param i32) (result i32))) (type $v (func))
  {import}
  (import "env" "log" (func $log (type $u)))
  {memory} (memory $m (export "m") 1) (memory $n (export "n") 2)
  {table} (table $a (export "a") 4 funcref) (table $b (export "b") 4 funcref)
  {global} (global $g (export "g") (mut i32) (i32.const 1)) (global $h (mut i32) (i32.const 2))
  (global $r (export "r") funcref (ref.func $two))
  (global $k i32 (i32.const 3)) (global $l i32 (i32.const 1))
  {elem} (elem $first (table $a) (i32.const 0) func $one $two)
  (elem $passive func $one) (elem $late func $two)
  (elem $third (table $b) (global.get $k) funcref (ref.func $two))
  (elem $fourth (table $b) (i32.const 1) funcref (ref.func $two) (ref.null func))
  {data} (data $early (memory $n) (i32.const 8) "data") (data $later "later") (data $last "other")
  (start $init)
  (func $one (type $t) i32.const 1)
  (func $two (type $t) i32.const 2)
  (func $init (type $v) i32.const 7 global.set $g)
  (func $idle (type $v) i32.const 9 global.set $g)
  (func (export "call") (type $u) local.get 0 call $log drop call $two)
  (func (export "tail") (type $t) return_call $two)
  (func (export "indirect") (type $u) local.get 0 i32.const 1 i32.and call_indirect $a (type $t))
  (func (export "typed") (type $u) i32.const 5 local.get 0 i32.const 1 i32.and call_indirect $a (type $u))
  (func (export "grow") (result i32) i32.const 1 memory.grow $n)
  (func (export "size") (result i32) memory.size $n memory.size $m i32.const 100 i32.mul i32.add)
  (func (export "load") (type $u) local.get 0 i32.const 15 i32.and i32.load $n)
  (func (export "store") (type $u) i32.const 40 local.get 0 i32.store8 $n i32.const 0)
  (func (export "copy") i32.const 3 i32.const 8 i32.const 4 memory.copy $m $n)
  (func (export "fill") i32.const 30 i32.const 9 i32.const 2 memory.fill $n)
  (func (export "init") i32.const 20 i32.const 1 i32.const 3 memory.init $n $later)
  (func (export "drop") data.drop $last i32.const 20 i32.const 0 i32.const 3 memory.init $m $later)
  (func (export "set") (param i32) local.get 0 global.set $h)
  (func (export "get") (result i32) global.get $h)
  (func (export "table") (type $u) local.get 0 i32.const 1 i32.and i32.const 0 table.get $a table.set $b i32.const 0)
  (func (export "tables") i32.const 0 i32.const 0 i32.const 1 table.copy $b $a)
  (func (export "table_init") i32.const 2 i32.const 0 i32.const 1 table.init $b $passive)
  (func (export "elem_drop") elem.drop $late i32.const 2 i32.const 0 i32.const 1 table.init $a $passive)
  (func (export "table_size") (result i32) table.size $b table.size $a i32.const 100 i32.mul i32.add)
  (func (export "table_grow") (result i32) ref.null func i32.const 1 table.grow $b)
  (func (export "table_fill") i32.const 0 ref.null func i32.const 1 table.fill $b)
  (func (export "blocks") (type $u) local.get 0 block (type $u) i32.const 1 i32.add end)
  (func (export "ref") (result i32) ref.func $two ref.is_null)
  (func (export "kept") (result funcref) ref.func $two))
"""
EMPTY = dict.fromkeys(("{type}", "{import}", "{memory}", "{table}", "{global}", "{elem}", "{data}"), "")
FIRST = {
    "{type}": "(type $t0 (func (param i64)))",
    "{import}": '(import "env" "new" (func $new (result i32)))',
    "{memory}": "(memory $m0 1)",
    "{table}": "(table $t0 1 funcref)",
    "{global}": "(global $g0 (mut i32) (i32.const 1))",
    "{elem}": "(elem $e0 func $one)",
    "{data}": '(data $d0 "zero")',
}
KINDS = {
    "call": ("drop call $two", "drop call $one"),
    "call-of-an-import": ("local.get 0 call $log drop call $two", "call $new drop call $two"),
    "return_call": ("return_call $two", "return_call $one"),
    "call_indirect-table": ("call_indirect $a (type $t)", "call_indirect $t0 (type $t)"),
    "call_indirect-type": ("i32.const 5 local.get 0 i32.const 1 i32.and call_indirect $a (type $u)", "local.get 0 i32.const 1 i32.and call_indirect $a (type $t)"),
    "memory.grow": ("memory.grow $n", "memory.grow $m"),
    "memory.size": ("memory.size $n", "memory.size $m"),
    "load": ("i32.load $n", "i32.load $m"),
    "store": ("i32.store8 $n", "i32.store8 $m"),
    "memory.copy-to": ("memory.copy $m $n", "memory.copy $m0 $n"),
    "memory.copy-from": ("memory.copy $m $n", "memory.copy $m $m"),
    "memory.fill": ("memory.fill $n", "memory.fill $m"),
    "memory.init-memory": ("memory.init $n", "memory.init $m"),
    "memory.init-data": ("memory.init $n $later", "memory.init $n $d0"),
    "data.drop": ("data.drop $last", "data.drop $later"),
    "global.set": ("global.set $h", "global.set $g"),
    "global.get": ("global.get $h", "global.get $g"),
    "global.get-in-an-offset": ("(global.get $k)", "(global.get $l)"),
    "table.get": ("table.get $a", "table.get $b"),
    "table.set": ("table.set $b", "table.set $a"),
    "table.copy": ("table.copy $b $a", "table.copy $a $a"),
    "table.init-table": ("table.init $b $passive", "table.init $a $passive"),
    "table.init-elem": ("table.init $b $passive", "table.init $b $late"),
    "elem.drop": ("elem.drop $late", "elem.drop $passive"),
    "table.size": ("table.size $b", "table.size $t0"),
    "table.grow": ("table.grow $b", "table.grow $a"),
    "table.fill": ("table.fill $b", "table.fill $a"),
    "ref.func": ("(result funcref) ref.func $two", "(result funcref) ref.func $one"),
    "ref.func-in-a-global": ('"r") funcref (ref.func $two)', '"r") funcref (ref.func $one)'),
    "ref.func-in-a-segment": ("(ref.func $two) (ref.null func)", "(ref.func $one) (ref.null func)"),
    "function-in-a-segment": ("func $one $two", "func $one $one"),
    "function-in-a-passive-segment": ("$passive func $one", "$passive func $two"),
    "table-of-a-segment": ("(elem $fourth (table $b)", "(elem $fourth (table $a)"),
    "memory-of-a-segment": ("$early (memory $n)", "$early (memory $m)"),
    "exported-memory": ('(memory $n (export "n") 2)', '(memory $n 2) (export "n" (memory $m))'),
    "exported-table": ('(table $b (export "b") 4 funcref)', '(table $b 4 funcref) (export "b" (table $a))'),
    "exported-global": ('(global $g (export "g")', '(export "g" (global $h)) (global $g'),
    "start": ("(start $init)", "(start $idle)"),
    "block-type": ("local.get 0 block (type $u)", "local.get 0 block (param i32) (result i32) drop i32.const 0"),
    "declared-type": ('(func (export "get") (result i32) global.get $h)', '(func (export "get") (result i32) (local i32) global.get $h global.get $g i32.add)'),
}


def filled(text: str, places: dict[str, str]) -> str:
    """A template with its places filled in."""
    for place, content in places.items():
        text = text.replace(place, content)
    return text


def moved() -> Right:
    """Something in front of every index space."""
    before = wat(filled(SPACES, EMPTY))
    module = Module.from_bytes(before)
    counts: dict[str, Sequence[object]] = {
        "type": module.types, "function": module.funcs, "memory": module.memories, "table": module.tables,
        "global": module.globals, "elem segment": module.elems, "data segment": module.datas,
    }  # fmt: skip
    maps = tuple(IndexMap(space, (Run(0, 1, len(items)),)) for space, items in counts.items())
    claims = (Added("import", "new", module="env", type="function [] -> [i32]"), CustomChanged("name", "everything moved"))
    return Right("spaces/moved", before, wat(filled(SPACES, FIRST)), Contract(maps=maps, claims=claims))


def kinds() -> Iterator[Wrong]:
    """One mention left as it was, kind by kind."""
    right = moved()
    text = filled(SPACES, FIRST)
    for name, (old, new) in KINDS.items():
        if text.count(old) != 1:
            raise ValueError(f"{name}: {text.count(old)} times in the module: {old!r}")
        yield damaged(right, f"not-renumbered/{name}", wat(text.replace(old, new)))


# --- published bugs --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A module, what a rewriter should have made of it, and what one did."""

    before: str
    right: str
    wrong: str
    contract: Contract = Contract()


IMPORTED = Contract(
    maps=(IndexMap("function", (Run(0, 1, 3),)),),
    claims=(Added("import", "hook", module="h", type="function [] -> []"), CustomChanged("name", "functions moved")),
)
HOOKED = """(module (type $v (func)) (type $t (func (result i32))) {hook}
  (func $one (type $t) i32.const 1) (func $two (type $t) i32.const 2)
  (memory $m 1) (memory $n 1 4) (export "n" (memory $n))
  (global $f funcref (ref.func {ref})) (table $tab 2 funcref) (elem (i32.const 0) $one $two)
  (func (export "run") (type $t) i32.const 1 memory.grow {grow} drop
    i32.const 0 global.get $f table.set $tab i32.const 0 call_indirect $tab (type $t)))"""
_HOOK = '(import "h" "hook" (func $hook (type $v)))'


def _hooked(hook: bool, ref: str = "$two", grow: str = "$n") -> str:
    return filled(HOOKED, {"{hook}": _HOOK if hook else "", "{ref}": ref, "{grow}": grow})


STARTED = """(module (type (func)) (global $g (export "g") (mut i32) (i32.const 1))
  (func $old (type 0) global.get $g i32.const 3 i32.mul global.set $g)
  (func $init (export "init") (type 0) global.get $g i32.const 4 i32.add global.set $g) {start})"""
STARTS = Contract(claims=(InstantiationCalls(1), CustomChanged("name", "a function was added")))


def _started(start: str) -> str:
    return STARTED.replace("{start}", start)


TWO_MODULES = """(module (type (func (param i32) (result i32)))
  (import "{a}" "get" (func $a (type 0))) (import "{b}" "get" (func $b (type 0)))
  (func (export "f") (type 0) local.get 0 call $a local.get 0 call $b i32.const 3 i32.mul i32.sub))"""
MINIFIED = Contract(
    claims=(
        Renamed("import", "get", "get", module="left", new_module="a"),
        Renamed("import", "get", "get", module="right", new_module="b"),
    )
)


def _modules(a: str, b: str) -> str:
    return filled(TWO_MODULES, {"{a}": a, "{b}": b})


GLOBALS = """(module {gone} (global $a (export "a") (mut i32) (i32.const 10)) (global $b (export "b") (mut i32) (i32.const 20))
  (func (export "bump") (result i32) global.get $a i32.const 1 i32.add global.set $a global.get {read}))"""
DELETED = Contract(maps=(IndexMap("global", (Run(1, 0, 2),)),), claims=(CustomChanged("name", "a global is gone"),))


def _globals(gone: bool, read: str = "$a", swap: bool = False) -> str:
    text = filled(GLOBALS, {"{gone}": '(global $gone (mut i32) (i32.const 5))' if gone else "", "{read}": read})
    if swap:
        text = text.replace('(export "a")', '(export "x")').replace('(export "b")', '(export "a")').replace('"x"', '"b"')
    return text


CONSTRUCTED = """(module (type (func)) (type (func (result i32))) (global $n (mut i32) (i32.const 0))
  (func $ctors (type 0) global.get $n i32.const 1 i32.add global.set $n)
  (func $count (export "count") (type 1) {body} global.get $n)
  {more})"""


def _constructed(body: str, more: str = "") -> str:
    return filled(CONSTRUCTED, {"{body}": body, "{more}": more})


DECLARED = """(module (type $t (func (result i32))) (func $f (type $t) i32.const 1) (func $g (type $t) i32.const 2)
  (table $tab (export "t") 3 externref) (table $fun 2 funcref) (elem (table $fun) (i32.const 0) func {items})
  (func (export "call") (param i32) (result i32) local.get 0 i32.const 1 i32.and call_indirect $fun (type $t)))"""
SEGMENTS = """(module (memory (export "m") 1) (data (i32.const 0) "abc") {passive} (data $p "xyz") {tail}
  (func (export "init") i32.const 8 i32.const 0 i32.const 3 memory.init $p))"""
EXTENDED = """(module (memory (export "m") 1) (func (export "f") (param i32) (result i32)
    local.get 0 i32.const 12 i32.shl {extend}))"""
GROWN = """(module (memory (export "m") 1 4) (func (export "f") (result i32) {grow}))"""
TAGGED = """(module (tag $a (param i32)) (tag $b (param i32))
  (func (export "f") (param i32) (result i32) local.get 0))"""
SIGNED = """(module (func (export "f") (param i32) (result i64) local.get 0 {extend}))"""
FLOATS = """(module (func (export "f") (param f32) (result i32) local.get 0 {convert}))"""
BRANCHES = """(module (func (export "f") (param i32) (result i32)
  block (result i32) block (result i32) i32.const 10 local.get 0 {table} end i32.const 1 i32.add end))"""
LOCALS = """(module (func (export "f") (param i32 i64) (result i32) (local i32) {body}))"""
MULTI = """(module (func $two (param i32) (result i32 i32) local.get 0 i32.const 7)
  (func (export "f") (param i32) (result i32) local.get 0 call $two {after}))"""
TEED = """(module (global $g (mut i32) (i32.const 5))
  (func (export "f") (param i32) (result i32) local.get 0 i32.const 1 i32.add {tee} local.get 0 i32.mul))"""

CASES: dict[str, Case] = {
    "ref.func in a global's initialiser not renumbered": Case(_hooked(False), _hooked(True), _hooked(True, ref="$one"), IMPORTED),
    "memory.grow goes to the first memory": Case(_hooked(False), _hooked(True), _hooked(True, grow="$m"), IMPORTED),
    "the old start function is lost": Case(_started("(start $old)"), _started("(func $both (type 0) call $old call $init) (start $both)"), _started("(start $init)"), STARTS),
    "the new start function is lost": Case(_started("(start $old)"), _started("(func $both (type 0) call $old call $init) (start $both)"), _started("(start $old)"), STARTS),
    "start functions in the wrong order": Case(_started("(start $old)"), _started("(func $both (type 0) call $old call $init) (start $both)"), _started("(func $both (type 0) call $init call $old) (start $both)"), STARTS),
    "a start function runs twice": Case(_started("(start $old)"), _started("(func $both (type 0) call $old call $init) (start $both)"), _started("(func $both (type 0) call $old call $init call $init) (start $both)"), STARTS),
    "a minified import map forgets the module": Case(_modules("left", "right"), _modules("a", "b"), _modules("b", "a"), MINIFIED),
    "an empty module name is dropped": Case(_modules("", "right"), _modules("", "right"), _modules("env", "right")),
    "two imports of one name become one": Case(_modules("left", "right"), _modules("left", "right"), _modules("left", "left")),
    "exported globals shifted after a deletion": Case(_globals(True), _globals(False), _globals(False, swap=True), DELETED),
    "a global read shifted after a deletion": Case(_globals(True), _globals(False), _globals(False, read="$b"), DELETED),
    "constructors run once per call": Case(_constructed("call $ctors"), _constructed("call $ctors"), _constructed("")),
    "constructors run by an export and by the start": Case(_constructed("call $ctors"), _constructed("call $ctors"), _constructed("call $ctors", "(start $ctors)")),
    "a table's entries are merged": Case(DECLARED.replace("{items}", "$f $g"), DECLARED.replace("{items}", "$f $g"), DECLARED.replace("{items}", "$f $f")),
    "a passive segment becomes another": Case(filled(SEGMENTS, {"{passive}": "", "{tail}": '(data "abc")'}), filled(SEGMENTS, {"{passive}": "", "{tail}": '(data "abc")'}), filled(SEGMENTS, {"{passive}": '(data "abc")', "{tail}": ""})),
    "a sign extension taken for a mask": Case(EXTENDED.replace("{extend}", "i32.extend16_s"), EXTENDED.replace("{extend}", "i32.extend16_s"), EXTENDED.replace("{extend}", "i32.const 65535 i32.and")),
    "memory.grow's result is the new size": Case(GROWN.replace("{grow}", "i32.const 1 memory.grow"), GROWN.replace("{grow}", "i32.const 1 memory.grow"), GROWN.replace("{grow}", "i32.const 1 memory.grow drop memory.size")),
    "an index extended with its sign": Case(SIGNED.replace("{extend}", "i64.extend_i32_u"), SIGNED.replace("{extend}", "i64.extend_i32_u"), SIGNED.replace("{extend}", "i64.extend_i32_s")),
    "a saturating conversion becomes a trapping one": Case(FLOATS.replace("{convert}", "i32.trunc_sat_f32_s"), FLOATS.replace("{convert}", "i32.trunc_sat_f32_s"), FLOATS.replace("{convert}", "i32.trunc_f32_s")),
    "a NaN's bits are made canonical": Case(FLOATS.replace("{convert}", "i32.reinterpret_f32"), FLOATS.replace("{convert}", "i32.reinterpret_f32"), FLOATS.replace("{convert}", "f32.const -0 f32.add i32.reinterpret_f32")),
    "the default label of br_table is lost": Case(BRANCHES.replace("{table}", "br_table 0 1 0"), BRANCHES.replace("{table}", "br_table 0 1 0"), BRANCHES.replace("{table}", "br_table 0 1 1")),
    "a temporary takes a parameter's place": Case(LOCALS.replace("{body}", "i32.const 9 local.set 2 local.get 0"), LOCALS.replace("{body}", "i32.const 9 local.set 2 local.get 0"), LOCALS.replace("{body}", "i32.const 9 local.set 0 local.get 0")),
    "several results come in another order": Case(MULTI.replace("{after}", "i32.sub"), MULTI.replace("{after}", "i32.sub"), MULTI.replace("{after}", "drop local.tee 0 i32.const 7 local.get 0 i32.sub")),
    "local.tee becomes local.set and a reload of the old value": Case(TEED.replace("{tee}", "local.tee 0"), TEED.replace("{tee}", "local.tee 0"), TEED.replace("{tee}", "local.get 0 drop")),
    "an unsupported instruction becomes a trap": Case(FLOATS.replace("{convert}", "i32.trunc_sat_f32_u"), FLOATS.replace("{convert}", "i32.trunc_sat_f32_u"), FLOATS.replace("{convert}", "drop unreachable")),
    "a memory's maximum is lost": Case(GROWN.replace("{grow}", "i32.const 1 memory.grow"), GROWN.replace("{grow}", "i32.const 1 memory.grow"), GROWN.replace("1 4", "1").replace("{grow}", "i32.const 1 memory.grow")),
    "tags change places": Case(TAGGED + "", TAGGED + "", TAGGED.replace("$b (param i32)", "$b (param i64)")),
}


def published() -> Iterator[Wrong]:
    """The cases, and the ones about custom sections."""
    for name, case in CASES.items():
        yield damaged(right_of(name, case), "as reported", wat(case.wrong))
    yield from _customs()


def right_of(name: str, case: Case) -> Right:
    """What should have been made of a case's module."""
    return Right(f"published/{name}", wat(case.before), wat(case.right), case.contract)


def published_rights() -> Iterator[Right]:
    """What should have been made of the modules."""
    yield from (right_of(name, case) for name, case in CASES.items())
    yield moved()


def _customs() -> Iterator[Wrong]:
    plain = Patient(wat(_hooked(True)))
    sections = [*plain.sections, (CUSTOM, "producers", b"\0"), (CUSTOM, "sourceMappingURL", b"\1x"), (CUSTOM, "vendor", b"keep me")]
    whole = plain.joined(sections)
    same = Right("published", whole, whole)
    patient = Patient(whole)

    def without(name: str) -> bytes:
        return patient.joined([each for each in sections if each[1] != name])

    yield damaged(same, "an unknown custom section is dropped", without("vendor"))
    yield damaged(same, "a no-op writes a source map URL twice", patient.joined([*sections, sections[-2]]))
    yield damaged(same, "a no-op writes producers twice", patient.joined([*sections, sections[-3]]))
    yield damaged(same, "a no-op moves custom sections to the end", patient.joined([*(each for each in sections if each[1] != "name"), *(each for each in sections if each[1] == "name")]))
    yield damaged(same, "a no-op loses the names", without("name"))
    stripped = Right("published", whole, whole, Contract(claims=(Removed("custom", "producers"),)))
    yield damaged(stripped, "stripping takes what later tools need", patient.joined([each for each in sections if each[1] not in ("producers", "vendor")]))
    right = right_of("names", CASES["ref.func in a global's initialiser not renumbered"])
    old = next(each for each in Patient(right.before).sections if each[1] == "name")
    stale = [old if each[1] == "name" else each for each in Patient(right.after).sections]
    yield damaged(right, "names stay behind when functions move", patient.joined(stale))
