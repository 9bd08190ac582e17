"""What `validate` refuses, and how it says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from tests.scheduling.workloads import on, resource, work, workload, workloads

from manyworks.model import FindingsError, Link
from manyworks.scheduling import SchedulingError, schedule, validate


def codes(load):
    return [finding.code.removeprefix("scheduling.") for finding in validate(load)]


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(workloads())
def test_sound_workloads_pass(load):
    assert validate(load) == ()


def test_a_work_without_a_mode_is_named():
    (finding,) = validate(workload([work("a")], resource("m")))
    assert (finding.code, finding.where) == ("scheduling.work.no-mode", "a")


def test_unknown_resources_are_named():
    load = workload([work("a", on("x", 1, workers=("y",), tools=("z",)))], resource("m"))
    assert [finding.message.split("'")[1] for finding in validate(load)] == ["x", "y", "z"]


def test_a_worker_cannot_stand_in_for_a_machine():
    assert codes(workload([work("a", on("w", 1))], resource("w", "worker"))) == ["mode.wrong-kind"]


def test_an_unknown_kind_is_refused():
    assert "resource.unknown-kind" in codes(workload([], resource("m", "robot")))


def test_a_resource_filed_under_another_name_is_refused():
    load = workload([work("a", on("m", 1))], resource("m"))
    assert codes(replace(load, resources={"m": resource("n")})) == ["resource.wrong-key"]


def test_a_link_to_nothing_is_named():
    (finding,) = validate(workload([work("a", on("m", 1), after=["ghost"])], resource("m")))
    assert finding.code == "scheduling.link.unknown-work"
    assert "'ghost'" in finding.message


def test_a_cycle_is_written_out():
    works = [
        work("a", on("m", 1), after=["c"]),
        work("b", on("m", 1), after=["a"]),
        work("c", on("m", 1), after=["b"]),
    ]
    (finding,) = validate(workload(works, resource("m")))
    assert finding.code == "scheduling.link.cycle"
    assert all(name in finding.message for name in "abc")


def test_a_work_that_waits_for_itself_is_a_cycle():
    assert codes(workload([work("a", on("m", 1), after=["a"])], resource("m"))) == ["link.cycle"]


def test_two_works_of_one_id_are_refused():
    assert "work.twice" in codes(workload([work("a", on("m", 1)), work("a", on("m", 2))], resource("m")))


@pytest.mark.parametrize("value", [-1, 1.5, float("nan"), 10**12, True, "3"])
@pytest.mark.parametrize(
    "build",
    [
        lambda v: work("a", on("m", v)),
        lambda v: work("a", on("m", 1, setup_s=v)),
        lambda v: work("a", on("m", 1), release_s=v),
        lambda v: work("a", on("m", 1), due_s=v),
        lambda v: work("a", on("m", 1), after=[Link(before="b", lag_s=v)]),
    ],
)
def test_times_must_be_whole_seconds_within_reason(build, value):
    assert codes(workload([build(value), work("b", on("m", 1))], resource("m"))) == ["time.bad"]


def test_change_over_times_are_checked_too():
    assert codes(workload([], resource("m", setups={("a", "b"): -3}))) == ["time.bad"]


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf"), "heavy"])
def test_weights_must_be_finite_and_not_negative(weight):
    assert codes(workload([work("a", on("m", 1), weight=weight)], resource("m"))) == ["work.bad-weight"]


@pytest.mark.parametrize(
    "intervals", [((5, 5),), ((9, 3),), ((0, 5), (4, 8)), ((10, 20), (0, 5)), ((0.5, 3),), ((0, 10**15),)]
)
def test_intervals_must_ascend_and_not_overlap(intervals):
    assert codes(workload([], resource("m", intervals=intervals))) == ["resource.bad-intervals"]


def test_a_long_run_that_must_not_pause_never_fits_short_shifts():
    load = workload([work("a", on("m", 12), pausable=False)], resource("m", intervals=((0, 10), (20, 30))))
    (finding,) = validate(load)
    assert finding.code == "scheduling.work.never-fits"
    assert "no common working stretch longer than 10 s" in finding.message


def test_two_shifts_that_never_meet_never_fit():
    resources = resource("m", intervals=((0, 10),)), resource("w", "worker", ((10, 20),))
    (finding,) = validate(workload([work("a", on("m", 1, workers=("w",)))], *resources))
    assert "m, w: no common working time" in finding.message


def test_a_pausable_run_longer_than_all_hours_never_fits():
    (finding,) = validate(workload([work("a", on("m", 21))], resource("m", intervals=((0, 10), (20, 30)))))
    assert "only 20 s of common working time" in finding.message


def test_hours_before_the_release_do_not_count():
    load = workload([work("a", on("m", 8), release_s=5)], resource("m", intervals=((0, 10),)))
    assert codes(load) == ["work.never-fits"]


def test_one_mode_that_fits_is_enough():
    works = [work("a", on("m", 12), on("n", 12), pausable=False)]
    assert codes(workload(works, resource("m", intervals=((0, 10),)), resource("n"))) == []


def test_all_problems_are_reported_at_once():
    load = workload([work("a"), work("b", on("x", -1), after=["ghost"], weight=-1.0)], resource("m", "robot"))
    assert {*codes(load)} == {
        "resource.unknown-kind",
        "work.no-mode",
        "work.bad-weight",
        "time.bad",
        "mode.unknown-resource",
        "link.unknown-work",
    }


def test_schedule_refuses_with_every_finding():
    load = workload([work("a"), work("b")], resource("m"))
    with pytest.raises(SchedulingError) as caught:
        schedule(load)
    assert [finding.where for finding in caught.value.findings] == ["a", "b"]
    assert isinstance(caught.value, FindingsError)
