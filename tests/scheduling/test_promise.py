"""When a new order could be done: against brute force, the checker, and by hand."""

from __future__ import annotations

import itertools
from time import perf_counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.scheduling.replan_cases import planned
from tests.scheduling.workloads import EPOCH, on, resource, work, workload, workloads

from manyworks.model import Assignment, Link, Schedule
from manyworks.scheduling import SchedulingError, check
from manyworks.scheduling.promising import Promiser

SOME = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


def plan_of(*assignments):
    return Schedule(
        epoch=EPOCH,
        assignments=assignments,
        objective=0.0,
        makespan_s=max((one.end_s for one in assignments), default=0),
        bound=0.0,
        bound_kind="",
        status="feasible",
    )


def at(name, start, end, *, mode=0, setup=0):
    return Assignment(work=name, mode=mode, start_s=start, end_s=end, setup_s=setup, segments=((start, end),))


def gap_of_100():
    """A mill that is free from 100 to 200, and after 300."""
    load = workload([work("a", on("mill", 100)), work("b", on("mill", 100))], resource("mill"))
    return Promiser(load, plan_of(at("a", 0, 100), at("b", 200, 300)))


@pytest.mark.parametrize(("duration", "finish"), [(100, 200), (101, 401), (1, 101)])
def test_a_work_goes_into_the_first_gap_it_fits(duration, finish):
    assert gap_of_100().promise([work("n", on("mill", duration))]).finish_s == finish


def test_nothing_begins_before_now():
    assert gap_of_100().promise([work("n", on("mill", 60))], not_before_s=150).finish_s == 360


def test_a_gap_is_no_use_where_the_next_work_would_need_a_longer_set_up():
    red, blue = (on("mill", 100, setup_s=40, family=name) for name in ("red", "blue"))
    load = workload([work("a", red), work("b", red)], resource("mill"))
    promiser = Promiser(load, plan_of(at("a", 0, 140, setup=40), at("b", 400, 500)))
    assert promiser.promise([work("n", red)]).finish_s == 240
    assert promiser.promise([work("n", blue)]).finish_s == 640


def test_a_person_and_a_tool_must_be_free_as_well():
    crew = on("mill", 50, workers=("ann",), tools=("jig",))
    load = workload(
        [work("a", on("lathe", 120, workers=("ann",))), work("b", on("lathe", 80, tools=("jig",)))],
        resource("mill"),
        resource("lathe"),
        resource("ann", "worker", intervals=((0, 260), (300, 900))),
        resource("jig", "tool"),
    )
    promiser = Promiser(load, plan_of(at("a", 0, 120), at("b", 120, 200)))
    assert promiser.promise([work("n", crew)]).finish_s == 250
    assert promiser.promise([work("n", crew, pausable=False)], not_before_s=220).finish_s == 350
    assert promiser.promise([work("n", crew)], not_before_s=220).finish_s == 310


def test_the_branches_of_an_order_share_what_there_is():
    """Two parts on one mill, then assembled: the shorter wait is for the one that has longer to go."""
    parts = [
        work("p", on("mill", 10), order="N"),
        work("q", on("mill", 20), order="N"),
        work("r", on("oven", 100), order="N", after=["p"]),
        work("s", on("bench", 5), order="N", after=["q", "r"]),
    ]
    load = workload([], *(resource(name) for name in ("mill", "oven", "bench")))
    promise = Promiser(load, plan_of()).promise(parts)
    assert promise.finish_s == 115
    assert promise.exact


def test_a_link_to_a_planned_work_is_kept():
    new = work("n", on("mill", 50), after=[Link(before="b", lag_s=30)])
    assert gap_of_100().promise([new]).finish_s == 380


def free_at(promiser_load, made, mode, start, end):
    """Whether nothing planned holds what a mode needs at some time between two others."""
    needed = {mode.machine, *mode.workers, *mode.tools}
    works = {one.id: one for one in promiser_load.works}
    for one in made.assignments:
        other = works[one.work].modes[one.mode]
        if needed & {other.machine, *other.workers, *other.tools} and one.start_s < end and one.end_s > start:
            return False
    return True


def earliest_by_trying(load, made, chain):
    """Earliest end of a chain of works without set-ups and calendars: every second, every mode."""
    ready = 0
    for one in chain:
        ends = []
        for mode in one.modes:
            start = next(
                t for t in itertools.count(ready) if free_at(load, made, mode, t, t + mode.duration_s)
            )
            ends.append(start + mode.duration_s)
        ready = min(ends)
    return ready


