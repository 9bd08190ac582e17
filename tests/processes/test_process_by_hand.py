"""Each model's minutes and money for one lot, worked out on paper with round numbers."""

from dataclasses import replace

import numpy as np
import pytest

from manyworks.model import Operation, OperationId, Requirement
from manyworks.processes import estimate, route
from manyworks.processes.tables import process_table


def lot(cast, process, quantity, drivers, **coefficients):
    """One lot in the US with a yield of one, on a machine that draws 1 kW."""
    table = process_table(process).coefficients
    perfect = dict.fromkeys(("scrap_share", "failure_share", "scrap_of_defective", "scrap_of_faulty"), 0.0)
    own = {name: value for name, value in perfect.items() if name in table} | coefficients
    operation = Operation(
        id=OperationId("x"),
        name="x",
        process=process,
        requirement=Requirement(process=process),
        drivers={name: float(value) for name, value in drivers.items()},
    )
    return estimate(operation, np.array([float(quantity)]), [cast.station("US", own, power_kw=1.0)])


def only(array):
    return float(array[0, 0])


SMT = {"placements": 80, "joints": 200, "sides": 2, "lines": 10, "per_array": 4, "array_mm": 150}


def test_setting_up_a_line_takes_its_feeders_once_and_its_sides_twice(cast):
    done = lot(cast, "smt-assembly", 100, SMT)
    assert only(done.setup_s) == (10 * 1.0 + 2 * (15 + 15 + 8)) * 60 + 80 * 6


def test_parts_of_both_sides_are_placed_once(cast):
    done = lot(cast, "smt-assembly", 100, SMT, array_load_seconds=0.0, inspection_seconds=0.0)
    slow_placer = lot(cast, "smt-assembly", 100, SMT, nameplate_placements_per_hour=2000.0, efficiency=0.5)
    assert only(done.run_s) == pytest.approx(100 * 2 * max(40 / 5400 * 3600, 22 / 4, 200 / 12 / 4))
    assert only(slow_placer.run_s) == pytest.approx(100 * (80 / 1000 * 3600 + 2 * 9 / 4))


def test_paste_is_printed_thrown_away_and_left_on_the_stencil(cast):
    done = lot(cast, "smt-assembly", 100, SMT)
    kilograms = 100 * 200 * 0.8e-6 * 2 + 2 * 0.025
    assert only(done.costs["material"]) == pytest.approx(kilograms * 95)


def test_idle_machines_draw_part_of_their_power(cast):
    done = lot(cast, "smt-assembly", 100, SMT)
    assert only(done.energy_kwh) == pytest.approx((only(done.run_s) + 0.6 * only(done.setup_s)) / 3600)


def test_hands_learn(cast):
    drivers = {
        "parts": 10,
        "mechanical": 2,
        "chip_joints": 10,
        "pin_joints": 5,
        "through_joints": 4,
        "lines": 6,
    }
    one, practised = (
        lot(cast, "hand-assembly", 1000, drivers, defects_per_million_joints=0.0, learning_units=units)
        for units in (1.0, 30.0)
    )
    board = 20 + 8 * 10 + 2 * 12 + 10 * 4.5 + 5 * 2.2 + 4 * 6.5 + 19 * 0.6
    assert only(one.run_s) == pytest.approx(1000 * board, rel=1e-3)
    assert only(practised.run_s) > 1000 * board * 1.004
    assert only(one.setup_s) == (10 + 6 * 1.0) * 60


def test_testing_looks_connects_powers_and_programs(cast):
    drivers = {"parts": 30, "programmable": 1, "image_kb": 24}
    done = lot(cast, "board-test", 50, drivers, fault_share=0.0)
    assert only(done.run_s) == pytest.approx(50 * (12 + 30 * 0.5 + 15 + 12 + 8 + 24 / 12))
    blank = lot(cast, "board-test", 50, {"parts": 30, "programmable": 0}, fault_share=0.0)
    assert only(blank.run_s) == pytest.approx(50 * (12 + 30 * 0.5 + 15 + 12))
    assert only(done.attended_s) - only(blank.attended_s) == pytest.approx(50 * 10 + 20 * 60)


