"""How functions are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile when first called and keep the machine code beside the source; runs without the lock."""
    return cast("F", njit(cache=True, nogil=True, error_model="numpy")(function))


def _uncounted(function: F, **more: Any) -> F:
    """Compile without counting of references."""
    options = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, "_nrt": False}
    return cast("F", cast("Any", njit)(**options, **more)(function))


def lean(function: F) -> F:
    """Compile a function that makes no array, nor slices one.

    Counting references costs more than the work itself where many arrays are handed to small functions; here
    they are not counted, the caller in Python holds them.
    """
    return _uncounted(function)


def inlined(function: F) -> F:
    """Compile as `lean`, copied into every caller: for small functions in inner loops.

    A call that is not copied hands over every array by value.
    """
    return _uncounted(function, forceinline=True)


def inner(function: F) -> F:
    """Compile as `lean`, for what only compiled code calls: a call from Python ends the process."""
    return _uncounted(function, no_cpython_wrapper=True)
