"""The text format (specification, chapter 6)."""
