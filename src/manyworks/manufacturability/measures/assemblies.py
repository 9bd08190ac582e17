"""Measures of assembled boards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from manyworks.manufacturability.measures.boards import known
from manyworks.manufacturability.rules import chip_length_mm, is_of
from manyworks.manufacturability.subjects import Subject
from manyworks.manufacturability.verdicts import Measured, Place, Reading
from manyworks.model import BoardDesign, Placement

# Chips up to 1206 are handed over with spare pieces; larger parts hardly get lost.
_NEEDS_OVERAGE_MM = 3.2


def _assembly(measure: Callable[[Subject, BoardDesign], Measured]) -> Callable[[Subject], Measured]:
    def measured(subject: Subject) -> Measured:
        design = subject.design
        return measure(subject, design) if isinstance(design, BoardDesign) else Measured()

    return measured


def _fitted(board: BoardDesign) -> list[Placement]:
    return [part for part in board.placements if part.fitted]


def _count(parts: Iterable[Placement]) -> Measured:
    """How many, with every one's place."""
    found = list(parts)
    if not found:
        return known(0.0, "")
    value = float(len(found))
    return Measured(readings=tuple(Reading(value, _place(part)) for part in found[:50]))


def _place(part: Placement) -> Place:
    return Place(at_mm=(part.x_mm, part.y_mm), words=f"{part.designator} {part.footprint}".strip())


def _unmatched(subject: Subject, board: BoardDesign) -> Measured:
    """Designators wanted by the parts list and not placed, or placed and not in the list."""
    listed = {name for line in subject.item.bill if line.fitted for name in line.designators}
    placed = {part.designator for part in _fitted(board)}
    if not listed:
        return Measured(needs="a parts list with designators")
    if not placed:
        return Measured(needs="a position file or board file")
    odd = sorted(listed ^ placed)
    words = [Place(words=f"{name} only {'listed' if name in listed else 'placed'}") for name in odd[:50]]
    return Measured(readings=tuple(Reading(float(len(odd)), place) for place in words or [Place()]))


def _pitch(_: Subject, board: BoardDesign) -> Measured:
    return Measured(
        readings=tuple(
            Reading(part.pitch_mm, _place(part))
            for part in _fitted(board)
            if part.pitch_mm is not None and part.surface_mounted
        )
    )


def _chip(_: Subject, board: BoardDesign) -> Measured:
    sizes = ((part, chip_length_mm(part.footprint)) for part in _fitted(board))
    return Measured(readings=tuple(Reading(size, _place(part)) for part, size in sizes if size is not None))


def _fiducials(_: Subject, board: BoardDesign) -> Measured:
    """Fiducials on the populated side that has fewest."""
    sides = {part.side for part in _fitted(board) if part.surface_mounted}
    if not sides:
        return Measured()
    if not board.placements or board.footprints_total <= len(_fitted(board)):
        return Measured(needs="the board file: fabrication files do not name fiducials")
    marks = Counter(
        part.side
        for part in board.placements
        if is_of("fiducials", part.footprint) or part.designator.upper().startswith("FID")
    )
    fewest = min(sides, key=lambda side: marks[side])
    return known(float(marks[fewest]), "", at=Place(words=f"{fewest} side"))


def _overage(_: Subject, board: BoardDesign) -> Measured:
    tiny = (p for p in _fitted(board) if (chip_length_mm(p.footprint) or 99.0) <= _NEEDS_OVERAGE_MM)
    kinds: dict[tuple[str, str], Placement] = {}
    for part in tiny:
        kinds.setdefault((part.value, part.footprint), part)
    return _count(kinds.values())


def _of_family(family: str) -> Callable[[Subject, BoardDesign], Measured]:
    return lambda _, board: _count(part for part in _fitted(board) if is_of(family, part.footprint))


def _reflow(_: Subject, board: BoardDesign) -> Measured:
    if not any(part.surface_mounted for part in _fitted(board)):
        return Measured()
    return Measured(needs="the reflow ratings of the parts")


MEASURES: dict[str, Callable[[Subject], Measured]] = {
    name: _assembly(function)
    for name, function in {
        "designators in one list only": _unmatched,
        "pitch": _pitch,
        "shortest chip": _chip,
        "fiducials": _fiducials,
        "chips that need overage": _overage,
        "parts with hidden joints": _of_family("hidden_joints"),
        "packages turned by libraries": _of_family("turned"),
        "lowest reflow rating": _reflow,
    }.items()
}
