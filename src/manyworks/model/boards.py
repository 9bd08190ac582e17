"""Printed circuit boards: what a fabricator and an assembler ask of the design. Lengths in mm."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.model.geometry import Contour


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One part on a board.

    Parameters
    ----------
    designator, value, footprint
        As written in the design.
    side
        ``top`` or ``bottom``.
    x_mm, y_mm, rotation_deg
        Centre on the board file's axes; rotation counter-clockwise.
    surface_pads, through_pads
        Number of pads without and with a plated hole.
    pitch_mm
        Smallest distance between the centres of two pads of this part; None for fewer than two.
    fitted
        False for parts marked as not to be populated.
    """

    designator: str
    value: str
    footprint: str
    side: str
    x_mm: float
    y_mm: float
    rotation_deg: float
    surface_pads: int
    through_pads: int
    pitch_mm: float | None = None
    fitted: bool = True

    @property
    def surface_mounted(self) -> bool:
        """Whether the part has at least one surface pad (also with extra through pads)."""
        return self.surface_pads > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLayer:
    """One layer of a board, or one file of a fabrication set.

    Parameters
    ----------
    name
        As the design calls it; for a fabrication set the file's name.
    role
        ``copper``, ``mask``, ``paste``, ``silkscreen``, ``outline``, ``drill``, ``netlist``,
        ``drawing`` (fabrication notes, courtyards, drill maps), ``report``, ``unknown``.
    side
        ``top``, ``bottom``, ``inner`` or empty.
    number
        Place in the stack for copper, counted from 1 at the top; None for other roles.
    used
        Whether measures of the board come from it; a file that is not used says ``why``.
    why
        How the role was found (``X2 attribute``, ``name *.GTL``, ``content``) and why it is unused.
    """

    name: str
    role: str
    side: str = ""
    number: int | None = None
    used: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillTool:
    """All openings made with one tool: ``holes`` counts round hits and ``slots`` routed ones.

    ``span`` names the first and last copper layer it goes through, from 1 at the top; None goes
    through the whole board.
    """

    diameter_mm: float
    holes: int
    slots: int = 0
    plated: bool = True
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One drilled or routed opening, for pictures and checks: from start to end, equal for a round hole."""

    start_mm: tuple[float, float]
    end_mm: tuple[float, float]
    diameter_mm: float
    plated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """A pad's box as seen on one outer side: centre, size, turn, and whose pad it is where that is told."""

    side: str
    centre_mm: tuple[float, float]
    size_mm: tuple[float, float]
    rotation_deg: float = 0.0
    round: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardDesign:
    """A printed circuit board and what sits on it.

    ``width_mm`` x ``height_mm`` is the extent of the outer contour's centre line; ``area_mm2``
    the area inside it less inner cut-outs. Hole counts are openings: vias and pads, slots once.
    ``min_*`` are None where the board has no such thing or the file does not tell.

    Parameters
    ----------
    outline_mm
        Closed contours, outer ones and cut-outs; the largest first.
    min_ring_mm
        Least copper around a plated hole (pad radius less hole radius).
    min_hole_gap_mm
        Least distance between the walls of two holes.
    copper_to_edge_mm
        Least distance of copper to the board's edge.
    drills
        Openings by tool; their holes and slots sum to the hole counts.
    layers
        The layers of the design, or every file of a fabrication set.
    openings, lands
        For pictures and checks; may be left out beyond the reader's limit, the counts never are.
    pieces
        Number of single boards where the design is a panel; 1 otherwise.
    blind_vias
        Whether any opening ends inside the board (blind, buried or micro vias).
    flexible, castellated, edge_plated
        True only where the file says or shows so; None where it does not tell.
    copper_um
        Outer copper thickness in micrometres as stated; None where not stated.
    mask_colour, finish
        As stated; empty where not.
    y_up
        Whether the y axis of all places points up (Gerber, Eagle) or down (KiCad).
    """

    width_mm: float
    height_mm: float
    area_mm2: float
    copper_layers: int
    thickness_mm: float
    plated_holes: int
    nonplated_holes: int
    slots: int
    min_track_mm: float | None
    min_space_mm: float | None
    min_drill_mm: float | None
    placements: tuple[Placement, ...] = ()
    footprints_total: int = 0
    blind_vias: bool = False
    finish: str = ""
    outline_mm: tuple[Contour, ...] = ()
    min_ring_mm: float | None = None
    min_hole_gap_mm: float | None = None
    copper_to_edge_mm: float | None = None
    drills: tuple[DrillTool, ...] = ()
    layers: tuple[BoardLayer, ...] = ()
    openings: tuple[Opening, ...] = ()
    lands: tuple[Land, ...] = ()
    pieces: int = 1
    flexible: bool | None = None
    castellated: bool | None = None
    edge_plated: bool | None = None
    copper_um: float | None = None
    mask_colour: str = ""
    y_up: bool = False
