"""Fuzzing: modules nobody wrote, rewritten and judged; hostile input; and making what fails smaller.

``campaign`` and ``check`` run cases, ``fuzz_pass`` is for tests of one's own pass, ``strategies`` has all of this for
Hypothesis (the extra ``fuzz``; nothing else here needs it).
"""

from .campaign import Plan, campaign, run_one
from .case import Case
from .check import Outcome, check, judge
from .choices import ByteChoices, Choices, RandomChoices, ReplayedChoices
from .damage import damaged, damaged_text
from .modules import Subject, subject
from .mutate import mutated
from .reducer import Reduction, reduce
from .testing import PassFailure, fuzz_pass
from .world import Shape

__all__ = [
    "ByteChoices",
    "Case",
    "Choices",
    "Outcome",
    "PassFailure",
    "Plan",
    "RandomChoices",
    "Reduction",
    "ReplayedChoices",
    "Shape",
    "Subject",
    "campaign",
    "check",
    "damaged",
    "damaged_text",
    "fuzz_pass",
    "judge",
    "mutated",
    "reduce",
    "run_one",
    "subject",
]
