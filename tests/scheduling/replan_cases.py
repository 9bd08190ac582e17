"""Plans and deviations for the tests of planning again: a small shop, and strategies for any."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume
from hypothesis import strategies as st
from tests.scheduling.workloads import on, resource, work, workload, workloads

from manyworks.model import (
    ExtraTime,
    Finished,
    MachineDown,
    PartLate,
    RushOrder,
    Scrapped,
    Slower,
    Started,
    ToolMissing,
    WorkerAbsent,
)
from manyworks.scheduling import SchedulingError, schedule
from manyworks.scheduling.problem.data import Stop

FEW = Stop(iterations=20)
OUTAGES = {"machine": MachineDown, "worker": WorkerAbsent, "tool": ToolMissing}


def planned(load):
    """A schedule of a workload; examples that find no room are no examples."""
    try:
        return schedule(load, iterations=10)
    except SchedulingError:
        assume(False)


def by_work(made):
    return {one.work: one for one in made.assignments}


def two_machines(**more):
    """Three works on a mill, one of which another machine could do as well, and one that follows."""
    return workload(
        [
            work("a", on("mill", 100), order="A", due_s=150),
            work("b", on("mill", 100), on("lathe", 120), order="B", due_s=350),
            work("c", on("mill", 100), order="C", due_s=500),
            work("d", on("lathe", 50), order="A", after=["a"], due_s=300),
        ],
        resource("mill"),
        resource("lathe"),
        **more,
    )


@st.composite
def outages(draw, load, horizon):
    name = draw(st.sampled_from(sorted(load.resources)))
    start = draw(st.integers(0, horizon))
    kind = OUTAGES[load.resources[name].kind]
    return kind(resource=name, start_s=start, end_s=start + draw(st.integers(1, 40)))


@st.composite
def happenings(draw, load, made, now):
    """One deviation that is about something in the plan."""
    name = draw(st.sampled_from(sorted(one.id for one in load.works)))
    resource_name = draw(st.sampled_from(sorted(load.resources)))
    start = draw(st.integers(0, 200))
    choices = [
        draw(outages(load, 150)),
        ExtraTime(resource=resource_name, start_s=start, end_s=start + 10),
        PartLate(work=name, release_s=draw(st.integers(0, 200))),
        Slower(factor=draw(st.sampled_from([0.5, 1.5, 3.0])), work=name),
        Slower(factor=draw(st.sampled_from([0.5, 1.5])), resource=resource_name),
        _rush(load, draw(st.integers(0, 200))),
    ]
    begun = [one for one in made.assignments if one.start_s < now]
    if begun:
        one = draw(st.sampled_from(begun))
        choices.append(Finished(work=one.work, end_s=draw(st.integers(one.start_s, now))))
        choices.append(Started(work=one.work, start_s=draw(st.integers(one.start_s, now))))
        choices.append(Scrapped(work=one.work, quantity=0.5))
    return draw(st.sampled_from(choices))


def _rush(load, due):
    names = {one.id: f"rush-{one.id}" for one in load.works}
    works = tuple(
        replace(
            one,
            id=names[one.id],
            order="rush",
            links=tuple(replace(link, before=names[link.before]) for link in one.links),
            due_s=due,
            weight=2.0,
        )
        for one in load.works[:2]
        if all(link.before in {w.id for w in load.works[:2]} for link in one.links)
    )
    return RushOrder(works=works)


@st.composite
def plans(draw):
    """A workload, a schedule of it, and a moment while it runs."""
    load = draw(workloads(most_works=7))
    made = planned(load)
    return load, made, draw(st.integers(0, made.makespan_s + 5))
