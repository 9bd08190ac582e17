"""Laws that every process's estimate keeps."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.model import Capability
from manyworks.processes import (
    COST_KINDS,
    ProcessesError,
    check_coefficients,
    estimate,
    known_countries,
    processes,
    rate_card,
    typical_operation,
)
from manyworks.processes.tables import process_table

quantities = st.lists(st.integers(1, 2_000_000).map(float), min_size=1, max_size=6)
countries = st.lists(st.sampled_from(known_countries()), min_size=1, max_size=4)


@pytest.fixture(scope="session")
def one_of_each():
    """One operation of every process."""
    return {process: typical_operation(process) for process in processes()}


every_process = pytest.mark.parametrize("process", processes())


def habits(process):
    """Some of a process's coefficients, anywhere in their range."""
    ranges = {f.name: st.floats(f.low, f.high) for f in process_table(process).coefficients.values()}
    return st.fixed_dictionaries({}, optional=ranges)


@every_process
@settings(max_examples=40, deadline=None)
@given(asked=quantities, where=countries, data=st.data())
def test_prices_never_fall_with_quantity(one_of_each, cast, process, asked, where, data):
    row = np.sort(np.array(asked))
    own = data.draw(habits(process))
    price = estimate(one_of_each[process], row, [cast.station(country, own) for country in where]).price
    assert np.all(np.diff(price, axis=1) >= -1e-9 * price[:, 1:])


@every_process
@settings(max_examples=25, deadline=None)
@given(asked=quantities, where=countries)
def test_all_at_once_equals_one_by_one(one_of_each, cast, process, asked, where):
    stations = [cast.station(country) for country in where]
    whole = estimate(one_of_each[process], np.array(asked), stations)
    for s, single in enumerate(stations):
        for q, quantity in enumerate(asked):
            alone = estimate(one_of_each[process], np.array([quantity]), [single])
            assert alone.price[0, 0] == pytest.approx(whole.price[s, q], rel=1e-12)
            assert alone.starts[0, 0] == whole.starts[s, q]
            assert alone.co2e_kg[0, 0] == pytest.approx(whole.co2e_kg[s, q], rel=1e-12)


@every_process
@settings(max_examples=15, deadline=None)
@given(asked=quantities)
def test_every_line_is_finite_and_none_is_negative(one_of_each, cast, process, asked):
    done = estimate(one_of_each[process], np.array(asked), [cast.station(), cast.station("GB")])
    assert tuple(done.costs) == COST_KINDS
    shape = (2, len(asked))
    arrays = [*done.costs.values(), done.setup_s, done.run_s, done.attended_s, done.energy_kwh, done.co2e_kg]
    for array in arrays:
        assert array.shape == shape
        assert np.all(np.isfinite(array))
        assert np.all(array >= 0.0)
    assert np.allclose(sum(done.costs.values()), done.price)


@every_process
def test_no_station_gives_an_estimate_without_rows(one_of_each, process):
    made = estimate(one_of_each[process], np.array([1.0, 50.0, 5000.0]), [])
    arrays = (
        made.starts,
        made.setup_s,
        made.run_s,
        made.attended_s,
        made.energy_kwh,
        made.co2e_kg,
        made.price,
    )
    assert [array.shape for array in arrays] == [(0, 3)] * len(arrays)


@every_process
def test_starts_cover_the_yield_and_no_more(one_of_each, cast, process):
    asked = np.array([1.0, 10.0, 1000.0, 123_456.0])
    starts = estimate(one_of_each[process], asked, [cast.station()]).starts
    assert np.all(starts >= asked)
    assert np.all(starts == np.ceil(starts))
    assert starts[0, -1] < asked[-1] / 0.7 + 1


@every_process
def test_administration_and_margin_lie_on_all_other_lines(one_of_each, cast, process):
    costs = estimate(one_of_each[process], np.array([70.0]), [cast.station("GB")]).costs
    card = rate_card("GB", {"USD": 1.0})
    below = sum(value for kind, value in costs.items() if kind not in ("administration", "margin"))
    assert costs["administration"] == pytest.approx(below * card.administration)
    assert costs["margin"] == pytest.approx(below * (1 + card.administration) * card.margin)


@every_process
def test_everything_doubles_with_the_worth_of_a_dollar(one_of_each, cast, process):
    dollar = cast.station("PL")
    zloty = replace(dollar, rates=rate_card("PL", {"USD": 4.0}))
    done = estimate(one_of_each[process], np.array([3.0, 300.0]), [dollar, zloty])
    assert done.price[1] == pytest.approx(4.0 * done.price[0])


