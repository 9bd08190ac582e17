"""The thickness of a board whose format has no sure word on it."""

from __future__ import annotations

from manyworks.files.boards.elements import Stack
from manyworks.files.limits import THICKEST_MM
from manyworks.model import Finding, warning

# What board shops make unless told otherwise.
USUAL_THICKNESS_MM = 1.6


def stated_or_usual(thickness_mm: float | None, name: str, findings: list[Finding]) -> Stack:
    """A stack of the stated thickness; the usual one, said aloud, where none of use is stated."""
    if thickness_mm is not None and 0 < thickness_mm < THICKEST_MM:
        return Stack(thickness_mm=thickness_mm)
    text = f"the file does not say how thick the board is; {USUAL_THICKNESS_MM:g} mm is assumed"
    findings.append(warning("files.board.thickness-assumed", name, text, "say so with the order"))
    return Stack(thickness_mm=USUAL_THICKNESS_MM)
