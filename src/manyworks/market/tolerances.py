"""Tolerance grades as drawings and machine lists state them, in plus and minus millimetres."""

from __future__ import annotations

from manyworks.market.tables import csv_rows


def grade_tolerance_mm(grade: int, nominal_mm: float) -> float | None:
    """Plus-and-minus tolerance of ISO grade ``IT<grade>`` at a nominal size.

    Half the width of the band of ISO 286-1; None outside IT1 to IT16 and sizes up to 500 mm.
    """
    for row in csv_rows("iso286.csv"):
        if float(row["over"]) < nominal_mm <= float(row["upto"]) and f"IT{grade}" in row:
            return float(row[f"IT{grade}"]) / 2000
    return None
