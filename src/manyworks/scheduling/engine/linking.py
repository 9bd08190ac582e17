"""How compiled functions become one program: each is lowered once, and all are optimised together, once.

Left to itself numba finishes every function as a program of its own, with all it calls inside, so that work
grows with the depth of calls. Here a function that another one calls is a `Part`: typed and lowered, but
neither optimised as a whole nor turned into machine code. An `Entry`, called from Python, collects all parts
it reaches and makes machine code of them; only entries are kept on disk.
"""

# Numba has hints of types for a part of itself only.
# mypy: disable-error-code="no-untyped-call,misc,assignment,attr-defined"
from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import sigutils
from numba.core.caching import NullCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, Flags
from numba.core.compiler_lock import global_compiler_lock
from numba.core.environment import lookup_environment
from numba.core.registry import CPUDispatcher

from manyworks.scheduling.engine.keeping import SourcesCache

ENVIRONMENT = "_ZN08NumbaEnv"
"""How numba begins the names of the variables that point to what a function keeps in Python."""


YOUNG_OBJECTS = 50_000
"""Of Python, before it looks for garbage while a function is compiled, which makes little of it."""


class _Library(JITCodeLibrary):
    """Code that remembers what it calls, to be linked later."""

    def add_linking_library(self, library: Any) -> None:
        self._linking_libraries.append(library)

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout
        for function in ll_module.functions:
            if not function.is_declaration:
                passes, builder = self._codegen._function_pass_manager()
                passes.run(function, builder)


class _PartLibrary(_Library):
    """Code of one function alone, and the names of the libraries it calls."""

    def finalize(self) -> None:
        self._raise_if_finalized()
        self._finalized = True


class _EntryLibrary(_Library):
    """Code of a function and of all it calls, however deep."""

    def finalize(self) -> None:
        self._linking_libraries = _callers_first(self._linking_libraries)
        for library in self._linking_libraries:
            library._ensure_finalized()
        super().finalize()

    def _finalize_specific(self) -> None:
        super()._finalize_specific()
        for variable in self._final_module.global_variables:
            if variable.name.startswith(ENVIRONMENT):
                environment = lookup_environment(variable.name)
                if environment is not None:
                    self._codegen.set_env(variable.name, environment)


def _callers_first(libraries: list[Any]) -> list[Any]:
    """All parts that are reached, each before those it calls: what nothing calls yet is not linked."""
    finished: list[Any] = []
    seen: set[int] = set()

    def visit(library: Any) -> None:
        if id(library) in seen:
            return
        seen.add(id(library))
        if isinstance(library, _PartLibrary):
            for called in reversed(library._linking_libraries):
                visit(called)
        finished.append(library)

    for library in reversed(libraries):
        visit(library)
    return finished[::-1]


class _Options(Flags):
    """Options of a compilation, compared a hundred thousand times: quickly where they are the same."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, _Options) and self._values == other._values:
            return True
        return bool(super().__eq__(other))

    def __hash__(self) -> int:
        return SAME_HASH


SAME_HASH = hash(Flags())
"""Numba gives all options the same."""


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Make Python look for garbage less often."""
    thresholds = gc.get_threshold()
    if thresholds[0] > 0:
        gc.set_threshold(max(YOUNG_OBJECTS, thresholds[0]), *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


class _EntryCompiler(Compiler):
    """The ordinary way, with a library that collects parts."""

    def compile_extra(self, func: Any) -> Any:
        """Compile a function of Python."""
        self.state.flags = _Options(self.state.flags)
        self.state.library = _EntryLibrary(self.state.targetctx.codegen(), func.__qualname__)
        self.state.library.enable_object_caching()
        return super().compile_extra(func)


class _PartCompiler(Compiler):
    """The ordinary way up to the point where machine code would be made."""

    def compile_extra(self, func: Any) -> Any:
        """Compile a function of Python."""
        flags = self.state.flags = _Options(self.state.flags)
        flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
        self.state.library = _PartLibrary(self.state.targetctx.codegen(), func.__qualname__)
        return super().compile_extra(func)


class _Part(CPUDispatcher):
    """A function as other compiled functions call it."""

    def __init__(self, function: Any, options: dict[str, Any]) -> None:
        super().__init__(function, targetoptions=options, pipeline_class=_PartCompiler)

    def compile(self, sig: Any) -> Any:
        """Lower a function for the types of its arguments; what is returned only names it."""
        with global_compiler_lock:
            arguments, returned = sigutils.normalize_signature(sig)
            known = self.overloads.get(tuple(arguments))
            if known is not None:
                return known.entry_point
            with self._compiling_counter:
                result = self._compiler.compile(arguments, returned)
            result = result._replace(entry_point=result.library)
            self.targetctx.insert_user_function(result.library, result.fndesc, [result.library])
            self.overloads[tuple(result.signature.args)] = result
            return result.library


def _cache_for(function: Any) -> Any:
    """Keep machine code where a folder can be written to; elsewhere every process makes its own."""
    try:
        return SourcesCache(function)
    except RuntimeError:
        return NullCache()


class Entry(CPUDispatcher):
    """A compiled function that Python may call; to compiled functions it is a part like any other.

    Parameters
    ----------
    function
        What to compile.
    options
        Of numba's ``njit``, without ``cache``: entries are always kept.
    """

    def __init__(self, function: Any, options: dict[str, Any]) -> None:
        options = {**options, "nopython": True, "boundscheck": None}
        super().__init__(function, targetoptions=options, pipeline_class=_EntryCompiler)
        self._part = _Part(function, options)
        self._cache = _cache_for(function)

    def compile(self, sig: Any) -> Any:
        """Load or make the machine code for the types of some arguments."""
        with global_compiler_lock, _rarely_collecting():
            return super().compile(sig)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Answer a compiled function that is about to call this one."""
        return self._part.get_call_template(args, kws)

    def get_overload(self, sig: Any) -> Any:
        """Name what a compiled function calls."""
        return self._part.get_overload(sig)
