"""The few hot loops over raw instruction bytes, in plain Python: skip, scan, remap, decode, encode.

Every function takes ``(buf, start, end)``, absolute positions in one buffer, and copies nothing it need not copy. Not
here: sections (``codec``), types of operands (``validate``), instruction rows (``isa``).
"""
