"""One constructor per condition, in the wording of the official test suite.

The suite's expected text is a prefix of ours. Each function returns the error (the caller raises it). Conditions are
data, a code and what it is about, and their text is made here, of ``TEXTS``, so that every wording stands in one place
and mainline code stays free of text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias, TypeVar

from .errors import (
    Condition,
    InvalidError,
    LimitError,
    LinkError,
    MalformedError,
    Position,
    UnsupportedError,
    WasmError,
)

E = TypeVar("E", bound=WasmError)
Fact: TypeAlias = int | str
Types: TypeAlias = Sequence[str] | str
"""Types as the specification writes them: those of several operands, or of one thing."""

_SHOWN: Final = 8
_KEPT: Final = 1000

TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "integer-too-long": "integer representation too long",
        "integer-too-large": "integer too large",
        "unexpected-end": "unexpected end",
        "unexpected-end-of-section": "unexpected end of section or function",
        "length-out-of-bounds": "length out of bounds",
        "magic-header": "magic header not detected",
        "binary-version": "unknown binary version",
        "section-id": "malformed section id: {number}",
        "content-after-last-section": "unexpected content after last section",
        "section-size": "section size mismatch",
        "function-and-code": "function and code section have inconsistent lengths",
        "data-count": "data count and data section have inconsistent lengths",
        "data-count-required": "data count section required",
        "utf-8": "malformed UTF-8 encoding",
        "illegal-opcode": "illegal opcode {opcode}",
        "needs-proposal": "needs the proposal {proposal}, which this version does not know",
        "end-expected": "END opcode expected",
        "too-many-locals": "too many locals",
        "import-kind": "malformed import kind",
        "export-kind": "malformed export kind",
        "element-kind": "malformed element kind",
        "limits-flags": "malformed limits flags",
        "segment-flags": "malformed {what} flags",
        "mutability": "malformed mutability",
        "definition-type": "malformed definition type",
        "tag-attribute": "malformed tag attribute",
        "symbol-kind": "malformed symbol kind",
        "feature-prefix": "malformed feature prefix",
        "reference-type": "malformed reference type",
        "value-type": "malformed value type",
        "heap-type": "malformed heap type",
        "block-type": "malformed block type",
        "memop-flags": "malformed memop flags",
        "catch-clause": "malformed catch clause",
        "cast-flags": "malformed cast flags",
        "zero-byte": "zero byte expected",
        "unreadable": "{what}",
        "unknown-index": "unknown {space} {index}",
        "not-a-function-type": "unknown type {index}: not a function type",
        "recursive-groups": "unknown type: recursion groups refer to each other",
        "unknown-import": "unknown import: {module!r} {name!r}",
        "other-store": "import {module!r} {name!r}: {what} belongs to another store",
        "incompatible-import": "incompatible import type: {module!r} {name!r}",
        "type-mismatch.operands": "type mismatch: instruction requires {wanted} but stack has {found}",
        "type-mismatch.block": "type mismatch: block requires {wanted} but stack has {found}",
        "type-mismatch.catch": "type mismatch: catch clause and label",
        "type-mismatch.labels": "type mismatch: the labels of br_table carry different numbers of operands",
        "type-mismatch.label": "type mismatch: the label of {what} carries no reference",
        "type-mismatch.tail-call": "type mismatch: a tail call returns other types than the function",
        "type-mismatch.callees": "type mismatch: call_indirect needs a table of functions, not {found}",
        "type-mismatch.select": "type mismatch: select of references needs a type",
        "type-mismatch.table": "type mismatch: elements of type {found} in a table of {wanted}",
        "type-mismatch.array": "type mismatch: elements of type {found} in an array of {wanted}",
        "type-mismatch.initializer": "type mismatch: a table of {found} needs an initialiser",
        "type-mismatch.composite": "type mismatch: type {index} is no {wanted}",
        "type-mismatch.default": "type mismatch: {found} has no default value",
        "type-mismatch.packed": "type mismatch: the field is packed",
        "type-mismatch.not-packed": "type mismatch: the field is not packed",
        "type-mismatch.cast": "type mismatch: {found} cannot be cast to {wanted}",
        "type-mismatch.cast-target": "type mismatch: {found} is no subtype of {wanted}",
        "type-mismatch.conversion": "type mismatch: {found} is no {wanted}",
        "array-types": "array types do not match",
        "array-of-references": "array type is not numeric or vector",
        "alignment-too-large": "alignment must not be larger than natural",
        "alignment-not-natural": "alignment must be equal to natural",
        "offset-out-of-range": "offset out of range",
        "lane-index": "invalid lane index {index} of {lanes}",
        "immutable": "immutable {what}",
        "uninitialized-local": "uninitialized local {index}",
        "undeclared-function": "undeclared function reference {index}",
        "constant-expression": "constant expression required: {what}",
        "result-arity": "invalid result arity",
        "rethrow-label": "invalid rethrow label",
        "unsupported": "unsupported: {what}",
        "minimum-over-maximum": "size minimum must not be greater than maximum",
        "memory-size": "memory size must be at most {at_most}",
        "table-size": "table size must be at most what its addresses reach",
        "shared-memory": "shared memory must have maximum",
        "tag-results": "non-empty tag result type",
        "duplicate-export": "duplicate export name {name!r}",
        "start-function": "start function must have type {wanted} -> {wanted}, not {found}",
        "sub-type": "sub type: {what}",
        "limit": "{what}: more than {limit}",
    }
)
"""The text of each condition. A fact that is called ``detail`` is appended, if there is any."""


def text_of(condition: Condition) -> str:
    """The message of a condition."""
    types = {"wanted": _result_type(condition.wanted), "found": _result_type(condition.found)}
    text = TEXTS[condition.code].format(**types, **condition.facts)
    detail = condition.facts.get("detail")
    return f"{text}: {detail}" if detail else text


def _result_type(types: Types | None) -> str | None:
    """A result type in brackets, of a long one only its end; one type alone as it is."""
    if types is None or isinstance(types, str):
        return types
    return f"[{' '.join([*['...'] * (len(types) > _SHOWN), *types[-_SHOWN:]])}]"


def _kept(types: Types | None) -> tuple[str, ...] | str | None:
    return types if types is None or isinstance(types, str) else tuple(types[-_KEPT:])


def _made(kind: type[E], condition: Condition, offset: int | None = None) -> E:
    return kind(text_of(condition), Position(offset), condition)


def malformed(code: str, offset: int | None, **facts: Fact) -> MalformedError:
    """Bytes that break the format, by the code of the condition; the named constructors below call this."""
    return _made(MalformedError, Condition(code, facts=facts), offset)


def integer_too_long(offset: int) -> MalformedError:
    """LEB128 with more bytes than ceil(N/7) (specification 5.2.2)."""
    return malformed("integer-too-long", offset)


def integer_too_large(offset: int) -> MalformedError:
    """LEB128 whose last byte has bits outside the N allowed (specification 5.2.2)."""
    return malformed("integer-too-large", offset)


def unexpected_end(offset: int) -> MalformedError:
    """The input stops inside something."""
    return malformed("unexpected-end", offset)


def unexpected_end_of_section_or_function(offset: int) -> MalformedError:
    """A section or body stops inside something."""
    return malformed("unexpected-end-of-section", offset)


def length_out_of_bounds(offset: int) -> MalformedError:
    """A length reaches beyond what there is."""
    return malformed("length-out-of-bounds", offset)


def magic_header_not_detected(offset: int) -> MalformedError:
    """The first four bytes are not ``00 61 73 6d``."""
    return malformed("magic-header", offset)


def unknown_binary_version(offset: int, detail: str = "") -> MalformedError:
    """The version field is not 1."""
    return malformed("binary-version", offset, detail=detail)


def malformed_section_id(offset: int, number: int) -> MalformedError:
    """A section number nobody defined."""
    return malformed("section-id", offset, number=number)


def unexpected_content_after_last_section(offset: int) -> MalformedError:
    """A section out of order, or a second one of its kind."""
    return malformed("content-after-last-section", offset)


def section_size_mismatch(offset: int) -> MalformedError:
    """A section's contents end before or after its size says."""
    return malformed("section-size", offset)


