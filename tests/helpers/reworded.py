"""Lint in other words: what the fingerprints of all rules' bad examples would be if every message were reworded.

    python -m tests.helpers.reworded kept|changed SOURCE

With ``changed``, the modules of ``wasmrewrite.lint`` are loaded with a word more in every text that holds a blank and
stands in a function, and in every rule's ``message``: messages, reasons, places, whatever a later change may reword.
Examples, patterns and tables, which are data, stand outside functions and stay. SOURCE is what the interface file or
module is called that examples are held against. Prints a list of [rule, fingerprint, message] as JSON.
"""

from __future__ import annotations

import ast
import json
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from typing import Any

from tests.helpers.wat import wat

_PACKAGE = "wasmrewrite.lint"
_MORE = "reworded "
_OTHERS = {
    "(module)": "missing",
    '(module (memory (export "x") 1))': "kind",
    '(module (func (export "x") (param f64)))': "type",
}
"""Modules that have no export, one of another kind, one of another type for the import below."""
_IMPORTING = '(module (import "o" "x" (func (param i32) (result i64))))'


class _Reword(ast.NodeTransformer):
    """Puts a word in front of texts that hold a blank; documentation strings stay, nobody shows them."""

    def __init__(self) -> None:
        self.inside = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        before, self.inside = self.inside, True
        self.generic_visit(node)
        self.inside = before
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        named = any(isinstance(each, ast.Name) and each.id == "message" for each in node.targets)
        if named and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(_MORE + str(node.value.value))
            return node
        return self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        if self.inside and any(isinstance(each, ast.Constant) and _is_words(each.value) for each in node.values):
            node.values.insert(0, ast.Constant(_MORE))
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(f"{_MORE}{node.value!s}") if self.inside and _is_words(node.value) else node


def _is_words(value: object) -> bool:
    """Types are written with blanks, too, but without letters of ours: ``[{params}] -> [{results}]``."""
    return isinstance(value, str) and " " in value and any(map(str.isalpha, value))


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> Any:
        path = self.get_filename(fullname)
        tree = ast.fix_missing_locations(_Reword().visit(ast.parse(self.get_data(path))))
        return compile(tree, path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        if fullname != _PACKAGE and not fullname.startswith(_PACKAGE + "."):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(fullname, spec.loader.path)
        return spec


def _found(source: str) -> Iterator[tuple[str, str, str]]:
    from wasmrewrite.lint import Expected, Settings, built_in, find, lint, parse_settings
    from wasmrewrite.model import Module
    from wasmrewrite.rewrite import parse_interface

    def findings(text: str, settings: Settings, rule: Any) -> Iterator[tuple[str, str, str]]:
        for each in lint(Module.from_bytes(wat(text)), settings, [rule]):
            yield rule.rule_name(), each.fingerprint, each.message

    for rule in built_in():
        for example in rule.bad:
            settings = parse_settings(tomllib.loads(example.config))
            if example.interface:
                declared = parse_interface(example.interface)
                settings = replace(settings, expected=(Expected(source, interface=declared),))
            yield from findings(example.wat, settings, rule)
    for other in _OTHERS:
        expected = Expected(source, module=Module.from_bytes(wat(other)))
        yield from findings(_IMPORTING, Settings(expected=(expected,)), find("unmet-import"))
    for text in ('(module (memory (export "x") 1))', "(module)", '(module (func (export "x") (param f64)))'):
        expected = Expected(source, interface=parse_interface('[[export]]\nname = "x"\nparams = ["u32"]'))
        yield from findings(text, Settings(expected=(expected,)), find("unmet-export"))


def main() -> None:
    """Print what is found."""
    if sys.argv[1] == "changed":
        assert not any(name.startswith(_PACKAGE) for name in sys.modules)
        sys.meta_path.insert(0, _Finder())
    print(json.dumps(list(_found(sys.argv[2]))))


if __name__ == "__main__":
    main()
