"""Types: text, identity, iso-recursive equality, subtyping."""

from __future__ import annotations

import copy
import pickle

import pytest

from wasmrewrite.errors import InvalidError
from wasmrewrite.isa import types as t
from wasmrewrite.isa.types import (
    ArrayType,
    FieldType,
    FuncType,
    Limits,
    RecGroup,
    RefType,
    StructType,
    TypeDef,
    TypeKey,
    canonical_keys,
    is_subtype,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (t.I32, "i32"),
        (t.FUNCREF, "funcref"),
        (RefType(False, t.FUNC), "(ref func)"),
        (RefType(True, 7), "(ref null 7)"),
        (RefType(False, TypeDef(FuncType(), name="f")), "(ref $f)"),
        (t.NULLEXNREF, "nullexnref"),
        (FuncType((t.I32, t.I64), (t.I32,)), "[i32 i64] -> [i32]"),
        (FuncType(), "[] -> []"),
        (StructType((FieldType(t.I8, True), FieldType(t.F64))), "(struct (field (mut i8)) (field f64))"),
        (StructType(), "(struct)"),
        (ArrayType(FieldType(t.I16)), "(array i16)"),
        (Limits(1, 2, t.I64, shared=True), "i64 1 2 shared"),
        (t.TableType(t.FUNCREF, Limits(3)), "3 funcref"),
        (t.MemoryType(Limits(0, 0)), "0 0"),
        (t.GlobalType(t.V128, True), "(mut v128)"),
    ],
)
def test_text(value: object, text: str) -> None:
    assert str(value) == text


@pytest.mark.parametrize("value", [*t.HEAPS.values(), *t.NUMBERS.values(), *t.PACKED.values()], ids=str)
def test_singletons_stay_single(value: t.NumType | t.PackedType | t.AbsHeap) -> None:
    assert copy.deepcopy(value) is value
    assert copy.copy(value) is value
    assert pickle.loads(pickle.dumps(value)) is value


def test_long_form_does_not_matter_for_equality() -> None:
    assert RefType(True, t.FUNC, long=True) == t.FUNCREF
    assert hash(RefType(True, t.FUNC, long=True)) == hash(t.FUNCREF)


def test_a_new_type_has_a_group_of_its_own() -> None:
    one = TypeDef(FuncType())
    assert one.group.types == (one,)
    group = RecGroup([one], explicit=True)
    assert one.group is group
    assert t.func_type(one) == FuncType()
    with pytest.raises(TypeError):
        t.func_type(TypeDef(StructType()))


def linked(*names: str, final: bool = True) -> list[TypeDef]:
    """A group of functions, each taking a reference to the next, the last one to the first."""
    group = [TypeDef(FuncType(), final, name=name) for name in names]
    for at, typedef in enumerate(group):
        typedef.define(FuncType((RefType(False, group[(at + 1) % len(group)]),)))
    RecGroup(group, explicit=True)
    return group


def test_equal_groups_have_equal_keys() -> None:
    one, two, three = linked("a", "b"), linked("c", "d"), linked("e", "f", final=False)
    keys = canonical_keys([one[0].group, two[0].group, three[0].group])
    assert [keys[a] is keys[b] for a, b in zip(one, two, strict=True)] == [True, True]
    assert keys[one[0]] is not keys[one[1]]
    assert keys[three[0]] is not keys[one[0]]


def test_group_size_matters() -> None:
    alone = TypeDef(FuncType())
    pair = [TypeDef(FuncType()), TypeDef(FuncType())]
    keys = canonical_keys([alone.group, RecGroup(pair)])
    assert len({keys[alone], keys[pair[0]], keys[pair[1]]}) == 3


def test_a_reference_out_is_not_one_inside() -> None:
    """``(rec (func (param (ref outer))))`` where outer equals it is another type than the self-referring one."""
    (loop,) = linked("loop")
    outside = TypeDef(FuncType((RefType(False, loop),)))
    keys = canonical_keys([loop.group, outside.group])
    assert keys[loop] is not keys[outside]


def test_one_store_for_several_modules() -> None:
    store: t.Store = {}
    one, two = linked("a", "b"), linked("a", "b")
    first = canonical_keys([one[0].group], store)
    second = canonical_keys([two[0].group], store)
    assert first[one[1]] is second[two[1]]
    assert canonical_keys([two[0].group])[two[1]] is not first[one[1]]


def test_groups_mentioned_come_first_whatever_the_order() -> None:
    inner = TypeDef(StructType())
    outer = TypeDef(ArrayType(FieldType(RefType(True, inner))))
    keys = canonical_keys([outer.group])
    assert set(keys) == {inner, outer}


def test_groups_that_mention_each_other_are_invalid() -> None:
    one, two = TypeDef(FuncType()), TypeDef(FuncType())
    one.define(FuncType((RefType(False, two),)))
    two.define(FuncType((RefType(False, one),)))
    with pytest.raises(InvalidError, match="unknown type"):
        canonical_keys([one.group])


