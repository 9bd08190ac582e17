"""Operations from plain measures, materials of the store, tolerance grades."""

import csv
import math
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.processes import (
    ProcessesError,
    beyond_range,
    estimate,
    find_material,
    make_operation,
    out_of_scope,
    process_table,
    processes,
    typical_operation,
)
from manyworks.processes.precision import grade_tolerance, tolerance_grade

SHEET = {"apertures": 400, "sheets": 1, "width_mm": 80, "height_mm": 60}


@pytest.mark.parametrize("process", processes())
def test_every_process_can_be_asked_by_its_typical_measures(process, cast):
    made = estimate(typical_operation(process), np.array([1.0, 100.0]), [cast.station()])
    assert np.all(made.price > 0.0)
    assert not out_of_scope(typical_operation(process))


@pytest.mark.parametrize("process", processes())
def test_every_process_says_what_it_is_and_what_it_cannot_do(process):
    table = process_table(process)
    assert table.title
    assert table.summary.endswith(".")
    assert table.drivers
    assert table.scope.cannot or table.scope.limits
    assert table.scope.from_quantity < table.scope.to_quantity
    assert table.scope.why
    for driver in table.drivers.values():
        assert driver.low <= driver.typical <= driver.high, driver.name
        assert driver.effect in ("up", "down", "any", "flag"), driver.name
        assert driver.default is None or driver.source, driver.name


@pytest.mark.parametrize("process", processes())
def test_limits_and_change_overs_name_measures_and_figures_that_exist(process):
    table = process_table(process)
    assert {limit.driver for limit in table.scope.limits} <= set(table.drivers)
    for module in table.changeover.values():
        assert {module.minutes, module.people, module.scrap_kg} - {""} <= set(table.coefficients)
        assert {module.times} - {""} <= set(table.drivers)


def test_all_faults_of_what_is_typed_are_told_at_once():
    with pytest.raises(ProcessesError) as caught:
        make_operation("stencil-cutting", {"apertures": -3, "sheets": math.nan, "colour": 1, "width_mm": 80})
    told = sorted(
        (finding.code.rpartition(".")[2], finding.message.split()[0]) for finding in caught.value.findings
    )
    assert told == [("missing", "height_mm"), ("unknown", "no"), ("value", "apertures"), ("value", "sheets")]


def test_a_measure_beyond_what_the_process_takes_is_refused_with_the_reason():
    (finding,) = out_of_scope(make_operation("stencil-cutting", {**SHEET, "width_mm": 900}))
    assert "width_mm = 900 mm" in finding.message
    assert "up to 700" in finding.message


def test_a_measure_far_beyond_anything_is_a_slip_of_the_pen():
    with pytest.raises(ProcessesError, match="apertures"):
        make_operation("stencil-cutting", {**SHEET, "apertures": 1e300})


def test_a_measure_outside_the_models_range_is_told(cast):
    operation = make_operation("stencil-cutting", {**SHEET, "apertures": 50_000})
    (finding,) = beyond_range(operation)
    assert "apertures = 50000" in finding.message
    assert not beyond_range(make_operation("stencil-cutting", SHEET))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("EN AW-6082 T6", "AL-6082"),
        ("6061-T6 aluminium", "AL-6061"),
        ("1.4301", "STAINLESS-304"),
        ("SUS304", "STAINLESS-304"),
        ("mild steel", "STEEL"),
        ("S355JR", "STEEL"),
        ("Ti-6Al-4V (grade 5)", "TITANIUM-GR5"),
        ("unobtainium", None),
        ("", None),
    ],
)
def test_materials_are_found_under_their_usual_names(text, name):
    found = find_material(text)
    assert (found.name if found else None) == name


def test_no_spelling_names_two_materials():
    from manyworks.processes.materials import _key
    from manyworks.processes.tables import read_data

    owners = {}
    for name, row in read_data("stock")["materials"].items():
        for spelling in (name, *row["names"]):
            assert owners.setdefault(_key(spelling), name) == name, spelling


def iso286():
    rows = files("manyworks.market").joinpath("data/iso286.csv").read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in rows if not line.startswith("#")))


@pytest.mark.parametrize("grade", range(6, 17))
def test_grades_agree_with_the_table_of_the_standard(grade):
    """ISO 286-1 tabulates the formula at the geometric mean of each range of sizes, rounded."""
    for row in iso286():
        low, high = max(float(row["over"]), 1.0), float(row["upto"])
        if high > 500.0 or low < 3.0:
            continue
        width_um = 2000.0 * grade_tolerance(grade, math.sqrt(low * high))
        assert width_um == pytest.approx(float(row[f"IT{grade}"]), rel=0.09)


@given(st.floats(1.0, 2000.0), st.floats(4.0, 18.0))
def test_grade_and_tolerance_are_each_others_inverse(size, grade):
    assert tolerance_grade(grade_tolerance(grade, size), size) == pytest.approx(grade)


@given(st.floats(1.0, 2000.0), st.floats(0.001, 5.0), st.floats(1.01, 10.0))
def test_a_wider_tolerance_is_a_coarser_grade(size, tolerance, factor):
    assert tolerance_grade(tolerance * factor, size) > tolerance_grade(tolerance, size)
