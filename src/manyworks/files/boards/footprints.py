"""Footprints of a KiCad board: where they are, which pads and holes they have, what they are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from manyworks.files.boards.contours import Path as Chain
from manyworks.files.boards.contours import Point
from manyworks.files.boards.sexpr import Node, child, children, number, numbers, words
from manyworks.files.limits import PADS_COMPARED
from manyworks.files.part_kinds import PART, kind_of
from manyworks.files.vocabulary import says_not_fitted
from manyworks.model import Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A drilled or routed opening: the smaller measure is the tool's."""

    drill_mm: float
    slot: bool
    plated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pad:
    """A pad in board coordinates. ``half_mm`` is half of its larger side."""

    name: str
    at: Point
    half_mm: float
    surface: bool
    through: bool
    pasted: bool
    hole: Hole | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """One footprint of the board file.

    ``kind`` is ``part`` or what it is instead; ``excluded`` whether the design says that it is not
    in the parts list.
    """

    placement: Placement
    kind: str
    excluded: bool
    holes: tuple[Hole, ...] = field(default=())

    @property
    def is_part(self) -> bool:
        """Whether, without a parts list, this counts as something to fit."""
        return self.kind == PART and not self.excluded


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a footprint sits: turns its own points into board points.

    Bottom footprints are stored already mirrored, so the turn is the same on both sides.
    """

    x: float
    y: float
    cos: float
    sin: float

    def place(self, point: Point) -> Point:
        """A point of the footprint on the board."""
        dx, dy = point
        return (self.x + dx * self.cos + dy * self.sin, self.y - dx * self.sin + dy * self.cos)

    def place_all(self, chain: Chain) -> Chain:
        """Points of the footprint on the board."""
        return [self.place(point) for point in chain]


def frame_of(node: Node) -> tuple[Frame, float]:
    """Frame and rotation in degrees of a footprint."""
    at = child(node, "at")
    x, y = numbers(at, 2)
    turn = _turn(at)
    angle = math.radians(turn)
    return Frame(x, y, math.cos(angle), math.sin(angle)), turn


def _turn(at: Node | None) -> float:
    return number(at[3]) if at is not None and len(at) > 3 and at[3] != "unlocked" else 0.0


def read_footprint(node: Node, copper: frozenset[str], bottom: str) -> Footprint:
    """One ``footprint`` (``module`` before format 6) list.

    Parameters
    ----------
    copper, bottom
        Names of the copper layers, and of the last of them.

    Raises
    ------
    ValueError
        A number is missing or is none.
    """
    frame, turn = frame_of(node)
    texts = _texts(node)
    pads = [_read_pad(pad, frame, copper) for pad in children(node, "pad")]
    name = node[1] if len(node) > 1 and isinstance(node[1], str) else ""
    reference, value = texts.get("reference", ""), texts.get("value", "")
    attributes = {word for attr in children(node, "attr") for word in words(attr)}
    joints = list(_joints(pads))
    return Footprint(
        placement=Placement(
            designator=reference,
            value=value,
            footprint=name,
            side="bottom" if bottom in words(child(node, "layer")) else "top",
            x_mm=frame.x,
            y_mm=frame.y,
            rotation_deg=turn,
            surface_pads=sum(pad.surface for pad in joints),
            through_pads=sum(pad.through for pad in joints),
            pitch_mm=_pitch(joints),
            fitted=not _marked_not_fitted(attributes, texts, value),
        ),
        kind=_kind(reference, name, value, pads, attributes),
        excluded=bool(attributes & {"virtual", "exclude_from_bom", "board_only"}),
        holes=tuple(pad.hole for pad in pads if pad.hole is not None),
    )


def _texts(node: Node) -> dict[str, str]:
    """Reference, value and own fields, whichever way the format writes them; names in lower case."""
    found: dict[str, str] = {}
    for part in children(node, "fp_text", "property"):
        if len(part) > 2 and isinstance(part[1], str) and isinstance(part[2], str):
            found.setdefault(part[1].lower(), part[2])
    return found


def _marked_not_fitted(attributes: set[str], texts: dict[str, str], value: str) -> bool:
    fields = (texts.get(name, "") for name in ("dnp", "dnf", "populate", "fitted", "config"))
    return "dnp" in attributes or says_not_fitted(value) or any(map(says_not_fitted, fields))


def _read_pad(node: Node, frame: Frame, copper: frozenset[str]) -> Pad:
    name = node[1] if isinstance(node[1], str) else ""
    kind = node[2] if len(node) > 2 and isinstance(node[2], str) else ""
    x, y = numbers(child(node, "at"), 2)
    size = child(node, "size")
    layers = words(child(node, "layers"))
    hole = _read_hole(child(node, "drill"), plated=kind == "thru_hole")
    on_copper = any(layer in copper or layer in ("*.Cu", "F&B.Cu") for layer in layers)
    holed = kind in ("thru_hole", "np_thru_hole")
    return Pad(
        name=name,
        at=frame.place((x, y)),
        half_mm=max(numbers(size, 2)) / 2 if size is not None else 0.0,
        surface=kind in ("smd", "connect") and on_copper,
        through=kind == "thru_hole" and hole is not None,
        pasted=any(layer.endswith(".Paste") for layer in layers),
        hole=hole if holed else None,
    )


def _read_hole(node: Node | None, *, plated: bool) -> Hole | None:
    """``(drill 1)``, ``(drill oval 1 2)``, either with an offset that does not matter here."""
    if node is None:
        return None
    plain = words(node)
    sizes = [number(word) for word in plain if word != "oval"][:2]
    if not sizes or min(sizes) <= 0:
        return None
    return Hole(drill_mm=min(sizes), slot="oval" in plain and max(sizes) - min(sizes) > 1e-6, plated=plated)


def _joints(pads: list[Pad]) -> Iterator[Pad]:
    """Pads that get solder of their own: no stitching holes inside a surface pad of the same name."""
    grounds: dict[str, list[Pad]] = {}
    for pad in pads:
        if pad.surface:
            grounds.setdefault(pad.name, []).append(pad)
    for pad in pads:
        stitched = pad.through and any(
            max(abs(pad.at[0] - g.at[0]), abs(pad.at[1] - g.at[1])) <= g.half_mm
            for g in grounds.get(pad.name, ())[:PADS_COMPARED]
        )
        if (pad.surface or pad.through) and not stitched:
            yield pad


def _pitch(pads: list[Pad]) -> float | None:
    """Least distance of the centres of two differently named pads: pads of one name are one terminal."""
    points = sorted((pad.at[0], pad.at[1], pad.name) for pad in pads if pad.name)
    best = math.inf
    for index, (x, y, name) in enumerate(points):
        for x2, y2, other in points[index + 1 : index + PADS_COMPARED]:
            if x2 - x >= best:
                break
            if other != name:
                best = min(best, math.hypot(x2 - x, y2 - y))
    return round(best, 4) if 0 < best < math.inf else None


def _kind(reference: str, name: str, value: str, pads: list[Pad], attributes: set[str]) -> str:
    if "board_only" in attributes:
        kind = kind_of(reference, name, value, 0)
        return "drawing" if kind == PART else kind
    kind = kind_of(reference, name, value, len({pad.name for pad in pads if pad.name}))
    if kind != PART:
        return kind
    if not any(pad.surface or pad.through for pad in pads):
        return "mounting hole" if any(pad.hole for pad in pads) else "drawing"
    if not any(pad.through or pad.pasted for pad in pads):
        return "bare pads"
    return PART
