"""Printing of plastics against paper, brute force, calculators and price lists."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model import Capability, Machine, MachineId, ShopId
from manyworks.processes import Station, estimate, make_operation, out_of_scope, rate_card
from manyworks.processes.frame import Bench
from manyworks.processes.models.fdm_printing import part_mm3, printed_mm3
from manyworks.processes.printing.builds import charged_seconds, parts_on_bed
from manyworks.processes.printing.powder import nest_of, new_powder_kg
from manyworks.processes.tables import process_table

USD_PER_GBP, USD_PER_EUR = 1.27, 1.08


def station(country="US", own=None, **figures):
    machine = Machine(
        **{"id": MachineId("m"), "shop": ShopId("s"), "name": "m", "capabilities": (), **figures}
    )
    return Station(machine=machine, rates=rate_card(country, {"USD": 1.0}), coefficients=own or {})


def lot(operation, pieces, country="US", **own):
    return estimate(operation, np.array([float(pieces)]), [station(country, own)])


def only(array):
    return float(np.ravel(array)[0])


def box(process, x, y, z, volume, **more):
    measures = {"size_x_mm": x, "size_y_mm": y, "size_z_mm": z, "volume_mm3": volume, **more}
    return make_operation(process, measures)


# Filament ------------------------------------------------------------------------------------


def flat(**more):
    return box("fdm-printing", 100, 50, 10, 7000, surface_mm2=14_000, density=1000, filament_usd=20, **more)


def test_plates_are_filled_and_the_last_one_is_not():
    """Eight of 100 x 50 mm lie on 250 x 210 mm; nine parts take two plates of fifty layers."""
    done = lot(flat(), 9, failure_share=0.0, office_minutes=0.0)
    assert only(done.run_s) == pytest.approx(9 * 7000 / 7 + 2 * (50 * 2 + 360))
    assert only(done.attended_s) == pytest.approx(600 + 15 * 60 + (2 * 7 + 9 * 1.5) * 60)
    assert only(done.costs["material"]) == pytest.approx(9 * 0.007 * 1.03 * 20)
    assert only(done.input_kg) == pytest.approx(9 * 0.007 * 1.03)


def test_printers_spread_their_price_over_the_nights_too():
    days, nights = (lot(flat(), 7, hours_factor=factor) for factor in (1.0, 2.0))
    assert only(days.costs["machine"]) == pytest.approx(2.0 * only(nights.costs["machine"]))


def test_a_thin_part_prints_solid_and_a_thick_one_sparsely():
    printer = Bench(process_table("fdm-printing"), [station()])
    thin = box("fdm-printing", 10, 10, 10, 1000, surface_mm2=2000)
    thick = box("fdm-printing", 50, 50, 50, 125_000, surface_mm2=15_000)
    assert only(part_mm3(thin, printer)) == 1000
    assert only(part_mm3(thick, printer)) == pytest.approx(18_000 + 0.2 * 107_000)


def test_small_parts_wait_for_their_layers_to_set():
    """Fifty layers of one part are not laid in less than 8 s each; ten parts give each other the time."""
    small = box("fdm-printing", 20, 10, 10, 700, surface_mm2=1_400)
    alone, ten = (only(lot(small, pieces, failure_share=0.0).run_s) for pieces in (1, 10))
    assert alone == pytest.approx(50 * 8 + 360)
    assert ten == pytest.approx(10 * 700 / 7 + 50 * 2 + 360)


def test_supports_take_plastic_time_and_hands():
    free, held = (lot(flat(support_mm3=room), 10, failure_share=0.0) for room in (0.0, 10_000.0))
    assert only(held.run_s) - only(free.run_s) == pytest.approx(10 * 10_000 * 0.2 / 7)
    assert only(held.attended_s) > only(free.attended_s)
    assert only(held.product_kg) == only(free.product_kg)


def test_a_larger_bed_holds_more_parts_a_plate():
    wide = Capability(process="fdm-printing", envelope_mm=(420.0, 420.0, 480.0))
    done = estimate(flat(), np.array([32.0]), [station(), station(capabilities=(wide,))])
    assert done.attended_s[1, 0] < done.attended_s[0, 0]


def test_filler_and_finer_layers_take_longer():
    printer = Bench(process_table("fdm-printing"), [station()])
    sparse, dense = (
        box("fdm-printing", 50, 50, 50, 125_000, surface_mm2=15_000, infill=i) for i in (0.1, 0.9)
    )
    assert only(printed_mm3(dense, printer)) > 3.0 * only(printed_mm3(sparse, printer))
    coarse, fine = (lot(flat(layer_mm=layer), 8) for layer in (0.3, 0.1))
    assert only(fine.run_s) > only(coarse.run_s)


# Builds shared -------------------------------------------------------------------------------


@given(width=st.integers(5, 300), height=st.integers(5, 300), gap=st.integers(0, 10))
def test_parts_on_a_bed_equal_putting_them_down_one_by_one(width, height, gap):
    def along(side, room):
        count = 0
        while (count + 1) * side + count * gap <= room:
            count += 1
        return count

    by_trial = max(along(width, 250) * along(height, 210), along(height, 250) * along(width, 210), 1)
    assert only(parts_on_bed(250.0, 210.0, float(width), float(height), float(gap))) == by_trial


@given(
    builds=st.floats(0.01, 6.0),
    fixed=st.floats(0.1, 5.0),
    fill=st.floats(0.1, 20.0),
    least=st.floats(0.0, 1.0),
    packed=st.floats(0.3, 1.0),
)
def test_an_order_pays_the_cheapest_of_own_and_shared_builds(builds, fixed, fill, least, packed):
    """Against every split into own builds and room in shared ones, in steps of a hundredth of a build."""
    shared = (fixed + fill) / packed
    shortest = least * fill

    def alone(share):
        count = math.ceil(share - 1e-9)
        return count * fixed + max(share * fill, count * shortest)

    splits = [builds * at / 100.0 for at in range(101)] + [math.floor(builds)]
    best = min(alone(own) + (builds - own) * shared for own in splits if own <= builds)
    ours = only(charged_seconds(np.array([[builds]]), fixed, fill, shortest, packed))
    assert ours <= alone(builds) + 1e-9
    assert ours <= builds * shared + 1e-9
    assert ours >= best * (1.0 - 1e-9) or ours >= builds * (fixed + fill) - 1e-9


@given(builds=st.floats(0.01, 5.0), more=st.floats(0.0, 3.0))
def test_more_room_never_costs_less_time(builds, more):
    little, much = (
        only(charged_seconds(np.array([[b]]), 3.0, 20.0, 2.0, 0.75)) for b in (builds, builds + more)
    )
    assert much >= little - 1e-9


# Resin ---------------------------------------------------------------------------------------


def test_a_plate_of_resin_takes_what_a_calculator_says():
    """filamentcalc.com: 50 mm at 0.05 mm with 2.5 s exposure and 6 s lift are about 2.4 h."""
    part = box("dlp-printing", 40, 30, 50, 20_000)
    done = lot(part, 15, support_height_mm=0.0, failure_share=0.0, bed_gap_mm=0.0)
    assert only(done.run_s) / 3600 == pytest.approx(2.4, rel=0.1)


def test_flashed_layers_take_no_longer_for_more_parts_and_drawn_ones_do():
    for process, same in (("dlp-printing", True), ("sla-printing", False)):
        small = box(process, 40, 30, 30, 10_000)
        heavy = box(process, 40, 30, 30, 30_000)
        light, full = (lot(one, 10) for one in (small, heavy))
        assert (only(light.run_s) == only(full.run_s)) is same


def test_drawn_resin_costs_no_more_than_its_market_asks_in_china():
    """yigurp.com: 1 to 5 RMB a gram is asked for parts of resin; the largest seller asks 0.55."""
    part = box("sla-printing", 60, 40, 30, 15_000, density=1180)
    each = only(lot(part, 20, "CN").price) / 20
    grams = 15 * 1.18
    assert 0.55 / 7.2 < each / grams < 5.0 / 7.2


def test_washing_resin_off_takes_solvent():
    done = lot(box("dlp-printing", 40, 30, 30, 10_000), 10, failure_share=0.0)
    poured = 10 * 10_000 * 1.15 * 1180e-9 * 1.1
    assert only(done.input_kg) == pytest.approx(poured)
    assert only(done.chemicals_kg) == pytest.approx(0.5 * poured)


def test_a_finer_layer_takes_longer_in_proportion():
    half, whole = (lot(box("sla-printing", 40, 30, 30, 10, layer_mm=layer), 225) for layer in (0.05, 0.1))
    assert 1.7 < only(half.run_s) / only(whole.run_s) <= 2.0


# Powder --------------------------------------------------------------------------------------


def nest(process, part, **own):
    bench = Bench(process_table(process), [station(own=own)])
    return nest_of(part, bench), bench


def test_a_nest_is_limited_by_boxes_or_by_heat():
    hollow, solid = (box("sls-printing", 40, 40, 40, volume) for volume in (5_000, 60_000))
    room = 340 * 340 * 600
    assert only(nest("sls-printing", hollow)[0].parts) == pytest.approx(0.42 * room / 43**3)
    assert only(nest("sls-printing", solid)[0].parts) == pytest.approx(0.12 * room / 60_000)


def test_powder_is_replaced_as_far_as_the_heat_spends_it():
    """At 12 % solid and half refreshed: 0.5 x 0.45 / 0.12 = 1.875 kg of new powder a kg of parts."""
    part = box("sls-printing", 40, 40, 40, 60_000)
    found, bench = nest("sls-printing", part)
    assert only(new_powder_kg(part, found, bench)) == pytest.approx(1.875 * 60_000 * 1010e-9)
    part = box("mjf-printing", 40, 40, 40, 60_000)
    found, bench = nest("mjf-printing", part)
    assert only(new_powder_kg(part, found, bench)) == pytest.approx(60_000 * 1010e-9, rel=1e-6)


def test_a_full_build_of_jets_takes_eight_to_fourteen_hours():
    """docs.phas.io: 8 to 12 h for 380 mm; 13 h with annealing in other modes."""
    found, _ = nest("mjf-printing", box("mjf-printing", 40, 40, 40, 20_000))
    assert 8.0 < only(found.warm_s + found.print_s) / 3600 < 14.0


@pytest.mark.parametrize(
    ("sides", "volume"),
    [((20, 20, 20), 1_600), ((60, 40, 30), 12_000), ((100, 80, 60), 60_000), ((200, 120, 100), 150_000)],
)
def test_laser_sintered_boxes_cost_within_a_factor_of_two_of_a_list(sides, volume):
    """3dpeople.uk: 0.11 GBP/cm3 of the box with 0.5 mm around it; 200 of a kind in Great Britain."""
    listed = math.prod(side + 1 for side in sides) * 0.00011 * USD_PER_GBP
    part = box("sls-printing", *sides, volume, powder_usd=60)
    assert 0.5 < only(lot(part, 200, "GB").price) / 200 / listed < 2.0


def test_fused_brackets_cost_within_a_factor_of_two_of_a_worked_price():
    """docs.phas.io: shrink wrap of 210 cm3 in 50 x 50 x 100 mm, 35.46 EUR each of fifty."""
    part = box("mjf-printing", 100, 50, 50, 60_000, powder_usd=60)
    ours = only(lot(part, 50, "DE").price) / 50 / USD_PER_EUR
    assert 0.5 < ours / 35.46 < 2.0


def test_no_printer_runs_more_hours_than_a_year_has():
    tireless = lot(box("sls-printing", 60, 40, 30, 12_000), 50, "CN", hours_factor=3.0)
    usual = lot(box("sls-printing", 60, 40, 30, 12_000), 50, "CN", hours_factor=2.0)
    assert only(tireless.costs["machine"]) == only(usual.costs["machine"])


def test_a_single_part_shares_its_build_and_a_nestful_does_not():
    part = box("sls-printing", 60, 40, 30, 12_000)
    full = only(nest("sls-printing", part)[0].parts)
    one, many = (only(lot(part, pieces, failure_share=0.0).run_s) for pieces in (1, round(full)))
    assert one < many / 200
    assert many < 45 * 3600


@pytest.mark.parametrize(
    ("process", "measure"),
    [
        ("fdm-printing", {"it_grade": 9.0}),
        ("sls-printing", {"ra_um": 1.0}),
        ("mjf-printing", {"size_x_mm": 500.0}),
        ("sla-printing", {"it_grade": 8.0}),
    ],
)
def test_what_cannot_be_printed_is_named_with_what_can(process, measure):
    drivers = {"size_x_mm": 40, "size_y_mm": 30, "size_z_mm": 20, "volume_mm3": 5_000, **measure}
    if "surface_mm2" in process_table(process).drivers:
        drivers.setdefault("surface_mm2", 4_000.0)
    (finding,) = out_of_scope(make_operation(process, drivers))
    assert finding.hint


def test_energy_of_printing_is_tens_of_times_that_of_moulding():
    """17 to 1,350 kWh/kg over additive processes; the largest are of metal."""
    for process in ("sls-printing", "mjf-printing"):
        done = lot(box(process, 60, 40, 30, 12_000), 200)
        assert 17 < only(done.energy_kwh) / only(done.product_kg) < 200
