"""What instructions and types are: pure data, from which decoding, text, validation and execution derive.

Not here: what an instruction means (``meanings``), and modules (``model``).
"""
