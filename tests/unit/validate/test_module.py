"""Rules for modules, a refusal and an acceptance each; messages and paths."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import InvalidError, LimitError, MalformedError
from wasmrewrite.isa.leb import write_u
from wasmrewrite.isa.types import FuncType, TypeDef
from wasmrewrite.model import Expr, Func, Import, Module, instr
from wasmrewrite.model.edit import set_init
from wasmrewrite.validate import validate

PREAMBLE = b"\0asm\1\0\0\0"


def section(number: int, *entries: bytes) -> bytes:
    """A section that holds a vector."""
    contents = write_u(len(entries)) + b"".join(entries)
    return bytes((number,)) + write_u(len(contents)) + contents


def body(contents: bytes) -> bytes:
    """A code entry without locals."""
    return write_u(len(contents) + 1) + b"\0" + contents


VALID = [
    "(module)",
    "(module (import \"a\" \"b\" (func (param i32))) (func (export \"f\")) (start 1))",
    "(module (memory 0 65536))",
    "(module (memory i64 0 0x1000000000000))",
    "(module (memory 1) (memory 2) (data (memory 1) (i32.const 0) \"x\"))",
    "(module (table 0 0xffffffff funcref))",
    "(module (table i64 1 funcref) (elem (i64.const 0) func 0) (func))",
    "(module (global i32 (i32.add (i32.const 1) (i32.mul (i32.const 2) (i32.const 3)))))",
    "(module (global i32 (i32.const 1)) (global i32 (global.get 0)))",
    "(module (import \"a\" \"g\" (global funcref)) (table 1 funcref (global.get 0)))",
    "(module (func $f) (elem declare func $f) (func (drop (ref.func $f))))",
    "(module (func $f) (global funcref (ref.func $f)) (func (drop (ref.func $f))))",
    "(module (tag (param i32)))",
    "(module (type $a (sub (struct (field i32)))) (type (sub $a (struct (field i32) (field i64)))))",
    "(module (rec (type $a (func (param (ref null $b)))) (type $b (struct (field (ref null $a))))))",
    "(module (memory 1 2 shared))",
]  # fmt: skip


@pytest.mark.parametrize("text", VALID)
def test_valid(text: str) -> None:
    validate(Module.from_bytes(wat(text)))


def test_a_valid_module_by_option() -> None:
    assert len(Module.from_bytes(wat(VALID[1]), check="validate").funcs) == 2


REFUSED = [
    ("(memory 65537)", "memory size must be at most 65536 pages (4GiB)", ("memory section", "memory[0]")),
    ("(memory i64 0x1000000000001)", "memory size must be at most 2^48 pages", ("memory section", "memory[0]")),
    ("(memory 2 1)", "size minimum must not be greater than maximum", ("memory section", "memory[0]")),
    ("(memory 1) (memory 2 1)", "size minimum must not be greater than maximum", ("memory section", "memory[1]")),
    ('(import "" "" (memory 2 1))', "size minimum must not be greater than maximum", ("import section", "import[0]")),
    ("(table 2 1 funcref)", "size minimum must not be greater than maximum", ("table section", "table[0]")),
    (
        "(table 0 (ref func))",
        "type mismatch: a table of (ref func) needs an initialiser",
        ("table section", "table[0]"),
    ),
    ("(func (param i32)) (start 0)", "start function must have type [] -> [], not [i32] -> []", ("start section",)),
    (
        '(func) (export "a" (func 0)) (memory 0) (export "a" (memory 0))',
        "duplicate export name 'a'",
        ("export section", "export[1]"),
    ),
    ("(tag (param i32) (result i32))", "non-empty tag result type", ("tag section", "tag[0]")),
    (
        "(global i32 (i64.const 0))",
        "type mismatch: block requires [i32] but stack has [i64]",
        ("global section", "global[0]"),
    ),
    ("(global i32 (global.get 1)) (global i32 (i32.const 1))", "unknown global 1", ("global section", "global[0]")),
    (
        "(table 1 funcref (global.get 0)) (global funcref (ref.null func))",
        "unknown global 0",
        ("table section", "table[0]"),
    ),
    (
        "(table 1 externref) (elem (i32.const 0) func 0) (func)",
        "type mismatch: elements of type (ref func) in a table of externref",
        ("element section", "elem[0]"),
    ),
    (
        "(table 1 funcref) (elem (i64.const 0) func)",
        "type mismatch: block requires [i32] but stack has [i64]",
        ("element section", "elem[0]"),
    ),
    (
        "(memory i64 1) (data (i32.const 0))",
        "type mismatch: block requires [i64] but stack has [i32]",
        ("data section", "data[0]"),
    ),
    ("(type (struct)) (type (sub 0 (struct)))", "sub type: type 0 is final", ("type section", "type[1]")),
    (
        "(type (sub (struct (field i32)))) (type (sub 0 (struct)))",
        "sub type: does not match type 0",
        ("type section", "type[1]"),
    ),
    (
        "(func (drop (i32.add (i32.const 1))))",
        "type mismatch: instruction requires [i32 i32] but stack has [i32]",
        ("code section", "func[0]"),
    ),
]


@pytest.mark.parametrize(("fields", "message", "path"), REFUSED, ids=[fields for fields, _, _ in REFUSED])
def test_refused(fields: str, message: str, path: tuple[str, ...]) -> None:
    with pytest.raises(InvalidError) as caught:
        validate(Module.from_bytes(wat(f"(module {fields})")))
    assert (caught.value.message, caught.value.position.path) == (message, path)
    assert caught.value.position.offset is not None


ONE_BODY = section(10, body(b"\x0b"))
ENTRIES = [
    (b"", section(5, b"\0\1", b"\1\2\1"), 2, b"", "memory[1]"),
    (b"", section(2, b"\1a\1b\2\0\1", b"\1a\1c\2\1\2\1"), 7, b"", "import[1]"),
    (b"", section(4, b"\x70\0\1", b"\x70\1\2\1"), 3, b"", "table[1]"),
    (b"", section(1, b"\x60\0\0", b"\x4e\2\x5f\0\x5f\0", b"\x50\1\0\x60\0\0"), 9, b"", "type[3]"),
    (b"", section(1, b"\x4e\2\x5f\0\x50\1\0\x60\0\0"), 4, b"", "type[1]"),
    (section(1, b"\x60\0\1\x7f"), section(13, b"\0\0"), 0, b"", "tag[0]"),
    (section(5, b"\0\1"), section(7, b"\1a\2\0", b"\1b\2\0", b"\1a\2\0"), 8, b"", "export[2]"),
    (section(4, b"\x6f\0\1"), section(9, b"\1\0\0", b"\4\x41\0\x0b\0"), 3, b"", "elem[1]"),
    (section(1, b"\x60\0\0", b"\x5f\0"), section(3, b"\0", b"\1"), 1, section(10, *[body(b"\x0b")] * 2), "func[1]"),
    (section(1, b"\x60\1\x7f\0") + section(3, b"\0"), b"\x08\1\0", -1, ONE_BODY, "start section"),
]
"""Sections: before, the one with the fault, where in it (behind its count), after; and what is at fault."""

UNKNOWN = [
    (section(2, b"\1a\1b\0\5"), "unknown type 5", "import[0]"),
    (section(1, b"\x60\0\0") + section(3, b"\4") + ONE_BODY, "unknown type 4", "func[0]"),
    (section(7, b"\1a\0\7"), "unknown function 7", "export[0]"),
    (section(9, b"\0\x41\0\x0b\0"), "unknown table 0", "elem[0]"),
    (section(11, b"\1\0", b"\0\x41\0\x0b\0"), "unknown memory 0", "data[1]"),
    (section(13, b"\0\3"), "unknown type 3", "tag[0]"),
    (section(1, b"\x60\0\0", b"\x60\1\x63\7\0"), "unknown type 7", "type[1]"),
    (section(6, b"\x63\2\0\xd0\x70\x0b"), "unknown type 2", "global[0]"),
    (section(4, b"\x63\2\0\1"), "unknown type 2", "table[0]"),
    (b"\x08\1\3", "unknown function 3", "start section"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "faulty", "at", "after", "entry"), ENTRIES, ids=[each[-1] for each in ENTRIES])
def test_what_is_wrong_with_an_entry_is_said_of_its_start(
    before: bytes, faulty: bytes, at: int, after: bytes, entry: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        validate(Module.from_bytes(PREAMBLE + before + faulty + after))
    assert caught.value.position.path[-1] == entry
    assert caught.value.position.offset == len(PREAMBLE + before) + 3 + at


@pytest.mark.parametrize(("data", "message", "entry"), UNKNOWN, ids=[message for _, message, _ in UNKNOWN])
def test_what_does_not_exist_is_said_where_it_is_named(data: bytes, message: str, entry: str) -> None:
    with pytest.raises(InvalidError) as caught:
        validate(Module.from_bytes(PREAMBLE + data))
    assert (caught.value.message, caught.value.position.path[-1]) == (message, entry)
    assert caught.value.position.offset is not None
    assert len(PREAMBLE) < caught.value.position.offset < len(PREAMBLE + data)


def test_errors_in_code_name_the_function_and_the_place() -> None:
    data = wat('(module (func (import "" "")) (func $sum (drop (i32.eqz (i64.const 1)))))')
    with pytest.raises(InvalidError) as caught:
        validate(Module.from_bytes(data))
    assert caught.value.position.path == ("code section", "func[1] 'sum'")
    assert caught.value.position.offset == data.index(b"\x42\x01\x45") + 2


def test_types_may_not_look_ahead() -> None:
    ahead = PREAMBLE + section(1, b"\x60\x01\x63\x01\0", b"\x60\0\0")
    with pytest.raises(InvalidError) as caught:
        validate(Module.from_bytes(ahead))
    assert (caught.value.message, caught.value.position.path) == ("unknown type 1", ("type section", "type[0]"))


def test_a_supertype_stands_before() -> None:
    itself = PREAMBLE + section(1, b"\x50\x01\x00\x60\0\0")
    with pytest.raises(InvalidError) as caught:
        validate(Module.from_bytes(itself))
    assert caught.value.message == "unknown type 0"


def test_functions_have_function_types() -> None:
    data = (
        PREAMBLE
        + section(1, b"\x60\0\0", b"\x5f\0")
        + section(3, b"\0", b"\1")
        + section(10, body(b"\x0b"), body(b"\x0b"))
    )
    with pytest.raises(InvalidError) as caught:
        validate(Module.from_bytes(data))
    assert caught.value.message == "unknown type 1: not a function type"
    assert caught.value.position.path == ("function section", "func[1]")


def test_shared_memories_and_tables() -> None:
    with pytest.raises(InvalidError, match="shared memory must have maximum"):
        validate(Module.from_bytes(PREAMBLE + section(5, b"\x02\x01")))
    with pytest.raises(InvalidError, match="unsupported: shared table"):
        validate(Module.from_bytes(PREAMBLE + section(4, b"\x70\x03\x01\x01")))


def test_data_count() -> None:
    drop = section(1, b"\x60\0\0") + section(3, b"\0"), section(10, body(b"\xfc\x09\x00\x0b")) + section(11, b"\1\0")
    validate(Module.from_bytes(PREAMBLE + drop[0] + b"\x0c\x01\x01" + drop[1]))
    with pytest.raises(MalformedError, match="data count section required"):
        validate(Module.from_bytes(PREAMBLE + drop[0] + drop[1]))


def test_limits_that_engines_agreed_on() -> None:
    chain = [b"\x50\x00\x60\0\0", *(b"\x50\x01" + write_u(index) + b"\x60\0\0" for index in range(64))]
    validate(Module.from_bytes(PREAMBLE + section(1, *chain[:64])))
    with pytest.raises(LimitError, match="supertypes above one another: more than 63"):
        validate(Module.from_bytes(PREAMBLE + section(1, *chain)))
    with pytest.raises(LimitError, match="parameters or results: more than 1000"):
        validate(Module.from_bytes(PREAMBLE + section(1, b"\x60" + write_u(1001) + b"\x7f" * 1001 + b"\0")))


def test_an_edited_module_is_judged_as_it_would_be_written() -> None:
    module = Module.from_bytes(wat("(module (global i32 (i32.const 1)))"))
    set_init(module, module.globals[0], Expr.of([instr("i64.const", 1)]))
    with pytest.raises(InvalidError, match="type mismatch"):
        validate(module)


def test_an_import_in_front_is_an_edit() -> None:
    module = Module.from_bytes(wat("(module (func $f (call $f)))"))
    typedef = TypeDef(FuncType())
    func = Func(typedef, Import("a", "b"))
    module.types.append(typedef)
    module.imports.insert(0, func)
    module.funcs.insert(0, func)
    module.edits.touched.add("import")
    validate(module)
