"""The parts list and the positions of the badge, as KiCad exports them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from badge_drawing.parts import Part, parts

BILL_HEADER = ("Reference", "Value", "Footprint", "Qty", "DNP", "Manufacturer", "MPN", "Description")
POSITIONS_HEADER = ("Ref", "Val", "Package", "PosX", "PosY", "Rot", "Side")


def written(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as text."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return page.getvalue()


def bill_row(group: Sequence[Part]) -> tuple[object, ...]:
    """One line for parts that are the same."""
    first = group[0]
    names = ",".join(part.designator for part in group)
    dnp = "" if first.fitted else "DNP"
    what = (first.manufacturer, first.mpn, first.description)
    return (names, first.value, first.footprint.name, len(group), dnp, *what)


def bill_text() -> str:
    """The parts list: one line for each kind of part."""
    groups: dict[tuple[str, str], list[Part]] = {}
    for part in parts():
        if part.bought:
            groups.setdefault((part.mpn or part.value, part.footprint.name), []).append(part)
    return written(BILL_HEADER, (bill_row(group) for group in groups.values()))


def position_row(part: Part) -> tuple[str, ...]:
    """One part's place; y grows upwards, as in KiCad's export, from the middle of the badge."""
    x, y, turn = (f"{value + 0.0:.4f}" for value in (part.at[0], -part.at[1], part.rotation))
    return (part.designator, part.value, part.footprint.name.split(":")[1], x, y, turn, part.side)


def positions_text() -> str:
    """The positions of the parts to be fitted."""
    return written(POSITIONS_HEADER, (position_row(part) for part in parts() if part.bought and part.fitted))
