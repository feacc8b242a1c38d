"""The reference engine: validated bodies become flat code, and one loop runs it, in plain Python.

``instantiate`` is the way in. Not here: values, stores, linking and host functions (``runtime``).
"""

from .instance import Instance
from .instantiate import instantiate
from .program import Program

__all__ = ["Instance", "Program", "instantiate"]
