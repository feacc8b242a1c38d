"""Built-in passes, one per file; the file name is the pass name (``add_start.py`` is ``add-start``).

Nothing is listed here: passes are found by file name. Each is written against the public interface only, exactly as
a pass in another package would be.
"""
