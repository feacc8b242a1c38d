from __future__ import annotations

import inspect

from tests.helpers.every import every
from wasmrewrite.isa.types import I32
from wasmrewrite.runtime.wasi.abi import PREVIEW1, UNSTABLE
from wasmrewrite.runtime.wasi.functions import BY_NAME, FUNCTIONS, MODULES, Function

NAMES = [
    "args_get", "args_sizes_get", "clock_res_get", "clock_time_get", "environ_get", "environ_sizes_get",
    "fd_advise", "fd_allocate", "fd_close", "fd_datasync", "fd_fdstat_get", "fd_fdstat_set_flags",
    "fd_fdstat_set_rights", "fd_filestat_get", "fd_filestat_set_size", "fd_filestat_set_times", "fd_pread",
    "fd_prestat_dir_name", "fd_prestat_get", "fd_pwrite", "fd_read", "fd_readdir", "fd_renumber", "fd_seek",
    "fd_sync", "fd_tell", "fd_write", "path_create_directory", "path_filestat_get", "path_filestat_set_times",
    "path_link", "path_open", "path_readlink", "path_remove_directory", "path_rename", "path_symlink",
    "path_unlink_file", "poll_oneoff", "proc_exit", "proc_raise", "random_get", "sched_yield", "sock_accept",
    "sock_recv", "sock_send", "sock_shutdown",
]  # fmt: skip


def test_every_function_is_there() -> None:
    assert sorted(name for module, name in BY_NAME if module == PREVIEW1.module) == NAMES
    assert sorted(name for module, name in BY_NAME if module == UNSTABLE.module) == [
        name for name in NAMES if name != "sock_accept"
    ]
    assert {"wasi_snapshot_preview1", "wasi_unstable"} == MODULES


@every("function", FUNCTIONS, ids=lambda function: function.name)
def test_implementations_take_the_parameters(function: Function) -> None:
    inspect.signature(function.call).bind(None, None, *function.type.params)
    assert function.type.results == (() if function.name == "proc_exit" else (I32,))
