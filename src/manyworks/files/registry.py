"""Every format that is read, one row each: how a file of it is known, and who reads it.

To add a format: write a reader like its neighbours, ``read_x(source) -> (DesignFile | None,
findings)``, and give it a row here. Readers are imported only when a file asks for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from manyworks.files.limits import BOARD_BYTES, PATTERN_BYTES, SHEET_BYTES, SOLID_BYTES
from manyworks.files.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A format of designs.

    Parameters
    ----------
    name
        What people call files of it.
    role
        ``board``, ``solid``, ``sheet``, ``garment``, ``harness`` or ``manifest``.
    endings
        Of file names, lower case, with the dot.
    read
        ``module:function`` of the reader.
    claims
        ``module:function`` asked whether the content is of this format; needed where several
        formats share an ending. Without it the ending decides.
    limit
        Most bytes that are read.
    """

    name: str
    role: str
    endings: tuple[str, ...]
    read: str
    limit: int
    claims: str = ""

    def accepts(self, source: Source) -> bool:
        """Whether the file is of this format."""
        return not self.claims or bool(resolve(self.claims)(source))


@cache
def resolve(name: str) -> Callable[..., Any]:
    """The function behind ``module:function`` below `manyworks.files`."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(f"manyworks.files.{module}"), function)
    return found


_SOLID = "solids:read_solid_source"

READERS = (
    Reader(
        name="KiCad boards",
        role="board",
        endings=(".kicad_pcb",),
        read="boards:read_kicad",
        limit=BOARD_BYTES,
    ),
    Reader(
        name="Eagle boards",
        role="board",
        endings=(".brd",),
        read="boards:read_eagle",
        claims="boards:is_eagle",
        limit=BOARD_BYTES,
    ),
    Reader(
        name="KiCad boards of the text format before 4",
        role="board",
        endings=(".brd",),
        read="boards:read_legacy",
        claims="boards:is_legacy",
        limit=BOARD_BYTES,
    ),
    Reader(
        name="STEP and IGES solids",
        role="solid",
        endings=(".step", ".stp", ".p21", ".igs", ".iges"),
        read=_SOLID,
        limit=SOLID_BYTES,
    ),
    Reader(
        name="meshes",
        role="solid",
        endings=(".stl", ".3mf", ".obj", ".ply", ".amf"),
        read=_SOLID,
        limit=SOLID_BYTES,
    ),
    Reader(
        name="sewing patterns in DXF (AAMA, ASTM)",
        role="garment",
        endings=(".dxf",),
        read="garments:read_garment",
        claims="garments:is_garment",
        limit=SHEET_BYTES,
    ),
    Reader(name="DXF drawings", role="sheet", endings=(".dxf",), read="sheets:read_sheet", limit=SHEET_BYTES),
    Reader(name="SVG drawings", role="sheet", endings=(".svg",), read="sheets:read_sheet", limit=SHEET_BYTES),
    Reader(
        name="sewing patterns in JSON",
        role="garment",
        endings=(".json",),
        read="garments:read_garment",
        claims="garments:is_garment",
        limit=PATTERN_BYTES,
    ),
    Reader(
        name="harnesses in YAML",
        role="harness",
        endings=(".yml", ".yaml"),
        read="harnesses:read_harness",
        claims="harnesses:is_harness",
        limit=PATTERN_BYTES,
    ),
    Reader(
        name="OKH manifests",
        role="manifest",
        endings=(".yml", ".yaml", ".toml"),
        read="open_know:read_okh",
        claims="open_know:is_okh",
        limit=PATTERN_BYTES,
    ),
)


@cache
def _by_ending() -> dict[str, tuple[Reader, ...]]:
    endings = dict.fromkeys(ending for reader in READERS for ending in reader.endings)
    return {e: tuple(reader for reader in READERS if e in reader.endings) for e in endings}


def readers_for(ending: str) -> tuple[Reader, ...]:
    """The formats that files of an ending (lower case, with its dot) may be in, most particular first."""
    return _by_ending().get(ending, ())


def reader_of(source: Source) -> Reader | None:
    """The format of a file; None where it is none that is read."""
    candidates = readers_for(source.path.suffix.lower())
    return next((reader for reader in candidates if reader.accepts(source)), None)
