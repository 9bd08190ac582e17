"""Works that are settled and machines that are set up: what the checker and the engine make of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.scheduling.test_promise import at, plan_of
from tests.scheduling.workloads import on, resource, work, workload

from manyworks.model import Assignment
from manyworks.scheduling import check, validate
from manyworks.scheduling.schedules import schedule

RUNS = Assignment(work="a", mode=1, start_s=5, end_s=85, setup_s=3, segments=((5, 20), (60, 85)))


def shop(**more):
    """A work that runs on the lathe outside of all hours, and one that comes after it there."""
    lathe = replace(resource("lathe", intervals=((10, 20), (100, 900))), **more)
    return workload(
        [
            work("a", on("mill", 10), on("lathe", 10, family="red"), fixed=RUNS, release_s=50),
            work("b", on("lathe", 50, setup_s=9, family="red")),
        ],
        resource("mill"),
        lathe,
    )


def codes(findings):
    return [finding.code for finding in findings]


def test_a_settled_work_is_left_as_it_is_and_takes_what_it_holds():
    made = schedule(shop(), iterations=20)
    done = {one.work: one for one in made.assignments}
    assert done["a"] == RUNS
    assert done["b"] == at("b", 100, 150)


def test_a_settled_work_that_is_moved_is_found_out():
    moved = plan_of(replace(RUNS, start_s=6), at("b", 100, 150))
    assert codes(check(shop(), moved)) == ["scheduling.check.fixed-moved"]


def test_what_overlaps_a_settled_work_is_found_out():
    made = plan_of(at("b", 10, 20), RUNS)
    assert "scheduling.check.overlap" in codes(check(shop(), made))


@pytest.mark.parametrize(("family", "needed"), [("red", 0), ("blue", 4), ("", 9)])
def test_the_first_work_is_set_up_from_what_its_machine_holds(family, needed):
    lathe = replace(resource("lathe", setups={("blue", "red"): 4}), family=family)
    load = workload([work("b", on("lathe", 50, setup_s=9, family="red"))], lathe)
    (done,) = schedule(load, iterations=20).assignments
    assert done.setup_s == needed
    if needed:
        assert codes(check(load, plan_of(at("b", 0, 50)))) == ["scheduling.check.setup-short"]


@pytest.mark.parametrize(
    "fixed",
    [
        replace(RUNS, work="z"),
        replace(RUNS, mode=7),
        replace(RUNS, start_s=90),
        replace(RUNS, start_s=-1),
    ],
)
def test_a_settled_work_that_makes_no_sense_is_refused(fixed):
    load = workload([work("a", on("mill", 10), on("mill", 9), fixed=fixed)], resource("mill"))
    assert {finding.where for finding in validate(load)} == {"a"}
