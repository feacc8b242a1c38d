"""The reference engine: validated bodies become flat code, and one loop runs it, in plain Python.

``instantiate`` is the way in; ``Interpreter`` is the same as an engine like any other. Not here: values, stores,
linking and host functions (``runtime``), flat code (``flat``), what instructions mean (``meanings``).
"""

from .engine import Interpreter, Ready
from .instance import Instance
from .instantiate import instantiate
from .program import Program

__all__ = ["Instance", "Interpreter", "Program", "Ready", "instantiate"]
