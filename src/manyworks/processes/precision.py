"""Tolerances as grades, and what holding a finer one than comes by itself costs."""

from __future__ import annotations

import math

import numpy as np

from manyworks.processes.frame import Bench, Number

_SMALLEST_MM, _LARGEST_MM = 3.0, 500.0


def tolerance_unit_um(size_mm: float) -> float:
    """Standard tolerance factor ``i = 0.45 D^(1/3) + 0.001 D`` in micrometres (ISO 286-1, D in mm).

    Below 3 mm the factor of 3 mm stands, above 500 mm that of the formula goes on.
    """
    size = max(size_mm, _SMALLEST_MM)
    return float(0.45 * np.cbrt(size) + 0.001 * size)


def tolerance_grade(tolerance_mm: float, size_mm: float) -> float:
    """ISO grade (a real number: 9.5 lies between IT9 and IT10) of plus-and-minus ``tolerance_mm``.

    From IT5 on a grade multiplies the width of the band by the fifth root of ten (ISO 286-1:
    IT6 = 10 i, IT11 = 100 i, IT16 = 1000 i).
    """
    width_um = 2000.0 * tolerance_mm
    return 6.0 + 5.0 * math.log10(width_um / (10.0 * tolerance_unit_um(size_mm)))


def grade_tolerance(grade: float, size_mm: float) -> float:
    """Plus-and-minus millimetres of an ISO grade at a size: the inverse of `tolerance_grade`."""
    return float(10.0 ** ((grade - 6.0) / 5.0) * 10.0 * tolerance_unit_um(size_mm) / 2000.0)


def effort_for_grade(grade: Number, bench: Bench) -> Number:
    """Factor on cutting and measuring time for a tolerance grade finer than the process's natural one.

    ``grade_effort`` for each grade between (1 where the natural grade is wide enough). The process
    has the coefficients ``natural_it`` and ``grade_effort``.
    """
    finer = np.maximum(bench["natural_it"] - grade, 0.0)
    factor: Number = bench["grade_effort"] ** finer
    return factor


def effort_for_finish(ra_um: float, bench: Bench) -> Number:
    """Factor on finishing time for a surface finer than comes by itself: ``finish_effort`` each halving.

    The process has the coefficients ``natural_ra_um`` and ``finish_effort``.
    """
    halvings = np.maximum(np.log2(bench["natural_ra_um"] / ra_um), 0.0)
    factor: Number = bench["finish_effort"] ** halvings
    return factor