@every_process
def test_every_default_that_was_used_is_told(one_of_each, cast, process):
    told = estimate(one_of_each[process], np.array([70.0]), [cast.station()]).assumptions
    assert len(told) > 5
    for line in told:
        assert line.startswith(process)
        assert "confidence" in line


@every_process
def test_a_shops_own_coefficient_moves_the_price_and_is_no_longer_told(one_of_each, cast, process):
    operation = one_of_each[process]
    plain = estimate(operation, np.array([70.0]), [cast.station()])
    used = {line.split(": ")[1].split(" = ")[0] for line in plain.assumptions}
    moved = 0
    for figure in process_table(process).coefficients.values():
        if figure.name not in used:
            continue
        own = {figure.name: figure.high if figure.value != figure.high else figure.low}
        assert not check_coefficients(process, own)
        changed = estimate(operation, np.array([70.0]), [cast.station(coefficients=own)])
        assert not any(f" {figure.name} = " in line for line in changed.assumptions)
        moved += not np.array_equal(changed.price, plain.price)
    assert moved >= 5


@every_process
def test_an_override_at_one_station_leaves_the_others_alone(one_of_each, cast, process):
    own = {f"{process}.skill_wage_factor": 3.0}
    stations = [cast.station(), cast.station(coefficients=own)]
    done = estimate(one_of_each[process], np.array([70.0]), stations)
    alone = estimate(one_of_each[process], np.array([70.0]), [cast.station()])
    assert done.price[0, 0] == pytest.approx(alone.price[0, 0])
    assert done.price[1, 0] > done.price[0, 0]
    assert any(" skill_wage_factor = " in line for line in done.assumptions)


@every_process
def test_coefficients_of_other_processes_are_ignored(one_of_each, cast, process):
    stranger = cast.station(coefficients={"levitation.height": 3.0, "no_such_name": 1.0})
    done = estimate(one_of_each[process], np.array([70.0]), [stranger, cast.station()])
    assert done.price[0, 0] == done.price[1, 0]


@every_process
def test_a_dearer_machine_makes_dearer_hours(one_of_each, cast, process):
    stations = [cast.station(capital=1.0), cast.station(capital=3e6)]
    done = estimate(one_of_each[process], np.array([70.0]), stations)
    assert done.price[1, 0] > done.price[0, 0]


@every_process
def test_a_hungrier_machine_uses_more_energy_and_nothing_else(one_of_each, cast, process):
    stations = [cast.station(power_kw=1.0), cast.station(power_kw=2.0)]
    done = estimate(one_of_each[process], np.array([70.0]), stations)
    assert done.energy_kwh[1, 0] == pytest.approx(2.0 * done.energy_kwh[0, 0])
    assert done.costs["machine"][1, 0] == done.costs["machine"][0, 0]


@every_process
@pytest.mark.parametrize("bad", [0.0, -3.0, math.nan, math.inf])
def test_impossible_quantities_are_refused(one_of_each, cast, process, bad):
    with pytest.raises(ProcessesError, match="above 0"):
        estimate(one_of_each[process], np.array([1.0, bad]), [cast.station()])


@every_process
def test_a_missing_driver_is_named(one_of_each, cast, process):
    bare = replace(one_of_each[process], drivers={})
    with pytest.raises(ProcessesError, match="needs the driver"):
        estimate(bare, np.array([1.0]), [cast.station()])


def test_an_impossible_coefficient_is_refused(one_of_each, cast):
    wrong = cast.station(coefficients={"efficiency": 0.0})
    with pytest.raises(ProcessesError, match="efficiency"):
        estimate(one_of_each["smt-assembly"], np.array([1.0]), [wrong])


def test_a_bigger_press_costs_more_by_the_hour(one_of_each, cast):
    small, big = (
        cast.station(capabilities=(Capability(process="injection-moulding", clamp_force_t=force),))
        for force in (50.0, 500.0)
    )
    done = estimate(one_of_each["injection-moulding"], np.array([5000.0]), [small, big])
    assert done.costs["machine"][1, 0] > 2.0 * done.costs["machine"][0, 0]
    assert done.energy_kwh[1, 0] > done.energy_kwh[0, 0]


def test_nobody_asked_gives_empty_arrays(one_of_each):
    assert estimate(one_of_each["packing"], np.array([1.0, 2.0]), []).price.shape == (0, 2)