def test_long_chains_need_no_stack() -> None:
    chain = [TypeDef(StructType(), final=False)]
    for _ in range(5000):
        chain.append(TypeDef(StructType(), False, (chain[-1],)))
    keys = canonical_keys([chain[-1].group])
    assert len(set(keys.values())) == 5001
    assert is_subtype(chain[-1], chain[0], keys)
    assert not is_subtype(chain[0], chain[-1], keys)
    assert t.is_key_subtype(keys[chain[-1]], keys[chain[0]])


STRUCT = TypeDef(StructType(), final=False)
BELOW = TypeDef(StructType(), True, (STRUCT,))
TWIN = TypeDef(StructType(), final=False)
FUNCTION = TypeDef(FuncType())
KEYS = canonical_keys([STRUCT.group, BELOW.group, TWIN.group, FUNCTION.group])


@pytest.mark.parametrize(
    ("sub", "sup", "holds"),
    [
        (t.I32, t.I32, True),
        (t.I32, t.I64, False),
        (t.I32, t.ANYREF, False),
        (t.ANYREF, t.I32, False),
        (t.I31, t.EQ, True),
        (t.I31, t.ANY, True),
        (t.EQ, t.I31, False),
        (t.NONE, t.ARRAY, True),
        (t.NONE, t.FUNC, False),
        (t.NOFUNC, FUNCTION, True),
        (t.NOFUNC, STRUCT, False),
        (t.NONE, STRUCT, True),
        (t.NOEXTERN, t.EXTERN, True),
        (t.NOEXN, t.EXN, True),
        (STRUCT, t.STRUCT, True),
        (STRUCT, t.EQ, True),
        (STRUCT, t.ANY, True),
        (STRUCT, t.ARRAY, False),
        (STRUCT, t.FUNC, False),
        (FUNCTION, t.FUNC, True),
        (t.STRUCT, STRUCT, False),
        (BELOW, STRUCT, True),
        (BELOW, TWIN, True),
        (STRUCT, BELOW, False),
        (STRUCT, FUNCTION, False),
        (RefType(False, BELOW), RefType(True, STRUCT), True),
        (RefType(True, BELOW), RefType(False, STRUCT), False),
        (t.NULLFUNCREF, RefType(True, FUNCTION), True),
    ],
)
def test_subtyping(sub: t.HeapType, sup: t.HeapType, holds: bool) -> None:
    assert is_subtype(sub, sup, KEYS) is holds


def test_without_keys_only_the_same_definition_counts() -> None:
    assert is_subtype(BELOW, STRUCT)
    assert not is_subtype(BELOW, TWIN)


def test_indices_have_no_hierarchy() -> None:
    with pytest.raises(TypeError):
        is_subtype(RefType(True, 3), t.ANYREF)
    with pytest.raises(TypeError):
        t.top_of(3)


@pytest.mark.parametrize(
    ("heap", "top"),
    [
        (t.I31, t.ANY), (t.NOFUNC, t.FUNC), (FUNCTION, t.FUNC), (STRUCT, t.ANY), (t.EXN, t.EXN),
        (t.NOEXTERN, t.EXTERN),
    ],
)  # fmt: skip
def test_tops(heap: t.HeapType, top: t.AbsHeap) -> None:
    assert t.top_of(heap) is top


ANY_FIELD, EQ_FIELD = FieldType(t.ANYREF), FieldType(t.EQREF)


@pytest.mark.parametrize(
    ("sub", "sup", "holds"),
    [
        (FuncType((t.ANYREF,), (t.EQREF,)), FuncType((t.EQREF,), (t.ANYREF,)), True),
        (FuncType((t.EQREF,), ()), FuncType((t.ANYREF,), ()), False),
        (FuncType((t.I32,)), FuncType(), False),
        (StructType((EQ_FIELD, ANY_FIELD)), StructType((ANY_FIELD,)), True),
        (StructType((ANY_FIELD,)), StructType((EQ_FIELD,)), False),
        (StructType(), StructType((EQ_FIELD,)), False),
        (StructType((FieldType(t.EQREF, True),)), StructType((FieldType(t.ANYREF, True),)), False),
        (StructType((FieldType(t.EQREF, True),)), StructType((EQ_FIELD,)), False),
        (ArrayType(FieldType(t.I8, True)), ArrayType(FieldType(t.I8, True)), True),
        (ArrayType(FieldType(t.I8)), ArrayType(FieldType(t.I16)), False),
        (ArrayType(FieldType(t.I8)), ArrayType(FieldType(t.I32)), False),
        (ArrayType(EQ_FIELD), ArrayType(ANY_FIELD), True),
        (ArrayType(EQ_FIELD), StructType((EQ_FIELD,)), False),
    ],
)
def test_composites(sub: t.CompositeType, sup: t.CompositeType, holds: bool) -> None:
    assert t.is_composite_subtype(sub, sup) is holds


def test_storage() -> None:
    assert FieldType(t.I8).value is t.I32
    assert FieldType(t.F32).value is t.F32
    assert t.storages(StructType((FieldType(t.I8), EQ_FIELD))) == (t.I8, t.EQREF)
    assert t.storages(FuncType((t.I32,), (t.F64,))) == (t.I32, t.F64)


def test_keys_know_their_first_definition() -> None:
    assert KEYS[TWIN].typedef is STRUCT
    assert KEYS[BELOW].supers == (KEYS[STRUCT],)
    assert isinstance(KEYS[BELOW], TypeKey)