@st.composite
def plain_shops(draw):
    """A plan with gaps on machines with people, and a chain of new works on different machines."""
    machines, people = ["m0", "m1", "m2"], ["w0", "w1"]
    works, made, free = [], [], dict.fromkeys([*machines, *people], 0)
    for index in range(draw(st.integers(0, 8))):
        machine, worker = draw(st.sampled_from(machines)), draw(st.sampled_from(people))
        start = max(free[machine], free[worker]) + draw(st.integers(0, 6))
        end = start + draw(st.integers(1, 6))
        free[machine] = free[worker] = end
        works.append(work(f"k{index}", on(machine, end - start, workers=(worker,))))
        made.append(at(f"k{index}", start, end))
    chain = []
    for step, machine in enumerate(draw(st.permutations(machines))[: draw(st.integers(1, 3))]):
        modes = [
            on(machine, draw(st.integers(1, 6)), workers=(name,))
            for name in draw(st.lists(st.sampled_from(people), min_size=1, max_size=2, unique=True))
        ]
        chain.append(work(f"n{step}", *modes, order="N", after=[f"n{step - 1}"] if step else []))
    load = workload(works, *map(resource, machines), *(resource(name, "worker") for name in people))
    return load, plan_of(*sorted(made, key=lambda one: one.start_s)), chain


@SOME
@given(plain_shops())
def test_a_chain_ends_when_trying_every_second_says(shop):
    load, made, chain = shop
    promise = Promiser(load, made).promise(chain)
    assert promise.exact
    assert promise.finish_s == earliest_by_trying(load, made, chain)


def renamed(works):
    """The same works under other names, as a new order."""
    from dataclasses import replace

    return [
        replace(
            one,
            id=f"n-{one.id}",
            order="new",
            links=tuple(replace(link, before=f"n-{link.before}") for link in one.links),
        )
        for one in works
    ]


@SOME
@given(workloads(most_works=6), st.integers(0, 60))
def test_the_plan_with_the_order_in_it_is_accepted_and_nothing_planned_has_moved(load, now):
    made = planned(load)
    promiser = Promiser(load, made)
    try:
        promise = promiser.promise(renamed(load.works), not_before_s=now)
    except SchedulingError:
        assume(False)
    whole, inserted = promiser.accept(promise)
    assert check(whole, inserted) == ()
    assert set(made.assignments) <= set(inserted.assignments)
    new = [one for one in inserted.assignments if one.work.startswith("n-")]
    assert promise.finish_s == max(one.end_s for one in new)
    assert min(one.start_s for one in new) >= now


def test_what_makes_no_sense_is_refused_with_every_reason():
    with pytest.raises(SchedulingError) as caught:
        gap_of_100().promise([work("a", on("mill", 1)), work("n", on("nobody", -1))])
    assert {finding.code for finding in caught.value.findings} == {
        "scheduling.promise.known-work",
        "scheduling.mode.unknown-resource",
        "scheduling.time.bad",
    }


def test_an_order_without_room_is_told():
    load = workload([], resource("mill", intervals=((0, 100),)))
    with pytest.raises(SchedulingError) as caught:
        Promiser(load, plan_of()).promise([work("n", on("mill", 60)), work("o", on("mill", 60))])
    assert [finding.code for finding in caught.value.findings] == ["scheduling.horizon.ends"]


def test_an_order_that_must_give_way_ends_later_and_one_that_others_give_way_to_sooner():
    load = workload(
        [work("a", on("mill", 100), order="A", due_s=100), work("b", on("mill", 100), order="B", due_s=900)],
        resource("mill"),
    )
    promiser = Promiser(load, plan_of(at("a", 0, 100), at("b", 100, 200)))
    new = [work("n", on("mill", 50), order="N")]
    assert promiser.promise(new).finish_s == 250
    promise = promiser.promise(new, give_way_after_s=500)
    assert promise.finish_s == 150
    assert [(one.work, one.start_s) for one in promise.displaced] == [("b", 150)]
    assert check(*promiser.accept(promise)) == ()


def test_thousands_of_works_are_answered_in_milliseconds():
    works = [work(f"k{i}", on(f"m{i % 40}", 50)) for i in range(5000)]
    made = [at(f"k{i}", 60 * (i // 40), 60 * (i // 40) + 50) for i in range(5000)]
    machines = [
        resource(f"m{i}", intervals=tuple((600 * n, 600 * n + 590) for n in range(400))) for i in range(40)
    ]
    promiser = Promiser(workload(works, *machines), plan_of(*made))
    chain = [
        work(f"n{step}", on(f"m{step}", 12), on(f"m{step + 9}", 11), after=[f"n{step - 1}"] if step else [])
        for step in range(8)
    ]
    promiser.promise(chain)
    times = []
    for _ in range(5):
        began = perf_counter()
        promiser.promise(chain)
        times.append(perf_counter() - began)
    assert min(times) < 0.02
