"""Fabrication files of boards: Gerber layers, drill files and the reports beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manyworks.files.fabrication.kinds import is_fabrication

if TYPE_CHECKING:
    from manyworks.files.fabrication.reader import fingerprint, read_fabrication

__all__ = ["fingerprint", "is_fabrication", "read_fabrication"]


def __getattr__(name: str) -> object:
    """Load the readers when there is something to read; every file is asked whether it is of this kind."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from manyworks.files.fabrication import reader

    return getattr(reader, name)