def inconsistent_function_and_code(offset: int | None) -> MalformedError:
    """Function and code section differ in length."""
    return malformed("function-and-code", offset)


def inconsistent_data_count(offset: int | None) -> MalformedError:
    """Data count and data section differ."""
    return malformed("data-count", offset)


def data_count_required(offset: int) -> MalformedError:
    """``memory.init`` or ``data.drop`` without a data count section."""
    return malformed("data-count-required", offset)


def malformed_utf8(offset: int) -> MalformedError:
    """A name that is not UTF-8."""
    return malformed("utf-8", offset)


def illegal_opcode(offset: int, code: str) -> MalformedError:
    """A byte (or prefixed number) that is no instruction; ``code`` is its hexadecimal text."""
    return malformed("illegal-opcode", offset, opcode=code)


def needs_proposal(name: str, offset: int) -> UnsupportedError:
    """A code that no finished part of the specification knows, and a proposal does."""
    return _made(UnsupportedError, Condition("needs-proposal", facts={"proposal": name}), offset)


def end_opcode_expected(offset: int) -> MalformedError:
    """An expression or body does not stop with ``end`` where it should."""
    return malformed("end-expected", offset)


def too_many_locals(offset: int) -> MalformedError:
    """The locals of one function add up to 2^32 or more."""
    return malformed("too-many-locals", offset)


def malformed_import_kind(offset: int) -> MalformedError:
    """An import descriptor's first byte is unknown."""
    return malformed("import-kind", offset)


def malformed_limits_flags(offset: int) -> MalformedError:
    """A limits flag byte is unknown."""
    return malformed("limits-flags", offset)


def malformed_mutability(offset: int) -> MalformedError:
    """A mutability byte other than 0 and 1."""
    return malformed("mutability", offset)


def malformed_reference_type(offset: int) -> MalformedError:
    """A byte where a reference type should be."""
    return malformed("reference-type", offset)


def malformed_value_type(offset: int) -> MalformedError:
    """A byte where a value type should be."""
    return malformed("value-type", offset)


