"""Both sides run the same scripts: what to call, with which values, what is visible afterwards, what was covered.

Not here: hosts (``hosts``), other engines (``engines``).
"""
