"""The formulas against independent referees: brute force, theory, published cases."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model import Operation, OperationId, Requirement
from manyworks.processes import estimate
from manyworks.processes.models.pcb_fabrication import boards_per_panel
from manyworks.processes.models.fdm_printing import printed_mm3
from manyworks.processes.frame import Bench, annuity, learned_units
from manyworks.processes.models.injection_moulding import cycle_seconds
from manyworks.processes.models.mould_making import cutting_hours
from manyworks.processes.plastics import cooling_seconds, find_plastic
from manyworks.processes.models.smt_assembly import good_share, seconds_per_board
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


def test_a_thin_part_prints_solid_and_a_thick_one_sparsely(cast):
    printer = bench(cast, "fdm-printing", support_share=0.0)
    thin = operation("fdm-printing", volume_mm3=1000, surface_mm2=2000)
    thick = operation("fdm-printing", volume_mm3=125_000, surface_mm2=15_000)
    assert np.ravel(printed_mm3(thin, printer))[0] == 1000
    assert np.ravel(printed_mm3(thick, printer))[0] == pytest.approx(18_000 + 0.2 * 107_000)


def test_a_soft_tool_runs_slower(cast):
    press = bench(cast, "injection-moulding")
    soft, hard = (operation("injection-moulding", cool_s=8.0, soft_tool=soft) for soft in (1, 0))
    assert float(cycle_seconds(hard, press)) == pytest.approx(2 + 5 + 8 + 5)
    assert float(cycle_seconds(soft, press)) > 1.3 * float(cycle_seconds(hard, press))


def test_hours_of_a_mould_add_up_as_in_the_book(cast):
    """100 cm2, 60 faces, plain steel, no adders: 5.83 x 6^1.27 + 5 + 0.085 x 100^1.2 + 2.5 x 10."""
    plain = {"hard_hours_factor": 1.0, "finish_adder": 0.0, "tolerance_adder": 0.0, "surface_patches": 60.0}
    part = operation("mould-making", projected_cm2=100, cavities=1, soft=0)
    by_hand = 5.83 * 6.0**1.27 + 5.0 + 0.085 * 100.0**1.2 + 25.0
    assert np.ravel(cutting_hours(part, bench(cast, "mould-making", **plain)))[0] == pytest.approx(by_hand)


def test_a_second_cavity_costs_less_than_the_first(cast):
    mould = bench(cast, "mould-making")
    one, two = (operation("mould-making", projected_cm2=24, cavities=n, soft=0) for n in (1, 2))
    ratio = float(cutting_hours(two, mould)) / float(cutting_hours(one, mould))
    assert ratio == pytest.approx(2**0.766)


def test_a_laptop_bezel_mould_lands_between_kazmers_bare_and_whole_tool(cast):
    """Kazmer's worked case: cavity and base 33,350 USD, 75,900 USD with a hot runner and the rest."""
    bezel = operation(
        "mould-making", projected_cm2=250, cavities=1, soft=0, base_cm2=50 * 45, base_cm=30, mould_kg=400
    )
    asked = cast.station("US", coefficients={"surface_patches": 200.0})
    assert 33_350 < float(estimate(bezel, np.array([1.0]), [asked]).price[0, 0]) < 75_900
