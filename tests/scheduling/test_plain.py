"""Plain shops from arrays: the same problem as from the builder, all faults at once, names on demand."""

from __future__ import annotations

import pickle
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.scheduling import SchedulingError
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.plain import LONGEST_DURATION, plain_problem


def invented(random, machines=4):
    """Jobs of operations of (machine, duration) pairs."""
    return [
        [
            [(m, random.randint(0, 9)) for m in random.sample(range(machines), random.randint(1, machines))]
            for _ in range(random.randint(0, 5))
        ]
        for _ in range(random.randint(1, 6))
    ]


def pointers(lengths):
    return np.cumsum([0, *lengths])


def from_arrays(jobs, machines=4):
    operations = [modes for job in jobs for modes in job]
    pairs = [pair for modes in operations for pair in modes]
    return plain_problem(
        "p",
        pointers(map(len, jobs)),
        pointers(map(len, operations)),
        np.array([m for m, _ in pairs], dtype=np.int64),
        np.array([d for _, d in pairs], dtype=np.int64),
        machines,
    )


def from_builder(jobs, machines=4):
    builder = ProblemBuilder("p")
    for m in range(machines):
        builder.add_resource(f"machine {m}")
    for j, job in enumerate(jobs):
        number, before = builder.add_job(f"job {j}"), None
        for step, modes in enumerate(job):
            o = builder.add_operation(number, f"operation {j}.{step}")
            for m, d in modes:
                builder.add_mode(o, m, d)
            if before is not None:
                builder.add_precedence(before, o)
            before = o
    return builder.build()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32))
def test_arrays_and_builder_make_the_same_problem(seed):
    jobs = invented(Random(seed))
    if not any(jobs):
        return
    one, other = from_arrays(jobs), from_builder(jobs)
    pointers_only = {"operations": ("first_before", "first_after", "first_mode"), "modes": ("first_hold",)}
    for name, a, b in zip(one.tables._fields, one.tables, other.tables, strict=True):
        if name in pointers_only:
            # The last row only closes pointers.
            assert np.array_equal(a[:-1], b[:-1]), name
            assert all(a[x][-1] == b[x][-1] for x in pointers_only[name])
        else:
            assert np.array_equal(a, b), name
    assert list(one.operations) == list(other.operations)
    assert list(one.jobs) == list(other.jobs)
    assert list(one.resources) == list(other.resources)
    assert np.array_equal(one.mode_numbers, other.mode_numbers)


def test_names_are_made_on_demand_and_count_from_the_end_too():
    data = from_arrays([[[(0, 1)], [(1, 2)]], [], [[(2, 3)]]])
    assert data.operations[1] == "operation 0.1"
    assert data.operations[-1] == "operation 2.0"
    assert data.operations[0:3:2] == ("operation 0.0", "operation 2.0")
    with pytest.raises(IndexError):
        data.operations[3]


def test_a_plain_problem_travels_to_another_process():
    data = from_arrays([[[(0, 1)], [(1, 2)]]])
    assert list(pickle.loads(pickle.dumps(data)).operations) == ["operation 0.0", "operation 0.1"]


def findings_of(*arguments):
    with pytest.raises(SchedulingError) as raised:
        plain_problem("p", *(np.array(a, dtype=np.int64) for a in arguments[:-1]), arguments[-1])
    return {(one.code.rsplit(".", 1)[1], one.where) for one in raised.value.findings}


def test_all_faults_of_the_contents_are_told_at_once():
    found = findings_of([0, 3], [0, 1, 1, 3], [7, -1, 0], [1, -5, LONGEST_DURATION + 1], 2)
    assert found == {
        ("no_mode", "operation 0.1"),
        ("machine", "operation 0.0"),
        ("machine", "operation 0.2"),
        ("duration", "operation 0.2"),
    }


@pytest.mark.parametrize(
    ("jobs", "operations", "where"),
    [
        ([0, 2], [0, 1], "jobs_first"),
        ([1, 1], [0, 1], "jobs_first"),
        ([0, 1], [0, 2], "operation_first"),
        ([0, 2], [0, 2, 1], "operation_first"),
        ([], [0, 1], "jobs_first"),
    ],
)
def test_pointers_that_do_not_fit_are_refused(jobs, operations, where):
    assert ("pointers", where) in findings_of(jobs, operations, [0], [1], 1)


def test_machines_and_durations_must_be_as_many():
    assert findings_of([0, 1], [0, 1], [0], [1, 2], 1) == {("lengths", "modes")}


def test_many_faults_are_counted_rather_than_listed():
    with pytest.raises(SchedulingError) as raised:
        plain_problem("p", np.array([0, 100]), np.arange(101), np.full(100, 5), np.ones(100), 2)
    assert len(raised.value.findings) == 51
    assert "50 more" in raised.value.findings[-1].message
