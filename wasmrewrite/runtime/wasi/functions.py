"""The table of all functions of WASI preview 1: name, parameter types, implementation.

An implementation takes the program's ``System``, the ``Guest`` that calls, for functions that differ between the
editions which one it is, then the parameters. What it refuses becomes the error number that every function but
``proc_exit`` returns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ...isa.types import I32, I64, FuncType
from . import fd_calls as fd
from . import path_calls as path
from . import process_calls as process
from .abi import EDITIONS, PREVIEW1, Edition

_TYPES: Final = {"i32": I32, "i64": I64}


@dataclass(frozen=True, slots=True)
class Function:
    """One row."""

    name: str
    type: FuncType
    call: Callable[..., None]
    editions: tuple[Edition, ...] = EDITIONS


def _function(name: str, params: str, call: Callable[..., None], **how: Any) -> Function:
    results = () if name == "proc_exit" else (I32,)
    return Function(name, FuncType(tuple(_TYPES[param] for param in params.split()), results), call, **how)


def _by_edition(name: str, params: str, call: Callable[..., None]) -> tuple[Function, ...]:
    """A function that has to know which edition the program was made for."""
    return tuple(_function(name, params, _knowing(call, edition), editions=(edition,)) for edition in EDITIONS)


def _knowing(call: Callable[..., None], edition: Edition) -> Callable[..., None]:
    def known(system: Any, guest: Any, *args: int) -> None:
        call(system, guest, edition, *args)

    return known


FUNCTIONS: Final = (
    _function("args_get", "i32 i32", process.args_get),
    _function("args_sizes_get", "i32 i32", process.args_sizes_get),
    _function("environ_get", "i32 i32", process.environ_get),
    _function("environ_sizes_get", "i32 i32", process.environ_sizes_get),
    _function("clock_res_get", "i32 i32", process.clock_res_get),
    _function("clock_time_get", "i32 i64 i32", process.clock_time_get),
    _function("fd_advise", "i32 i64 i64 i32", fd.fd_advise),
    _function("fd_allocate", "i32 i64 i64", fd.fd_allocate),
    _function("fd_close", "i32", fd.fd_close),
    _function("fd_datasync", "i32", fd.fd_sync),
    _function("fd_fdstat_get", "i32 i32", fd.fd_fdstat_get),
    _function("fd_fdstat_set_flags", "i32 i32", fd.fd_fdstat_set_flags),
    _function("fd_fdstat_set_rights", "i32 i64 i64", fd.fd_fdstat_set_rights),
    *_by_edition("fd_filestat_get", "i32 i32", fd.fd_filestat_get),
    _function("fd_filestat_set_size", "i32 i64", fd.fd_filestat_set_size),
    _function("fd_filestat_set_times", "i32 i64 i64 i32", fd.fd_filestat_set_times),
    _function("fd_pread", "i32 i32 i32 i64 i32", fd.fd_pread),
    _function("fd_prestat_get", "i32 i32", fd.fd_prestat_get),
    _function("fd_prestat_dir_name", "i32 i32 i32", fd.fd_prestat_dir_name),
    _function("fd_pwrite", "i32 i32 i32 i64 i32", fd.fd_pwrite),
    _function("fd_read", "i32 i32 i32 i32", fd.fd_read),
    _function("fd_readdir", "i32 i32 i32 i64 i32", fd.fd_readdir),
    _function("fd_renumber", "i32 i32", fd.fd_renumber),
    *_by_edition("fd_seek", "i32 i64 i32 i32", fd.fd_seek),
    _function("fd_sync", "i32", fd.fd_sync),
    _function("fd_tell", "i32 i32", fd.fd_tell),
    _function("fd_write", "i32 i32 i32 i32", fd.fd_write),
    _function("path_create_directory", "i32 i32 i32", path.path_create_directory),
    *_by_edition("path_filestat_get", "i32 i32 i32 i32 i32", path.path_filestat_get),
    _function("path_filestat_set_times", "i32 i32 i32 i32 i64 i64 i32", path.path_filestat_set_times),
    _function("path_link", "i32 i32 i32 i32 i32 i32 i32", path.path_link),
    _function("path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32", path.path_open),
    _function("path_readlink", "i32 i32 i32 i32 i32 i32", path.path_readlink),
    _function("path_remove_directory", "i32 i32 i32", path.path_remove_directory),
    _function("path_rename", "i32 i32 i32 i32 i32 i32", path.path_rename),
    _function("path_symlink", "i32 i32 i32 i32 i32", path.path_symlink),
    _function("path_unlink_file", "i32 i32 i32", path.path_unlink_file),
    *_by_edition("poll_oneoff", "i32 i32 i32 i32", process.poll_oneoff),
    _function("proc_exit", "i32", process.proc_exit),
    _function("proc_raise", "i32", process.proc_raise),
    _function("random_get", "i32 i32", process.random_get),
    _function("sched_yield", "", process.sched_yield),
    _function("sock_accept", "i32 i32 i32", process.no_socket, editions=(PREVIEW1,)),
    _function("sock_recv", "i32 i32 i32 i32 i32 i32", process.no_socket),
    _function("sock_send", "i32 i32 i32 i32 i32", process.no_socket),
    _function("sock_shutdown", "i32 i32", process.no_socket),
)
BY_NAME: Final = {(edition.module, function.name): function for function in FUNCTIONS for edition in function.editions}
"""Each function under the names that it is imported by."""
MODULES: Final = frozenset(edition.module for edition in EDITIONS)
