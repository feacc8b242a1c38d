"""One constructor per condition, in the wording of the official test suite.

The suite's expected text is a prefix of ours. Each function returns the error (the caller raises it), so that every
wording stands in one place and mainline code stays free of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .errors import InvalidError, LimitError, LinkError, MalformedError, Position

_SHOWN: Final = 8


def malformed(text: str, offset: int | None, *path: str) -> MalformedError:
    """A ``MalformedError`` with a place; the named constructors below call this."""
    return MalformedError(text, Position(offset, path))


def integer_too_long(offset: int) -> MalformedError:
    """LEB128 with more bytes than ceil(N/7) (specification 5.2.2)."""
    return malformed("integer representation too long", offset)


def integer_too_large(offset: int) -> MalformedError:
    """LEB128 whose last byte has bits outside the N allowed (specification 5.2.2)."""
    return malformed("integer too large", offset)


def unexpected_end(offset: int) -> MalformedError:
    """The input stops inside something."""
    return malformed("unexpected end", offset)


def unexpected_end_of_section_or_function(offset: int) -> MalformedError:
    """A section or body stops inside something."""
    return malformed("unexpected end of section or function", offset)


def length_out_of_bounds(offset: int) -> MalformedError:
    """A length reaches beyond what there is."""
    return malformed("length out of bounds", offset)


def magic_header_not_detected(offset: int) -> MalformedError:
    """The first four bytes are not ``00 61 73 6d``."""
    return malformed("magic header not detected", offset)


def unknown_binary_version(offset: int, detail: str = "") -> MalformedError:
    """The version field is not 1."""
    return malformed("unknown binary version" + (f": {detail}" if detail else ""), offset)


def malformed_section_id(offset: int, number: int) -> MalformedError:
    """A section number nobody defined."""
    return malformed(f"malformed section id: {number}", offset)


def unexpected_content_after_last_section(offset: int) -> MalformedError:
    """A section out of order, or a second one of its kind."""
    return malformed("unexpected content after last section", offset)


def section_size_mismatch(offset: int) -> MalformedError:
    """A section's contents end before or after its size says."""
    return malformed("section size mismatch", offset)


def inconsistent_function_and_code(offset: int | None) -> MalformedError:
    """Function and code section differ in length."""
    return malformed("function and code section have inconsistent lengths", offset)


def inconsistent_data_count(offset: int | None) -> MalformedError:
    """Data count and data section differ."""
    return malformed("data count and data section have inconsistent lengths", offset)


def data_count_required(offset: int) -> MalformedError:
    """``memory.init`` or ``data.drop`` without a data count section."""
    return malformed("data count section required", offset)


def malformed_utf8(offset: int) -> MalformedError:
    """A name that is not UTF-8."""
    return malformed("malformed UTF-8 encoding", offset)


def illegal_opcode(offset: int, code: str) -> MalformedError:
    """A byte (or prefixed number) that is no instruction; ``code`` is its hexadecimal text."""
    return malformed(f"illegal opcode {code}", offset)


def end_opcode_expected(offset: int) -> MalformedError:
    """An expression or body does not stop with ``end`` where it should."""
    return malformed("END opcode expected", offset)


def too_many_locals(offset: int) -> MalformedError:
    """The locals of one function add up to 2^32 or more."""
    return malformed("too many locals", offset)


def malformed_import_kind(offset: int) -> MalformedError:
    """An import descriptor's first byte is unknown."""
    return malformed("malformed import kind", offset)


def malformed_limits_flags(offset: int) -> MalformedError:
    """A limits flag byte is unknown."""
    return malformed("malformed limits flags", offset)


def malformed_mutability(offset: int) -> MalformedError:
    """A mutability byte other than 0 and 1."""
    return malformed("malformed mutability", offset)


def malformed_reference_type(offset: int) -> MalformedError:
    """A byte where a reference type should be."""
    return malformed("malformed reference type", offset)


def malformed_value_type(offset: int) -> MalformedError:
    """A byte where a value type should be."""
    return malformed("malformed value type", offset)


def malformed_memop_flags(offset: int) -> MalformedError:
    """A memory operand's alignment field is out of range."""
    return malformed("malformed memop flags", offset)


def invalid(text: str, offset: int | None, *path: str) -> InvalidError:
    """An ``InvalidError`` with a place."""
    return InvalidError(text, Position(offset, path))


def unknown_index(space: str, index: int, offset: int | None) -> InvalidError:
    """An index outside its space: "unknown function 7"."""
    return invalid(f"unknown {space} {index}", offset)


def no_function_type(typeidx: int, offset: int | None = None) -> InvalidError:
    """A type of another kind where a function type has to be."""
    return invalid(f"unknown type {typeidx}: not a function type", offset)


