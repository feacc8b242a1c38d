"""Random modules that call in every way there is: directly, through tables that hold this and that, and by references.

Each module does some of these things and not others, so that tables which nobody writes occur as often as those that
everybody does. Every function counts down ``n`` and returns at 0, so every call ends.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

TYPES = """(type $a (func)) (type $b (func (param i32))) (type $c (sub (func))) (type $d (sub $c (func)))
  (type $same (func))"""
_GUARD = "(if (i32.eqz (global.get $n)) (then return)) (global.set $n (i32.sub (global.get $n) (i32.const 1)))"
_SIZE = 4


def tangled(seed: int) -> str:
    """The text of a module, the same for the same seed."""
    return _Writer(Random(seed)).text()


class _Writer:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.type_of = {f"$f{at}": random.choice(["$a", "$b", "$c", "$d", "$same"]) for at in range(8)}
        self.type_of |= {"$h0": "$a", "$h1": "$b"}
        self.funcs = list(self.type_of)
        self.tables = ["$t0", "$t1"]
        self.does = {name for name in ("write", "float", "host", "import", "show", "typed", "segment") if self.odds()}
        if "import" in self.does:
            self.tables.append("$given")

    def odds(self) -> bool:
        return self.random.random() < 0.4

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    # --- the module -------------------------------------------------------------------------------------------------

    def text(self) -> str:
        bodies = [f"(func {name} (type {self.type_of[name]}) {_GUARD} {self.body()})" for name in self.funcs[:8]]
        exports = [f'(export "{name[1:]}" (func {name}))' for name in self.funcs if self.odds()]
        start = [f"(start {self.plain()})"] if self.odds() and self.plain_ones() else []
        return "\n  ".join(["(module", TYPES, *self.imports(), *self.items(), *bodies, *exports, *start]) + ")"

    def imports(self) -> list[str]:
        found = ['(import "h" "h0" (func $h0 (type $a))) (import "h" "h1" (func $h1 (type $b)))']
        if "host" in self.does:
            found.append('(import "h" "take" (func $take (param funcref)))')
            found.append('(import "h" "give" (func $give (result funcref)))')
        if "import" in self.does:
            found.append(f'(import "h" "given" (table $given {_SIZE} funcref))')
        return found

    def items(self) -> list[str]:
        held = [self.pick(*self.funcs) for _ in range(_SIZE - 1)]
        typed = " ".join(f"(item (ref.func {name}))" for name in self.below_c()[:_SIZE])
        found = [
            '(global $n (export "n") (mut i32) (i32.const 0))',
            "(global $g (mut funcref) (ref.null func))",
            f"(global $fixed funcref (ref.func {self.pick(*self.funcs)}))",
            "(global $gc (mut (ref null $c)) (ref.null $c))",
            f"(table $t0 {_SIZE} funcref) (elem (table $t0) (i32.const 0) func {' '.join(held)})",
            f"(table $t1 {_SIZE} funcref {self.pick('(ref.null func)', f'(ref.func {self.pick(*self.funcs)})')})",
            f"(elem (table $t1) (i32.const 1) func {self.pick(*self.funcs)})",
            f"(table $tc {_SIZE} (ref null $c)) (elem (table $tc) (i32.const 0) (ref null $c) {typed})",
            f"(elem $spare func {self.pick(*self.funcs)} {self.pick(*self.funcs)})",
            f"(elem declare func {' '.join(self.funcs)})",
        ]
        if "show" in self.does:
            found.append(f'(export "table" (table {self.pick("$t0", "$t1")}))')
        return found

    def below_c(self) -> list[str]:
        return [name for name, type in self.type_of.items() if type in ("$c", "$d")]

    def plain_ones(self) -> list[str]:
        return [name for name, type in self.type_of.items() if type != "$b"]

    def plain(self) -> str:
        return self.pick(*self.plain_ones())

    # --- code -------------------------------------------------------------------------------------------------------

    def body(self) -> str:
        kinds: list[Callable[[], str]] = [self.direct, self.by_table, self.by_table, self.by_reference]
        kinds += [self.write, self.write] if "write" in self.does else []
        kinds += [self.keep, self.by_global] if "float" in self.does else []
        kinds += [self.hand_over, self.take_back] if "host" in self.does else []
        kinds += [self.by_typed] if "typed" in self.does else []
        kinds += [self.use_segment] if "segment" in self.does else []
        return " ".join(self.random.choice(kinds)() for _ in range(self.random.randrange(5)))

    def at(self) -> str:
        return f"(i32.const {self.random.randrange(_SIZE)})"

    @staticmethod
    def arguments(type: str) -> str:
        return "(i32.const 7)" if type == "$b" else ""

    def direct(self) -> str:
        name = self.pick(*self.funcs)
        return f"{self.arguments(self.type_of[name])} {self.pick('call', 'call', 'return_call')} {name}"

    def by_table(self) -> str:
        type, table = self.pick("$a", "$b", "$c", "$d"), self.pick(*self.tables)
        kind = self.pick("call_indirect", "call_indirect", "return_call_indirect")
        return f"{self.arguments(type)} {self.at()} {kind} {table} (type {type})"

    def by_reference(self) -> str:
        name = self.pick(*self.funcs)
        type = self.type_of[name]
        kind = self.pick("call_ref", "return_call_ref")
        return f"{self.arguments(type)} ref.func {name} {kind} {type}"

    def by_typed(self) -> str:
        if self.odds() and self.below_c():
            return f"{self.at()} ref.func {self.pick(*self.below_c())} table.set $tc"
        return f"{self.at()} table.get $tc {self.pick('call_ref', 'return_call_ref')} $c"

    def by_global(self) -> str:
        return "global.get $gc call_ref $c"

    def reference(self) -> str:
        table = self.pick(*self.tables)
        return self.pick(
            f"ref.func {self.pick(*self.funcs)}", f"ref.func {self.pick(*self.funcs)}", "global.get $g",
            "global.get $fixed", f"{self.at()} table.get {table}",
        )  # fmt: skip

    def keep(self) -> str:
        if self.odds() and self.below_c():
            return f"ref.func {self.pick(*self.below_c())} global.set $gc"
        return f"{self.reference()} global.set $g"

    def write(self) -> str:
        table, other = self.pick(*self.tables), self.pick(*self.tables)
        return self.pick(
            f"{self.at()} {self.reference()} table.set {table}",
            f"{self.at()} {self.at()} (i32.const 1) table.copy {table} {other}",
            f"(i32.const 1) {self.reference()} (i32.const 2) table.fill {table}",
            f"{self.reference()} (i32.const 1) table.grow {table} drop",
        )

    def use_segment(self) -> str:
        return f"{self.at()} (i32.const 0) (i32.const 1) table.init {self.pick('$t0', '$t1')} $spare"

    def hand_over(self) -> str:
        return f"{self.reference()} call $take"

    def take_back(self) -> str:
        return self.pick("call $give global.set $g", f"{self.at()} call $give table.set {self.pick(*self.tables)}")
