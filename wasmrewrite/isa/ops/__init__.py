"""The rows of the instruction table, a file per proposal: facts about instructions and nothing else.

A new instruction with known operands is one row; a new file is one more name in ``table``.
"""
