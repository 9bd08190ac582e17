"""Boards made, assembled, tested, X-rayed, reworked and coated: what the models must say."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.processes import estimate, make_operation, out_of_scope, process_table
from manyworks.processes.frame import Bench
from manyworks.processes.models.pcb_fabrication import good_share
from manyworks.processes.pcb_centres import centres
from manyworks.processes.pcb_panels import fitted_boards

BOARD = {
    "width_mm": 100,
    "height_mm": 80,
    "layers": 4,
    "holes": 320,
    "route_mm": 360,
    "test_points": 640,
    "hasl": 1,
}
LINE = {
    "placements": 100,
    "joints": 300,
    "sides": 1,
    "lines": 20,
    "per_array": 4,
    "array_mm": 180,
    "fine_parts": 0,
    "fine_joints": 0,
}


def made(cast, process, measures, quantity=100.0, country="CN", **own):
    operation = make_operation(process, measures)
    return estimate(operation, np.array([float(quantity)]), [cast.station(country, own)])


def total(*arguments, **own):
    return float(made(*arguments, **own).price[0, 0])


def bench(cast, process, **own):
    return Bench(process_table(process), [cast.station("CN", own)])


@pytest.fixture(scope="module")
def board(cast):
    """Price of a lot of bare boards with some measures changed."""

    def price(quantity=2000.0, country="CN", own=None, **changes):
        return total(cast, "pcb-fabrication", {**BOARD, **changes}, quantity, country, **(own or {}))

    return price


# ---- bare boards ---------------------------------------------------------------------------


def test_the_ordinary_line_is_the_sum_of_its_centres():
    machine, table = process_table("pcb-fabrication").machine, centres()
    assert machine["capital"].value == pytest.approx(table.capital.sum())
    assert machine["floor_m2"].value == pytest.approx(1.5 * table.floor_m2.sum(), rel=0.01)
    assert machine["power_kw"].value > table.power_kw.sum()


def test_build_ups_of_microvias_cost_what_makers_say(board):
    """1+N+1 adds 30 to 50 %, 2+N+2 doubles to trebles a plain board of the same layers (AtlasPCB)."""
    plain = board(layers=8, track_mm=0.1)
    once = board(layers=8, track_mm=0.1, sequential=1, microvias=400)
    twice = board(layers=8, track_mm=0.1, sequential=2, microvias=800, filled_vias=200)
    assert 1.2 < once / plain < 1.6
    assert 1.7 < twice / plain < 3.5


def test_rigid_flex_costs_between_two_and_seven_times_a_rigid_board(board):
    """2 to 5 times (hdicircuitboard.com), about seven in the West (iconnect007.com)."""
    for quantity in (50.0, 2000.0):
        assert 2.0 < board(quantity, "US", flex_layers=2) / board(quantity, "US") < 7.0


def test_rigid_flex_in_the_west_lies_near_its_price_by_area_and_layer(board):
    """0.35 to 0.40 USD a square inch and layer for 8 layers of 4 x 6 inches, small series; within half."""
    each = board(50.0, "US", width_mm=101.6, height_mm=152.4, layers=8, flex_layers=2, holes=500) / 50.0
    assert 0.5 * 0.35 < each / (24 * 8) < 1.5 * 0.40


def test_a_flexible_board_costs_more_than_a_rigid_one(board):
    assert board(layers=2, flex_layers=2, thickness_mm=0.15) > 1.3 * board(layers=2)


def test_immersion_gold_costs_its_mass_of_gold(cast):
    """15 % of both faces, 0.05 um, 19.3 g/cm3: 0.29 g a square metre of panel."""
    plain, gold = (
        made(cast, "pcb-fabrication", {**BOARD, "hasl": 0, "enig": gold}, 2000.0) for gold in (0, 1)
    )
    more = float(gold.costs["material"][0, 0] - plain.costs["material"][0, 0])
    panels = np.ceil(gold.starts[0, 0] / 28 * 4) / 4
    square = float(panels) * 0.457 * 0.610
    grams = 2 * 0.15 * 0.05e-6 * 19300 * 1000
    assert more / square == pytest.approx(0.9 * (grams * 85 + 7), rel=1e-6)


def test_hard_gold_costs_by_its_area(board):
    assert board(hard_gold_mm2=300) - board() > 2000 * 300e-6 * 0.8e-6 * 19300 * 85000 * 0.9


@pytest.mark.parametrize(
    "changes",
    [
        {"sequential": 1},
        {"microvias": 500},
        {"filled_vias": 50},
        {"stiffeners": 1},
        {"laminate_ratio": 2.0},
        {"bit_wear": 3.0},
        {"hybrid": 1},
        {"plasma": 1},
        {"copper_um": 70},
        {"impedance": 1},
        {"plated_edge_mm": 50},
        {"odd_mask": 1},
        {"hard_gold_mm2": 20},
        {"immersion_silver": 1},
        {"enepig": 1},
        {"metal_core": 1},
    ],
)
def test_every_special_wish_has_its_price(board, changes):
    assert board(**changes) > board()


def test_a_deep_small_hole_is_drilled_in_fewer_panels_at_a_time(cast):
    strokes = [
        made(cast, "pcb-fabrication", {**BOARD, "holes": 5000, "drill_mm": drill, "thickness_mm": thick})
        for drill, thick in ((0.6, 1.6), (0.2, 1.6), (0.2, 3.2))
    ]
    wear = [float(done.costs["tool wear"][0, 0]) for done in strokes]
    assert wear[0] < wear[1] < wear[2]


def test_boards_in_a_delivery_panel_take_its_rails_and_gaps(cast):
    """Four 100 x 80 in an array of 212 x 162: two by three arrays on 433 x 586, 24 boards against 28."""
    own = bench(cast, "pcb-fabrication")
    single = make_operation("pcb-fabrication", BOARD)
    joined = make_operation(
        "pcb-fabrication", {**BOARD, "array_across": 2, "array_along": 2, "array_rail_mm": 5}
    )
    assert float(np.ravel(fitted_boards(single, own))[0]) == 28
    assert float(np.ravel(fitted_boards(joined, own))[0]) == 24


def test_one_layer_is_not_plated(cast):
    one, two = (made(cast, "pcb-fabrication", {**BOARD, "layers": layers}) for layers in (1, 2))
    assert one.water_l[0, 0] < 0.7 * two.water_l[0, 0]
    assert one.energy_kwh[0, 0] < 0.75 * two.energy_kwh[0, 0]
    assert one.price[0, 0] < two.price[0, 0]


@pytest.mark.parametrize(("layers", "low", "high"), [(2, 35, 75), (4, 65, 165), (8, 100, 305)])
def test_electricity_of_a_square_metre_is_that_of_board_houses(cast, layers, low, high):
    """About 45 to 70 kWh/m2 for two layers, 20 to 30 more for each further; surveys say 100 on average."""
    area = 2000 * 8000e-6
    done = made(cast, "pcb-fabrication", {**BOARD, "layers": layers}, 2000.0)
    assert low < done.energy_kwh[0, 0] / area < high


def test_water_of_a_square_metre_keeps_to_the_limits_of_the_trade(cast):
    """0.5 to 0.9 t/m2 of two layers, 0.3 to 0.4 a layer more, of product; panels are larger than boards."""
    for layers, low, high in ((2, 500, 1500), (8, 2900, 5000)):
        done = made(cast, "pcb-fabrication", {**BOARD, "layers": layers}, 2000.0)
        assert low < done.water_l[0, 0] / (2000 * 8000e-6) < high


@settings(max_examples=40, deadline=None)
@given(
    width=st.floats(8, 500),
    height=st.floats(8, 500),
    across=st.integers(1, 4),
    along=st.integers(1, 4),
    quantity=st.integers(1, 5000),
)
def test_boards_never_hold_more_than_the_panels_they_come_from(cast, width, height, across, along, quantity):
    sizes = {"width_mm": width, "height_mm": height, "array_across": across, "array_along": along}
    done = made(cast, "pcb-fabrication", {**BOARD, **sizes}, float(quantity))
    assert done.product_kg[0, 0] <= done.input_kg[0, 0] * (1 + 1e-9)


def test_yield_falls_with_every_difficulty(cast):
    own = bench(cast, "pcb-fabrication")

    def share(**changes):
        return float(np.ravel(good_share(make_operation("pcb-fabrication", {**BOARD, **changes}), own))[0])

    plain = share()
    for changes in ({"layers": 12}, {"track_mm": 0.06}, {"sequential": 2}, {"flex_layers": 2}, {"hybrid": 1}):
        assert share(**changes) < plain
    assert share(layers=32, track_mm=0.03, sequential=6, hybrid=1) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("measures", "hint"),
    [
        ({"drill_mm": 0.05}, "microvias"),
        ({"layers": 60}, "two boards"),
        ({"track_mm": 0.01}, "semi-additive"),
    ],
)
def test_what_a_board_house_cannot_make_is_refused_with_another_way(measures, hint):
    (finding,) = out_of_scope(make_operation("pcb-fabrication", {**BOARD, **measures}))
    assert hint in finding.hint


# ---- the pick-and-place line ---------------------------------------------------------------


@pytest.fixture(scope="module")
def placed(cast):
    return partial(made, cast, "smt-assembly")


def test_a_batch_oven_bakes_whole_loads(placed):
    """Eleven arrays of four, two a load, nine minutes: six loads."""
    own = {"batch_oven": 1.0, "scrap_of_defective": 0.0, "nameplate_placements_per_hour": 1e5}
    done = placed(LINE, 44, **own)
    assert done.run_s[0, 0] == 6 * 9 * 60


def test_a_slow_placer_sets_the_pace_of_a_batch_oven(placed):
    own = {"batch_oven": 1.0, "scrap_of_defective": 0.0, "nameplate_placements_per_hour": 500.0}
    done = placed(LINE, 44, **own)
    assert done.run_s[0, 0] == pytest.approx(44 * (100 / (500 * 0.45) * 3600 + 9 / 4))


def test_boards_pass_again_where_feeders_do_not_fit(placed):
    own = {"array_load_seconds": 20.0, "feeder_slots": 20.0}
    few, many = (placed({**LINE, "lines": lines, "per_array": 1}, 1000, **own) for lines in (20, 21))
    assert many.run_s[0, 0] - few.run_s[0, 0] == pytest.approx(few.starts[0, 0] * 20.0)


def test_trolleys_loaded_beside_the_line_keep_it_running(placed):
    beside = placed(LINE, 10, feeder_minutes=0.2, feeder_offline_minutes=2.3)
    at_the_line = placed(LINE, 10, feeder_minutes=2.5, feeder_offline_minutes=0.0)
    assert beside.setup_s[0, 0] == pytest.approx(at_the_line.setup_s[0, 0] - 20 * 2.3 * 60)
    assert beside.price[0, 0] < at_the_line.price[0, 0]


def test_fine_joints_are_placed_slower_and_repaired_more(placed):
    plain, fine = (placed({**LINE, "fine_parts": n, "fine_joints": 50 * n}, 1000) for n in (0, 2))
    assert fine.run_s[0, 0] > plain.run_s[0, 0]
    assert fine.attended_s[0, 0] > plain.attended_s[0, 0] + 1000 * 50 * 2 * 2 * 150e-6 * 5 * 60 * 0.99


def test_paste_is_metal_on_the_board_or_waste(placed):
    done = placed(LINE, 1000)
    assert done.product_kg[0, 0] == pytest.approx(1000 * 300 * 0.8e-6 * 0.885, rel=1e-6)
    assert done.input_kg[0, 0] > done.product_kg[0, 0]


def test_a_desktop_placer_suits_tens_and_a_fast_line_hundred_thousands(cast):
    """Desktop: slow, cheap, programs in no time; fast: the opposite."""
    desktop = cast.station(
        "GB",
        {
            "nameplate_placements_per_hour": 1500.0,
            "programming_minutes": 30.0,
            "inspection_programming_minutes": 0.0,
            "batch_oven": 1.0,
            "operators": 1.0,
            "feeder_slots": 40.0,
        },
        capital=25_000.0,
        power_kw=4.0,
        floor_m2=15.0,
    )
    fast = cast.station(
        "GB", {"nameplate_placements_per_hour": 80_000.0}, capital=900_000.0, power_kw=30.0, floor_m2=150.0
    )
    price = estimate(make_operation("smt-assembly", LINE), np.array([10.0, 50_000.0]), [desktop, fast]).price
    assert price[0, 0] < price[1, 0]
    assert price[1, 1] < price[0, 1]


# ---- by hand -------------------------------------------------------------------------------


def test_many_joints_are_soldered_at_once_on_a_hot_plate(cast):
    few, many = (
        made(cast, "hand-assembly", {"parts": 1, "chip_joints": joints, "lines": 1}, 1.0, learning_rate=1.0)
        for joints in (10, 200)
    )
    assert few.run_s[0, 0] == pytest.approx(20 + 10 + 10 * (4.5 + 0.6) + 10 * 1500e-6 * 180)
    assert many.run_s[0, 0] == pytest.approx(20 + 10 + 200 * (1.5 + 0.6) + 150 + 200 * 1500e-6 * 180)


def test_the_first_board_takes_longest(cast):
    lot = {"parts": 20, "chip_joints": 40, "lines": 8}
    each = [made(cast, "hand-assembly", lot, n).run_s[0, 0] / n for n in (1.0, 5.0, 50.0, 500.0)]
    assert each == sorted(each, reverse=True)
    assert each[0] > 1.5 * each[-1]


def test_hands_ask_for_a_joint_what_the_trade_asks(cast):
    """A Chinese list asks 3.50 USD a lot and 0.0173 USD a joint through the board."""
    lot = {"parts": 10, "chip_joints": 0, "through_joints": 40, "lines": 4}
    assert 0.5 < total(cast, "hand-assembly", lot, 200.0) / (3.5 + 0.0173 * 40 * 200) < 2.0


# ---- test ----------------------------------------------------------------------------------


def nets(cast, number, quantity, **own):
    return made(cast, "board-test", {"parts": 60, "nets": number}, quantity, "GB", **own)


def test_a_meter_serves_one_board_a_prober_tens_and_nails_thousands(cast):
    """Who does it shows in what moves the price: nothing, the prober's pace, the price of the fixture."""

    def moved(quantity, **own):
        return bool(nets(cast, 200, quantity, **own).price[0, 0] != nets(cast, 200, quantity).price[0, 0])

    for quantity, probe, nails in ((1.0, False, False), (60.0, True, False), (20_000.0, False, True)):
        assert moved(quantity, probe_people=0.5) is probe
        assert moved(quantity, fixture_per_net=9.5) is nails


