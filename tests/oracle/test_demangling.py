"""C++ names of a real program (DuckDB and the libraries in it), as another demangler spells them in GNU's style."""

from __future__ import annotations

from pathlib import Path

import demangle as oracle
import pytest

from wasmrewrite.analysis import demangle

NAMES = (Path(__file__).parent / "cpp_names.txt").read_text().split()


def test_names_are_spelt_as_elsewhere() -> None:
    different = [name for name in NAMES if demangle(name) != oracle.demangle(name, style="gnu")]
    assert different == []
    assert all(demangle(name) != name for name in NAMES)


@pytest.mark.parametrize(
    "name",
    [
        "_Z1fIJicEEvDpT_",
        "_Z1fIJicEEv1sIJDpPT_EE",
        "_Z1fIiEvDTplT_fp_E",
        "_Z1gIiEDTcl1fspT_EEv",
        "_Z1fILi3EEvRAplT_Li1E_i",
        "_Z1fIXgtLi3ELi2EEEvv",
        "_Z1fIXadL_Z1gvEEEvv",
        "_Z1fDv4_f",
        "_Z1fU8__vectori",
        "_Z1fPDoFvvE",
        "_Z1fPDwiEFvvE",
        "_ZN1AcvT_IiEEv",
        "_ZNK1AcvPT_IiEEv",
        "_ZZ1fvEs",
        "_ZTC1A0_1B",
        "_ZTcv0_n24_v0_n24_N1B1fEv",
        "_ZGR1a_",
        "_ZN1AD0Ev",
        "_ZN1aC1INS_1bEEET_",
        "_ZZ4mainENKUlT_E_clIiEEDaS_",
        "_ZN1a1bIZNS_1cEvEUlvE_EEvT_",
        "_Z1fIiEvT_PFvS0_S0_E",
        "_Z1fM1AFivE",
        "_Z1fRA2_KRA3_i",
        "_Z1fu5__foo",
        "_Z1fDnDaDc",
        "_Z1fDF16_",
        "_Z1fILb0ELc97ELj3ELx4EEvv",
        "_Z1fIDnLDn0EEvv",
        "_Z1fIXszT_EEvv",
        "_Z1fIiEvDTstT_E",
        "_Z1fIiEvDTdtfp_1xE",
    ],
)
def test_rare_forms(name: str) -> None:
    ours = demangle(name)
    try:
        theirs = oracle.demangle(name, style="gnu")
    except oracle.DemanglingError:
        theirs = name
    assert ours in (theirs, name), "what is not understood stays, and nothing is understood differently"
