"""Problems as JSON of our own: all that tables say survives, all that is wrong is told with its place."""

from __future__ import annotations

import json
from functools import cache
from random import Random

import pytest
from tests.scheduling.mixed_problems import mixed_problem

from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.instances import load_instance, read_problem, write_problem
from manyworks.scheduling.problem.tables import CARRIES, FOREVER, FROZEN, NONE

PROBLEMS = 60


@cache
def problems():
    """Small problems with all constraints mixed."""
    return [mixed_problem(Random(seed), 8) for seed in range(PROBLEMS)]


@pytest.fixture
def data(request):
    return problems()[request.param]


def intervals_of(p, calendar):
    if calendar == NONE:
        return None
    return p.intervals[p.first_interval[calendar] : p.first_interval[calendar + 1]].tolist()


def change(p, machine, before, after):
    """Cell of a set-up matrix between the families of two modes."""
    row = p.resources[machine]
    slots = (int(p.modes["slot_in_matrix"][before]), int(p.modes["slot_in_matrix"][after]))
    return NONE if NONE in slots else int(p.changes[row["first_change"] + slots[0] * row["width"] + slots[1]])


def begin(p, machine, after):
    row = p.resources[machine]
    slots = (int(row["slot_in_matrix"]), int(p.modes["slot_in_matrix"][after]))
    return NONE if NONE in slots else int(p.changes[row["first_change"] + slots[0] * row["width"] + slots[1]])


@pytest.mark.parametrize("data", range(PROBLEMS), indirect=True)
def test_a_problem_read_back_has_the_same_tables(data):
    again = read_problem(json.loads(json.dumps(write_problem(data), allow_nan=False)))
    p, q = data.tables, again.tables
    assert (again.name, again.objective, again.operations, again.resources, again.kinds) == (
        data.name,
        data.objective,
        data.operations,
        data.resources,
        data.kinds,
    )
    assert [data.jobs[j] for j in p.operations["job"][:-1]] == [
        again.jobs[j] for j in q.operations["job"][:-1]
    ]
    for column in set(p.operations.dtype.names) - {"job"}:
        assert p.operations[column].tolist() == q.operations[column].tolist(), column
    assert p.befores.tolist() == q.befores.tolist()
    assert p.holds.tolist() == q.holds.tolist()
    assert p.travel.tolist() == q.travel.tolist()
    assert p.resources["location"].tolist() == q.resources["location"].tolist()
    for column in ("duration", "machine", "setup", "first_hold"):
        assert p.modes[column].tolist() == q.modes[column].tolist(), column
    assert data.mode_numbers.tolist() == again.mode_numbers.tolist()


@pytest.mark.parametrize("data", range(PROBLEMS), indirect=True)
def test_working_time_and_set_ups_of_modes_survive(data):
    p, q = data.tables, read_problem(write_problem(data)).tables
    modes = range(len(p.modes) - 1)
    for mode in modes:
        assert intervals_of(p, p.modes["calendar"][mode]) == intervals_of(q, q.modes["calendar"][mode])
        machine = int(p.modes["machine"][mode])
        assert begin(p, machine, mode) == begin(q, machine, mode)
        for other in modes:
            same = p.modes["family"][mode] == p.modes["family"][other]
            assert same == (q.modes["family"][mode] == q.modes["family"][other])
            if p.modes["machine"][other] == machine:
                assert change(p, machine, mode, other) == change(q, machine, mode, other)


@pytest.mark.parametrize("data", range(PROBLEMS), indirect=True)
def test_what_was_read_is_written_as_it_was(data):
    written = write_problem(data)
    assert write_problem(read_problem(written)) == written


def test_little_is_needed(tmp_path):
    path = tmp_path / "bench.json"
    path.write_text(
        json.dumps(
            {
                "resources": [{"name": "lathe"}, {"name": "anna", "kind": "worker"}],
                "operations": [
                    {"name": "turn", "modes": [{"machine": "lathe", "duration": 5, "others": ["anna"]}]},
                    {"name": "mark", "modes": [{"machine": "lathe", "duration": 2}], "due": 9},
                ],
                "precedence": [{"before": "turn", "after": "mark"}],
            }
        )
    )
    instance = load_instance(path)
    p = instance.problem.tables
    assert (instance.format, instance.problem.name) == ("manyworks", "bench")
    assert p.holds.tolist() == [0, 1, 0]
    assert p.operations["due"][:-1].tolist() == [FOREVER, 9]
    assert p.operations["weight"][:-1].tolist() == [1.0, 1.0]


