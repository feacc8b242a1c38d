"""By-value claims: declared results, their layout by the judge's own reckoning, the stack pointer they are lent from.

Not here: running both sides (``behavior``).
"""
