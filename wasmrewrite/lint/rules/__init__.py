"""The rules, one per file; found by file name, never listed. Codes are for ever: one that is given up is not used
again.

WR1 imports, WR2 exports, WR3 what a linker papered over, WR4 leftovers, WR5 what a policy forbids.
"""
