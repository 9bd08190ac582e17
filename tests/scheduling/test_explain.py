"""Why late, why here, why now: the figures add up, and each cause is the one that can be seen."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from tests.scheduling.replan_cases import planned
from tests.scheduling.test_promise import at, plan_of
from tests.scheduling.workloads import on, resource, work, workload, workloads

from manyworks.model import Assignment, Link
from manyworks.scheduling import SchedulingError, check
from manyworks.scheduling.explaining import Speaker, explain_late, explain_work
from manyworks.scheduling.explaining.words import tell_duration

SOME = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))


def causes(late):
    return [(one.cause, one.start_s, one.end_s, one.resource, one.by) for one in late.stretches]


@SOME
@given(workloads())
def test_the_stretches_cover_all_time_to_the_end_once(load):
    made = planned(load)
    done = {one.work: one for one in made.assignments}
    for late in explain_late(load, made):
        times = [(one.start_s, one.end_s) for one in late.stretches]
        assert times[0][0] == 0
        assert all(one[1] == other[0] for one, other in pairwise(times))
        assert times[-1][1] == late.end_s == done[late.work].end_s
        assert sum(seconds for _, seconds in late.seconds) == late.end_s


@SOME
@given(workloads())
def test_every_late_order_is_explained_and_no_other(load):
    made = planned(load)
    ends = {one.work: one.end_s for one in made.assignments}
    late = {one.order for one in load.works if one.due_s is not None and ends[one.id] > one.due_s}
    assert {one.order for one in explain_late(load, made)} == late


@SOME
@given(workloads())
def test_a_busy_resource_really_is_held_by_the_work_that_is_blamed(load):
    made = planned(load)
    done, works = {one.work: one for one in made.assignments}, {one.id: one for one in load.works}
    for late in explain_late(load, made):
        for one in (one for one in late.stretches if one.cause == "busy"):
            mode = works[one.by].modes[done[one.by].mode]
            assert one.resource in (mode.machine, *mode.workers, *mode.tools)
            assert done[one.by].start_s <= one.start_s < one.end_s <= done[one.by].end_s


def test_a_wait_for_a_busy_machine_names_what_it_does():
    load = workload(
        [work("a", on("mill", 100), order="A"), work("b", on("mill", 50), order="B", due_s=60)],
        resource("mill"),
    )
    (late,) = explain_late(load, plan_of(at("a", 0, 100), at("b", 100, 150)))
    assert causes(late) == [("busy", 0, 100, "mill", "a"), ("run", 100, 150, "mill", None)]
    assert (late.bottleneck, late.late_s) == ("mill", 90)


def test_a_wait_for_a_person_is_not_blamed_on_the_machine():
    load = workload(
        [
            work("a", on("lathe", 100, workers=("ann",)), order="A"),
            work("b", on("mill", 50, workers=("ann",)), order="B", due_s=60),
        ],
        *(resource(name) for name in ("mill", "lathe")),
        resource("ann", "worker"),
    )
    (late,) = explain_late(load, plan_of(at("a", 0, 100), at("b", 100, 150)))
    assert causes(late)[0] == ("busy", 0, 100, "ann", "a")
    assert late.bottleneck == "ann"


def test_material_transport_set_up_closed_hours_and_breaks_each_have_their_share():
    load = workload(
        [
            work("a", on("mill", 20, setup_s=10), order="A", release_s=30),
            work("b", on("bench", 40), order="A", after=[Link(before="a", lag_s=25)], due_s=100),
        ],
        resource("mill"),
        resource("bench", intervals=((0, 50), (100, 120), (150, 900))),
    )
    second = Assignment(
        work="b", mode=0, start_s=100, end_s=170, setup_s=0, segments=((100, 120), (150, 170))
    )
    made = plan_of(at("a", 30, 60, setup=10), second)
    made = type(made)(**{**{k: getattr(made, k) for k in made.__slots__}, "objective": 70.0})
    assert check(load, made) == ()
    (late,) = explain_late(load, made)
    assert causes(late) == [
        ("release", 0, 30, None, None),
        ("setup", 30, 40, "mill", None),
        ("run", 40, 60, "mill", None),
        ("travel", 60, 85, None, "a"),
        ("closed", 85, 100, "bench", None),
        ("run", 100, 120, "bench", None),
        ("closed", 120, 150, "bench", None),
        ("run", 150, 170, "bench", None),
    ]
    assert dict(late.seconds)["closed", "bench"] == 45
    assert late.bottleneck is None


def test_a_gap_that_is_too_short_is_told_with_what_ends_it():
    load = workload(
        [
            work("a", on("mill", 20), order="A", release_s=30),
            work("b", on("mill", 40), order="B", due_s=60),
            work("c", on("mill", 40), order="C", due_s=90, pausable=False),
        ],
        resource("mill", intervals=((0, 60), (100, 900))),
    )
    made = plan_of(at("a", 30, 50), at("b", 100, 140), at("c", 140, 180))
    by_order = {one.order: one for one in explain_late(load, made)}
    assert causes(by_order["C"])[:4] == [
        ("gap", 0, 30, "mill", "a"),
        ("busy", 30, 50, "mill", "a"),
        ("gap", 50, 60, "mill", None),
        ("closed", 60, 100, "mill", None),
    ]


def test_other_ways_to_do_a_work_say_when_it_would_end():
    load = workload(
        [
            work("a", on("lathe", 90), order="A"),
            work("b", on("mill", 50), on("lathe", 30), on("saw", 70), order="B"),
        ],
        *(resource(name) for name in ("mill", "lathe", "saw")),
    )
    placement = explain_work(load, plan_of(at("a", 0, 90), at("b", 0, 50)), "b")
    assert [(one.mode, one.end_s) for one in placement.alternatives] == [(0, 50), (1, 120), (2, 70)]
    assert [(one.cause, one.by) for one in placement.alternatives[1].waits] == [("busy", "a")]
    assert placement.slack_s is None


@SOME
@given(workloads(most_works=5))
def test_no_work_could_end_sooner_where_it_is(load):
    """Schedules have everything as early as its place allows, and the own mode is tried like any other."""
    made = planned(load)
    for done in made.assignments:
        placement = explain_work(load, made, done.work)
        own = placement.alternatives[done.mode]
        assert own.end_s is not None
        assert own.end_s <= done.end_s


def test_slack_is_the_time_to_what_comes_next():
    load = workload(
        [work("a", on("mill", 50), due_s=90), work("b", on("lathe", 10), after=[Link(before="a", lag_s=5)])],
        *(resource(name) for name in ("mill", "lathe")),
    )
    assert explain_work(load, plan_of(at("a", 0, 50), at("b", 70, 80)), "a").slack_s == 15


def test_a_work_that_is_not_there_is_told():
    with pytest.raises(SchedulingError) as caught:
        explain_work(workload([]), plan_of(), "z")
    assert [finding.code for finding in caught.value.findings] == ["scheduling.explain.unknown-work"]


def test_sentences_name_machines_orders_times_and_the_bottleneck():
    load = workload(
        [work("a", on("mill", 7200), order="A"), work("b", on("mill", 3600), order="B", due_s=3600)],
        resource("mill"),
    )
    made = plan_of(at("a", 0, 7200), at("b", 7200, 10800))
    (late,) = explain_late(load, made)
    sentences = Speaker(load).late(late)
    assert sentences[0] == "Order B ends Mon 2 Mar 03:00, 2 h late."
    assert sentences[1] == "Its 3 h since the plan begins: 2 h waiting for mill and 1 h work on mill."
    assert sentences[2] == "The bottleneck is mill: the order waits 2 h for it."
    assert "waits for mill, which does a of order A" in sentences[3]
    told = Speaker(load).placement(explain_work(load, made, "b"))
    assert told[0] == "B of order B is done on mill, Mon 2 Mar 02:00 to Mon 2 Mar 03:00."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "5 s"),
        (720, "12 min"),
        (3600, "1 h"),
        (11100, "3 h 05 min"),
        (187200, "2 days 4 h"),
        (86400, "1 day"),
    ],
)
def test_durations_read_as_people_say_them(seconds, words):
    assert tell_duration(seconds) == words