def test_a_frozen_operation_starts_at_its_release_and_a_transport_carries():
    problem = {
        "resources": [{"name": "saw"}, {"name": "cart", "kind": "vehicle"}],
        "operations": [
            {"name": "cut", "release": 7, "frozen": True, "modes": [{"machine": "saw", "duration": 3}]},
            {"name": "bring", "carries": True, "modes": [{"machine": "cart", "duration": 0}]},
        ],
    }
    p = read_problem(problem).tables
    assert p.operations["flags"][:-1].tolist() == [FROZEN, CARRIES]
    assert (int(p.operations["release"][0]), int(p.operations["deadline"][0])) == (7, 10)


GOOD = {
    "resources": [{"name": "saw"}],
    "operations": [{"name": "cut", "modes": [{"machine": "saw", "duration": 3}]}],
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"colour": 1}, "colour: unknown"),
        ({"format": "manyworks-problem/9"}, "format: expected"),
        ({"objective": [{"beauty": 1}]}, "objective: expected"),
        ({"objective": [{"makespan": -1}]}, "objective: expected"),
        ({"travel": [[0, 1], [2]]}, "travel: expected a square"),
        ({"calendars": {"day": [[5, 3]]}}, "calendars.day: expected ascending"),
        ({"calendars": {"day": []}}, "calendars.day: expected a list that is not empty"),
        ({"resources": []}, "resources: expected a list that is not empty"),
        ({"resources": [{"name": "saw"}, {"name": "saw"}]}, "resources[1].name: expected a name of its own"),
        ({"resources": [{"name": "saw", "calendar": "night"}]}, "resources[0].calendar: expected a name"),
        ({"resources": [{"name": "saw", "kind": "robot"}]}, "resources[0].kind: expected one of"),
        (
            {"resources": [{"name": "saw", "location": 1}]},
            "resources[0].location: expected a whole number from 0 to 0",
        ),
        ({"resources": [{"name": "saw", "setups": [["a", "b", -1]]}]}, "resources[0].setups: expected lists"),
        ({"operations": []}, "operations: expected a list that is not empty"),
        (
            {"operations": [{"name": "cut"}]},
            "operations[0].modes: expected a list that is not empty, it is missing",
        ),
        (
            {"operations": [{"name": "cut", "modes": [{"machine": "axe", "duration": 2.5}]}]},
            "operations[0].modes[0].machine: expected a name stated above, found axe",
        ),
        (
            {"operations": [{**GOOD["operations"][0], "due": "soon"}]},
            "operations[0].due: expected a whole number",
        ),
        (
            {"operations": [{**GOOD["operations"][0], "weight": -1}]},
            "operations[0].weight: expected a number",
        ),
        (
            {"operations": [{**GOOD["operations"][0], "pausable": "yes"}]},
            "operations[0].pausable: expected true",
        ),
        (
            {"precedence": [{"before": "cut", "after": "cut"}]},
            "precedence[0].after: expected another operation",
        ),
        (
            {"precedence": [{"before": "cut", "after": "glue"}]},
            "precedence[0].after: expected a name stated above",
        ),
        ({"precedence": ["cut"]}, "precedence: expected an object at 0"),
        ({"jobs": ["a", "a"]}, "jobs: expected different names"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(change, told):
    with pytest.raises(SchedulingError) as caught:
        read_problem({**GOOD, **change})
    assert any(finding.message.startswith(told) for finding in caught.value.findings), caught.value


def test_everything_wrong_is_told_at_once():
    with pytest.raises(SchedulingError) as caught:
        read_problem({"colour": 1, "resources": [{}], "operations": [{"due": -1}]})
    assert len(caught.value.findings) == 5
