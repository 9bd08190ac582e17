"""Footprints: what their pads, names and attributes say they are, in whichever format they were drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from manyworks.files.boards.elements import Footprint, Pad
from manyworks.files.limits import PADS_COMPARED
from manyworks.files.part_kinds import PART, kind_of
from manyworks.files.vocabulary import says_not_fitted
from manyworks.model import Placement

_FITTING_FIELDS = ("dnp", "dnf", "populate", "fitted", "config")


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a file says of a footprint besides its pads.

    ``drawing`` tells that the file takes it for no part at all; ``excluded`` that it is not in the
    parts list; ``left_out`` that it is not to be populated.
    """

    designator: str
    value: str
    name: str
    side: str
    x_mm: float
    y_mm: float
    rotation_deg: float
    drawing: bool = False
    excluded: bool = False
    left_out: bool = False


def footprint_of(described: Described, pads: Sequence[Pad]) -> Footprint:
    """The footprint with its pads counted and its kind judged."""
    joints = list(_joints(pads))
    return Footprint(
        placement=Placement(
            designator=described.designator,
            value=described.value,
            footprint=described.name,
            side=described.side,
            x_mm=described.x_mm,
            y_mm=described.y_mm,
            rotation_deg=described.rotation_deg,
            surface_pads=sum(pad.surface for pad in joints),
            through_pads=sum(pad.through for pad in joints),
            pitch_mm=_pitch(joints),
            fitted=not (described.left_out or says_not_fitted(described.value)),
        ),
        kind=_kind(described, pads),
        excluded=described.excluded,
        holes=tuple(pad.hole for pad in pads if pad.hole is not None),
        lands=tuple(pad.land for pad in pads if pad.land is not None),
    )


def says_left_out(fields: Mapping[str, str]) -> bool:
    """Whether a footprint's own fields (names in lower case) say that it is not to be populated."""
    return any(says_not_fitted(fields.get(name, "")) for name in _FITTING_FIELDS)


def _joints(pads: Sequence[Pad]) -> Iterator[Pad]:
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


def _pitch(pads: Sequence[Pad]) -> float | None:
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


def _kind(described: Described, pads: Sequence[Pad]) -> str:
    names = len({pad.name for pad in pads if pad.name})
    kind = kind_of(described.designator, described.name, described.value, 0 if described.drawing else names)
    if described.drawing:
        return "drawing" if kind == PART else kind
    if kind != PART:
        return kind
    if not any(pad.surface or pad.through for pad in pads):
        return "mounting hole" if any(pad.hole for pad in pads) else "drawing"
    if not any(pad.through or pad.pasted for pad in pads):
        return "bare pads"
    return PART
