"""The makespan search against enumeration, known optima, the checker and the exact evaluator."""

from __future__ import annotations

from itertools import permutations, product
from random import Random

import numpy as np
import pytest

from manyworks.scheduling.engine.graph import empty_graph, shop_of
from manyworks.scheduling.engine.graph_moves import lift, put_back
from manyworks.scheduling.engine.graph_sweep import load
from manyworks.scheduling.engine.state import empty_state, topological_order
from manyworks.scheduling.engine.sweep import build, solution_of, state_of, total_cost
from manyworks.scheduling.engine.tabu import TabuSearch, suits
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.checking import check_solution
from manyworks.scheduling.problem.data import Objective
from manyworks.scheduling.problem.plain import plain_problem

FT06 = """2 1 0 3 1 6 3 7 5 3 4 6
1 8 2 5 4 10 5 10 0 10 3 4
2 5 3 4 5 8 0 9 1 1 4 7
1 5 0 5 2 5 3 3 4 8 5 9
2 9 1 3 4 5 5 4 0 3 3 1
1 3 3 3 5 9 0 10 4 4 2 1"""
FIELDS = ("mode", "head", "end", "tail", "back", "duration", "arc", "ready", "after")


def ft06():
    """Fisher and Thompson (1963), 6 jobs on 6 machines; the least makespan is 55."""
    numbers = np.array([list(map(int, line.split())) for line in FT06.splitlines()])
    return plain_problem(
        "ft06",
        np.arange(7) * 6,
        np.arange(37),
        numbers[:, 0::2].ravel(),
        numbers[:, 1::2].ravel(),
        6,
    )


def mixed_shop(seed, jobs, steps, *, workers=2, setups=True):
    """A random shop: alternatives, workers, set-ups, trees, lags, travel, releases."""
    random = Random(seed)
    builder = ProblemBuilder(f"mixed {seed}")
    builder.set_travel([[0, 2], [3, 0]])
    families = ("", "red", "blue")
    pairs = [(a, b) for a in families[1:] for b in families[1:] if random.random() < 0.8]
    matrix = {pair: random.randint(0, 4) for pair in pairs}
    machines = [
        builder.add_resource(
            f"M{i}",
            location=i % 2,
            setups=matrix if setups and i != 1 else None,
            family=random.choice(families) if setups else "",
        )
        for i in range(3)
    ]
    people = [builder.add_resource(f"W{i}", "worker") for i in range(workers)]
    made = []
    for j in range(jobs):
        job = builder.add_job(f"job {j}")
        for i in range(steps):
            o = builder.add_operation(
                job, f"{j}.{i}", release=random.choice((0, 0, 5)), early_setup=random.random() < 0.5
            )
            for machine in random.choices(machines, k=random.randint(1, 3)):
                for worker in [random.choice(people)] if people and random.random() < 0.7 else [None]:
                    builder.add_mode(
                        o,
                        machine,
                        random.choice((0, 1, 3, 4, 5, 9)),
                        others=() if worker is None else (worker,),
                        setup=random.choice((0, 2)) if setups else 0,
                        family=random.choice(families) if setups else "",
                    )
            before = made[-1] if i else random.choice(made) if made and random.random() < 0.3 else None
            if before is not None:
                builder.add_precedence(before, o, random.choice((0, 0, 2)), moves=random.random() < 0.5)
            made.append(o)
    return builder.build()


def first_solution(data):
    p, state = data.tables, empty_state(data.tables)
    build(p, state, np.array(p.operations["first_mode"][: p.total]), topological_order(p))
    return solution_of(state)


