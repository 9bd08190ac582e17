"""What is asked of a machined part beyond its shape: tolerance and finish, from words and parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from manyworks.model import Item, SolidDesign, warning
from manyworks.processes.precision import tolerance_grade
from manyworks.processes.routing.coatings import wants_powder
from manyworks.processes.routing.drafts import Draft, told
from manyworks.processes.tables import NOTHING, default, read_data

_NUMBER = r"(\d+(?:[.,]\d+)?)"
# A number of another unit (kg, %, degrees) after a plus-and-minus is no tolerance of length.
_PLUS_MINUS = re.compile(
    rf"(?:±|\+\s?/?\s?-)\s*{_NUMBER}(?:\s*(mm|um|µm|μm)\b|(?![\d.,]|\s*[A-Za-z%°]))", re.IGNORECASE
)
# IT7, or a fit such as H7 and g6.
_GRADE = re.compile(r"\bIT\s?(\d{1,2})\b|\b[HJhgjkmnp]([5-9]|1[01])\b")
_GENERAL = re.compile(r"\bISO\s?2768(?:-1)?\s*[- ]\s*([fmcv])", re.IGNORECASE)
_ROUGHNESS = re.compile(rf"\bRa\s*[:=]?\s*{_NUMBER}", re.IGNORECASE)
_MICRO = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Grade and roughness asked of a part.

    ``tolerance_mm`` plus and minus, None where none is stated; ``grade`` the ISO grade it means at the
    part's size; ``share`` of the skin it holds for; ``step`` the process a finish word names
    (``grinding``, ``polishing``); ``stated_ra`` whether anybody asked for a roughness.
    """

    grade: float
    share: float
    ra_um: float
    tolerance_mm: float | None = None
    stated_grade: int | None = None
    step: str = ""
    stated_ra: bool = False
    assumptions: tuple[str, ...] = ()


def read_wishes(item: Item, design: SolidDesign, draft: Draft) -> Wishes:
    """Tolerance from parameters and text, finish from its words; what is not stated is the general one."""
    text = f"{item.finish or ''} {item.description}"
    tolerance, grade = _tolerance_mm(item, text), _stated_grade(text)
    ra, step = _finish(item, text, draft)
    size = sorted(design.size_mm)[1]
    tight = grade if grade is not None else tolerance_grade(tolerance, size) if tolerance else None
    general = _general_grade(text)
    assumed = [] if ra else ["general_ra_um"]
    assumed += ["toleranced_share"] if tight else ["general_grade"]
    return Wishes(
        grade=tight if tight is not None else general,
        share=default("toleranced_share"),
        ra_um=ra or default("general_ra_um"),
        tolerance_mm=tolerance,
        stated_grade=round(grade) if grade is not None else None,
        step=step,
        stated_ra=ra is not None,
        assumptions=told(*assumed),
    )


def _figure(text: str) -> float:
    return float(text.replace(",", "."))


def _tolerance_mm(item: Item, text: str) -> float | None:
    """The tightest plus-and-minus that is stated, in mm."""
    stated = [
        float(parameter.value) * (_MICRO if parameter.unit in ("um", "µm") else 1.0)
        for parameter in item.parameters
        if "tolerance" in parameter.name.lower()
    ]
    written = [
        _figure(number) * (_MICRO if unit and unit.lower() != "mm" else 1.0)
        for number, unit in _PLUS_MINUS.findall(text)
    ]
    return min((value for value in chain(stated, written) if value > 0.0), default=None)


def _stated_grade(text: str) -> float | None:
    return min((float(grade or fit) for grade, fit in _GRADE.findall(text)), default=None)


def _general_grade(text: str) -> float:
    found = _GENERAL.search(text)
    if found is None:
        return default("general_grade")
    return float(read_data("route_machining")["general_tolerances"][found.group(1).lower()])


def _finish(item: Item, text: str, draft: Draft) -> tuple[float | None, str]:
    """Roughness asked and the process that makes it; a finish that no word means is said aloud."""
    words = read_data("route_machining")["finishes"]
    asked = " ".join((item.finish or "").lower().replace("_", " ").split())
    hits = [words[word] for word in words if re.search(rf"\b{re.escape(word)}\b", asked)]
    row: Mapping[str, Any] = min(hits, key=lambda hit: float(hit["ra"]), default=NOTHING)
    stated = [p.value for p in item.parameters if p.name.lower() in ("ra", "roughness", "ra_um")]
    stated += [_figure(number) for number in _ROUGHNESS.findall(text)]
    ra = min((value for value in stated if value > 0.0), default=row.get("ra"))
    tolerance = _PLUS_MINUS.search(item.finish or "") or _GENERAL.search(item.finish or "")
    if item.finish and ra is None and not (tolerance or wants_powder(item)):
        message = f"the finish {item.finish!r} is not modelled for parts cut from the solid and not priced"
        hint = f"known: {', '.join(words)}, or Ra in micrometres"
        draft.findings.append(warning("processes.route.finish", item.id, message, hint))
    return ra, str(row.get("step", ""))
