"""Frames of solutions: what stands still, what moves, and that the result is a valid schedule."""

import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from tests.scheduling.mixed_problems import mixed_case, walk
from tests.scheduling.test_cpsat import plain_shop
from tests.scheduling.windows_apart import one_after_another

from manyworks.scheduling.problem.checking import check_solution
from manyworks.scheduling.solvers.frames import open_up
from manyworks.scheduling.solvers.pieces import Need, shapes_of
from manyworks.scheduling.solvers.process import RemoteCpSat
from manyworks.scheduling.solvers.rows import rows_of, times_of
from manyworks.scheduling.solvers.support import is_installed

ROOT = Path(__file__).parents[2]
needs_solver = pytest.mark.skipif(not is_installed(), reason="OR-Tools is not installed")


@needs_solver
@pytest.mark.parametrize(
    "name",
    [
        "windows_are_valid_and_never_worse",
        "equal_seeds_give_equal_answers",
        "better_ones_of_elsewhere_are_taken_over",
    ],
)
def test_of_windows_it_holds_that(name):
    command = [sys.executable, "-m", "tests.scheduling.windows_apart", name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]


@needs_solver
def test_a_large_problem_is_improved_by_windows_alone():
    data = plain_shop(160, 20, 8)
    start = one_after_another(data)
    remote = RemoteCpSat()
    try:
        remote.improve(data, start, seconds=4.0)
        while remote.is_working():
            time.sleep(0.02)
        found = remote.poll()
        assert found
        assert found[-1][1] < start.end.max()
        assert check_solution(data, found[-1][0]) == ()
    finally:
        remote.close()


@pytest.mark.parametrize("seed", range(40))
def test_frames_take_every_operation_exactly_once(seed):
    random = Random(seed)
    data, solution = mixed_case(random, 14)
    rows, base = rows_of(data.tables), times_of(solution)
    free = random.sample(range(rows.total), random.randint(1, rows.total))
    frame = open_up(rows, base, free, max(base.end), random.choice((0, 2, 100)))
    assert set(free) <= set(frame.free)
    assert not set(frame.free) & set(frame.followers)
    assert frame.pinned <= set(frame.followers)
    moving = {*frame.free, *frame.followers}
    for o in range(rows.total):
        if o not in moving:
            assert base.end[o] <= frame.settled


@pytest.mark.parametrize("seed", range(200))
def test_shapes_agree_with_a_walk_through_the_calendar(seed):
    random = Random(seed)
    edges, at, worked = [], random.randint(0, 5), 0
    for _ in range(random.randint(1, 5)):
        length = random.randint(1, 9)
        edges.append((at, at + length, worked))
        worked += length
        at += length + random.randint(1, 6)
    need = Need(0, random.random() < 0.5, random.choice((0, 0, 3, 7)), random.randint(0, 12))
    shapes = shapes_of(edges, need)
    plain = [(start, end) for start, end, _ in edges]
    covered = {}
    for (back, length), ranges in shapes.items():
        for low, high in ranges:
            covered.update(dict.fromkeys(range(low, high + 1), (back, length)))
    for start in range(at + 5):
        found = walk(plain, need.pausable, start, need.run)
        early = walk(plain, True, 0, need.early) if need.early else (0, 0)
        fits = found is not None and found[0] == start and early is not None and early[1] <= start
        assert (start in covered) == fits
        if fits:
            back, length = covered[start]
            assert start + length == found[1]
            done = [t for t in range(start + 1) if not need.early or _done_by(plain, t, need.early) <= start]
            assert start - back == max(done)


def _done_by(plain, t, early):
    found = walk(plain, True, t, early)
    return 10**9 if found is None else found[1]


def test_a_transport_next_to_a_free_operation_is_free_too():
    for seed in range(200):
        data, solution = mixed_case(Random(seed), 10)
        rows = rows_of(data.tables)
        carriers = [o for o in range(rows.total) if rows.flags[o] & 8 and rows.afters[o]]
        if carriers:
            neighbour = rows.afters[carriers[0]][0].operation
            base = times_of(solution)
            assert carriers[0] in open_up(rows, base, [neighbour], max(base.end), 100).free
            return
    pytest.fail("no transport among the problems")


def test_plain_shops_have_one_operation_of_each_job_on_each_machine():
    assert plain_shop(3, 2, 0).tables.total == 6
