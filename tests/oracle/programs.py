"""Random functions for comparing engines: stack code full of pending operands, blocks that take and leave values,
branches that carry some and drop others. Everything is i32, and every loop ends.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

LOCALS = 5  # the first two are parameters; the last one counts loops down
COUNTER = LOCALS - 1
ROUNDS = 20
BINARY = ("add", "sub", "mul", "and", "xor", "shl", "shr_s", "rotl", "lt_s", "ge_u", "eq", "ne")


class Generator:
    """Writes one function body; ``height`` counts the operands above the innermost block's bottom."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.lines: list[str] = []
        self.labels: list[tuple[int, bool]] = []  # operands that a branch carries; whether it is a loop

    def text(self) -> str:
        """The whole module."""
        self.lines += [f"i32.const {ROUNDS}", f"local.set {COUNTER}"]
        height = self.block(0, LOCALS + 1, 3)
        assert height == LOCALS + 1
        results = "i32 " * (LOCALS + 1)
        body = "\n    ".join(self.lines)
        return f"""(module
  (memory (export "memory") 1)
  (global $g (mut i32) (i32.const 7))
  (table 3 funcref)
  (elem (i32.const 0) $swap $twice)
  (type $pair (func (param i32 i32) (result i32 i32)))
  (func $swap (type $pair) local.get 1 local.get 0)
  (func $twice (type $pair) local.get 0 local.get 1 call $swap local.get 0 i32.add)
  (func (export "run") (param i32 i32) (result {results}) (local i32 i32 i32)
    {body})
)"""

    def block(self, height: int, results: int, depth: int) -> int:
        """Instructions that turn ``height`` operands into ``results``, however that may be."""
        for _ in range(self.random.randrange(3, 14)):
            step = self.random.choice(self.steps(height, depth))
            height = step(height, depth)
            if height < 0:
                return results  # nothing gets here
        while height > results:
            folding = height >= 2 and results and self.random.random() < 0.7
            self.lines.append(f"i32.{self.random.choice(BINARY)}" if folding else "drop")
            height -= 1
        while height < results:
            self.lines.append(f"local.get {self.random.randrange(LOCALS)}")
            height += 1
        return height

    def steps(self, height: int, depth: int) -> list[Callable[[int, int], int]]:
        """What can come next."""
        found: list[Callable[[int, int], int]] = [self.push, self.push, self.push]
        if height >= 1:
            found += [self.store_local, self.store_local, self.one, self.branch_if]
        if height >= 2:
            found += [self.binary, self.binary, self.binary, self.call, self.write]
        if height >= 3:
            found += [self.select]
        if depth:
            found += [self.nest, self.nest]
        if self.labels and self.random.random() < 0.2:
            found += [self.leave]
        return found

    def push(self, height: int, _depth: int) -> int:
        choice = self.random.randrange(4)
        if choice < 2:
            self.lines.append(f"local.get {self.random.randrange(LOCALS)}")
        elif choice == 2:
            self.lines.append(f"i32.const {self.random.choice((0, 1, 2, 5, -1, 255, 65536))}")
        else:
            self.lines.append("global.get $g")
        return height + 1

    def store_local(self, height: int, _depth: int) -> int:
        local = self.random.randrange(LOCALS - 1)
        if self.random.random() < 0.5:
            self.lines.append(f"local.tee {local}")
            return height
        self.lines.append(f"local.set {local}")
        return height - 1

    def one(self, height: int, _depth: int) -> int:
        choice = self.random.randrange(4)
        if choice == 0:
            self.lines.append("global.set $g")
            return height - 1
        texts = ("", "i32.eqz", "i32.extend8_s", "i32.const 1023 i32.and i32.load offset=4")
        self.lines.append(texts[choice])
        return height

    def binary(self, height: int, _depth: int) -> int:
        self.lines.append(f"i32.{self.random.choice(BINARY)}")
        return height - 1

    def write(self, height: int, _depth: int) -> int:
        self.lines.append("local.set 3 i32.const 1023 i32.and local.get 3 i32.store16 offset=6")
        return height - 2

    def call(self, height: int, _depth: int) -> int:
        indirect = "local.get 0 i32.const 1 i32.and call_indirect (type $pair)"
        self.lines.append(self.random.choice(("call $swap", "call $twice", indirect)))
        return height

    def select(self, height: int, _depth: int) -> int:
        self.lines.append("select")
        return height - 2

    def nest(self, height: int, depth: int) -> int:
        """A block, loop or if with parameters and results."""
        kind = self.random.choice(("block", "block", "loop", "if"))
        if kind == "if" and not height:
            kind = "block"
        height -= kind == "if"
        params, results = self.random.randrange(min(height, 2) + 1), self.random.randrange(3)
        with_else = kind == "if" and (params != results or self.random.random() < 0.6)
        self.lines.append(f"{kind}{' (param' + ' i32' * params + ')'}{' (result' + ' i32' * results + ')'}")
        self.labels.append((params if kind == "loop" else results, kind == "loop"))
        self.block(params, results, depth - 1)
        if with_else:
            self.lines.append("else")
            self.block(params, results, depth - 1)
        self.lines.append("end")
        self.labels.pop()
        return height - params + results

    def targets(self, height: int) -> list[int]:
        """Depths of labels whose operands are there."""
        return [at for at, (arity, _) in enumerate(reversed(self.labels)) if arity <= height]

    def branch_if(self, height: int, _depth: int) -> int:
        found = self.targets(height - 1)
        if not found:
            return self.push(height, 0)
        target = self.random.choice(found)
        if self.labels[-1 - target][1]:
            # Whatever the condition was, only so many rounds.
            count = f"drop local.get {COUNTER} i32.const 1 i32.sub local.tee {COUNTER} i32.const 0 i32.gt_s"
            self.lines.append(count)
        self.lines.append(f"br_if {target}")
        return height - 1

    def leave(self, height: int, _depth: int) -> int:
        """A branch that is always taken; to blocks only, a loop would not end."""
        found = [target for target in self.targets(height - 1) if not self.labels[-1 - target][1]]
        if not found:
            return self.push(height, 0)
        target = self.random.choice(found)
        arity = self.labels[-1 - target][0]
        alike = [other for other in found if self.labels[-1 - other][0] == arity]
        if self.random.random() < 0.5:
            self.lines.append(f"br_table {' '.join(map(str, self.random.choices(alike, k=3)))}")
        else:
            self.lines.append(f"br {target}")
        return -1
