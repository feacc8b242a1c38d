"""What of the input is still there, without running anything: modules as the judge reads them, index maps, comparison.

Not here: whether changed code behaves the same (``behavior``).
"""
