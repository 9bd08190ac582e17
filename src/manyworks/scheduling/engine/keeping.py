"""Where machine code is kept between processes, and when it is no longer believed."""

# Numba has hints of types for a part of itself only.
# mypy: disable-error-code="no-untyped-call,misc,attr-defined"
from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import llvmlite  # type: ignore[import-untyped]
from numba.core.caching import FunctionCache, IndexDataCacheFile

SOURCES = Path(__file__).parents[1]
"""Folder of all code that is compiled, and of the figures it takes from elsewhere."""
LETTERS = 16
"""Of a fingerprint, in names of files."""


def fingerprint(folder: Path) -> str:
    """Condense names and contents of all Python files below a folder.

    Parameters
    ----------
    folder
        Some 130 files take four milliseconds.

    Returns
    -------
    str
        16 hexadecimal digits, others after any change.
    """
    whole = hashlib.sha256(llvmlite.__version__.encode())
    for path in sorted(folder.rglob("*.py")):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()}:{len(content)}:".encode())
        whole.update(content)
    return whole.hexdigest()[:LETTERS]


class _Now:
    """Fingerprint of the sources as they were when the first function was made."""

    value = ""


def _current() -> str:
    if not _Now.value:
        _Now.value = fingerprint(SOURCES)
    return _Now.value


class SourcesCache(FunctionCache):
    """Keeps machine code as numba does, for exactly one state of all sources.

    Numba looks at the file of the called function alone, while its code holds functions of many files. The
    fingerprint of all is part of the names of files, so that processes with older and newer code do not
    disturb each other; what other states left behind is removed when something is saved.
    """

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        self._base = self._impl.filename_base
        self._cache_file = IndexDataCacheFile(
            cache_path=self._cache_path,
            filename_base=f"{self._base}.{_current()}",
            source_stamp=(self._impl.locator.get_source_stamp(), _current()),
        )

    def _save_overload(self, sig: Any, data: Any) -> None:
        if fingerprint(SOURCES) != _current():
            return  # sources changed under this process, whose code may be a mixture
        super()._save_overload(sig, data)
        self._forget_others()

    def _forget_others(self) -> None:
        for path in Path(self._cache_path).glob(f"{self._base}.*"):
            if not path.name.startswith(f"{self._base}.{_current()}."):
                with suppress(OSError):  # another process may have been faster, or read it still
                    path.unlink()