def test_the_fixture_pays_between_hundreds_and_thousands_of_boards(cast):
    """800 to 4,000 boards with dear fixtures, 200 to 500 with cheap ones (pioneerhorizon, proactivepcb)."""
    lots = np.geomspace(50, 20_000, 60).round()
    jig = {"jig_price": 0.0}
    plain, dear = (
        estimate(
            make_operation("board-test", {"parts": 300, "nets": 320}),
            lots,
            [cast.station("US", {**jig, "fixture_fixed": price})],
        ).price[0]
        for price in (1500.0, 1600.0)
    )
    first = lots[np.argmax(plain != dear)]
    assert 200 < first < 4000


@settings(max_examples=40, deadline=None)
@given(few=st.integers(0, 3000), more=st.integers(0, 2000), quantity=st.integers(1, 100_000))
def test_more_nets_never_cost_less(cast, few, more, quantity):
    less, greater = (nets(cast, number, quantity).price[0, 0] for number in (few, few + more))
    assert greater >= less * (1 - 1e-9)


def test_the_chosen_way_is_the_cheapest_of_the_three(cast):
    free = nets(cast, 200, 500.0).price[0, 0]
    barred = {
        "meter": {"meter_net_seconds": 1e9},
        "probe": {"prober_price": 1e12},
        "nails": {"fixture_fixed": 1e12},
    }
    for names in (("meter", "probe"), ("meter", "nails"), ("probe", "nails")):
        own = {key: value for name in names for key, value in barred[name].items()}
        assert nets(cast, 200, 500.0, **own).price[0, 0] >= free * (1 - 1e-9)


