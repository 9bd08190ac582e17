"""Laws that every process keeps, whatever the part, the lot and the shop; none is known by name here.

Parts are drawn from the whole range of every driver, shops from the whole range of every coefficient.
"""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manyworks.model import Machine, MachineId, ShopId
from manyworks.processes import (
    COST_KINDS,
    Station,
    changeover,
    estimate,
    make_operation,
    out_of_scope,
    process_table,
    processes,
    rate_card,
    typical_operation,
)
from manyworks.processes.frame import Bench

every_process = pytest.mark.parametrize("process", processes())
few = settings(max_examples=7, deadline=None, suppress_health_check=list(HealthCheck))

ROUNDING = 1e-9
# Machines of a process differ in size: the largest may draw this many times the ordinary one's most.
LARGEST_MACHINE = 25.0
COUNTED = {"count", "piece", "pieces", "people"}
shares = st.sampled_from((0.0, 1.0)) | st.floats(0.0, 1.0)
quantities = st.integers(1, 30) | st.integers(1, 3_000_000)
countries = st.sampled_from(("CN", "GB", "US"))


def between(driver, share):
    """A driver's value at a share of its range, small ones more often."""
    value = driver.low + (driver.high - driver.low) * share**3
    if driver.effect == "flag":
        return float(round(share))
    return float(round(value)) if driver.unit in COUNTED and driver.high > 3 else value


@st.composite
def parts(draw, process, most=6):
    """Any part the process was made for: the typical one with some measures anywhere in their range."""
    drivers = process_table(process).drivers
    moved = draw(st.dictionaries(st.sampled_from(sorted(drivers)), shares, max_size=most))
    measures = {name: driver.typical for name, driver in drivers.items()}
    return make_operation(process, measures | {n: between(drivers[n], at) for n, at in moved.items()})


@st.composite
def shops(draw, process):
    """A shop somewhere with some of its coefficients anywhere in their range."""
    figures = {name: f for name, f in process_table(process).coefficients.items() if f.low < f.high}
    own = draw(st.dictionaries(st.sampled_from(sorted(figures)), shares, max_size=6))
    values = {n: figures[n].low + (figures[n].high - figures[n].low) * at for n, at in own.items()}
    return station(draw(countries), **values)


def station(country="GB", **own):
    machine = Machine(id=MachineId("m"), shop=ShopId("s"), name="m", capabilities=())
    return Station(machine=machine, rates=rate_card(country, {"USD": 1.0}), coefficients=own)


def told(operation, shop):
    """What a failing example needs to be seen again."""
    return f"{dict(operation.drivers)} with {dict(shop.coefficients)} in {shop.rates.country}"


def one(operation, quantity, shop):
    return estimate(operation, np.array([float(quantity)]), [shop])


# Lots ----------------------------------------------------------------------------------------


@every_process
@few
@given(data=st.data(), asked=st.lists(quantities, min_size=2, max_size=8))
def test_a_larger_lot_never_costs_less(process, data, asked):
    operation, shop = data.draw(parts(process)), data.draw(shops(process))
    price = estimate(operation, np.sort(np.array(asked, dtype=float)), [shop]).price[0]
    assert np.all(np.diff(price) >= -ROUNDING * price[1:]), told(operation, shop)


@every_process
@few
@given(data=st.data(), quantity=quantities, times=st.integers(2, 50))
def test_one_large_lot_never_costs_more_than_several_small_ones(process, data, quantity, times):
    # Without scrap: starts are rounded to whole pieces, so that a large lot may start one more.
    operation, shop = data.draw(parts(process)), data.draw(shops(process))
    shop = replace(shop, coefficients={**shop.coefficients, "scrap_factor": 0.0})
    price = estimate(operation, np.array([quantity, quantity * times], dtype=float), [shop]).price[0]
    assert price[1] <= times * price[0] * (1.0 + ROUNDING), told(operation, shop)


@every_process
def test_a_piece_of_a_thousand_costs_less_than_a_piece_alone(process):
    price = estimate(typical_operation(process), np.array([1.0, 1000.0]), [station()]).price[0]
    assert price[1] / 1000.0 < price[0]


# Measures ------------------------------------------------------------------------------------


def directed(process):
    return {n: d for n, d in process_table(process).drivers.items() if d.effect in ("up", "down")}


