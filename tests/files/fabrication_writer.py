"""Small fabrication sets written on the spot: a board of 50 x 30 mm with pads, tracks and holes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from manyworks.files.fabrication import read_fabrication
from manyworks.files.pieces import DesignFile
from manyworks.files.sources import Source
from manyworks.model import BoardDesign, Finding

WIDTH, HEIGHT = 50.0, 30.0
VIAS = ((10.0, 10.0), (20.0, 10.0), (40.0, 20.0))
POSTS = ((3.0, 3.0), (47.0, 27.0))


def at(x: float, y: float) -> str:
    """Coordinates in the 4.6 mm format."""
    return f"X{round(x * 1e6)}Y{round(y * 1e6)}"


def gerber(*body: str, apertures: Mapping[int, str] | None = None, attributes: Iterable[str] = ()) -> str:
    """A Gerber layer in mm, format 4.6."""
    head = [f"%{line}*%" for line in attributes] + ["%FSLAX46Y46*%", "%MOMM*%", "%LPD*%"]
    tools = [f"%ADD{number}{shape}*%" for number, shape in (apertures or {10: "C,0.1"}).items()]
    return "\n".join([*head, *tools, "G01*", *body, "M02*"]) + "\n"


def line(*points: tuple[float, float]) -> str:
    """Strokes from point to point."""
    first, *rest = points
    return "\n".join([at(*first) + "D02*", *(at(*point) + "D01*" for point in rest)])


def rectangle(x: float, y: float, wide: float, tall: float) -> str:
    """Four strokes."""
    return line((x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall), (x, y))


def outline(attributes: Iterable[str] = ()) -> str:
    """The board's edge."""
    return gerber("D10*", rectangle(0, 0, WIDTH, HEIGHT), attributes=attributes)


def copper(attributes: Iterable[str] = (), track: float = 0.2) -> str:
    """Pads for the vias and a track between two of them; two surface pads."""
    pads = [at(*via) + "D03*" for via in VIAS]
    surface = ["D12*", at(30, 5) + "D03*", at(32, 5) + "D03*"]
    tracks = ["D10*", line(VIAS[0], (15, 12), VIAS[1])]
    shapes = {10: f"C,{track}", 11: "C,0.9", 12: "R,1.2X0.8"}
    return gerber("D11*", *pads, *surface, *tracks, apertures=shapes, attributes=attributes)


def mask(attributes: Iterable[str] = ()) -> str:
    """Openings over the surface pads."""
    return gerber(
        "D10*", at(30, 5) + "D03*", at(32, 5) + "D03*", apertures={10: "R,1.3X0.9"}, attributes=attributes
    )


def drawing(attributes: Iterable[str] = ()) -> str:
    """A few short lines."""
    return gerber("D10*", line((5, 5), (6, 6)), line((7, 5), (8, 6)), attributes=attributes)


def drill(
    holes: Iterable[tuple[float, float]] = VIAS, size: float = 0.4, *, header: Iterable[str] = ("METRIC",)
) -> str:
    """A drill file with decimal points."""
    hits = [f"X{x:.3f}Y{y:.3f}" for x, y in holes]
    return "\n".join(["M48", *header, f"T1C{size:.3f}", "%", "G90", "T1", *hits, "M30"]) + "\n"


def sources(files: Mapping[str, str | bytes]) -> list[Source]:
    """Files in memory."""
    return [
        Source(path=Path(name), name=name, data=text if isinstance(text, bytes) else text.encode())
        for name, text in files.items()
    ]


def read(files: Mapping[str, str | bytes]) -> tuple[tuple[DesignFile[BoardDesign], ...], tuple[Finding, ...]]:
    """What the reader makes of files."""
    return read_fabrication(sources(files))


def board(files: Mapping[str, str | bytes]) -> BoardDesign:
    """The only board in files."""
    (found,), _ = read(files)
    return found.design


def codes(findings: Iterable[Finding]) -> list[str]:
    """Codes of findings without the room."""
    return [finding.code.removeprefix("files.fabrication.") for finding in findings]


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()
