"""How functions are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba.core import config

from manyworks.scheduling.engine.linking import Entry

F = TypeVar("F", bound=Callable[..., Any])


def _made(function: F, **options: Any) -> F:
    """Compile when first called; runs without the lock of Python."""
    if getattr(config, "DISABLE_JIT", False):
        return function
    return cast("F", Entry(function, {"nogil": True, "error_model": "numpy", **options}))


def compiled(function: F) -> F:
    """Compile when first called and keep the machine code on disk; runs without the lock."""
    return _made(function)


def lean(function: F) -> F:
    """Compile a function that makes no array, nor slices one.

    Counting references costs more than the work itself where many arrays are handed to small functions; here
    they are not counted, the caller in Python holds them.
    """
    return _made(function, no_cfunc_wrapper=True, _nrt=False)


def inlined(function: F) -> F:
    """Compile as `lean`, copied into every caller: for small functions in inner loops.

    A call that is not copied hands over every array by value.
    """
    return _made(function, no_cfunc_wrapper=True, _nrt=False, forceinline=True)


def inner(function: F) -> F:
    """Compile as `lean`: for what is meant for compiled code alone."""
    return lean(function)