@st.composite
def easier_and_harder(draw, process):
    """Two parts that differ in one measure whose effect is promised, the easier one first."""
    drivers = directed(process)
    name = draw(st.sampled_from(sorted(drivers)))
    driver, base = drivers[name], draw(parts(process))
    ends = sorted({between(driver, draw(shares)), between(driver, draw(shares)), driver.typical})
    pair = (ends[0], ends[-1]) if driver.effect == "up" else (ends[-1], ends[0])
    easy, hard = (replace(base, drivers={**base.drivers, name: value}) for value in pair)
    return name, easy, hard


@every_process
@settings(few, max_examples=18)
@given(data=st.data(), quantity=quantities)
def test_a_harder_part_never_costs_less_nor_takes_less_time(process, data, quantity):
    if not directed(process):
        pytest.fail(f"{process} promises nothing of any driver")
    name, easy, hard = data.draw(easier_and_harder(process))
    shop = data.draw(shops(process))
    first, second = one(easy, quantity, shop), one(hard, quantity, shop)
    where = f"{name}: {easy.drivers[name]} -> {hard.drivers[name]}; {told(easy, shop)}"
    assert second.price[0, 0] >= first.price[0, 0] * (1.0 - ROUNDING), where
    times = [float((done.setup_s + done.run_s)[0, 0]) for done in (first, second)]
    assert times[1] >= times[0] * (1.0 - ROUNDING), where


@every_process
def test_every_process_says_what_its_cost_grows_with(process):
    table = process_table(process)
    assert table.title
    assert table.summary
    assert table.drivers
    for driver in table.drivers.values():
        assert driver.low <= driver.typical <= driver.high, driver.name
        assert driver.effect in ("up", "down", "any", "flag"), driver.name
        assert driver.about, driver.name
        assert driver.unit, driver.name
        assert driver.default is None or (driver.source and driver.default >= 0.0), driver.name


@every_process
def test_a_measure_left_out_is_taken_as_its_default_and_told(process):
    drivers = process_table(process).drivers
    stated = {name: d.typical for name, d in drivers.items() if d.default is None}
    short = make_operation(process, stated)
    full = make_operation(process, stated | {n: d.default for n, d in drivers.items() if n not in stated})
    silent, said = one(short, 7, station()), one(full, 7, station())
    assert silent.price[0, 0] == pytest.approx(said.price[0, 0])
    assert len(silent.assumptions) >= len(said.assumptions)


@every_process
@pytest.mark.parametrize("end", ["low", "high"])
def test_the_ends_of_all_ranges_can_be_priced(process, end):
    measures = {name: getattr(d, end) for name, d in process_table(process).drivers.items()}
    price = estimate(
        make_operation(process, measures), np.array([1.0, 1e6]), [station(), station("CN")]
    ).price
    assert np.all(np.isfinite(price))
    assert np.all(price > 0.0)


# Lines, mass, energy -------------------------------------------------------------------------


@every_process
@few
@given(data=st.data(), quantity=quantities)
def test_lines_are_finite_and_sum_to_the_price(process, data, quantity):
    operation, shop = data.draw(parts(process)), data.draw(shops(process))
    made = one(operation, quantity, shop)
    assert tuple(made.costs) == COST_KINDS
    arrays = [*made.costs.values(), made.setup_s, made.run_s, made.attended_s, made.co2e_kg]
    arrays += [made.water_l, made.chemicals_kg, made.energy_kwh]
    for array in arrays:
        assert np.all(np.isfinite(array) & (array >= 0.0)), told(operation, shop)
    assert sum(line[0, 0] for line in made.costs.values()) == pytest.approx(made.price[0, 0])


@every_process
@few
@given(data=st.data(), quantity=quantities)
def test_no_more_comes_out_than_goes_in(process, data, quantity):
    operation, shop = data.draw(parts(process)), data.draw(shops(process))
    made = one(operation, quantity, shop)
    room = ROUNDING * float(made.input_kg[0, 0]) + 1e-12
    assert made.product_kg[0, 0] >= 0.0, told(operation, shop)
    assert made.waste_kg[0, 0] >= -room, told(operation, shop)


@every_process
@few
@given(data=st.data(), quantity=quantities)
def test_energy_is_what_a_machine_can_draw_in_its_hours(process, data, quantity):
    # One measure off the ordinary: 64 of the largest parts at once fit no machine there is.
    operation, shop = data.draw(parts(process, most=1)), data.draw(shops(process))
    made = one(operation, quantity, shop)
    hours = float((made.setup_s + made.run_s)[0, 0]) / 3600.0
    most = hours * process_table(process).machine["power_kw"].high * LARGEST_MACHINE
    assert 0.0 <= made.energy_kwh[0, 0] <= most * (1.0 + ROUNDING), told(operation, shop)


