"""How searches run side by side."""

import time

import numpy as np
import pytest

from manyworks.scheduling.problem.data import Incumbent, Solution, Stop
from manyworks.scheduling.racing import ROUND_MOVES, Race


class Fake:
    """A search whose cost falls to a floor by one each hundred moves."""

    def __init__(self, cost, floor=0.0, pause=0.0):
        self.cost, self.floor, self.pause = float(cost), floor, pause
        self.moves, self.adopted, self.seen = 0, [], []

    def run(self, moves, progress):
        self.seen.append((moves, progress))
        self.moves += moves
        time.sleep(self.pause)
        self.cost = max(self.floor, self.cost - moves / 100)

    def best(self):
        return solution(int(self.cost))

    def adopt(self, found, cost):
        self.adopted.append(cost)


def solution(number):
    return Solution(*(np.full(1, number, dtype=np.int64) for _ in range(4)))


def race(searchers, *, enough=-1.0, companion=None, **budget):
    incumbent = Incumbent(
        solution=solution(1000), cost=1000.0, began=time.monotonic(), value=lambda found: float(found.end[0])
    )
    return Race(
        searchers=searchers, incumbent=incumbent, stop=Stop(**budget), enough=enough, companion=companion
    )


def test_a_budget_of_moves_is_kept_by_every_searcher():
    searchers = [Fake(500), Fake(500)]
    race(searchers, iterations=2 * ROUND_MOVES + 7).run()
    assert [one.moves for one in searchers] == [2 * ROUND_MOVES + 7] * 2


def test_the_best_solution_of_all_is_kept_with_its_cost():
    one = race([Fake(500, floor=400), Fake(700, floor=300)], iterations=100_000)
    one.run()
    assert one.incumbent.cost == 300
    assert one.incumbent.solution.start[0] == 300


def test_improvements_are_told_in_falling_order_with_rising_times():
    one = race([Fake(900, pause=0.001)], iterations=20_000)
    one.run()
    times, costs = zip(*one.incumbent.improvements, strict=True)
    assert list(costs) == sorted(costs, reverse=True)
    assert list(times) == sorted(times)


def test_it_ends_as_soon_as_the_answer_is_good_enough():
    searchers = [Fake(500)]
    race(searchers, enough=450.0, iterations=1_000_000).run()
    assert searchers[0].moves < 20_000


def test_it_ends_when_the_first_level_reaches_the_target():
    searchers = [Fake(900)]
    race(searchers, objective=600.0, iterations=1_000_000).run()
    assert searchers[0].moves <= 40_000


def test_it_ends_when_cancelled():
    searchers = [Fake(500, pause=0.001)]
    began = time.monotonic()
    race(searchers, iterations=10**9, cancelled=lambda: len(searchers[0].seen) >= 5).run()
    assert time.monotonic() - began < 5
    assert len(searchers[0].seen) == 5


def test_it_ends_in_time_and_tells_how_much_of_the_time_is_used():
    searchers = [Fake(500, pause=0.01)]
    began = time.monotonic()
    race(searchers, seconds=0.3).run()
    assert 0.3 <= time.monotonic() - began < 1.5
    shares = [share for _, share in searchers[0].seen]
    assert shares == sorted(shares)
    assert shares[-1] > 0.5


def test_those_behind_hear_of_the_best():
    leader, follower = Fake(500, floor=100), Fake(900, floor=900)
    race([leader, follower], iterations=100 * ROUND_MOVES).run()
    assert follower.adopted
    assert not leader.adopted


class Proof:
    """A companion that proves its answer at the first question."""

    def __init__(self):
        self.heard, self.asked = [], 0

    def poll(self):
        self.asked += 1
        return [(solution(7), 7.0)] if self.asked == 1 else []

    def offer(self, found, cost):
        self.heard.append(cost)

    def finished(self):
        return self.asked >= 1


def test_a_companion_that_has_solved_the_problem_ends_the_race():
    searchers, companion = [Fake(500, floor=400)], Proof()
    one = race(searchers, iterations=10**9, companion=companion)
    one.run()
    assert one.incumbent.cost == 7
    assert searchers[0].adopted == [7.0]


def test_a_solution_of_the_companion_that_is_not_valid_is_refused_and_counted():
    one = race([Fake(500, floor=400)], iterations=10**9, companion=Proof())
    one.accept = lambda found: False
    one.run()
    assert one.incumbent.cost > 7
    assert one.refused == 1


def test_an_error_in_a_search_is_not_swallowed():
    class Broken(Fake):
        def run(self, moves, progress):
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        race([Broken(500)], iterations=10).run()