def searched(data, moves, seed=0, chunks=4):
    search = TabuSearch(data, first_solution(data), seed)
    for i in range(chunks):
        search.run(moves // chunks, i / chunks)
    return search


def least_makespan(data):
    """Try every choice of modes and every order that respects links."""
    p, state = data.tables, empty_state(data.tables)
    befores = [
        set(p.befores["operation"][p.operations["first_before"][o] : p.operations["first_before"][o + 1]])
        for o in range(p.total)
    ]
    orders = [
        order
        for order in permutations(range(p.total))
        if all(befores[o] <= set(order[:i]) for i, o in enumerate(order))
    ]
    first = p.operations["first_mode"]
    best = np.inf
    for modes in product(*(range(first[o], first[o + 1]) for o in range(p.total))):
        for order in orders:
            build(p, state, np.array(modes), np.array(order))
            best = min(best, total_cost(p, state))
    return best


@pytest.mark.parametrize("seed", range(20))
def test_it_finds_the_least_makespan_of_small_mixed_shops(seed):
    data = mixed_shop(seed, 2, 2, workers=seed % 3)
    assert searched(data, 400, seed).cost == least_makespan(data)


@pytest.mark.parametrize("seed", range(3))
def test_it_finds_the_published_optimum_of_a_classical_job_shop(seed):
    assert searched(ft06(), 6000, seed).cost == 55


@pytest.mark.parametrize("seed", range(12))
def test_the_checker_accepts_what_it_finds_and_the_cost_is_its_makespan(seed):
    data = mixed_shop(seed, 6, 4, workers=seed % 4)
    search = searched(data, 300, seed)
    found = search.best()
    assert check_solution(data, found) == ()
    assert search.cost == found.end.max()


@pytest.mark.parametrize("seed", range(12))
def test_heads_are_the_starts_of_the_exact_evaluator_after_many_moves(seed):
    data = mixed_shop(seed, 6, 4, workers=seed % 4)
    search = searched(data, 200, seed)
    state, g = empty_state(data.tables), search._graph
    build(data.tables, state, g.tasks["mode"].copy(), g.order.copy())
    assert np.array_equal(state.jobs["start"], g.tasks["head"])
    assert np.array_equal(state.jobs["end"], g.tasks["end"])


@pytest.mark.parametrize("seed", range(12))
def test_heads_and_tails_after_many_moves_are_those_found_from_scratch(seed):
    data = mixed_shop(seed, 6, 4, workers=seed % 4)
    search = searched(data, 200, seed)
    fresh = empty_graph(search._shop)
    load(search._shop, fresh, search._graph.tasks["mode"].copy(), search._graph.order.copy())
    for name in FIELDS:
        assert np.array_equal(search._graph.tasks[name], fresh.tasks[name]), name


@pytest.mark.parametrize("seed", range(6))
def test_tails_say_how_long_the_rest_takes(seed):
    """The longest path back from the end is as long as the longest path forth."""
    data = mixed_shop(seed, 6, 4, workers=seed % 4)
    tasks = searched(data, 100, seed)._graph.tasks
    assert (tasks["head"] + tasks["back"]).max() == tasks["end"].max()


def test_an_operation_taken_out_and_put_back_leaves_no_trace():
    data = mixed_shop(3, 6, 4, workers=2)
    shop = shop_of(data.tables)
    g = empty_graph(shop)
    solution = first_solution(data)
    load(shop, g, solution.mode, topological_order(data.tables))
    before = (g.tasks.copy(), g.line.copy(), g.place.copy(), g.order.copy())
    for v in range(shop.total):
        put_back(shop, g, v, lift(shop, g, v, 0))
    assert all(np.array_equal(a, b) for a, b in zip(before, (g.tasks, g.line, g.place, g.order), strict=True))


def test_equal_seeds_and_calls_give_equal_schedules():
    data = mixed_shop(5, 8, 4, workers=2)
    one, two = searched(data, 800, 7), searched(data, 800, 7)
    assert all(np.array_equal(a, b) for a, b in zip(one.best(), two.best(), strict=True))


def test_it_is_never_worse_than_where_it_began():
    data = ft06()
    search = TabuSearch(data, searched(data, 4000).best(), 1)
    search.run(1, 0.0)
    assert search.cost <= searched(data, 4000).cost


def test_it_counts_about_as_many_moves_as_it_was_asked_for():
    search = searched(ft06(), 4000)
    assert search.moves == pytest.approx(4000, rel=0.01)


def test_a_better_solution_from_elsewhere_joins_the_population():
    data = ft06()
    search = TabuSearch(data, first_solution(data), 0)
    better = searched(data, 4000).best()
    search.adopt(better, float(better.end.max()))
    assert [member.length for member in search._pool] == [55]
    search.run(3000, 0.9)
    assert search.cost <= 60


def test_one_machine_with_set_ups_is_put_in_the_shortest_tour():
    """Nine parts of three families, each change a set-up: the least is one change from family to family."""
    builder = ProblemBuilder("tour")
    pairs = {(a, b): 10 for a in "abc" for b in "abc" if a != b}
    machine = builder.add_resource("M", setups=pairs)
    for i in range(9):
        o = builder.add_operation(builder.add_job(str(i)), str(i))
        builder.add_mode(o, machine, 5, family="abc"[i % 3])
    assert searched(builder.build(), 2000).cost == 9 * 5 + 2 * 10


def test_a_quicker_way_on_the_same_machine_is_found():
    builder = ProblemBuilder("two ways")
    machine = builder.add_resource("M")
    for i in range(4):
        o = builder.add_operation(builder.add_job(str(i)), str(i))
        builder.add_mode(o, machine, 9)
        builder.add_mode(o, machine, 5)
    assert searched(builder.build(), 400).cost == 20


def test_a_schedule_that_cannot_be_improved_does_not_hang():
    builder = ProblemBuilder("one")
    builder.add_mode(builder.add_operation(builder.add_job("J"), "A"), builder.add_resource("M"), 5)
    assert searched(builder.build(), 1000).cost == 5


def test_it_suits_makespan_without_calendars_deadlines_and_transports_alone():
    def made(objective=None, intervals=(), kind="machine", **operation):
        builder = ProblemBuilder("p", objective or Objective(levels=({"makespan": 1.0},)))
        o = builder.add_operation(builder.add_job("J"), "A", **operation)
        builder.add_mode(o, builder.add_resource("M", kind, intervals=intervals), 5)
        return builder.build()

    assert suits(made())
    assert suits(made(Objective(levels=({"makespan": 1.0}, {"setup": 1.0}))))
    assert not suits(made(Objective(levels=({"tardiness": 1.0},))))
    assert not suits(made(intervals=((0, 100),)))
    assert not suits(made(deadline=50))
    assert not suits(made(kind="vehicle", carries=True))


def test_the_solution_given_to_begin_with_is_left_as_it_was():
    data = ft06()
    start = first_solution(data)
    copies = [column.copy() for column in start]
    TabuSearch(data, start, 0).run(500, 0.0)
    assert all(np.array_equal(a, b) for a, b in zip(start, copies, strict=True))
    assert total_cost(data.tables, state_of(data.tables, start)) == start.end.max()