def test_a_larger_program_takes_longer_to_write(cast):
    small, large = (
        made(cast, "board-test", {"parts": 10, "programmable": 1, "image_kb": kb}, 100.0) for kb in (32, 1024)
    )
    assert large.run_s[0, 0] - small.run_s[0, 0] == pytest.approx(large.starts[0, 0] * (1024 - 32) / 12)


# ---- X-ray, rework, coating ----------------------------------------------------------------


def test_a_board_with_two_ball_grids_is_x_rayed_for_what_services_ask(cast):
    """0.50 to 2.00 USD a board in series (queenems.com), from China to the West."""
    board = {"hidden_parts": 2, "hidden_joints": 300}
    china, west = (total(cast, "x-ray-inspection", board, 1000.0, where) / 1000 for where in ("CN", "US"))
    assert 0.25 < china < 2.0
    assert 0.5 < west < 4.0


def test_a_sample_is_looked_at_in_whole_boards(cast):
    board = {"hidden_parts": 1, "hidden_joints": 0, "sample_share": 0.1}
    done = made(cast, "x-ray-inspection", board, 11.0)
    assert done.run_s[0, 0] == pytest.approx(2 * (25 + 40))


def test_swapping_a_ball_grid_costs_about_what_services_ask(cast):
    """50 USD at American wages (smtnet.com); within a factor of 1.6, in lots of twenty."""
    each = total(cast, "board-rework", {"parts": 0, "joints": 0, "hidden_parts": 1}, 20.0, "US") / 20
    assert 50 / 1.6 < each < 50 * 1.6


