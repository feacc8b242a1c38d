"""Flat code, in integers: what every engine of ours runs, made from validated bodies.

Not here: running it (``interp``), what its opcodes mean (``meanings``).
"""
