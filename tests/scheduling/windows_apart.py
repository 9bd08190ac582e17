"""Checks of windows that load OR-Tools: run in a process of their own, ``python -m ... NAME``."""

import sys
from random import Random

import numpy as np
from tests.scheduling.mixed_problems import mixed_case
from tests.scheduling.test_cpsat import plain_shop

from manyworks.scheduling.problem.checking import check_solution
from manyworks.scheduling.problem.data import GOAL_NAMES, Solution, Stop
from manyworks.scheduling.solvers.frames import open_up
from manyworks.scheduling.solvers.rows import rows_of, times_of
from manyworks.scheduling.solvers.worker import spare_pandas


def one_after_another(data):
    p = data.tables
    run = p.modes["duration"][:-1].copy()
    end = np.cumsum(run)
    return Solution(np.arange(p.total), end - run, end, np.zeros(p.total, dtype=np.int64))


def improve_once(data, rows, solution, random):
    from manyworks.scheduling.solvers.cpsat import Effort, solve_frame

    prices = dict(zip(GOAL_NAMES, data.tables.price.tolist(), strict=True))
    del prices["deadline"]
    base = times_of(solution)
    free = random.sample(range(rows.total), random.randint(1, max(1, rows.total // 2)))
    horizon = max(base.end) + random.choice((0, 10))
    frame = open_up(rows, base, free, horizon, random.choice((0, 1, 2, 100)))
    status, found = solve_frame(rows, frame, prices, Effort(seconds=5.0))
    assert status == "optimal"
    return found


def windows_are_valid_and_never_worse():
    from manyworks.scheduling.solvers.settling import settle

    better = 0
    for seed in range(40):
        random = Random(seed)
        data, solution = mixed_case(random, 14)
        rows, waits = rows_of(data.tables), data.tables.price[5] > 0
        for _ in range(3):
            found = improve_once(data, rows, solution, random)
            if found is not None:
                assert check_solution(data, found) == (), seed
                assert waits or settle(data, found)[1] <= settle(data, solution)[1] + 1e-6, seed
                better, solution = better + 1, found
    assert better > 15


def equal_seeds_give_equal_answers():
    from manyworks.scheduling.solvers import windows

    windows.WINDOW_SECONDS = 60.0
    data = plain_shop(12, 8, 4)
    start = one_after_another(data)
    ends = [
        windows.improve_by_windows(data, start, Stop(iterations=8), seed).solution.end.tolist()
        for seed in (3, 3)
    ]
    assert ends[0] == ends[1]
    assert max(ends[0]) < start.end.max() / 2


def better_ones_of_elsewhere_are_taken_over():
    from manyworks.scheduling.solvers.cpsat import Effort, solve_whole
    from manyworks.scheduling.solvers.settling import settle
    from manyworks.scheduling.solvers.windows import improve_by_windows

    data = plain_shop(6, 5, 4)
    good = settle(data, solve_whole(data, Effort(seconds=20.0)).solution)
    offers = [None, good]
    search = improve_by_windows(
        data, one_after_another(data), Stop(iterations=2), 0, lambda *_: offers.pop(0)
    )
    assert search.cost == good[1]


if __name__ == "__main__":
    spare_pandas()
    globals()[sys.argv[1]]()
