"""Tolerance grades as drawings and machine lists state them, in plus and minus millimetres."""

from __future__ import annotations

import math
import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from manyworks.market.tables import csv_rows

FINEST_GRADE, COARSEST_GRADE = -1, 18
"""Grades of ISO 286-1 as whole numbers: IT01 is -1, IT0 is 0."""

_GRADE = re.compile(r"\s*(?:IT\s*|[A-Z]{1,2})?(0?\d{1,2})\s*", re.I)


def grade_name(grade: int) -> str:
    """``IT7`` of 7, ``IT01`` of -1."""
    return "IT01" if grade == FINEST_GRADE else f"IT{grade}"


def parse_grade(text: str) -> int | None:
    """Whole number of a grade written ``IT7``, ``7`` or as a fit (``H7``, ``js6``); else None."""
    found = _GRADE.fullmatch(text)
    if not found:
        return None
    grade = FINEST_GRADE if found[1] == "01" else int(found[1])
    return grade if grade <= COARSEST_GRADE else None


def grade_tolerance_mm(grade: int, nominal_mm: float) -> float | None:
    """Plus-and-minus tolerance of an ISO grade (7 for ``IT7``) at a nominal size.

    Half the width of the band of ISO 286-1; None where the standard gives none: outside IT01 to
    IT18, above 3150 mm, IT01 and IT0 above 500 mm, IT14 and coarser up to 1 mm.
    """
    if not FINEST_GRADE <= grade <= COARSEST_GRADE:
        return None
    half = float(grade_tolerances_mm(nominal_mm)[grade - FINEST_GRADE])
    return None if math.isnan(half) else half


@cache
def grade_tolerances_mm(nominal_mm: float) -> NDArray[np.float64]:
    """Plus-and-minus tolerances of grades IT01 to IT18 at a nominal size; NaN where none is given."""
    row = next((row for row in csv_rows("iso286.csv") if _over(row) < nominal_mm <= _upto(row)), None)
    halves = np.full(COARSEST_GRADE - FINEST_GRADE + 1, np.nan)
    for grade in range(FINEST_GRADE, COARSEST_GRADE + 1) if row else ():
        # ISO 286-1 gives IT14 to IT18 for sizes above 1 mm only.
        if row and row[grade_name(grade)] and (grade < 14 or nominal_mm > 1):
            halves[grade - FINEST_GRADE] = float(row[grade_name(grade)]) / 2000
    halves.setflags(write=False)
    return halves


def _over(row: dict[str, str]) -> float:
    return float(row["over"])


def _upto(row: dict[str, str]) -> float:
    return float(row["upto"])