def test_each_side_has_its_own_sheet(cast):
    drivers = {"apertures": 700, "sheets": 2, "width_mm": 100, "height_mm": 20}
    done = lot(cast, "stencil-cutting", 3, drivers)
    assert only(done.run_s) == pytest.approx(3 * (360 + 2 * 360))
    assert only(done.costs["material"]) == pytest.approx(3 * 2 * 0.26 * 0.19 * 45)


def test_small_orders_fly_and_large_ones_get_a_bed_of_nails(cast):
    """The fixture is bought where it saves more than it costs: never for ten, always for a million."""
    bare = cast.operations(cast.board_routes)["board/bare/fabricated/pcb"]
    dear = {"fixture_fixed": 1e4}
    for quantity, same in ((10.0, True), (1e6, False)):
        plain, costly = (
            estimate(bare, np.array([quantity]), [cast.station("US", own)]) for own in ({}, dear)
        )
        assert (only(plain.price) == only(costly.price)) is same


def test_a_flying_probe_takes_the_time_of_its_points(cast):
    """Ten boards, 1,000 points an hour, no fixture worth its price: probed in hours, paid in hours."""
    bare = cast.operations(cast.board_routes)["board/bare/fabricated/pcb"]
    points = bare.drivers["test_points"]
    slow, fast = (
        cast.station("US", {"test_points_per_hour": rate, "fixture_fixed": 1e6}) for rate in (1000.0, 1e9)
    )
    probed, free = (estimate(bare, np.array([10.0]), [who]) for who in (slow, fast))
    hours = 10 * points / 1000
    people = 0.4 * 1.2
    assert only(probed.attended_s) - only(free.attended_s) == pytest.approx(hours * people * 3600, rel=1e-5)


def test_a_lot_of_boards_holds_the_slowest_centre(cast):
    """Final inspection sees 30 panels an hour, no other centre fewer; the drill takes longest to set up."""
    bare = cast.operations(cast.board_routes)["board/bare/fabricated/pcb"]
    easy = replace(bare, drivers={**bare.drivers, "holes": 1.0, "test_points": 1.0})
    done = estimate(easy, np.array([700.0]), [cast.station("CN")])
    panels = np.ceil(done.starts[0, 0] / 72 * 4) / 4
    assert panels == 10
    assert only(done.run_s) == pytest.approx(panels / 30 * 3600)
    assert only(done.setup_s) == 10 * 60


def test_the_hour_of_a_bench_is_its_annuity_floor_and_upkeep(cast):
    """1,500 USD over 6 years at 8 %, 5 % upkeep, 5 m2 at 110 USD, 1,200 h a year."""
    drivers = {
        "parts": 1,
        "mechanical": 1,
        "chip_joints": 0,
        "pin_joints": 0,
        "through_joints": 0,
        "lines": 1,
    }
    done = lot(cast, "hand-assembly", 100, drivers)
    annuity = 0.08 / (1 - 1.08**-6)
    hour = (1500 * (annuity + 0.05) + 5 * 110) / 1200
    assert only(done.costs["machine"]) == pytest.approx(hour * only(done.run_s) / 3600)
    paid = process_table("hand-assembly").coefficients["paid_hours_ratio"].value
    assert only(done.costs["labour"]) == pytest.approx(35 * paid * 1.15 * only(done.run_s) / 3600)
    assert only(done.costs["energy"]) == pytest.approx(0.12 * only(done.energy_kwh))


def test_pads_decide_between_chip_and_pin_joints(cast):
    many = cast.operations(route(cast.board(sides=2)))["board/hand/hand"].drivers
    assert many["chip_joints"] + many["pin_joints"] == 75
