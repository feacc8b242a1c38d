"""A second engine: how modules run in wasmtime, and whether it agrees.

Not here: the built-in interpreter (``interp``).
"""
