"""Families of symbols that compilers expect somebody else to define; by name, and by type where names are words.

Not here: namespaces (``namespaces``).
"""

from __future__ import annotations

import re
from typing import Final

from ..isa.types import F32, F64, func_type
from ..model import Func, Item

_INT: Final = "(?:si|di|ti)"
_FLOAT: Final = "(?:hf|bf|sf|df|xf|tf)"
_COMPILER_RT: Final = re.compile(
    rf"__(?:u?(?:div|mod|divmod){_INT}[34]"
    rf"|mulo{_INT}4|(?:mul|ashl|ashr|lshr|neg|clz|ctz|ffs|popcount|parity|bswap|abs|addv|subv|mulv|absv|negv|cmp|ucmp){_INT}[23]"
    rf"|(?:add|sub|mul|div|neg|ne|eq|ge|gt|le|lt|unord|cmp|powi){_FLOAT}[23]"
    rf"|(?:extend|trunc){_FLOAT}{{2}}2|fix(?:uns)?{_FLOAT}{_INT}|float(?:un)?{_INT}{_FLOAT}"
    r"|(?:mul|div)[sdxt]c3|multi3|rust_[iu]128_\w+)"
)
_LIBM: Final = re.compile(
    r"(?:acosh?|asinh?|atanh?|atan2|cbrt|ceil|copysign|cosh?|erfc?|exp(?:2|10|m1)?|fabs|fdim|floor|fma|fmax|fmin|fmod|frexp"
    r"|hypot|ilogb|j[01n]|ldexp|lgamma(?:_r)?|log(?:10|1p|2|b)?|ll?rint|ll?round|modf|nearbyint|nextafter|nexttoward|pow"
    r"|remainder|remquo|rint|round|roundeven|scalbl?n|sin|sincos|sinh|sqrt|tanh?|tgamma|trunc|y[01n])[fl]?"
)
_LIBC: Final = re.compile(
    r"mem(?:cpy|move|set|cmp|chr|rchr)|bcmp|bcopy|bzero|str(?:n?len|n?cmp|n?cpy|n?cat|r?chr|str|n?dup|tok|to[dfl]|toul?l?|error\w*|coll|p?brk|c?spn)"
    r"|malloc|calloc|realloc|free|aligned_alloc|posix_memalign|malloc_usable_size"
    r"|exit|_exit|_Exit|atexit|__cxa_atexit|__cxa_thread_atexit|__assert_fail|__errno_location|__stack_chk_fail"
    r"|v?f?printf|v?s?n?printf|fiprintf|siprintf|putc|putchar|puts|fput[cs]|fget[cs]|f(?:open|close|read|write|flush|seek|tell)"
    r"|v?f?scanf|v?s?scanf|qsort(?:_r)?|bsearch|getenv|setenv|time|clock|gettimeofday|clock_gettime|nanosleep|u?sleep|s?rand|rand_r"
    r"|ato[fil]|atoll|_?setjmp|_?longjmp|pthread_\w+|open|close|read|write|lseek|f?l?stat|mmap|munmap|sbrk|brk|getpid|getrandom"
    r"|arc4random\w*|is(?:al(?:num|pha)|digit|space|upper|lower|print)|to(?:upper|lower)|sigaction|signal|raise|setlocale|localeconv"
)
_RUNTIMES: Final = re.compile(
    r"__cxa_\w+|__gxx_\w+|_Unwind_\w+|__rust_(?:alloc|dealloc|realloc|alloc_zeroed|start_panic|drop_panic|foreign_exception"
    r"|no_alloc_shim\w*)|__rg_\w+|__rdl_\w+|rust_(?:eh_personality|begin_unwind|panic)|__wasm_setjmp\w*|__wasm_longjmp"
)
_MANGLED: Final = (
    (re.compile(r"_ZN.+17h[0-9a-f]{16}E(?:\.llvm\.\d+)?", re.DOTALL), "Rust"),
    (re.compile(r"_R[A-Z][\w.$]*"), "Rust"),
    (re.compile(r"_+Z[NSTKLD0-9][\w.$]*"), "C++"),
    (re.compile(r"\$s[\w]{3,}"), "Swift"),
)
_INTRINSIC: Final = re.compile(r"llvm\.[\w.$]+")
_HOOKS: Final = ((re.compile(r"__getrandom_(?:v\d+_)?custom"), "the crate getrandom"),)


def wanted_by(name: str) -> str | None:
    """Whose hook it is: a function that a library calls and the program has to define. None for another name."""
    return next((who for pattern, who in _HOOKS if pattern.fullmatch(name)), None)


def is_compiler_rt(name: str) -> bool:
    """Whether compiler-rt (Rust: compiler_builtins) defines a function of this name."""
    return _COMPILER_RT.fullmatch(name) is not None


def is_intrinsic(name: str) -> bool:
    """Whether LLVM replaces calls of a function of this name by code, so that none should be left."""
    return _INTRINSIC.fullmatch(name) is not None


def is_libm(name: str, item: Item) -> bool:
    """Whether the C mathematics library has it; many of its names are words, so it has to take floating point, too."""
    if _LIBM.fullmatch(name) is None or not isinstance(item, Func):
        return False
    return any(each in (F32, F64) for each in func_type(item.type).params)


def is_libc(name: str, item: Item) -> bool:
    """Whether the C library, or the runtime library of a language, has a function of this name."""
    return isinstance(item, Func) and bool(_LIBC.fullmatch(name) or _RUNTIMES.fullmatch(name))


def mangled(name: str) -> str | None:
    """The language whose compilers make such names, or None for a plain name."""
    return next((language for pattern, language in _MANGLED if pattern.fullmatch(name)), None)
