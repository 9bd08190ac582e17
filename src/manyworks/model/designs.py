"""What made things look like, as far as cost and capability ask. Geometry in mm, mm2, mm3."""

from __future__ import annotations

from dataclasses import dataclass


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
class BoardDesign:
    """A printed circuit board and what sits on it.

    ``width_mm`` x ``height_mm`` is the extent of the outer contour's centre line; ``area_mm2``
    the area inside it less inner cut-outs. Hole counts are openings: vias and pads, slots once.
    ``min_*`` are None where the board has no such thing.
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
    outline_mm: tuple[tuple[tuple[float, float], ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SolidDesign:
    """A solid body.

    ``size_mm`` is the tight box along the file's axes, ``surface_mm2`` the whole skin,
    ``wall_mm`` the typical wall thickness, ``projected_mm2`` the largest shadow along the file's
    axes and ``height_mm`` the extent along that direction. None where not measured.
    """

    size_mm: tuple[float, float, float]
    volume_mm3: float
    surface_mm2: float
    bodies: int = 1
    watertight: bool = True
    wall_mm: float | None = None
    wall_max_mm: float | None = None
    projected_mm2: float | None = None
    height_mm: float | None = None
    faces: int = 0


Design = BoardDesign | SolidDesign
