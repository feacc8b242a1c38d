"""What instructions and types are: pure data, from which decoding, text, validation and execution derive.

Not here: what an instruction means (``interp.semantics``), and modules (``model``).
"""
