"""Flat things cut from sheet or cloth: drawings for cutters, sewing patterns. Lengths in mm, areas in mm2."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.model.geometry import Contour


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLayer:
    """One layer of a drawing and what it is taken for.

    Parameters
    ----------
    role
        ``cut``, ``engrave``, ``score``, ``fold``, ``pocket``, ``drill``, ``sheet`` (the stock's own
        edge), ``note`` (text, dimensions, frames) or ``ignore``.
    entities
        Number of drawn things on it; ``used`` of them became contours.
    depth_mm, tool
        As the layer's name states them.
    why
        What the role was taken from.
    """

    name: str
    role: str
    entities: int
    used: int
    depth_mm: float | None = None
    tool: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetContour:
    """One line to be cut, scored, engraved or folded; ``inside`` for an opening in a part.

    ``part`` numbers the piece that it belongs to from 0; -1 for none. ``diameter_mm`` for circles.
    """

    points_mm: Contour
    closed: bool
    role: str
    layer: str
    length_mm: float
    inside: bool = False
    part: int = -1
    diameter_mm: float | None = None
    depth_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nesting:
    """How pieces fit on a stock sheet or roll: pieces on one sheet, share of it that is used.

    ``sheet_mm`` is width and length; for cloth the width is the usable fabric width and the length
    what one set of pieces takes. ``method`` names how it was found; it is an estimate.
    """

    sheet_mm: tuple[float, float]
    pieces: int
    used_share: float
    gap_mm: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDesign:
    """Pieces cut from flat stock.

    Parameters
    ----------
    size_mm
        Extent of everything that is cut.
    unit, unit_source
        The drawing's unit and how it is known (``header``, ``stated``, ``guessed from size``).
    pieces
        Number of separate outer contours.
    area_mm2
        Of the pieces, openings taken off.
    cut_mm, engrave_mm, pierces
        Length to cut through and to engrave or score; number of starts of the cut.
    thickness_mm, material
        As the drawing states them; None and empty where it does not.
    min_web_mm, min_hole_mm
        Least material left between two cuts; smallest opening across.
    doubles, open_ends
        Lines drawn twice (counted once above); cut lines that do not close.
    """

    size_mm: tuple[float, float]
    unit: str
    unit_source: str
    pieces: int
    area_mm2: float
    cut_mm: float
    engrave_mm: float
    pierces: int
    contours: tuple[SheetContour, ...] = ()
    layers: tuple[SheetLayer, ...] = ()
    thickness_mm: float | None = None
    material: str = ""
    min_web_mm: float | None = None
    min_hole_mm: float | None = None
    doubles: int = 0
    open_ends: int = 0
    nesting: tuple[Nesting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One piece of a garment as it is cut: ``pieces`` of it for one garment, mirrored ones included."""

    name: str
    outline_mm: Contour
    area_mm2: float
    perimeter_mm: float
    pieces: int = 1
    fabric: str = ""
    grain_deg: float | None = None
    notches: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seam:
    """Two edges sewn together. ``ease`` is the longer over the shorter less one."""

    first: str
    second: str
    first_mm: float
    second_mm: float
    ease: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GarmentDesign:
    """A sewing pattern.

    ``seam_mm`` is the length of all seams (mean of both edges), ``cut_mm`` the contours of all
    pieces, ``hem_mm`` the edges sewn to nothing; ``marker`` lays the pieces on cloth. Pattern
    lines without seam allowance where ``allowance_mm`` is None.
    """

    panels: tuple[Panel, ...]
    seams: tuple[Seam, ...]
    pieces: int
    area_mm2: float
    cut_mm: float
    seam_mm: float
    hem_mm: float
    size_name: str = ""
    unit: str = "mm"
    unit_source: str = ""
    allowance_mm: float | None = None
    marker: tuple[Nesting, ...] = ()
