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
    assert only(done.setup_s) == (10 * 2.5 + 2 * (15 + 15 + 8)) * 60 + 80 * 6


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
    board = 20 + 8 * 10 + 2 * 12 + 10 * 4.5 + 5 * 2.2 + 4 * 9 + 19 * 0.6
    assert only(one.run_s) == pytest.approx(1000 * board, rel=1e-3)
    assert only(practised.run_s) > 1000 * board * 1.004
    assert only(one.setup_s) == (10 + 6 * 1.0) * 60


def test_testing_looks_powers_and_programs(cast):
    done = lot(cast, "board-test", 50, {"parts": 30, "programmable": 1}, fault_share=0.0)
    assert only(done.run_s) == pytest.approx(50 * (12 + 30 * 0.5 + 25 + 12))
    blank = lot(cast, "board-test", 50, {"parts": 30, "programmable": 0}, fault_share=0.0)
    assert only(blank.run_s) == pytest.approx(50 * (12 + 30 * 0.5 + 25))
    assert only(done.attended_s) - only(blank.attended_s) == pytest.approx(50 * 12 + 20 * 60)


PRINT = {
    "volume_mm3": 7000,
    "surface_mm2": 14000,
    "size_x_mm": 100,
    "size_y_mm": 50,
    "size_z_mm": 10,
    "density": 1000,
    "filament_usd": 20,
    "filament_co2e": 2,
}


def test_printing_fills_plates(cast):
    """Eight of 100 x 50 mm lie on 250 x 210 mm; nine parts take two plates."""
    done = lot(cast, "fdm-printing", 9, PRINT, support_share=0.0)
    assert only(done.run_s) == pytest.approx(9 * 7000 / 7 + 2 * (50 * 2 + 360))
    assert only(done.attended_s) == pytest.approx(600 + 15 * 60 + (2 * 7 + 9 * 1.5) * 60)
    assert only(done.costs["material"]) == pytest.approx(9 * 0.007 * 1.03 * 20)


def test_printers_spread_their_price_over_the_nights_too(cast):
    days = lot(cast, "fdm-printing", 7, PRINT, hours_factor=1.0)
    nights = lot(cast, "fdm-printing", 7, PRINT, hours_factor=2.0)
    assert only(days.costs["machine"]) == pytest.approx(2.0 * only(nights.costs["machine"]))


MOULD = {
    "part_kg": 0.01,
    "cool_s": 8,
    "cavities": 2,
    "clamp_t": 50,
    "soft_tool": 0,
    "resin_usd": 3,
    "resin_co2e": 3,
}


def test_moulding_counts_whole_shots(cast):
    done = lot(cast, "injection-moulding", 1001, MOULD)
    assert only(done.run_s) == 501 * (2 + 5 + 8 + 5)
    assert only(done.attended_s) == (75 + 45) * 60 + 0.5 * only(done.run_s)
    assert only(done.costs["material"]) == pytest.approx((1001 * 0.01 * 1.06 + 1.5) * 3)


def test_a_soft_tool_keeps_somebody_at_the_press(cast):
    done = lot(cast, "injection-moulding", 1000, {**MOULD, "soft_tool": 1, "cavities": 1})
    assert only(done.run_s) == pytest.approx(1000 * (2 + 5 + 8 * 1.15 + 5 + 10))
    assert only(done.attended_s) == pytest.approx((75 + 45) * 60 + only(done.run_s))


def test_two_cavities_need_twice_the_clamp_force_and_shot(cast):
    made = cast.operations(cast.shell_routes)
    soft, hard = (made[f"case/moulded-{kind}/mould"].requirement for kind in ("soft", "hard"))
    assert hard.clamp_force_t == pytest.approx(2 * soft.clamp_force_t)
    assert hard.shot_g == pytest.approx(2 * soft.shot_g)


def test_each_side_has_its_own_sheet(cast):
    drivers = {"apertures": 700, "sheets": 2, "width_mm": 100, "height_mm": 20}
    done = lot(cast, "stencil-cutting", 3, drivers)
    assert only(done.run_s) == pytest.approx(3 * (360 + 2 * 480))
    assert only(done.costs["material"]) == pytest.approx(3 * 2 * 0.26 * 0.19 * 45)


def test_assembly_adds_its_allowance(cast):
    drivers = {"parts": 5, "fasteners": 4, "lines": 6}
    done = lot(cast, "final-assembly", 1, drivers, learning_units=1.0, learning_rate=1.0, rework_share=0.0)
    assert only(done.run_s) == pytest.approx((5 * 6 + 4 * 6.5 + 8) * 1.15)
    assert only(done.setup_s) == (15 + 6 * 1.5) * 60


def test_packing_walks_once_for_each_part_number(cast):
    done = lot(cast, "packing", 10, {"pieces": 4, "lines": 3})
    assert only(done.run_s) == pytest.approx(10 * (4 * 5 + 40 + 8) * 1.15)
    assert only(done.setup_s) == (10 + 3 * 1) * 60


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
    """One panel of 72 boards, 1,000 points an hour, no fixture worth its price."""
    bare = cast.operations(cast.board_routes)["board/bare/fabricated/pcb"]
    points = bare.drivers["test_points"]
    slow = cast.station("US", {"test_points_per_hour": 1000.0, "fixture_fixed": 1e6})
    done = estimate(bare, np.array([10.0]), [slow])
    assert only(done.run_s) == pytest.approx(72 * points / 1000 * 3600)


def test_a_lot_of_boards_holds_the_slowest_centre(cast):
    """Final inspection sees 30 panels an hour, 45 the optical one: eleven panels take 22 minutes."""
    bare = cast.operations(cast.board_routes)["board/bare/fabricated/pcb"]
    easy = replace(bare, drivers={**bare.drivers, "holes": 1.0, "test_points": 1.0})
    done = estimate(easy, np.array([700.0]), [cast.station("CN")])
    panels = np.ceil(done.starts[0, 0] / 72)
    assert panels == 10
    assert only(done.run_s) == pytest.approx(panels / 30 * 3600)
    assert only(done.setup_s) == 15 * 60


def test_the_hour_of_a_bench_is_its_annuity_floor_and_upkeep(cast):
    """1,500 USD over 6 years at 8 %, 5 % upkeep, 5 m2 at 110 USD, 1,600 h a year."""
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
    hour = (1500 * (annuity + 0.05) + 5 * 110) / 1600
    assert only(done.costs["machine"]) == pytest.approx(hour * only(done.run_s) / 3600)
    assert only(done.costs["labour"]) == pytest.approx(35 * 1.15 * only(done.run_s) / 3600)
    assert only(done.costs["energy"]) == pytest.approx(0.12 * only(done.energy_kwh))


def test_emissions_are_the_grids_and_the_materials(cast):
    done = lot(cast, "injection-moulding", 1000, MOULD)
    resin = 1000 * 0.01 * 1.06 + 1.5
    assert only(done.co2e_kg) == pytest.approx(0.43 * only(done.energy_kwh) + 3 * resin)


def test_pads_decide_between_chip_and_pin_joints(cast):
    many = cast.operations(route(cast.board(sides=2)))["board/hand/hand"].drivers
    assert many["chip_joints"] + many["pin_joints"] == 75
