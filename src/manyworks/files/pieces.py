"""What one reader makes of one file (or of files that belong together)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from manyworks.files.sources import Source
from manyworks.files.tables import Part
from manyworks.model import Design

D_co = TypeVar("D_co", bound=Design, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignFile(Generic[D_co]):
    """A design as its files have it.

    Parameters
    ----------
    sources
        The files it was read from; it is named after the first.
    role
        What the files are to the item: ``solid``, ``sheet``, ``garment``, ``harness``, ``board``.
    name
        How the file calls the thing; its name is taken where empty.
    parts
        Bought parts that the design itself lists (wires and connectors of a harness).
    """

    design: D_co
    sources: tuple[Source, ...]
    role: str
    name: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def source(self) -> Source:
        """The file the design is named after."""
        return self.sources[0]

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name or self.source.stem
