"""What is changed between two jobs, and what it takes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model import Operation
from manyworks.processes import changeover, process_table, processes, typical_operation
from manyworks.processes.changeover import new_share

WITH_MODULES = [process for process in processes() if process_table(process).changeover]


def states(process: str, job: str) -> Operation:
    """A job that sets every module of its cell to something of its own."""
    modules = process_table(process).changeover
    state = {name: f"{name} of {job}" for name in modules}
    return replace(typical_operation(process), setup_family=job, setup_state=state)


@pytest.mark.parametrize("process", WITH_MODULES)
def test_nothing_is_changed_between_jobs_of_one_family(process, cast):
    job = states(process, "a")
    change = changeover(job, job, cast.station())
    assert (change.minutes, change.person_minutes, change.scrap_kg, change.modules) == (0.0, 0.0, 0.0, ())


@pytest.mark.parametrize("process", WITH_MODULES)
def test_from_nothing_known_everything_is_set(process, cast):
    change = changeover(None, states(process, "a"), cast.station())
    assert {module.module for module in change.modules} == set(process_table(process).changeover)


@pytest.mark.parametrize("process", WITH_MODULES)
def test_only_the_modules_that_differ_are_changed(process, cast):
    first, second = states(process, "a"), states(process, "b")
    whole = changeover(first, second, cast.station())
    for kept in process_table(process).changeover:
        alike = replace(second, setup_state={**second.setup_state, kept: first.setup_state[kept]})
        change = changeover(first, alike, cast.station())
        assert kept not in {module.module for module in change.modules}
        assert change.minutes <= whole.minutes
        assert change.person_minutes <= whole.person_minutes
        assert change.scrap_kg <= whole.scrap_kg


@pytest.mark.parametrize("process", WITH_MODULES)
def test_a_slow_shop_takes_longer_for_the_same_change(process, cast):
    job = states(process, "a")
    plain = changeover(None, job, cast.station())
    slow = changeover(None, job, cast.station(coefficients={"setup_time_factor": 2.0}))
    assert slow.minutes == pytest.approx(2.0 * plain.minutes)


def test_a_line_keeps_the_feeders_that_both_boards_use():
    before, after = {"feeders": "C1|C2|R1"}, {"feeders": "C1|R1|R2|U1"}
    assert new_share(before, after, "feeders") == pytest.approx(0.5)


def test_a_module_that_is_not_stated_is_set_anew():
    assert new_share({}, {"mould": "x"}, "mould") == 1.0
    assert new_share({"mould": "x"}, {}, "mould") == 1.0


names = st.sets(st.sampled_from("abcdefgh"), min_size=1)


@given(names, names, names)
def test_loading_more_beforehand_never_adds_to_a_change(held, more, wanted):
    share = new_share({"m": "|".join(held)}, {"m": "|".join(wanted)}, "m")
    less = new_share({"m": "|".join(held | more)}, {"m": "|".join(wanted)}, "m")
    assert 0.0 <= less <= share <= 1.0
