"""Bending, welding and coating against hand calculation and rules of the trade."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.model import Machine, MachineId, ShopId
from manyworks.processes import Station, changeover, estimate, make_operation, process_table, rate_card
from manyworks.processes.arc_welding import weld_mm3
from manyworks.processes.frame import Bench
from manyworks.processes.models.sheet_metal_bending import force_t
from manyworks.processes.sheet_forming import bending_force_t

PART = {"bends": 3, "bend_mm": 150, "thickness_mm": 2, "length_mm": 250, "mass_kg": 0.5}
FRAME = {"weld_mm": 600, "leg_mm": 4, "parts": 4, "seams": 6, "mass_kg": 4}
PANEL = {"area_mm2": 1e6, "length_mm": 1000, "width_mm": 500, "depth_mm": 20, "mass_kg": 8}


def shop(country="GB", capital=None, **own):
    machine = Machine(id=MachineId("m"), shop=ShopId("s"), name="m", capabilities=(), capital=capital)
    return Station(machine=machine, rates=rate_card(country, {"USD": 1.0}), coefficients=own)


def bench(process, **own):
    return Bench(process_table(process), [shop(**own)])


def made(process, measures, lot=100.0, material="S235", country="GB", **own):
    operation = make_operation(process, measures, material=material)
    return estimate(operation, np.array([float(lot)]), [shop(country, **own)])


def figures(process):
    return {name: figure.value for name, figure in process_table(process).coefficients.items()}


def first(value):
    return float(np.ravel(value)[0])


# Bending -------------------------------------------------------------------------------------


def test_a_bent_lot_by_hand():
    figure = figures("sheet-metal-bending")
    done = made("sheet-metal-bending", PART, scrap_factor=0.0)
    turn = figure["turn_seconds"] + 0.5 * figure["turn_seconds_per_kg"] + 0.25 * figure["turn_seconds_per_m"]
    piece = figure["load_seconds"] + 3 * (figure["stroke_seconds"] + turn)
    assert done.run_s[0, 0] == pytest.approx(100 * piece)
    setup = figure["tool_minutes"] + figure["program_minutes"] + 3 * figure["trial_minutes_per_bend"]
    assert done.setup_s[0, 0] == pytest.approx(setup * 60)


@given(st.floats(0.5, 12), st.floats(50, 3000), st.floats(200, 900))
@settings(max_examples=40, deadline=None)
def test_the_force_of_a_bend_lies_near_the_inch_rule(thickness, length, tensile):
    margin = figures("sheet-metal-bending")["force_margin"]
    inches, feet = thickness / 25.4, length / 304.8
    short_tons = 575.0 * inches**2 / (8.0 * inches) * feet * tensile / 414.0
    assert bending_force_t(thickness, length, tensile) / margin == pytest.approx(short_tons * 0.907, rel=0.15)


def test_routings_and_the_model_ask_for_the_same_force():
    operation = make_operation("sheet-metal-bending", PART, material="304")
    asked = bending_force_t(2.0, 150.0, 600.0)
    assert first(force_t(operation, bench("sheet-metal-bending"))) == pytest.approx(asked)


def test_heavy_and_long_pieces_are_held_by_two():
    one, two = (made("sheet-metal-bending", PART | {"mass_kg": kg}) for kg in (14.9, 15.1))
    share = two.attended_s[0, 0] / two.run_s[0, 0] - one.attended_s[0, 0] / one.run_s[0, 0]
    assert share == pytest.approx(1.0, abs=0.1)


def test_a_long_thick_bend_needs_a_dearer_brake_unless_the_shop_has_one():
    heavy = PART | {"thickness_mm": 10, "bend_mm": 2500, "length_mm": 2500, "mass_kg": 50}
    small = made("sheet-metal-bending", PART)
    big = made("sheet-metal-bending", heavy)
    own = made("sheet-metal-bending", heavy, capital=70000.0 * rate_card("GB", {"USD": 1.0}).capital_factor)
    hour = [done.costs["machine"][0, 0] / done.run_s[0, 0] for done in (small, big)]
    assert hour[1] > 2.0 * hour[0]
    assert own.price[0, 0] <= big.price[0, 0]


def test_true_angles_take_more_strokes():
    plain, true = (made("sheet-metal-bending", PART | {"angle_tolerance_deg": a}) for a in (1.0, 0.5))
    figure = figures("sheet-metal-bending")
    more = 3 * figure["stroke_seconds"] * (figure["angle_effort"] - 1.0) * plain.starts[0, 0]
    assert true.run_s[0, 0] - plain.run_s[0, 0] == pytest.approx(more)


def test_setting_up_is_more_than_half_of_bending_a_small_lot():
    # A time study of custom shops: production is less than half of the whole cycle.
    part = {"bends": 4, "bend_mm": 120, "thickness_mm": 2, "length_mm": 200, "mass_kg": 0.5}
    small, large = (made("sheet-metal-bending", part, lot=lot) for lot in (10, 200))
    assert small.run_s[0, 0] < small.setup_s[0, 0]
    assert large.run_s[0, 0] > large.setup_s[0, 0]


# Welding -------------------------------------------------------------------------------------


def test_weld_metal_is_the_triangle_of_the_fillet():
    operation = make_operation("mig-welding", FRAME, material="S235")
    metal = first(weld_mm3(operation, bench("mig-welding", reinforcement=1.0)))
    assert metal == pytest.approx(4 * 4 / 2 * 600)
    # A handbook's worked fillet of half an inch: 0.424 lb a foot.
    half_inch = make_operation("mig-welding", FRAME | {"leg_mm": 12.7, "weld_mm": 304.8}, material="S235")
    kg = first(weld_mm3(half_inch, bench("mig-welding", reinforcement=1.0))) * 1e-9 * 7850
    assert kg / 0.4536 == pytest.approx(0.424, rel=0.01)


def test_long_seams_cost_what_the_handbook_formula_says():
    figure = figures("mig-welding")
    seam = {"weld_mm": 10000, "leg_mm": 6, "parts": 1, "seams": 1, "mass_kg": 30}
    done = made("mig-welding", seam, lot=50, clean_seconds_per_m=5.0, rework_share=0.01, scrap_factor=0.0)
    hours = 18 * figure["reinforcement"] * 10 / figure["deposition_cm3_per_hour"] / figure["operating_factor"]
    assert done.run_s[0, 0] / 50 / 3600 == pytest.approx(hours, rel=0.06)


def test_labour_is_most_of_the_cost_of_a_weld():
    costs = made("mig-welding", {**FRAME, "weld_mm": 5000}, lot=50, country="US").costs
    below = sum(value[0, 0] for kind, value in costs.items() if kind not in ("administration", "margin"))
    attended = costs["labour"][0, 0] + costs["set-up"][0, 0]
    assert 0.6 < attended / below < 0.95
    assert costs["energy"][0, 0] / below < 0.02


def test_wire_used_is_metal_over_its_efficiency():
    figure = figures("stick-welding")
    done = made("stick-welding", FRAME, scrap_factor=0.0)
    used = done.product_kg[0, 0] * (1 + figure["rework_share"]) / figure["deposition_efficiency"]
    assert done.input_kg[0, 0] == pytest.approx(used)


def test_mig_is_faster_than_stick_and_both_than_tig():
    seam = FRAME | {"weld_mm": 3000, "leg_mm": 5}
    times = [made(f"{kind}-welding", seam).run_s[0, 0] for kind in ("mig", "stick", "tig")]
    assert times == sorted(times)
    assert times[2] > 2.5 * times[0]


def test_thin_fillets_are_limited_by_the_hand_and_thick_ones_by_the_wire():
    def arc(leg):
        return made("mig-welding", FRAME | {"leg_mm": leg, "weld_mm": 20000}).run_s[0, 0]

    assert arc(2.2) == arc(2.0)
    assert arc(9.0) > 1.4 * arc(7.0)


def test_a_small_frame_of_many_parts_is_fitting_more_than_welding():
    few, many = (made("mig-welding", FRAME | {"parts": parts}).run_s[0, 0] for parts in (2, 12))
    assert many - few > 0.5 * many


def test_spots_by_hand():
    figure = figures("spot-welding")
    box = {"spots": 12, "thickness_mm": 1.2, "mass_kg": 1.5, "length_mm": 400}
    done = made("spot-welding", box, material="", scrap_factor=0.0)
    whole = 12 * (figure["spot_seconds"] + 1.2 * figure["weld_seconds_per_mm"]) + 2 * figure["fit_seconds"]
    whole += figure["handle_seconds"] + 1.5 * figure["handle_seconds_per_kg"]
    whole += 0.4 * figure["handle_seconds_per_m"]
    assert done.run_s[0, 0] == pytest.approx(100 * whole)


# Coating -------------------------------------------------------------------------------------


def test_powder_covers_what_the_coverage_formula_says():
    figure = figures("powder-coating")
    plain = {"reclaimed_share": 0.0, "recoat_share": 0.01, "scrap_factor": 0.0, "colour_scrap_kg": 0.1}
    done = made("powder-coating", PANEL | {"film_um": 76.2}, lot=1000, material="", **plain)
    # 192.3 square feet a pound at one mil and a density of one.
    per_lb = 192.3 / (figure["powder_density"] / 1000.0) / 3.0 * figure["transfer_efficiency"]
    pounds = 10.7639 / per_lb * 1.01
    assert (done.input_kg[0, 0] - 0.1) / 1000 / 0.45359 == pytest.approx(pounds, rel=0.005)


def test_a_small_lot_of_panels_costs_some_dollars_a_square_foot():
    for lot in (4, 10):
        price = made("powder-coating", PANEL, lot=lot, material="", country="US").price[0, 0]
        assert 1.5 < price / lot / 10.764 < 5.0


def test_one_part_alone_pays_for_the_colour_change():
    costs = made("powder-coating", PANEL, lot=1, material="", country="US").costs
    below = sum(value[0, 0] for kind, value in costs.items() if kind not in ("administration", "margin"))
    assert costs["set-up"][0, 0] > 0.5 * below


def test_the_next_lot_of_the_colour_needs_no_clean_booth():
    base = make_operation("powder-coating", PANEL)
    red = replace(base, setup_family="a", setup_state={"colour": "RAL 3000", "racks": "a"})
    more = replace(base, setup_family="b", setup_state={"colour": "RAL 3000", "racks": "b"})
    white = replace(base, setup_family="c", setup_state={"colour": "RAL 9010", "racks": "b"})
    same, other = (changeover(red, after, shop()) for after in (more, white))
    assert [change.module for change in same.modules] == ["racks"]
    assert other.minutes > same.minutes
    assert other.scrap_kg > same.scrap_kg == 0.0


def test_a_conveyor_is_cheaper_for_much_and_dearer_for_little():
    def price(lot, conveyor):
        return made("powder-coating", PANEL, lot=lot, material="", conveyor=conveyor).price[0, 0]

    assert price(1, 1.0) > price(1, 0.0)
    assert price(5000, 1.0) < price(5000, 0.0)


def test_deep_parts_take_more_of_the_oven_than_flat_ones():
    flat, deep = (made("powder-coating", PANEL | {"depth_mm": d}, material="") for d in (20, 500))
    assert deep.run_s[0, 0] > 1.2 * flat.run_s[0, 0]


def test_masking_is_paid_by_the_piece():
    figure = figures("powder-coating")
    bare, masked = (made("powder-coating", PANEL | {"masked": n}, material="") for n in (0, 10))
    coats = bare.starts[0, 0] * (1 + figure["recoat_share"])
    more = coats * 10 * figure["mask_seconds"] * figure["operators"]
    assert masked.attended_s[0, 0] - bare.attended_s[0, 0] == pytest.approx(more)
    assert math.isclose(masked.run_s[0, 0], bare.run_s[0, 0])


def test_blasting_takes_a_person_over_all_of_the_skin_once():
    figure = figures("powder-coating")
    clean, scaled = (made("powder-coating", PANEL | {"blasted": b}, material="") for b in (0.0, 1.0))
    hours = clean.starts[0, 0] * PANEL["area_mm2"] * 1e-6 / figure["blast_m2_per_hour"]
    assert (scaled.attended_s[0, 0] - clean.attended_s[0, 0]) / 3600 == pytest.approx(hours)
    assert scaled.run_s[0, 0] == clean.run_s[0, 0]


def test_one_small_part_costs_what_coaters_charge_at_least():
    # Nearly all US shops ask 25 to 100 dollars at least.
    bracket = {"area_mm2": 60000.0, "length_mm": 250.0, "width_mm": 150.0, "mass_kg": 0.5}
    alone = made("powder-coating", bracket, lot=1, material="", country="US").price[0, 0]
    assert 25.0 < alone < 100.0


def test_hooks_are_picked_while_the_plant_coats_another_lot():
    figure = figures("powder-coating")
    done = made("powder-coating", PANEL, material="")
    assert done.setup_s[0, 0] / 60 == pytest.approx(figure["colour_minutes"] + figure["first_part_minutes"])
