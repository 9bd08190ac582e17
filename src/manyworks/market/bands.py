"""Tolerances asked against tolerances stated, each in plus and minus millimetres or as an ISO 286 grade.

A shop's best band is the narrowest of what it states. A grade becomes millimetres only at a nominal
size; without one, grades are compared with grades and millimetres with millimetres.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from manyworks.market.limits import Outcome, enough, is_near, make_outcome
from manyworks.market.stand import Numbers, Stand, Truths
from manyworks.market.tolerances import (
    COARSEST_GRADE,
    FINEST_GRADE,
    grade_name,
    grade_tolerance_mm,
    grade_tolerances_mm,
)
from manyworks.model import Requirement


def judge_bands(stand: Stand, requirement: Requirement) -> Iterator[Outcome]:
    """Judge the tolerance and the grade that the requirement states."""
    nominal = requirement.nominal_mm
    if requirement.tolerance_mm is not None:
        yield _in_millimetres(stand, requirement.tolerance_mm, nominal)
    if requirement.it_grade is not None:
        yield _in_grades(stand, requirement.it_grade, nominal)


def _in_millimetres(stand: Stand, asked: float, nominal: float | None) -> Outcome:
    held, grades = stand.numbers("tolerance_mm"), stand.numbers("it_grade")
    best, open_ = _best(held, grades, nominal)
    outcome = _outcome(stand, "tolerance_mm", enough(best, asked), ~np.isnan(best), open_)

    def tell(row: int) -> str:
        return f"holds {_words(held, grades, best, row)}, asked ±{asked:g} mm"

    def tell_unsaid(row: int) -> str:
        return f"{_unsaid_words(held, grades, row)} (asked ±{asked:g} mm)"

    def would(row: int) -> str:
        return f"±{float(best[row]):g} mm" if is_near(float(best[row]), asked) else ""

    return replace(outcome, tell=tell, tell_unsaid=tell_unsaid, would=would)


def _in_grades(stand: Stand, asked: int, nominal: float | None) -> Outcome:
    held, grades = stand.numbers("tolerance_mm"), stand.numbers("it_grade")
    half = grade_tolerance_mm(asked, nominal) if nominal is not None else None
    best, _ = _best(held, grades, nominal)
    limit = np.nan if half is None else half
    holds = (grades <= asked) | enough(held, limit)
    told = ~np.isnan(grades) | (~np.isnan(held) & (half is not None))
    open_ = ~np.isnan(held) & (half is None)
    outcome = _outcome(stand, "it_grade", holds, told, open_)
    wish = grade_name(asked) + (f" at {nominal:g} mm (±{half:g} mm)" if half is not None else "")

    def tell(row: int) -> str:
        return f"holds {_words(held, grades, best, row)}, asked {wish}"

    def tell_unsaid(row: int) -> str:
        return f"{_unsaid_words(held, grades, row)} (asked {wish})"

    def would(row: int) -> str:
        near = half is not None and is_near(float(best[row]), half)
        return f"±{float(best[row]):g} mm" if near else ""

    return replace(outcome, tell=tell, tell_unsaid=tell_unsaid, would=would)


def _best(held: Numbers, grades: Numbers, nominal: float | None) -> tuple[Numbers, Truths]:
    """Narrowest half band of each row, NaN where none is known; and where a grade cannot be compared."""
    as_mm = np.full(len(held), np.nan)
    if nominal is not None:
        inside = (grades >= FINEST_GRADE) & (grades <= COARSEST_GRADE)
        at = np.where(inside, grades - FINEST_GRADE, 0).astype(np.intp)
        as_mm = np.where(inside, grade_tolerances_mm(nominal)[at], np.nan)
    return np.fmin(held, as_mm), ~np.isnan(grades) & np.isnan(as_mm)


def _outcome(stand: Stand, code: str, holds: Truths, told: Truths, open_: Truths) -> Outcome:
    """Fails where something comparable is told, nothing holds, and nothing else might."""
    fails = told & ~holds & ~open_
    return make_outcome(code, fails, ~holds & ~fails, str, str)


def _words(held: Numbers, grades: Numbers, best: Numbers, row: int) -> str:
    grade = "" if np.isnan(grades[row]) else grade_name(int(grades[row]))
    if not grade:
        return f"±{float(held[row]):g} mm"
    return grade if np.isnan(best[row]) else f"{grade}, ±{float(best[row]):g} mm"


def _unsaid_words(held: Numbers, grades: Numbers, row: int) -> str:
    if np.isnan(held[row]) and np.isnan(grades[row]):
        return "does not say its tolerance"
    stated = grade_name(int(grades[row])) if np.isnan(held[row]) else f"±{float(held[row]):g} mm"
    return f"states {stated}, which cannot be compared without a nominal size within ISO 286"
