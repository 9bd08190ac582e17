"""Laws that hold whatever is cut, eroded, ground or polished, wherever its figures lie in their ranges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.model import Machine, MachineId, ShopId
from manyworks.processes import (
    Station,
    estimate,
    make_operation,
    out_of_scope,
    rate_card,
    typical_operation,
)
from manyworks.processes.tables import process_table

MACHINED = (
    "cnc-milling",
    "cnc-turning",
    "wire-edm",
    "sinker-edm",
    "surface-grinding",
    "cylindrical-grinding",
    "polishing",
)
every_process = pytest.mark.parametrize("process", MACHINED)
countries = st.sampled_from(["CN", "GB", "US", "TW"])
_ROUNDING = 1e-9


def station(country="CN", habits=None, **machine):
    """A nameless machine in a country, money in USD."""
    figures = {"id": MachineId("m"), "shop": ShopId("s"), "name": "m", "capabilities": (), **machine}
    rates = rate_card(country, {"USD": 1.0})
    return Station(machine=Machine(**figures), rates=rates, coefficients=habits or {})


def drawn_measures(data, process):
    """Any value of each driver in its range, flags 0 or 1."""
    table = process_table(process).drivers
    return {
        name: float(data.draw(st.integers(0, 1)))
        if driver.effect == "flag"
        else data.draw(st.floats(driver.low, driver.high))
        for name, driver in table.items()
    }


def drawn_habits(data, process):
    """Any of the coefficients, anywhere in their range."""
    ranges = {f.name: st.floats(f.low, f.high) for f in process_table(process).coefficients.values()}
    return data.draw(st.fixed_dictionaries({}, optional=ranges))


def made(process, measures, quantities, habits=None, country="CN"):
    operation = make_operation(process, measures)
    return estimate(operation, np.array(quantities, dtype=float), [station(country, habits)])


@every_process
@settings(max_examples=20, deadline=None)
@given(data=st.data(), where=countries)
def test_price_and_time_follow_what_each_driver_promises(process, data, where):
    driver = data.draw(
        st.sampled_from([d for d in process_table(process).drivers.values() if d.effect in ("up", "down")])
    )
    measures, habits = drawn_measures(data, process), drawn_habits(data, process)
    low, high = sorted(data.draw(st.floats(driver.low, driver.high)) for _ in range(2))
    ends = (low, high) if driver.effect == "up" else (high, low)
    less, more = (
        made(process, {**measures, driver.name: value}, [1, 37, 1000], habits, where) for value in ends
    )
    assert np.all(more.price >= less.price * (1 - _ROUNDING)), driver.name
    spent = [e.setup_s + e.run_s for e in (less, more)]
    assert np.all(spent[1] >= spent[0] * (1 - _ROUNDING)), driver.name


@every_process
@settings(max_examples=12, deadline=None)
@given(data=st.data(), where=countries)
def test_lots_are_whole_sums_of_their_lines_and_never_get_cheaper_in_all(process, data, where):
    measures, habits = drawn_measures(data, process), drawn_habits(data, process)
    lots = sorted(data.draw(st.lists(st.integers(1, 100_000), min_size=2, max_size=5)))
    done = made(process, measures, lots, habits, where)
    assert np.all(np.diff(done.price) >= -_ROUNDING * done.price[:, 1:])
    assert np.allclose(sum(done.costs.values()), done.price)
    for array in (*done.costs.values(), done.setup_s, done.run_s, done.attended_s, done.energy_kwh):
        assert np.all(np.isfinite(array) & (array >= 0.0))


@every_process
@settings(max_examples=12, deadline=None)
@given(data=st.data(), times=st.integers(2, 50), lot=st.integers(1, 2000))
def test_many_lots_at_once_never_cost_more_than_one_by_one(process, data, times, lot):
    measures, habits = drawn_measures(data, process), drawn_habits(data, process)
    # Without scrap; with it, starts rounded to whole pieces would blur the law.
    alone, whole = made(process, measures, [lot, lot * times], {**habits, "scrap_factor": 0.0}).price[0]
    assert whole <= times * alone * (1 + _ROUNDING)


@every_process
@settings(max_examples=12, deadline=None)
@given(data=st.data(), lot=st.integers(1, 5000))
def test_what_goes_in_covers_what_comes_out(process, data, lot):
    done = made(process, drawn_measures(data, process), [lot], drawn_habits(data, process))
    assert np.all(done.input_kg >= done.product_kg * (1 - _ROUNDING))
    assert np.all(done.product_kg >= 0.0)
    assert np.all(done.waste_kg >= -_ROUNDING)
    assert np.all(done.co2e_kg >= 0.0)


@every_process
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_energy_is_the_machines_draw_while_it_runs_and_a_share_before(process, data):
    habits = drawn_habits(data, process)
    operation = typical_operation(process)
    machine = station("CN", habits, power_kw=7.0)
    done = estimate(operation, np.array([25.0]), [machine])
    most = (done.setup_s + done.run_s) * 7.0 / 3600.0
    assert np.all(done.energy_kwh <= most * (1 + _ROUNDING))
    assert np.all(done.energy_kwh >= done.run_s * 7.0 / 3600.0 * (1 - _ROUNDING))


@every_process
def test_ten_thousand_estimates_agree_with_single_ones(process):
    stations = [station(c, capital=1e4 * (1 + n)) for n, c in enumerate(["CN", "GB", "US"] * 3)]
    lots = np.array([1.0, 20.0, 3000.0])
    whole = estimate(typical_operation(process), lots, stations).price
    for row, single in enumerate(stations):
        for column, lot in enumerate(lots):
            alone = estimate(typical_operation(process), np.array([lot]), [single]).price[0, 0]
            assert alone == pytest.approx(whole[row, column])


@every_process
def test_ordinary_work_lies_in_scope_and_finer_work_is_refused_with_what_does_it(process):
    assert not out_of_scope(typical_operation(process))
    usual = dict(typical_operation(process).drivers)
    found = out_of_scope(make_operation(process, {**usual, "ra_um": 0.001}))
    assert [finding.code for finding in found] == ["processes.scope.limit"]
    assert found[0].hint


# Where a part is wide in tolerance, comes from the step before or has no bore, some drivers mean nothing.
_WHERE_IT_COUNTS = {"it_grade": 7.0, "toleranced_share": 0.5, "stock_mm3": 5e4, "volume_mm3": 2e4}


@every_process
def test_every_driver_moves_price_or_carbon_where_it_counts(process):
    usual = dict(typical_operation(process).drivers)
    usual |= {name: value for name, value in _WHERE_IT_COUNTS.items() if name in usual}
    for name, driver in process_table(process).drivers.items():
        ends = [{**usual, name: value} for value in (driver.low, usual[name], driver.high)]
        told = {
            (float(e.price[0, 0]), float(e.co2e_kg[0, 0])) for e in (made(process, m, [30.0]) for m in ends)
        }
        assert len(told) > 1, name
