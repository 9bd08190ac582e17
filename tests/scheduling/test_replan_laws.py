"""What holds for every plan and everything that may happen to it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scheduling.replan_cases import FEW, by_work, happenings, outages, plans

from manyworks.scheduling import SchedulingError, check
from manyworks.scheduling.replanning import replan

SOME = settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))


@SOME
@given(plans())
def test_without_deviations_nothing_changes(plan):
    load, made, now = plan
    again = replan(load, made, [], now, stop=FEW)
    before = by_work(made)
    assert [one for one in again.schedule.assignments if one != before[one.work]] == []
    assert again.difference.moved == again.difference.shifted == ()
    assert again.findings == ()


@SOME
@given(plans(), st.data())
def test_the_checker_accepts_whatever_happened(plan, data):
    load, made, now = plan
    deviations = data.draw(st.lists(happenings(load, made, now), max_size=3))
    try:
        again = replan(load, made, deviations, now, stop=FEW)
    except SchedulingError as refused:
        causes = {finding.code for finding in refused.findings}
    else:
        causes = set()
        assert check(again.workload, again.schedule) == ()
    assert not any(cause.startswith("scheduling.check") for cause in causes)


@SOME
@given(plans(), st.data())
def test_what_runs_untouched_by_any_deviation_stays_as_it_is(plan, data):
    load, made, now = plan
    deviations = data.draw(st.lists(outages(load, 150), max_size=2))
    try:
        again = replan(load, made, deviations, now, stop=FEW)
    except SchedulingError:
        return
    after, works = by_work(again.schedule), {one.id: one for one in load.works}
    hit = {one.resource for one in deviations}
    for one in made.assignments:
        mode = works[one.work].modes[one.mode]
        running = one.start_s < now < one.end_s
        untouched = not ({mode.machine, *mode.workers, *mode.tools} & hit) and not works[one.work].links
        if running and untouched:
            assert after[one.work] == one


@SOME
@given(plans(), st.data())
def test_nothing_but_what_runs_begins_in_the_past(plan, data):
    load, made, now = plan
    deviations = data.draw(st.lists(outages(load, 150), max_size=2))
    try:
        again = replan(load, made, deviations, now, stop=FEW)
    except SchedulingError:
        return
    fixed = {one.id for one in again.workload.works if one.fixed is not None}
    assert all(one.start_s >= now or one.work in fixed for one in again.schedule.assignments)


@SOME
@given(plans())
def test_an_outage_after_everything_moves_nothing(plan):
    load, made, now = plan
    machine = next(one for one in load.resources.values() if one.kind == "machine")
    from manyworks.model import MachineDown

    late = MachineDown(resource=machine.id, start_s=made.makespan_s + 1, end_s=made.makespan_s + 9)
    again = replan(load, made, [late], now, stop=FEW)
    before = by_work(made)
    assert [one for one in again.schedule.assignments if one != before[one.work]] == []


@SOME
@given(plans(), st.data())
def test_planning_again_twice_is_planning_again_once(plan, data):
    """What was left of a plan is a plan itself: nothing further changes without a further deviation."""
    load, made, now = plan
    deviations = data.draw(st.lists(outages(load, 150), max_size=2))
    try:
        once = replan(load, made, deviations, now, stop=FEW)
    except SchedulingError:
        return
    twice = replan(once.workload, once.schedule, [], now, stop=FEW)
    assert twice.difference.moved == twice.difference.shifted == ()
    assert twice.schedule.objective == pytest.approx(once.schedule.objective)


@SOME
@given(plans(), st.data())
def test_searching_never_makes_the_first_repair_worse(plan, data):
    """Nobody is later, beyond what was planned, than where everything is only pushed back."""
    from manyworks.scheduling.replanning.search import Repairer

    load, made, now = plan
    deviations = data.draw(st.lists(outages(load, 150), max_size=2))
    try:
        again = replan(load, made, deviations, now, stop=FEW)
    except SchedulingError:
        return
    planned_ends = by_work(made)
    pushed = Repairer(
        again.workload, {one.work: planned_ends[one.work] for one in again.schedule.assignments}
    )

    def extra(assignments):
        works = {one.id: one for one in again.workload.works}
        return sum(
            works[one.work].weight
            * max(0, one.end_s - max(works[one.work].due_s, planned_ends[one.work].end_s))
            for one in assignments
            if works[one.work].due_s is not None
        )

    assert extra(again.schedule.assignments) <= extra(pushed.assignments) + 1e-6
