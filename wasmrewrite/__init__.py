"""Static analysis and verified binary rewriting of WebAssembly modules."""

__version__ = "0.1.0"
