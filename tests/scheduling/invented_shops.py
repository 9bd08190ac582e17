"""Invented shops and how each benchmark format writes them down."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from manyworks.scheduling.problem.tables import EARLY_SETUP, NONE


@dataclass(frozen=True)
class Shop:
    """Jobs as chains of operations, an operation as its (machine, duration) ways; machines from 0."""

    machines: int
    jobs: tuple[tuple[tuple[tuple[int, int], ...], ...], ...]

    @property
    def operations(self):
        return [operation for job in self.jobs for operation in job]


@st.composite
def shops(draw, most_ways=3):
    machines = draw(st.integers(1, 5))
    way = st.tuples(st.integers(0, machines - 1), st.integers(0, 99))
    operation = st.lists(way, min_size=1, max_size=most_ways).map(tuple)
    job = st.lists(operation, min_size=1, max_size=5).map(tuple)
    jobs = draw(st.lists(job, min_size=1, max_size=5))
    # A machine that is named first and one that is named last tell from where machines are counted.
    ends = (((0, draw(st.integers(0, 99))),), ((machines - 1, draw(st.integers(0, 99))),))
    return Shop(machines, (*jobs, ends))


def line(*numbers):
    return " ".join(map(str, numbers))


def job_lines(shop, base):
    return [
        line(
            len(job), *(n for ways in job for n in (len(ways), *(x for m, d in ways for x in (m + base, d))))
        )
        for job in shop.jobs
    ]


def write_fjsp(shop, base=0, third=()):
    return "\n".join([line(len(shop.jobs), shop.machines, *third), *job_lines(shop, base)]) + "\n"


def write_jsp(shop, base=0, end=()):
    rows = [line(*(x for ways in job for x in (ways[0][0] + base, ways[0][1])), *end) for job in shop.jobs]
    return "\n".join([line(len(shop.jobs), shop.machines), *rows]) + "\n"


def write_assembly(shop, arcs, base=0):
    head = line(len(shop.operations), len(arcs), shop.machines)
    rows = [line(len(ways), *(x for m, d in ways for x in (m + base, d))) for ways in shop.operations]
    return "\n".join([head, *(line(*arc) for arc in arcs), *rows]) + "\n"


def write_setups(shop, matrices, base=1):
    rows = [line(*row) for matrix in matrices for row in matrix]
    return write_fjsp(shop, base, (2,)) + "\n" + "\n".join(rows) + "\n"


def write_workers(shop, workers, base=1):
    """Every way with every worker, who takes one unit longer than the one before."""

    def ways_of(ways):
        for machine, duration in ways:
            pairs = (x for w in range(workers) for x in (w + base, duration + w))
            yield line(machine + base, workers, *pairs)

    rows = [
        " ".join([line(len(job)), *(" ".join([line(len(ways)), *ways_of(ways)]) for ways in job)])
        for job in shop.jobs
    ]
    return "\n".join([line(len(shop.jobs), shop.machines, workers), *rows]) + "\n"


def write_transitions(shop, matrices):
    jobs = [[list(ways[0]) for ways in job] for job in shop.jobs]
    return {"name": "invented", "jobs": jobs, "setup": matrices}


def ways_of(data):
    """Modes of each operation: (held resources, duration)."""
    p = data.tables
    return [
        [
            (
                tuple(p.holds[p.modes["first_hold"][m] : p.modes["first_hold"][m + 1]].tolist()),
                int(p.modes["duration"][m]),
            )
            for m in range(p.operations["first_mode"][o], p.operations["first_mode"][o + 1])
        ]
        for o in range(p.total)
    ]


def arcs_of(data):
    """Precedences as (before, after)."""
    p, first = data.tables, data.tables.operations["first_before"]
    return [
        (int(p.befores["operation"][row]), after)
        for after in range(p.total)
        for row in range(first[after], first[after + 1])
    ]


def chains_of(shop):
    arcs, at = [], 0
    for job in shop.jobs:
        arcs += [(at + i, at + i + 1) for i in range(len(job) - 1)]
        at += len(job)
    return arcs


def setup_between(data, machine, a, b):
    """Early set-up on a machine between two operations; None where they do not both run there."""
    p = data.tables
    rows = {}
    for o in (a, b):
        own = range(p.operations["first_mode"][o], p.operations["first_mode"][o + 1])
        rows[o] = next((m for m in own if p.modes["machine"][m] == machine), None)
    if None in rows.values() or not p.operations["flags"][b] & EARLY_SETUP:
        return None
    resource, before, after = p.resources[machine], p.modes[rows[a]], p.modes[rows[b]]
    cell = p.changes[
        resource["first_change"] + before["slot_in_matrix"] * resource["width"] + after["slot_in_matrix"]
    ]
    return None if cell == NONE else int(cell)
