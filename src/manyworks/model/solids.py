"""Solids: bodies and what their shape asks of a process. Lengths in mm, areas in mm2, volumes in mm3."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.model.geometry import Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessGuess:
    """A process the shape looks made for: confidence from 0 to 1 and the evidence in words.

    ``process`` is a process name (``cnc-milling``, ``sheet-metal-work``, ``fdm-printing``).
    """

    process: str
    confidence: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A place on a body that a process has to care about.

    Parameters
    ----------
    kind
        ``through hole``, ``blind hole``, ``counterbored hole``, ``countersunk hole``, ``stepped
        hole``, ``pocket``, ``passage``, ``slot``, ``step``, ``chamfer``, ``boss``, ``bend``, ``thin
        wall``, ``sharp inside corner``, ``inside radius``, ``undercut``, ``overhang``.
    at_mm
        A point of it on the file's axes: for a hole the centre of its mouth.
    axis
        Unit vector: for a hole from its mouth into the body; None where there is no direction.
    diameter_mm, depth_mm, width_mm, length_mm, radius_mm, angle_deg, area_mm2
        What applies; None where it does not. For stepped holes ``diameter_mm`` is the smallest.
    thread
        Thread that the diameter is the tapping drill of, where one fits (``M3``); a suggestion.
    faces
        Numbers of the faces it consists of.
    """

    kind: str
    at_mm: Vector
    axis: Vector | None = None
    diameter_mm: float | None = None
    depth_mm: float | None = None
    width_mm: float | None = None
    length_mm: float | None = None
    radius_mm: float | None = None
    angle_deg: float | None = None
    area_mm2: float | None = None
    thread: str = ""
    faces: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """Wall thickness over the skin: percentiles of rays shot inwards, and how many rays counted."""

    p1_mm: float
    p5_mm: float
    p50_mm: float
    p95_mm: float
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """One clamping of a machined body: the tool comes along ``-direction``; share of skin it finishes."""

    direction: Vector
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Machining:
    """What milling the body from a block means.

    ``unreached_share`` is the skin no set-up can see; ``min_inside_radius_mm`` the least radius a
    tool must leave (0 for a sharp inside corner, None where nothing is hollow), and
    ``depth_ratio`` the greatest depth over that corner's radius.
    """

    stock_mm: Vector
    removed_mm3: float
    setups: tuple[Setup, ...]
    unreached_share: float
    min_inside_radius_mm: float | None = None
    depth_ratio: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moulding:
    """What a two-part mould means: best pull direction, its shadow and depth, what gets in the way.

    ``undercut_share`` and ``no_draft_share`` are shares of the skin; ``slides`` the number of
    separate undercut regions.
    """

    pull: Vector
    projected_mm2: float
    depth_mm: float
    undercut_share: float
    no_draft_share: float
    slides: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bend:
    """A bend of a sheet: inside radius, angle turned, length along the bend line."""

    radius_mm: float
    angle_deg: float
    length_mm: float
    at_mm: Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetMetal:
    """A body of one thickness: flat pattern by neutral-fibre length, cut length of the flat contour."""

    thickness_mm: float
    bends: tuple[Bend, ...]
    flat_mm: tuple[float, float]
    flat_area_mm2: float
    cut_length_mm: float
    pierces: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """A body of revolution: ``share`` of its skin is coaxial with ``axis``; ``bore_mm`` None where solid."""

    axis: Vector
    diameter_mm: float
    length_mm: float
    share: float
    bore_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prism:
    """A constant section along ``axis``: candidates for extrusion or for cutting from plate."""

    axis: Vector
    length_mm: float
    section_mm2: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """Layer-wise building in the best of the box's six directions.

    ``overhang_mm2`` faces down steeper than 45 degrees, ``support_mm3`` is the room below it,
    ``base_mm2`` what stands on the bed.
    """

    up: Vector
    height_mm: float
    overhang_mm2: float
    support_mm3: float
    base_mm2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One body of a solid with what its shape asks for; parts of it are None where not found."""

    name: str = ""
    size_mm: Vector
    volume_mm3: float
    surface_mm2: float
    faces: int
    features: tuple[Feature, ...] = ()
    walls: Walls | None = None
    machining: Machining | None = None
    moulding: Moulding | None = None
    sheet: SheetMetal | None = None
    turning: Turning | None = None
    prism: Prism | None = None
    printing: Printing | None = None
    guesses: tuple[ProcessGuess, ...] = ()
    copies: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A picture of a solid from one side, and where its points lie in it.

    A point p on the file's axes is drawn at ``x = (p . right - left) / mm_per_pixel`` from the
    left and ``y = (top - p . up) / mm_per_pixel`` from the top; ``towards`` looks at the viewer.
    """

    name: str
    towards: Vector
    right: Vector
    up: Vector
    left: float
    top: float
    mm_per_pixel: float
    width: int
    height: int
    png_base64: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SolidDesign:
    """A solid: one body or several.

    ``size_mm`` is the tight box along the file's axes, ``surface_mm2`` the whole skin,
    ``wall_mm`` the typical wall thickness, ``projected_mm2`` the largest shadow along the file's
    axes and ``height_mm`` the extent along that direction. None where not measured. ``details``
    holds the distinct bodies (``bodies`` counts every one), ``views`` pictures.
    """

    size_mm: Vector
    volume_mm3: float
    surface_mm2: float
    bodies: int = 1
    watertight: bool = True
    wall_mm: float | None = None
    wall_max_mm: float | None = None
    projected_mm2: float | None = None
    height_mm: float | None = None
    faces: int = 0
    details: tuple[Body, ...] = ()
    views: tuple[View, ...] = ()
