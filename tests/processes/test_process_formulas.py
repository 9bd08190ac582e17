"""The formulas against independent referees: brute force, theory, published cases."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model import Operation, OperationId, Requirement
from manyworks.processes.frame import Bench, annuity, learned_units
from manyworks.processes.models.pcb_fabrication import boards_per_panel
from manyworks.processes.models.smt_assembly import good_share, seconds_per_board
from manyworks.processes.plastics import cooling_seconds, find_plastic
from manyworks.processes.tables import process_table


def operation(process, **drivers):
    return Operation(
        id=OperationId("x"),
        name="x",
        process=process,
        requirement=Requirement(process=process),
        drivers={name: float(value) for name, value in drivers.items()},
    )


def bench(cast, process, **coefficients):
    return Bench(process_table(process), [cast.station("US", coefficients=coefficients)])


@given(interest=st.floats(0.001, 0.3), years=st.integers(1, 30))
def test_an_annuity_pays_the_price_back(interest, years):
    debt = 1.0
    for _ in range(years):
        debt = debt * (1.0 + interest) - float(annuity(interest, float(years)))
    assert debt == pytest.approx(0.0, abs=1e-9)


def test_money_without_interest_is_paid_back_in_equal_parts():
    assert float(annuity(0.0, 8.0)) == pytest.approx(1.0 / 8.0)


def test_the_middle_of_a_plate_cools_as_the_heat_equation_says():
    plastic, wall, n = find_plastic("ABS"), 3.0, 60
    step = wall / n
    dt = 0.4 * step**2 / plastic.diffusivity
    heat = np.full(n + 1, plastic.melt)
    heat[0] = heat[-1] = plastic.mould
    seconds = 0.0
    while heat[n // 2] > plastic.eject:
        heat[1:-1] += plastic.diffusivity * dt / step**2 * (heat[2:] - 2.0 * heat[1:-1] + heat[:-2])
        seconds += dt
    assert cooling_seconds(plastic, wall) == pytest.approx(seconds, rel=0.02)


def test_three_millimetres_of_abs_cool_in_seventeen_to_nineteen_seconds():
    assert 17.0 < cooling_seconds(find_plastic("ABS"), 3.0) < 19.0


@given(thin=st.floats(0.5, 3.0), factor=st.floats(1.1, 4.0))
def test_cooling_grows_with_the_square_of_the_wall(thin, factor):
    abs_ = find_plastic("ABS")
    assert cooling_seconds(abs_, thin * factor) == pytest.approx(factor**2 * cooling_seconds(abs_, thin))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ABS", "ABS"),
        ("abs, black", "ABS"),
        ("PC/ABS", "PC-ABS"),
        ("pc abs", "PC-ABS"),
        ("PC black ABS", None),
        ("Nylon 66", "PA66"),
        ("PLA (recycled)", "PLA"),
        ("6082-T6", None),
        ("", None),
    ],
)
def test_plastics_are_known_by_what_people_write(written, name):
    found = find_plastic(written)
    assert (found.name if found else None) == name


def test_learning_follows_wrights_law_until_the_plateau():
    rate, plateau = 0.85, 32.0
    exponent = math.log2(rate)
    by_hand = sum(max(1.0, (unit / plateau) ** exponent) for unit in range(1, 501))
    assert float(learned_units(500.0, rate, plateau)) == pytest.approx(by_hand, rel=0.02)


def test_the_time_of_a_piece_falls_by_the_rate_with_each_doubling():
    whole = [float(learned_units(float(units), 0.9, 1e6)) / units for units in (100, 200, 400)]
    assert whole[1] / whole[0] == pytest.approx(0.9)
    assert whole[2] / whole[1] == pytest.approx(0.9)


def _boards_by_trial(width, height, wide=457.0, long=610.0, edge=12.0, gap=2.5):
    """Put boards down one by one until the next would cross the edge, both ways round."""

    def along(side, room):
        count, end = 0, edge
        while end + side <= room - edge + 1e-9:
            count, end = count + 1, end + side + gap
        return count

    return max(
        along(width, wide) * along(height, long),
        along(height, wide) * along(width, long),
    )


@given(width=st.integers(20, 400), height=st.integers(20, 400))
def test_boards_on_a_panel_equal_putting_them_down_one_by_one(cast, width, height):
    found = boards_per_panel(float(width), float(height), bench(cast, "pcb-fabrication"))
    assert float(np.ravel(found)[0]) == _boards_by_trial(float(width), float(height))


def test_a_board_larger_than_the_panel_takes_more_than_one(cast):
    found = boards_per_panel(600.0, 900.0, bench(cast, "pcb-fabrication"))
    assert 0.0 < float(np.ravel(found)[0]) < 1.0


def test_a_placer_is_as_fast_as_its_real_rate_where_placing_decides(cast):
    many = operation(
        "smt-assembly", placements=1000, joints=2000, sides=1, lines=30, per_array=4, array_mm=200
    )
    line = bench(cast, "smt-assembly", array_load_seconds=0.0)
    assert np.ravel(seconds_per_board(many, line))[0] == pytest.approx(1000 / (12000 * 0.45) * 3600)


def test_an_oven_sets_the_pace_of_empty_boards(cast):
    few = operation("smt-assembly", placements=2, joints=4, sides=1, lines=2, per_array=1, array_mm=250)
    assert float(seconds_per_board(few, bench(cast, "smt-assembly"))) == pytest.approx((250 + 50) / 12)


def test_first_pass_yield_is_the_joints_power(cast):
    joints, faults = 2000, 300.0
    line = bench(cast, "smt-assembly", defects_per_million_joints=faults, scrap_of_defective=1.0)
    share = good_share(operation("smt-assembly", joints=joints), line)
    assert np.ravel(share)[0] == pytest.approx((1 - faults * 1e-6) ** joints, rel=1e-3)
