"""Workloads for the tests of this room: builders for people, strategies for hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from manyworks.model import Link, Mode, Resource, ResourceId, Work, Workload

EPOCH = datetime(2026, 3, 2, tzinfo=UTC)


def resource(name, kind="machine", intervals=(), setups=None):
    return Resource(id=name, name=name, kind=kind, shop="s", intervals=tuple(intervals), setups=setups or {})


def work(name, *modes, after=(), **more):
    links = tuple(link if isinstance(link, Link) else Link(before=link) for link in after)
    base = {"order": "o", "item": "i", "operation": "op", "name": name, "process": "p", "quantity": 1.0}
    return Work(id=name, modes=tuple(modes), links=links, **{**base, **more})


def on(machine, duration, **more):
    return Mode(machine=machine, duration_s=duration, **more)


def workload(works, *resources):
    return Workload(epoch=EPOCH, works=tuple(works), resources={ResourceId(r.id): r for r in resources})


FAMILIES = ("", "red", "blue", "green")


@st.composite
def calendars(draw, horizon=100_000):
    """Always open, or shifts with breaks that end in one long stretch, so that everything fits somewhere."""
    if draw(st.booleans()):
        return ()
    edges, at = [], draw(st.integers(0, 20))
    for _ in range(draw(st.integers(1, 6))):
        length = draw(st.integers(1, 40))
        edges.append((at, at + length))
        at += length + draw(st.integers(0, 30))
    return (*edges, (at, at + horizon))


@st.composite
def workloads(draw, most_works=9):
    machines = [
        resource(
            f"m{i}",
            intervals=draw(calendars()),
            setups=draw(
                st.dictionaries(
                    st.tuples(st.sampled_from(FAMILIES), st.sampled_from(FAMILIES)),
                    st.integers(0, 9),
                    max_size=6,
                )
            ),
        )
        for i in range(draw(st.integers(1, 3)))
    ]
    workers = [resource(f"w{i}", "worker", draw(calendars())) for i in range(draw(st.integers(0, 2)))]
    tools = [resource(f"t{i}", "tool", draw(calendars())) for i in range(draw(st.integers(0, 2)))]

    def some(pool):
        return (
            tuple(draw(st.lists(st.sampled_from([r.id for r in pool]), max_size=2, unique=True)))
            if pool
            else ()
        )

    def mode():
        return on(
            draw(st.sampled_from([m.id for m in machines])),
            draw(st.integers(0, 30)),
            workers=some(workers),
            tools=some(tools),
            setup_s=draw(st.integers(0, 12)),
            family=draw(st.sampled_from(FAMILIES)),
        )

    works = []
    for index in range(draw(st.integers(1, most_works))):
        befores = draw(st.lists(st.integers(0, index - 1), max_size=2, unique=True)) if index else []
        works.append(
            work(
                f"k{index}",
                *[mode() for _ in range(draw(st.integers(1, 3)))],
                after=[Link(before=f"k{b}", lag_s=draw(st.integers(0, 15))) for b in befores],
                release_s=draw(st.integers(0, 60)),
                due_s=draw(st.none() | st.integers(0, 200)),
                weight=draw(st.sampled_from([0.0, 0.5, 1.0, 3.0])),
                pausable=draw(st.booleans()),
            )
        )
    return workload(draw(st.permutations(works)), *machines, *workers, *tools)
