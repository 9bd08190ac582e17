"""Grades, finishes and clean-room classes under their names."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.market import grade_tolerance_mm
from manyworks.market.clean_rooms import parse_clean_room
from manyworks.market.finishes import parse_finish
from manyworks.market.tables import csv_rows
from manyworks.market.tolerances import grade_name, parse_grade

ROWS = csv_rows("iso286.csv")
MULTIPLES = {5: 7, 6: 10, 7: 16, 8: 25, 9: 40, 10: 64, 11: 100,
             12: 160, 13: 250, 14: 400, 15: 640, 16: 1000, 17: 1600, 18: 2500}  # fmt: skip


def _unit_um(size: float) -> float:
    """Tolerance factors of the standard: i up to 500 mm, I above."""
    return 0.45 * size ** (1 / 3) + 0.001 * size if size <= 500 else 0.004 * size + 2.1


@pytest.mark.parametrize("row", ROWS[1:], ids=lambda row: row["upto"])
def test_every_width_is_near_the_formula_it_was_rounded_from(row: dict[str, str]) -> None:
    mean = math.sqrt(float(row["over"]) * float(row["upto"]))
    for grade, multiple in MULTIPLES.items():
        assert float(row[f"IT{grade}"]) == pytest.approx(multiple * _unit_um(mean), rel=0.1), grade


def test_bands_widen_with_grade_and_size() -> None:
    names = [grade_name(grade) for grade in range(-1, 19)]
    table = [[float(row[name]) if row[name] else math.nan for name in names] for row in ROWS]
    for widths in table:
        told = [width for width in widths if not math.isnan(width)]
        assert told == sorted(set(told))
    for column in zip(*table, strict=True):
        told = [width for width in column if not math.isnan(width)]
        assert told == sorted(told)


def test_size_steps_meet() -> None:
    assert [row["upto"] for row in ROWS[:-1]] == [row["over"] for row in ROWS[1:]]


@pytest.mark.parametrize(
    ("grade", "nominal", "half"),
    [
        (7, 40, 0.0125),
        (7, 50, 0.0125),
        (7, 50.001, 0.015),
        (7, 1600, 0.0625),
        (9, 1500, 0.155),
        (-1, 10, 0.0002),
        (0, 10, 0.0003),
        (18, 3150, 16.5),
        (0, 600, None),
        (7, 3151, None),
        (7, 0, None),
        (19, 10, None),
        (14, 1.0, None),
        (14, 1.5, 0.125),
    ],
)
def test_a_grade_is_half_its_band(grade: int, nominal: float, half: float | None) -> None:
    assert grade_tolerance_mm(grade, nominal) == half


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("IT7", 7),
        ("it 12", 12),
        ("7", 7),
        ("IT01", -1),
        ("IT0", 0),
        ("H7", 7),
        ("js6", 6),
        ("IT19", None),
        ("", None),
    ],
)
def test_a_grade_is_read_as_it_is_written(text: str, grade: int | None) -> None:
    assert parse_grade(text) == grade


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("7", 7),
        ("ISO 7", 7),
        ("ISO class 8", 8),
        ("ISO 14644-1 class 5", 5),
        ("ISO 14644-1 ISO 7", 7),
        ("class 7", 7),
        ("Class 10,000", 7),
        ("class 10K", 7),
        ("US FED STD 209E class 100", 5),
        ("Class 100000 cleanroom", 8),
        ("M5.5", 7),
        ("万级", 7),
        ("十万级洁净车间", 8),
        ("GMP grade A", 5),
        ("EU GMP grade D", 8),
        ("GMP grade C", None),
        ("GMP grade C at rest", 7),
        ("GMP grade C in operation", 8),
        ("GMP grade B", None),
        ("class 5000", None),
        ("ISO 0", None),
        ("clean", None),
        ("", None),
    ],
)
def test_a_clean_room_is_known_by_its_class_under_any_name(text: str, iso: int | None) -> None:
    assert parse_clean_room(text) == iso


@pytest.mark.parametrize(
    ("text", "ra"),
    [
        ("N6", 0.8),
        ("N 12", 50),
        ("Ra 1.6", 1.6),
        ("Ra 0,8", None),
        ("Ra1.6 µm", 1.6),
        ("Ra 63 uin", 1.6),
        ("Ra 20 uin", 0.508),
        ("SPI B-1", 0.1),
        ("SPI A2", 0.05),
        ("VDI 24", 1.585),
        ("VDI 3400 Ref 30", None),
        ("N13", None),
        ("shiny", None),
    ],
)
def test_a_finish_is_known_by_its_name(text: str, ra: float | None) -> None:
    assert parse_finish(text) == (pytest.approx(ra, rel=1e-3) if ra is not None else None)


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(text: str) -> None:
    assert parse_clean_room(text) in {None, *range(1, 10)}
    found = parse_finish(text)
    assert found is None or found > 0
    assert parse_grade(text) in {None, *range(-1, 19)}
