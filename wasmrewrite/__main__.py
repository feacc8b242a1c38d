"""``python -m wasmrewrite``: the same as the ``wasmrewrite`` command."""

from .cli.__main__ import main

if __name__ == "__main__":
    main()
