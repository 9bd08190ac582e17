"""A problem as JSON of our own: everything its tables can say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from manyworks.scheduling.instances.working_time import working_times
from manyworks.scheduling.problem.data import ProblemData
from manyworks.scheduling.problem.tables import (
    CARRIES,
    EARLY_SETUP,
    FOREVER,
    FROZEN,
    NONE,
    PAUSABLE,
    Tables,
)

FORMAT = "manyworks-problem/1"


def write_problem(data: ProblemData) -> dict[str, Any]:
    """Put a problem into plain values that `json.dumps` takes and `read_problem` reads.

    Names of set-up families are not kept in tables: they become ``family 1``, ``family 2`` and so on.
    A resource's calendar is the time in which any of its modes can be worked; together they leave each
    mode the working time it has.

    Parameters
    ----------
    data
        Any problem.

    Returns
    -------
    dict
        See ``docs/reference/schedule_json.md``.
    """
    operations, resources, jobs = (tuple(names) for names in (data.operations, data.resources, data.jobs))
    opened = working_times(data.tables)
    calendars = {times: f"calendar {n}" for n, times in enumerate(dict.fromkeys(filter(None, opened)))}
    return {
        "format": FORMAT,
        "name": data.name,
        "objective": [dict(level) for level in data.objective.levels],
        "calendars": {name: [list(pair) for pair in times] for times, name in calendars.items()},
        "travel": data.tables.travel.tolist(),
        "resources": [
            _resource(data, number, resources, calendars.get(opened[number]))
            for number in range(len(data.resources))
        ],
        "jobs": list(jobs),
        "operations": [_operation(data, o, (operations, resources, jobs)) for o in range(data.tables.total)],
        "precedence": list(_precedence(data.tables, operations)),
    }


def _family(number: int) -> str:
    return f"family {number}" if number else ""


def _resource(data: ProblemData, number: int, names: Sequence[str], calendar: str | None) -> dict[str, Any]:
    row = data.tables.resources[number]
    return {
        "name": names[number],
        "kind": data.kinds[number],
        "calendar": calendar,
        "location": int(row["location"]),
        "family": _family(int(row["family"])),
        "setups": sorted(_setups(data.tables, number)),
    }


def _setups(p: Tables, number: int) -> Iterator[list[Any]]:
    """Cells of a resource's matrix between families that some mode, or the beginning, has."""
    row, families = p.resources[number], dict[int, int]()
    width, first = int(row["width"]), int(row["first_change"])
    own = p.modes[:-1][(p.modes[:-1]["machine"] == number) & (p.modes[:-1]["slot_in_matrix"] != NONE)]
    families |= zip(own["slot_in_matrix"].tolist(), own["family"].tolist(), strict=True)
    if row["slot_in_matrix"] != NONE:
        families[int(row["slot_in_matrix"])] = int(row["family"])
    for before, a in families.items():
        for after, b in families.items():
            cell = int(p.changes[first + before * width + after])
            if cell != NONE:
                yield [_family(a), _family(b), cell]


def _operation(
    data: ProblemData, number: int, names: tuple[Sequence[str], Sequence[str], Sequence[str]]
) -> dict[str, Any]:
    operations, resources, jobs = names
    row = data.tables.operations[number]
    flags, frozen = int(row["flags"]), bool(row["flags"] & FROZEN)
    first, last = int(row["first_mode"]), int(data.tables.operations[number + 1]["first_mode"])
    modes = sorted(range(first, last), key=lambda mode: int(data.mode_numbers[mode]))
    written: dict[str, Any] = {
        "name": operations[number],
        "job": jobs[int(row["job"])],
        "release": int(row["release"]),
        "due": _time(int(row["due"])),
        "deadline": None if frozen else _time(int(row["deadline"])),
        "weight": float(row["weight"]),
        "flow_weight": float(row["flow_weight"]),
        "pausable": bool(flags & PAUSABLE),
        "early_setup": bool(flags & EARLY_SETUP),
        "carries": bool(flags & CARRIES),
        "frozen": frozen,
        "reference": _reference(row, resources),
        "modes": [_mode(data.tables, mode, resources) for mode in modes],
    }
    return written


def _time(value: int) -> int | None:
    return None if value >= FOREVER else value


def _reference(row: Any, resources: Sequence[str]) -> dict[str, Any] | None:
    if row["reference_start"] == NONE:
        return None
    return {"start": int(row["reference_start"]), "machine": resources[int(row["reference_machine"])]}


def _mode(p: Tables, mode: int, resources: Sequence[str]) -> dict[str, Any]:
    held = p.holds[p.modes["first_hold"][mode] : p.modes["first_hold"][mode + 1]].tolist()
    return {
        "machine": resources[held[0]],
        "others": [resources[one] for one in held[1:]],
        "duration": int(p.modes["duration"][mode]),
        "setup": int(p.modes["setup"][mode]),
        "family": _family(int(p.modes["family"][mode])),
    }


def _precedence(p: Tables, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for after in range(p.total):
        for row in range(p.operations["first_before"][after], p.operations["first_before"][after + 1]):
            arc = p.befores[row]
            yield {
                "before": names[int(arc["operation"])],
                "after": names[after],
                "lag": int(arc["lag"]),
                "moves": bool(arc["moves"]),
            }