@every_process
@few
@given(data=st.data())
def test_some_but_never_more_than_all_pieces_are_good(process, data):
    operation, shop = data.draw(parts(process)), data.draw(shops(process))
    module = import_module(f"manyworks.processes.models.{process.replace('-', '_')}")
    good = np.ravel(module.good_share(operation, Bench(process_table(process), [shop])))
    assert np.all((good > 0.0) & (good <= 1.0)), told(operation, shop)


# Money and the shop's own factors ------------------------------------------------------------


@every_process
@few
@given(data=st.data(), quantity=quantities)
def test_twice_the_worth_of_a_dollar_is_twice_the_price(process, data, quantity):
    operation = data.draw(parts(process))
    dollar = station("CN")
    double = replace(dollar, rates=rate_card("CN", {"USD": 2.0}))
    price = estimate(operation, np.array([float(quantity)]), [dollar, double]).price[:, 0]
    assert price[1] == pytest.approx(2.0 * price[0], rel=1e-9)


@every_process
@few
@given(data=st.data(), quantity=quantities)
def test_a_slower_shop_takes_longer_but_never_more_than_its_factor_says(process, data, quantity):
    """It may go another way that suits it better, so that twice as slow is at most twice as long."""
    operation = data.draw(parts(process))
    shop_list = [station(), station(run_time_factor=2.0), station(setup_time_factor=2.0)]
    made = estimate(operation, np.array([float(quantity)]), shop_list)
    whole = (made.setup_s + made.run_s)[:, 0]
    assert whole[1] <= 2.0 * whole[0] * (1.0 + ROUNDING)
    assert whole[2] <= 2.0 * whole[0] * (1.0 + ROUNDING)
    assert np.all(made.price[1:, 0] >= made.price[0, 0] * (1.0 - ROUNDING))


@every_process
def test_a_shop_twice_as_slow_takes_twice_as_long_for_a_lot_of_one(process):
    shop_list = [station(), station(run_time_factor=2.0), station(setup_time_factor=2.0)]
    made = estimate(typical_operation(process), np.array([1.0]), shop_list)
    assert made.run_s[1, 0] == pytest.approx(2.0 * made.run_s[0, 0])
    assert made.setup_s[2, 0] == pytest.approx(2.0 * made.setup_s[0, 0])


@every_process
def test_a_shop_without_scrap_starts_what_is_wanted(process):
    asked = np.array([1.0, 70.0, 10_000.0])
    made = estimate(typical_operation(process), asked, [station(scrap_factor=0.0)])
    assert np.array_equal(made.starts[0], asked)


# Scope and change-over -----------------------------------------------------------------------


@every_process
def test_an_ordinary_part_is_within_the_scope_and_one_beyond_a_limit_is_refused_with_its_number(process):
    ordinary = typical_operation(process)
    assert not out_of_scope(ordinary)
    for limit in process_table(process).scope.limits:
        assert limit.why
        beyond = limit.most * 1.01 + 1e-9 if np.isfinite(limit.most) else limit.least * 0.99 - 1e-9
        found = out_of_scope(replace(ordinary, drivers={**ordinary.drivers, limit.driver: beyond}))
        assert any(limit.driver in finding.message for finding in found)


@every_process
def test_limits_speak_of_drivers_the_process_has(process):
    table = process_table(process)
    assert {limit.driver for limit in table.scope.limits} <= set(table.drivers)
    assert table.scope.from_quantity <= table.scope.to_quantity


@every_process
def test_setting_everything_up_is_part_of_the_set_up(process):
    operation, shop = typical_operation(process), station()
    whole = changeover(None, operation, shop)
    assert whole.minutes * 60.0 <= one(operation, 1, shop).setup_s[0, 0] * (1.0 + ROUNDING)


@every_process
def test_the_same_family_needs_no_change(process):
    operation = typical_operation(process)
    assert changeover(operation, operation, station()).modules == ()


@every_process
def test_the_less_differs_the_less_is_changed(process):
    table, shop = process_table(process), station()
    before = replace(typical_operation(process), setup_family="before")
    names = sorted(table.changeover)
    assert names, "a process states what is changed between two jobs"
    held = replace(before, setup_state=dict.fromkeys(names, "old"))
    minutes = []
    for kept in range(len(names) + 1):
        state = dict.fromkeys(names[:kept], "old") | dict.fromkeys(names[kept:], "new")
        after = replace(before, setup_family="after", setup_state=state)
        minutes.append(changeover(held, after, shop).person_minutes)
    assert minutes == sorted(minutes, reverse=True)
    assert minutes[-1] == 0.0