def malformed_memop_flags(offset: int) -> MalformedError:
    """A memory operand's alignment field is out of range."""
    return malformed("memop-flags", offset)


def invalid(
    code: str, offset: int | None, wanted: Types | None = None, found: Types | None = None, **facts: Fact
) -> InvalidError:
    """Something that is not valid, by the code of the condition, perhaps with the types it is about."""
    return _made(InvalidError, Condition(code, _kept(wanted), _kept(found), facts), offset)


def unknown_index(space: str, index: int, offset: int | None) -> InvalidError:
    """An index outside its space: "unknown function 7"."""
    return invalid("unknown-index", offset, space=space, index=index)


def no_function_type(typeidx: int, offset: int | None = None) -> InvalidError:
    """A type of another kind where a function type has to be."""
    return invalid("not-a-function-type", offset, index=typeidx)


def mismatch(
    part: str, offset: int | None, wanted: Types | None = None, found: Types | None = None, **facts: Fact
) -> InvalidError:
    """An operand, result or initialiser of another type than required; ``part`` is the second part of the code."""
    return invalid(f"type-mismatch.{part}", offset, wanted, found, **facts)


def unknown_import(module: str, name: str) -> LinkError:
    """Nobody provides the import."""
    return _made(LinkError, Condition("unknown-import", facts={"module": module, "name": name}))


def incompatible_import_type(module: str, name: str, detail: str = "") -> LinkError:
    """What is provided has another type than the import asks for."""
    return _made(LinkError, Condition("incompatible-import", facts={"module": module, "name": name, "detail": detail}))


def other_store(module: str, name: str, word: str) -> LinkError:
    """What is provided was made in another store than the instance."""
    return _made(LinkError, Condition("other-store", facts={"module": module, "name": name, "what": word}))


def requires(wanted: Sequence[str], found: Sequence[str], offset: int | None) -> InvalidError:
    """An instruction finds other operands on the stack; both as the names of types."""
    return mismatch("operands", offset, wanted, found)


def block_requires(wanted: Sequence[str], found: Sequence[str], offset: int | None) -> InvalidError:
    """A block ends with other values on the stack than its type says."""
    return mismatch("block", offset, wanted, found)


def alignment_too_large(offset: int | None) -> InvalidError:
    """A memory operand promises more than the access's own size."""
    return invalid("alignment-too-large", offset)


def alignment_not_natural(offset: int | None) -> InvalidError:
    """An atomic access whose alignment is not exactly its size."""
    return invalid("alignment-not-natural", offset)


def offset_out_of_range(offset: int | None) -> InvalidError:
    """A memory operand's offset beyond 32 bits in a memory of 32-bit addresses."""
    return invalid("offset-out-of-range", offset)


def invalid_lane_index(index: int, lanes: int, offset: int | None) -> InvalidError:
    """A lane that the shape does not have."""
    return invalid("lane-index", offset, index=index, lanes=lanes)


def immutable(what: str, offset: int | None) -> InvalidError:
    """Writing to a global, field or array that is not mutable."""
    return invalid("immutable", offset, what=what)


def uninitialized_local(index: int, offset: int | None) -> InvalidError:
    """Reading a local without default value before it was set."""
    return invalid("uninitialized-local", offset, index=index)


def undeclared_function_reference(index: int, offset: int | None) -> InvalidError:
    """``ref.func`` of a function that nothing outside bodies mentions."""
    return invalid("undeclared-function", offset, index=index)


def constant_expression_required(what: str, offset: int | None) -> InvalidError:
    """An instruction, or a mutable global, in a constant expression."""
    return invalid("constant-expression", offset, what=what)


def invalid_result_arity(offset: int | None) -> InvalidError:
    """``select`` with other than one result type."""
    return invalid("result-arity", offset)


def unsupported(what: str, offset: int | None) -> InvalidError:
    """Something that validation knows of but has no rule for, and so never accepts."""
    return invalid("unsupported", offset, what=what)


def minimum_over_maximum(offset: int | None) -> InvalidError:
    """Limits whose minimum is above their maximum."""
    return invalid("minimum-over-maximum", offset)


def memory_size(at_most: str, offset: int | None) -> InvalidError:
    """A memory larger than its addresses reach."""
    return invalid("memory-size", offset, at_most=at_most)


def table_size(offset: int | None) -> InvalidError:
    """A table larger than its addresses reach."""
    return invalid("table-size", offset)


def duplicate_export(name: str, offset: int | None) -> InvalidError:
    """Two exports with one name."""
    return invalid("duplicate-export", offset, name=name)


def start_function(detail: str, offset: int | None) -> InvalidError:
    """A start function with parameters or results."""
    return invalid("start-function", offset, wanted=(), found=detail)


def sub_type(detail: str, offset: int | None) -> InvalidError:
    """A declared supertype that the type does not match or may not extend."""
    return invalid("sub-type", offset, what=detail)


def too_much(what: str, limit: int, offset: int | None) -> LimitError:
    """More of something than this implementation takes."""
    return _made(LimitError, Condition("limit", facts={"what": what, "limit": limit}), offset)
