"""Assembly, kitting, packing and dispatch worked out on paper, and held against published figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.model import Machine, MachineId, ShopId
from manyworks.processes import Station, estimate, make_operation, process_table, rate_card
from manyworks.processes.frame import Bench
from manyworks.processes.parcels import box_m2

PRACTISED = {"learning_units": 1.0, "learning_rate": 1.0, "faults_per_step": 0.0, "scrap_factor": 0.0}


def station(country="GB", **own):
    machine = Machine(id=MachineId("m"), shop=ShopId("s"), name="m", capabilities=())
    return Station(machine=machine, rates=rate_card(country, {"USD": 1.0}), coefficients=own)


def lot(process, measures, quantity, country="GB", **own):
    return estimate(make_operation(process, measures), np.array([float(quantity)]), [station(country, **own)])


def only(array):
    return float(array[0, 0])


# Assembly ------------------------------------------------------------------------------------


def test_one_practised_product_is_the_sum_of_its_parts():
    measures = {"parts": 5, "fasteners": 4, "lines": 6, "mass_kg": 1, "turns": 2, "orientation_deg": 430}
    done = lot("final-assembly", measures, 1, **PRACTISED)
    handling = 1.13 + 200 * 0.00167 + 0.2 * 3.0
    insertion = 1.5 + 0.5 * 1.0 + 0.25 * 4.0 + 0.4 * 2.5
    work = 5 * (handling + insertion) + 0.064 + 4 * 8.8 + 2 * 6.0 + 8.0
    assert only(done.run_s) == pytest.approx(work * 1.15)
    assert only(done.setup_s) == pytest.approx((15 + 6 * 1.5) * 60)


def test_cables_glue_and_a_trial_add_their_own_seconds():
    plain = {"parts": 5, "lines": 5}
    more = {"cables": 2, "connections": 4, "glue_joints": 1, "glue_mm": 100, "test_s": 30}
    bare, full = (lot("final-assembly", measures, 1, **PRACTISED) for measures in (plain, plain | more))
    seconds = (2 * 12 + 4 * 6 + 12 + 100 / 20) * 1.15 + 30
    assert only(full.run_s) - only(bare.run_s) == pytest.approx(seconds)
    assert only(full.setup_s) - only(bare.setup_s) == pytest.approx(20 * 60)
    glue_kg = (0.2 + 100 * 0.004) / 1000
    assert only(full.input_kg) == pytest.approx(glue_kg * 1.2)
    assert only(full.product_kg) == pytest.approx(glue_kg)


def test_handling_follows_the_published_table():
    """Easy parts above 15 mm: 1.13, 1.5, 1.8 and 1.95 s as the angles of symmetry add up to more."""
    table = {180: 1.13, 450: 1.5, 630: 1.8, 720: 1.95}
    own = PRACTISED | {"difficult_share": 0.0, "allowance": 0.0}
    easy = {"parts": 1, "lines": 1, "mass_kg": 0, "turns": 0}
    times = {
        angle: only(lot("final-assembly", easy | {"orientation_deg": angle}, 1, **own).run_s)
        for angle in table
    }
    for angle, seconds in table.items():
        assert times[angle] - times[180] == pytest.approx(seconds - table[180], abs=0.07)


@pytest.mark.parametrize(
    ("measures", "seconds"),
    [
        # A dry iron of 8 parts and 12 screws (Open Mechanical Engineering Journal 10, 173, table 4).
        ({"parts": 8, "fasteners": 12, "turns": 0, "orientation_deg": 630, "mass_kg": 1.2}, 174.08),
        # A motor drive of 8 parts, 11 screws and stand-offs, a lead (Design for Six Sigma, table 10.2).
        ({"parts": 8, "fasteners": 11, "turns": 1, "cables": 0.4, "mass_kg": 1.5}, 160.0),
    ],
    ids=["dry iron", "motor drive"],
)
def test_published_worksheets_come_within_the_models_error(measures, seconds):
    own = PRACTISED | {"allowance": 0.0, "check_seconds": 0.0}
    done = lot("final-assembly", measures | {"lines": 1}, 1, **own)
    assert only(done.run_s) == pytest.approx(seconds, rel=0.15)


def test_a_large_lot_goes_along_a_line_and_a_small_one_stays_at_the_bench():
    measures = {"parts": 30, "fasteners": 20, "lines": 30}
    never = {"stand_setup_minutes": 1e7}
    for quantity, same in ((10, True), (50_000, False)):
        free, bench = (lot("final-assembly", measures, quantity, **own) for own in ({}, never))
        assert (only(free.price) == only(bench.price)) is same
        assert only(free.price) <= only(bench.price)


def test_a_line_of_two_takes_what_balance_and_hand_over_leave_of_its_gain():
    measures = {"parts": 30, "lines": 1}
    own = PRACTISED | {"stand_setup_minutes": 0.0, "pass_seconds": 0.0}
    alone = lot("final-assembly", measures, 1000, **own, stand_gain=0.0, balance_loss=0.0)
    eight = lot("final-assembly", measures, 1000, **own, stand_gain=0.4, balance_loss=0.1)
    share = (1 - 0.4 * 7 / 8) / (1 - 0.1 * 7 / 8)
    assert only(eight.run_s) == pytest.approx(share * only(alone.run_s))


def test_hands_learn_until_they_are_practised():
    measures = {"parts": 10, "lines": 10}
    first, many = (lot("final-assembly", measures, quantity) for quantity in (1, 20_000))
    assert only(first.run_s) > 1.8 * only(many.run_s) / 20_000


def test_faults_grow_with_what_can_be_done_wrong():
    asked = np.array([100_000.0])
    simple, rich = (
        estimate(make_operation("final-assembly", {"parts": parts, "lines": 1}), asked, [station()])
        for parts in (2, 200)
    )
    assert only(rich.starts) - 100_000 > 20 * (only(simple.starts) - 100_000)


# Boxes and dispatch --------------------------------------------------------------------------


@pytest.mark.parametrize(("inches", "kg"), [(6, 0.127), (9, 0.291), (12, 0.490), (16, 0.854), (24, 1.907)])
def test_boxes_weigh_what_their_maker_says(inches, kg):
    """Weights of cube boxes by a maker, as listed at consumerecology.com."""
    litres = (inches * 0.254) ** 3
    weight = float(box_m2(litres)) * process_table("packing").coefficients["board_kg_per_m2"].value
    assert weight == pytest.approx(kg, rel=0.15)


def test_packing_is_pieces_box_label_and_one_walk_a_part_number():
    done = lot("packing", {"pieces": 4, "lines": 3}, 10)
    assert only(done.run_s) == pytest.approx((10 * (4 * 5 + 30 + 8) + 3 * 45) * 1.15)
    assert only(done.setup_s) == pytest.approx((10 + 3 * 0.3) * 60)


def test_a_full_trolley_means_another_walk():
    """A load of 400 litres: 101 products of four litres take two walks of 45 s a part number."""
    few, more = (
        lot("packing", {"pieces": 1, "lines": 2, "litres": 4}, quantity, scrap_factor=0.0)
        for quantity in (100, 101)
    )
    assert only(more.run_s) - only(few.run_s) == pytest.approx((1 * (5 + 30 + 8) + 2 * 45) * 1.15)


def test_cartons_hold_what_weight_and_room_allow():
    """Fifteen kilograms a carton: 31 products of half a kilogram go in two, 30 in one."""
    measures = {"pieces": 1, "lines": 1, "mass_kg": 0.5, "litres": 0.5}
    own = {"scrap_factor": 0.0, "office_minutes": 0.0}
    one, two = (lot("packing", measures, quantity, **own) for quantity in (30, 31))
    bench_s = [only(done.run_s) for done in (one, two)]
    floor_s = [
        only(done.attended_s) - only(done.setup_s) - at for done, at in zip((one, two), bench_s, strict=True)
    ]
    assert floor_s == pytest.approx([60 + (55 + 30), 60 + 2 * (55 + 30)])


def test_much_goes_on_pallets_and_little_as_parcels_where_pallets_are_exchanged():
    measures = {"pieces": 1, "lines": 1, "mass_kg": 1, "litres": 6}
    exchanged, bought = {"pallet_price": 0.0}, {"pallet_price": 1e6}
    for quantity, same in ((20, True), (5000, False)):
        some, parcels = (lot("packing", measures, quantity, "US", **own) for own in (exchanged, bought))
        assert (only(some.price) == only(parcels.price)) is same


def test_pallets_are_built_where_the_freight_asks_for_them():
    """A tonne in 0.5 m3: two pallets by weight, of 22 kg each."""
    measures = {"pieces": 1, "lines": 1, "mass_kg": 10, "litres": 4}
    loose, stacked = (
        lot("packing", measures | {"on_pallets": flag}, 100, scrap_factor=0.0) for flag in (0, 1)
    )
    assert only(stacked.product_kg) - only(loose.product_kg) == pytest.approx(2 * 22)
    assert only(stacked.run_s) == only(loose.run_s)


def test_one_address_pays_its_papers_once():
    measures = {"pieces": 1, "lines": 1, "mass_kg": 0.2, "litres": 0.5}
    shared = lot("packing", measures, 40, scrap_factor=0.0)
    apart = lot("packing", measures | {"addresses_share": 1}, 40, scrap_factor=0.0)
    one_carton, forty = 60 + 85, 40 * (60 + 85)
    assert only(apart.attended_s) - only(shared.attended_s) == pytest.approx(forty - one_carton)


def test_the_packers_own_box_is_board_by_its_volume():
    measures = {"pieces": 1, "lines": 1, "litres": 8, "mass_kg": 1}
    without, boxed = (
        lot("packing", measures | {"unit_box": flag}, 10, "US", scrap_factor=0.0) for flag in (0, 1)
    )
    board = 10 * 8 * 0.2**2
    added = only(boxed.costs["material"]) - only(without.costs["material"])
    factor = rate_card("US", {"USD": 1.0}).material_factor
    assert added == pytest.approx((board * 1.4 + 10 * 0.08) * 1.02 * factor)
    assert only(boxed.input_kg) - only(without.input_kg) == pytest.approx(board * 0.66 * 1.02)


@settings(max_examples=40, deadline=None)
@given(
    units=st.integers(1, 5000),
    mass=st.floats(0.01, 40),
    litres=st.floats(0.05, 300),
    share=st.floats(0, 1),
)
def test_packing_in_one_go_is_never_dearer_than_in_two(units, mass, litres, share):
    measures = {"pieces": 2, "lines": 2, "mass_kg": mass, "litres": litres, "addresses_share": share}
    once, twice = (lot("packing", measures, number, scrap_factor=0.0) for number in (2 * units, units))
    assert only(once.price) <= 2 * only(twice.price) * (1 + 1e-9)


# Kitting and orders --------------------------------------------------------------------------


def test_a_kit_is_reached_for_by_line_and_counted_by_piece():
    done = lot("kitting", {"pieces": 20, "lines": 8}, 10, scrap_factor=0.0)
    assert only(done.run_s) == pytest.approx((10 * (8 * 5 + 12 * 1 + 12) + 8 * 45) * 1.15)


@pytest.mark.parametrize(("orders", "least", "most"), [(1, 30, 60), (800, 80, 150)])
def test_lines_an_hour_lie_where_published_rates_do(orders, least, most):
    """Single picks 30 to 60 lines an hour, with a trolley of orders 80 to 150."""
    bench = Bench(process_table("order-fulfilment"), [station()])
    walk = bench["walk_seconds"] / np.sqrt(min(orders, bench["orders_per_tour"]))
    assert least < 3600 / (walk + bench["find_seconds"]) < most


def test_a_wave_of_orders_shares_its_walks():
    order = {"lines": 3, "pieces": 3}
    single, wave = (lot("order-fulfilment", order, number, scrap_factor=0.0) for number in (1, 8))
    assert only(single.run_s) == pytest.approx((3 * (60 + 8) + 3 * 3) * 1.15)
    assert only(wave.run_s) / 8 == pytest.approx((3 * (60 / 8**0.5 + 8) + 3 * 3) * 1.15)