def test_swapping_a_part_after_soldering_costs_about_what_surveys_say(cast):
    """8 USD a part after reflow (CEERIS, 2000); a small lot, within a factor of two."""
    each = total(cast, "board-rework", {"parts": 1, "joints": 8}, 50.0, "US") / 50
    assert 4 < each < 16


def test_each_swap_may_cost_the_board(cast):
    one, three = (made(cast, "board-rework", {"parts": 0, "hidden_parts": n}, 1000.0) for n in (1, 3))
    assert one.starts[0, 0] == pytest.approx(1000 / 0.96, abs=1)
    assert three.starts[0, 0] == pytest.approx(1000 / 0.96**3, abs=1)


COATED = {"area_mm2": 8000, "keep_out": 3, "sides": 2, "film_um": 50}


def test_the_film_weighs_its_volume(cast):
    done = made(cast, "conformal-coating", COATED, 100.0, scrap_share=0.0)
    assert done.product_kg[0, 0] == pytest.approx(100 * 2 * 8000 * 0.05 * 1.05e-6)
    assert done.input_kg[0, 0] == pytest.approx(done.product_kg[0, 0] / (0.33 * 0.4) + 0.05)


def test_a_robot_needs_no_masks_but_a_program(cast):
    gun, robot = (made(cast, "conformal-coating", COATED, 1.0, selective=share) for share in (0.0, 1.0))
    assert robot.run_s[0, 0] < gun.run_s[0, 0]
    assert robot.costs["set-up"][0, 0] > gun.costs["set-up"][0, 0]


def test_coating_an_appliance_board_costs_what_estimators_reckon(cast):
    """0.42 USD each and 650 USD once for 8,000 boards (mfgcalcs.com): between robots in China and the US."""
    robot = partial(total, cast, "conformal-coating", COATED, 8000.0, selective=1.0)
    assert robot(country="CN") / 8000 < 0.42 + 650 / 8000 < robot(country="US") / 8000


def test_thick_films_are_for_potting():
    (finding,) = out_of_scope(make_operation("conformal-coating", {**COATED, "film_um": 800}))
    assert finding.hint == "potting"
