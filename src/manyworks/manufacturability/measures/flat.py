"""Measures of drawings for cutting and of sewing patterns."""

from __future__ import annotations

from collections.abc import Callable

from manyworks.manufacturability.measures.boards import known
from manyworks.manufacturability.subjects import Subject
from manyworks.manufacturability.verdicts import Measured, Place, Reading
from manyworks.model import GarmentDesign, SheetDesign


def _sheet(measure: Callable[[SheetDesign], Measured]) -> Callable[[Subject], Measured]:
    def measured(subject: Subject) -> Measured:
        design = subject.design
        return measure(design) if isinstance(design, SheetDesign) else Measured()

    return measured


def _garment(measure: Callable[[GarmentDesign], Measured]) -> Callable[[Subject], Measured]:
    def measured(subject: Subject) -> Measured:
        design = subject.design
        return measure(design) if isinstance(design, GarmentDesign) else Measured()

    return measured


def _opening_ratio(sheet: SheetDesign) -> Measured:
    if sheet.min_hole_mm is None:
        return Measured()
    if not sheet.thickness_mm:
        return Measured(needs="the thickness of the sheet")
    return Measured(
        readings=tuple(
            Reading(c.diameter_mm / sheet.thickness_mm, Place(at_mm=c.points_mm[0], words="opening"))
            for c in sheet.contours
            if c.inside and c.diameter_mm is not None
        )
        or (Reading(sheet.min_hole_mm / sheet.thickness_mm),)
    )


def _web(sheet: SheetDesign) -> Measured:
    return known(sheet.min_web_mm, "") if sheet.min_web_mm is not None else Measured()


def _open_ends(sheet: SheetDesign) -> Measured:
    places = [
        Place(at_mm=c.points_mm[0], words=f"open line on layer {c.layer}")
        for c in sheet.contours
        if c.role == "cut" and not c.closed and c.points_mm
    ]
    value = float(sheet.open_ends)
    return Measured(readings=tuple(Reading(value, place) for place in places[:50]) or (Reading(value),))


def _ease(garment: GarmentDesign) -> Measured:
    return Measured(
        readings=tuple(
            Reading(seam.ease, Place(words=f"{seam.first} to {seam.second}")) for seam in garment.seams
        )
    )


def _widest(garment: GarmentDesign) -> Measured:
    """The narrow side of each piece: what the cloth must be wide for when it may be turned."""
    readings = []
    for panel in garment.panels:
        xs, ys = zip(*panel.outline_mm, strict=True)
        narrow = min(max(xs) - min(xs), max(ys) - min(ys))
        readings.append(Reading(narrow, Place(words=panel.name)))
    return Measured(readings=tuple(readings))


def _allowance(garment: GarmentDesign) -> Measured:
    return known(garment.allowance_mm, "the seam allowance, which the pattern does not state")


MEASURES: dict[str, Callable[[Subject], Measured]] = {
    **{
        name: _sheet(function)
        for name, function in {
            "opening over thickness": _opening_ratio,
            "web": _web,
            "open cut lines": _open_ends,
            "lines drawn twice": lambda s: known(float(s.doubles), ""),
            "pieces in one drawing": lambda s: known(float(s.pieces), ""),
        }.items()
    },
    **{
        name: _garment(function)
        for name, function in {
            "ease of a seam": _ease,
            "narrow side of the largest piece": _widest,
            "seam allowance": _allowance,
        }.items()
    },
}
