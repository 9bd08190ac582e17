"""Laws that the processes for plastics keep anywhere in the range of their drivers and coefficients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.model import Machine, MachineId, ShopId
from manyworks.processes import Station, estimate, make_operation, rate_card
from manyworks.processes.tables import process_table

PROCESSES = (
    "injection-moulding",
    "mould-making",
    "fdm-printing",
    "dlp-printing",
    "sla-printing",
    "sls-printing",
    "mjf-printing",
)
every_process = pytest.mark.parametrize("process", PROCESSES)


def station(country="GB", own=None):
    machine = Machine(id=MachineId("m"), shop=ShopId("s"), name="m", capabilities=())
    return Station(machine=machine, rates=rate_card(country, {"USD": 1.0}), coefficients=own or {})


def jobs(process):
    """Drivers anywhere in their range: flags 0 or 1, the others even in the logarithm where they can be."""
    drivers = process_table(process).drivers.values()
    return st.fixed_dictionaries({driver.name: _value(driver) for driver in drivers})


def _value(driver):
    if driver.effect == "flag":
        return st.sampled_from((0.0, 1.0))
    if driver.low > 0.0:
        return st.floats(0.0, 1.0).map(lambda share: driver.low * (driver.high / driver.low) ** share)
    return st.one_of(st.just(driver.low), st.floats(driver.low, driver.high))


def habits(process):
    """Some of a process's coefficients, anywhere in their range."""
    ranges = {f.name: st.floats(f.low, f.high) for f in process_table(process).coefficients.values()}
    return st.fixed_dictionaries({}, optional=ranges)


def estimated(process, job, quantities, own):
    return estimate(make_operation(process, job), np.array(quantities), [station("GB", own)])


@every_process
@settings(max_examples=18, deadline=None)
@given(data=st.data())
def test_price_and_time_follow_each_driver_as_its_table_says(process, data):
    job, own = data.draw(jobs(process)), data.draw(habits(process))
    directed = {n: d for n, d in process_table(process).drivers.items() if d.effect in ("up", "down")}
    for name, driver in directed.items():
        other = {**job, name: data.draw(_value(driver))}
        less, more = sorted((job, other), key=lambda one: one[name], reverse=driver.effect == "down")
        low, high = (estimated(process, one, [1.0, 37.0, 5000.0], own) for one in (less, more))
        assert np.all(high.price >= low.price * (1.0 - 1e-9)), name
        before, after = low.run_s + low.setup_s, high.run_s + high.setup_s
        assert np.all(after >= before * (1.0 - 1e-9)), name


@every_process
@settings(max_examples=18, deadline=None)
@given(data=st.data(), pieces=st.integers(1, 3000), times=st.integers(2, 40))
def test_more_pieces_cost_more_but_no_more_than_as_many_orders(process, data, pieces, times):
    # Without scrap: starts are whole, and twice the pieces may start one more than twice as many.
    job, own = data.draw(jobs(process)), {**data.draw(habits(process)), "scrap_factor": 0.0}
    price = estimated(process, job, [pieces, pieces + 1, pieces * times], own).price[0]
    assert price[0] <= price[1] * (1.0 + 1e-9)
    assert price[2] <= times * price[0] * (1.0 + 1e-9)


@every_process
@settings(max_examples=18, deadline=None)
@given(data=st.data(), pieces=st.integers(1, 100_000))
def test_figures_are_sound_and_mass_is_kept(process, data, pieces):
    job, own = data.draw(jobs(process)), data.draw(habits(process))
    done = estimated(process, job, [pieces], own)
    arrays = [
        *done.costs.values(),
        done.run_s,
        done.setup_s,
        done.energy_kwh,
        done.co2e_kg,
        done.chemicals_kg,
    ]
    assert all(np.all(np.isfinite(array) & (array >= 0.0)) for array in arrays)
    assert np.allclose(sum(done.costs.values()), done.price)
    assert np.all(done.input_kg >= done.product_kg * (1.0 - 1e-12))
    assert np.all(done.product_kg > 0.0)
    assert 0.0 < pieces / done.starts[0, 0] <= 1.0


@every_process
def test_stations_and_quantities_are_worked_out_at_once(process):
    drivers = process_table(process).drivers.values()
    job = make_operation(process, {driver.name: driver.typical for driver in drivers})
    stations = [station(country) for country in ("CN", "GB", "US")]
    whole = estimate(job, np.array([1.0, 50.0, 3000.0]), stations)
    for row, one in enumerate(stations):
        alone = estimate(job, np.array([50.0]), [one])
        assert alone.price[0, 0] == pytest.approx(whole.price[row, 1], rel=1e-12)
