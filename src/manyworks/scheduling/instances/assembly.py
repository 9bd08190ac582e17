"""Flexible job shops with any acyclic precedence: ``operations precedences machines``, arcs, operations."""

from __future__ import annotations

import numpy as np

from manyworks.model import error
from manyworks.scheduling.instances.faults import Faults
from manyworks.scheduling.instances.number_rows import Rows
from manyworks.scheduling.instances.ranges import (
    Modes,
    count_from_zero,
    header,
    require_rows,
    require_times,
)
from manyworks.scheduling.instances.scans import Scan, add_machine_modes, add_numbered
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.data import ProblemData


def scan_assembly(rows: Rows, faults: Faults) -> Scan | None:
    """Read precedence lines ``before after``, then a line ``k machine time ...`` for each operation.

    Operations that hang together, directly or not, are a job.
    """
    found = header(rows, ("operations", "precedences", "machines"), faults)
    if found is None or not rows.require_whole(faults):
        return None
    count, arcs, machines = found[:3]
    if not require_rows(rows, arcs + count, "precedences and operations", faults):
        return None
    links = _links(rows, arcs, count, faults)
    modes = _modes(rows, arcs, machines, faults)
    if faults.count or links is None or modes is None:
        return None
    job = _components(links, count)
    _require_acyclic(links, count, rows, faults)
    if faults.count:
        return None

    def build(name: str) -> ProblemData:
        builder = ProblemBuilder(name)
        resources = add_numbered(builder, "machine", machines)
        for number in range(max(job, default=-1) + 1):
            builder.add_job(f"job {number}")
        operations = [builder.add_operation(job[i], f"operation {i}") for i in range(count)]
        for before, after in links:
            builder.add_precedence(operations[before], operations[after])
        add_machine_modes(builder, modes, operations, resources)
        return builder.build()

    return Scan(build=build)


def _links(rows: Rows, arcs: int, count: int, faults: Faults) -> list[tuple[int, int]] | None:
    links = []
    for row in range(1, arcs + 1):
        pair, where = rows.row(row), faults.line(int(rows.line[row]))
        if len(pair) != 2:
            message = f"expected a precedence, two numbers of operations; found {len(pair)} numbers"
            faults.add(
                error("scheduling.instance.precedence", where, message, "check the header and the line")
            )
        elif not all(0 <= operation < count for operation in pair) or pair[0] == pair[1]:
            message = f"operation {pair[0]} before {pair[1]}: expected two different ones of 0 to {count - 1}"
            faults.add(error("scheduling.instance.precedence", where, message, "check the line"))
        else:
            links.append((pair[0], pair[1]))
    return links if len(links) == arcs else None


def _modes(rows: Rows, arcs: int, machines: int, faults: Faults) -> Modes | None:
    widths, begin = rows.widths[arcs + 1 :], rows.first[arcs + 1 : -1]
    counts = rows.values[begin]
    for index in np.flatnonzero((counts < 1) | (widths != 1 + 2 * counts)).tolist():
        message = f"operation {index}: expected {counts[index]} pairs, found {(widths[index] - 1) / 2:g}"
        where = faults.line(int(rows.line[arcs + 1 + index]))
        faults.add(error("scheduling.instance.job", where, message, "a number is missing or too many"))
    if faults.count:
        return None
    owner = np.repeat(np.arange(len(counts)), counts)
    place = begin[owner] + 1 + 2 * (np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts))
    line = rows.line[arcs + 1 :][owner]
    machine, _ = count_from_zero(rows.values[place], machines, 0, "machine", line, faults)
    duration = rows.values[place + 1]
    require_times(duration, line, faults)
    return Modes(owner, machine, duration, line)


def _components(links: list[tuple[int, int]], count: int) -> list[int]:
    """Number, for each operation, the set of operations it hangs together with; in the order they begin."""
    leader = list(range(count))

    def lead(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for before, after in links:
        a, b = lead(before), lead(after)
        leader[max(a, b)] = min(a, b)
    numbers: dict[int, int] = {}
    return [numbers.setdefault(lead(one), len(numbers)) for one in range(count)]


def _require_acyclic(links: list[tuple[int, int]], count: int, rows: Rows, faults: Faults) -> None:
    """Take away operations nothing is before (Kahn); arcs that stay lie on or behind a cycle."""
    waits, followers = [0] * count, [[] for _ in range(count)]  # type: tuple[list[int], list[list[int]]]
    for before, after in links:
        waits[after] += 1
        followers[before].append(after)
    free = [one for one in range(count) if not waits[one]]
    while free:
        for after in followers[free.pop()]:
            waits[after] -= 1
            if not waits[after]:
                free.append(after)
    stuck = [i for i, (before, _) in enumerate(links) if waits[before]]
    if stuck:
        named = ", ".join(f"{before} before {after}" for before, after in (links[i] for i in stuck[:8]))
        where = faults.line(int(rows.line[stuck[0] + 1]))
        message = f"the precedences go in a circle: {named}{' ...' if len(stuck) > 8 else ''}"
        faults.add(error("scheduling.instance.cycle", where, message, "take one of them out"))
