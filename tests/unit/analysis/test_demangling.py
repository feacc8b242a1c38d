from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmrewrite.analysis import demangle
from wasmrewrite.analysis.mangled import MAX_LENGTH

LEGACY = [
    ("_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write"),
    ("__ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write"),
    ("_ZN4core3fmt5write17h0123456789abcdefE.llvm.123", "core::fmt::write"),
    (
        "_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar17h930b740aa94f1d3aE",
        "<Test + 'static as foo::Bar<Test>>::bar",
    ),
    ("_ZN3foo28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE", "foo::{{closure}}"),
    ("_ZN9$RF$$BP$x17h0123456789abcdefE", "&*x"),
    ("_ZN8$u1f600$17h0123456789abcdefE", "\U0001f600"),
    ("_ZN9$u110000$17h0123456789abcdefE", "$u110000$"),
    ("_ZN7$ud800$17h0123456789abcdefE", "$ud800$"),
    ("_ZN4$X$a17h0123456789abcdefE", "$X$a"),
    ("_ZN7foo.bar17h0123456789abcdefE", "foo.bar"),
]

V0 = [
    ("_RNvC6_123foo3bar", "123foo::bar"),
    ("_RNvCs1234_7mycrate3foo", "mycrate::foo"),
    ("_RNvCs1234_7mycrate3foo.llvm.9D1C9369", "mycrate::foo"),
    ("_RNCNCNgCs6DXkGYLi8lr_2cc5spawn00B5_", "cc::spawn::{closure#0}::{closure#0}"),
    (
        "_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std",
        "alloc::alloc::box_free::<dyn alloc::boxed::FnBox<(), Output = ()>>",
    ),
    ("_RINvNtC3std3mem8align_ofReE", "std::mem::align_of::<&str>"),
    ("_RINvC3foo3barKj1_Kin7f_Kb1_Kc41_E", "foo::bar::<1, -127, true, 'A'>"),
    ("_RNvC4textu9gre_6ka8i", "text::größe"),
    (
        "_RINvC1a1fTlEThtEAhj3_SeRL_hQhPhOhE",
        "a::f::<(i32,), (u8, u16), [u8; 3], [str], &u8, &mut u8, *const u8, *mut u8>",
    ),
    ("_RINvC1a1fFG_RL0_hEuFUKChEhE", "a::f::<for<'a> fn(&'a u8), unsafe extern \"C\" fn(u8) -> u8>"),
    ("_RNvMC1aNtB2_1S1f", "<a::S>::f"),
    ("_RNvYNtC1a1SNtB4_1T1f", "<a::S as a::T>::f"),
    ("_RNSNvC1a1f6vtable", "a::f::{shim:vtable#0}"),
]

CPP = [
    ("_Z3fooi", "foo(int)"),
    ("_Z3foov", "foo()"),
    ("_ZN3fooE", "foo"),
    ("_ZN1a1bE", "a::b"),
    ("_ZN3foo3barEv", "foo::bar()"),
    ("_ZNK3Foo3getEv", "Foo::get() const"),
    ("_ZN3FooC1Ev", "Foo::Foo()"),
    ("_ZN3FooD2Ev", "Foo::~Foo()"),
    ("_ZN3FooaSERKS_", "Foo::operator=(Foo const&)"),
    ("_ZSt4cout", "std::cout"),
    ("_Z1fPFivE", "f(int (*)())"),
    ("_Z1fRA3_i", "f(int (&) [3])"),
    ("_Z1fM1AKFvvE", "f(void (A::*)() const)"),
    ("_Z3maxIiET_S0_S0_", "int max<int>(int, int)"),
    ("_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector<int, std::allocator<int> >::push_back(int const&)"),
    ("_ZZ4mainENKUlvE_clEv", "main::{lambda()#1}::operator()() const"),
    ("_ZN12_GLOBAL__N_13fooEv", "(anonymous namespace)::foo()"),
    ("_ZTV3Foo", "vtable for Foo"),
    ("_ZThn16_N3Foo3barEv", "non-virtual thunk to Foo::bar()"),
    ("_Z1fIJicEEvDpT_", "void f<int, char>(int, char)"),
    ("_Z1fILi3ELb1ELm7EEvv", "void f<3, true, 7ul>()"),
    ("_ZN3FoocvbEv", "Foo::operator bool()"),
    ("_Z3fooi.isra.0", "foo(int) [clone .isra.0]"),
    ("_Z1fILin5EEvv", "void f<-5>()"),
    ("_ZNSt8ios_base7failureB5cxx11C1EPKc", "std::ios_base::failure[abi:cxx11]::failure(char const*)"),
]


@pytest.mark.parametrize(("name", "readable"), [*LEGACY, *V0, *CPP])
def test_names(name: str, readable: str) -> None:
    assert demangle(name) == readable


@pytest.mark.parametrize(
    "name",
    ["", "main", "_", "_R", "_Z", "_ZN", "_ZNE", "_RNSNvC1a1f6vtable0", "_RNvC4text15u8gre_6ka8i",
     "Rust", "_R1NvC1a1f", "_RNvC1a", "_ZN99fooE", "_Z1fDTcl1gE",
     "_Z1fT_", "_Z1fS9_", "_RNvB_1f", "_RB_", "_ZN4core3fmt5write17h0123456789abcdeE", "memcpy", "_start",
     "__wbindgen_malloc"],
)  # fmt: skip
def test_what_is_no_such_name_stays(name: str) -> None:
    assert demangle(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "_RIC1a" + "RRRR" * 2000 + "hE",
        "_RNvC1a1f" + "I" * 5000,
        "_Z1f" + "P" * 5000 + "i",
        "_Z1f" + "FvPFv" * 1000 + "i",
        "_Z1fN" + "1a" * 3000 + "E",
        "_Z1f" + "".join(f"1XIS{'' if at == 0 else at - 1}_S{'' if at == 0 else at - 1}_E" for at in range(10)),
        "_Z1fI" + "J" * 300 + "E" * 301 + "vv",
        "_RINvC1a1f" + "TB9_B9_" * 40 + "E" * 41,
        "_ZN" + "9" * 7000,
        "x" * (MAX_LENGTH + 1),
        "_Z" + "N" * MAX_LENGTH,
    ],
)
def test_too_much_stays_as_it_is_or_stays_short(name: str) -> None:
    assert len(demangle(name)) <= max(len(name), MAX_LENGTH) + 100


@given(
    st.sampled_from(["_R", "_Z", "_ZN", "_RNv", "_RINvC1a1f"]),
    st.text("0123459BCEFGIJKLMNPRSTXYZ_abcdehijklmnpstuvz$.", max_size=60),
)
def test_any_text_is_answered(head: str, tail: str) -> None:
    assert isinstance(demangle(head + tail), str)


@given(st.text(max_size=40))
def test_all_other_text_stays(name: str) -> None:
    if not name.startswith(("_", "Z", "R")):
        assert demangle(name) == name