def type_mismatch(detail: str, offset: int | None) -> InvalidError:
    """An operand, result or initialiser of another type than required."""
    return invalid(f"type mismatch: {detail}" if detail else "type mismatch", offset)


def unknown_import(module: str, name: str) -> LinkError:
    """Nobody provides the import."""
    return LinkError(f"unknown import: {module!r} {name!r}")


def incompatible_import_type(module: str, name: str, detail: str = "") -> LinkError:
    """What is provided has another type than the import asks for."""
    return LinkError(f"incompatible import type: {module!r} {name!r}" + (f": {detail}" if detail else ""))


def other_store(module: str, name: str, word: str) -> LinkError:
    """What is provided was made in another store than the instance."""
    return LinkError(f"import {module!r} {name!r}: {word} belongs to another store")


def requires(wanted: Sequence[str], found: Sequence[str], offset: int | None) -> InvalidError:
    """An instruction finds other operands on the stack; both as the names of types."""
    return type_mismatch(f"instruction requires {_result_type(wanted)} but stack has {_result_type(found)}", offset)


def block_requires(wanted: Sequence[str], found: Sequence[str], offset: int | None) -> InvalidError:
    """A block ends with other values on the stack than its type says."""
    return type_mismatch(f"block requires {_result_type(wanted)} but stack has {_result_type(found)}", offset)


def _result_type(types: Sequence[str]) -> str:
    """A result type, of a long one only its end."""
    shown = types[-_SHOWN:]
    return f"[{' '.join([*['...'] * (len(types) > _SHOWN), *shown])}]"


def alignment_too_large(offset: int | None) -> InvalidError:
    """A memory operand promises more than the access's own size."""
    return invalid("alignment must not be larger than natural", offset)


def alignment_not_natural(offset: int | None) -> InvalidError:
    """An atomic access whose alignment is not exactly its size."""
    return invalid("alignment must be equal to natural", offset)


def offset_out_of_range(offset: int | None) -> InvalidError:
    """A memory operand's offset beyond 32 bits in a memory of 32-bit addresses."""
    return invalid("offset out of range", offset)


def invalid_lane_index(index: int, lanes: int, offset: int | None) -> InvalidError:
    """A lane that the shape does not have."""
    return invalid(f"invalid lane index {index} of {lanes}", offset)


def immutable(what: str, offset: int | None) -> InvalidError:
    """Writing to a global, field or array that is not mutable."""
    return invalid(f"immutable {what}", offset)


def uninitialized_local(index: int, offset: int | None) -> InvalidError:
    """Reading a local without default value before it was set."""
    return invalid(f"uninitialized local {index}", offset)


def undeclared_function_reference(index: int, offset: int | None) -> InvalidError:
    """``ref.func`` of a function that nothing outside bodies mentions."""
    return invalid(f"undeclared function reference {index}", offset)


def constant_expression_required(what: str, offset: int | None) -> InvalidError:
    """An instruction, or a mutable global, in a constant expression."""
    return invalid(f"constant expression required: {what}", offset)


def invalid_result_arity(offset: int | None) -> InvalidError:
    """``select`` with other than one result type."""
    return invalid("invalid result arity", offset)


def unsupported(what: str, offset: int | None) -> InvalidError:
    """Something that validation knows of but has no rule for, and so never accepts."""
    return invalid(f"unsupported: {what}", offset)


def minimum_over_maximum(offset: int | None) -> InvalidError:
    """Limits whose minimum is above their maximum."""
    return invalid("size minimum must not be greater than maximum", offset)


def memory_size(at_most: str, offset: int | None) -> InvalidError:
    """A memory larger than its addresses reach."""
    return invalid(f"memory size must be at most {at_most}", offset)


def table_size(offset: int | None) -> InvalidError:
    """A table larger than its addresses reach."""
    return invalid("table size must be at most what its addresses reach", offset)


def duplicate_export(name: str, offset: int | None) -> InvalidError:
    """Two exports with one name."""
    return invalid(f"duplicate export name {name!r}", offset)


def start_function(detail: str, offset: int | None) -> InvalidError:
    """A start function with parameters or results."""
    return invalid(f"start function must have type [] -> [], not {detail}", offset)


def sub_type(detail: str, offset: int | None) -> InvalidError:
    """A declared supertype that the type does not match or may not extend."""
    return invalid(f"sub type: {detail}", offset)


def too_much(what: str, limit: int, offset: int | None) -> LimitError:
    """More of something than this implementation takes."""
    return LimitError(f"{what}: more than {limit}", Position(offset))
