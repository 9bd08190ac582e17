"""CP-SAT on whole problems, in its own process, against enumeration and theory."""

import gc
import subprocess
import sys
import threading
import time
from pathlib import Path
from random import Random

import numpy as np
import pytest
from tests.scheduling.mixed_problems import best_by_enumeration, mixed_case

from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.checking import check_solution, goals_of
from manyworks.scheduling.problem.data import Objective
from manyworks.scheduling.solvers import process as process_module
from manyworks.scheduling.solvers.process import RemoteCpSat
from manyworks.scheduling.solvers.support import is_installed, is_worth_it, suits_whole, supports

pytestmark = pytest.mark.skipif(not is_installed(), reason="OR-Tools is not installed")


@pytest.fixture(scope="module")
def remote():
    made = RemoteCpSat()
    yield made
    made.close()


def plain_shop(jobs, machines, seed, objective=None):
    random = Random(seed)
    builder = ProblemBuilder("plain", objective or Objective(levels=({"makespan": 1.0},)))
    rows = [builder.add_resource(f"M{i}") for i in range(machines)]
    for j in range(jobs):
        job, before = builder.add_job(f"J{j}"), None
        for machine in random.sample(rows, machines):
            operation = builder.add_operation(
                job, f"{j}.{machine}", due=random.randint(10, 60), weight=random.choice((1.0, 2.0))
            )
            builder.add_mode(operation, machine, random.randint(1, 20))
            if before is not None:
                builder.add_precedence(before, operation)
            before = operation
    return builder.build()


def first_level(data, solution):
    goals = goals_of(data, solution)
    return sum(price * goals[name] for name, price in data.objective.levels[0].items())


def all_levels(data, solution):
    goals = goals_of(data, solution)
    return tuple(sum(price * goals[name] for name, price in one.items()) for one in data.objective.levels)


@pytest.mark.parametrize("seed", range(45))
def test_on_mixed_problems_the_optimum_is_that_of_enumeration(remote, seed):
    data, known = mixed_case(Random(seed), 5, shifted=False)
    best = best_by_enumeration(data)
    answer = remote.ask(data, seconds=20.0, hint=known if seed % 2 else None)
    assert best is not None
    assert answer.status == "optimal"
    assert all_levels(data, answer.solution) == pytest.approx(best[0])
    assert answer.bound == pytest.approx(best[0][0])


@pytest.mark.parametrize("seed", range(100, 110))
def test_every_solution_on_larger_mixed_problems_is_accepted_by_the_checker(remote, seed):
    data, known = mixed_case(Random(seed), 12)
    answer = remote.ask(data, seconds=4.0, hint=known)
    assert check_solution(data, answer.solution) == ()
    assert first_level(data, answer.solution) <= first_level(data, known) + 1e-9
    assert answer.bound <= first_level(data, answer.solution) + 1e-6
    assert all(check_solution(data, solution) == () for solution, _ in remote.poll())


def test_starts_near_their_references_are_worth_waiting_for(remote):
    builder = ProblemBuilder("wait", Objective(levels=({"shift": 1.0},)))
    machine = builder.add_resource("M")
    operation = builder.add_operation(builder.add_job("J"), "o", weight=2.0)
    builder.add_mode(operation, machine, 3)
    builder.refer(operation, 7, machine)
    data = builder.build()
    answer = remote.ask(data, seconds=5.0)
    assert answer.solution.start.tolist() == [7]
    assert [cost for _, cost in remote.poll()][-1] == 0.0
    assert remote.finished()


def test_a_cutoff_that_nothing_reaches_is_proven_so(remote):
    data = plain_shop(4, 3, 1)
    best = remote.ask(data, seconds=10.0)
    assert remote.ask(data, seconds=10.0, cutoff=best.bound - 1).status == "infeasible"
    assert remote.ask(data, seconds=10.0, cutoff=best.bound).status == "optimal"


def test_prices_that_are_no_simple_fractions_still_give_a_lower_bound(remote):
    data = plain_shop(4, 2, 3, Objective(levels=({"tardiness": 1 / 3.0000001, "flow": np.pi / 1e3},)))
    answer = remote.ask(data, seconds=10.0)
    value = first_level(data, answer.solution)
    assert value * (1 - 1e-5) <= answer.bound <= value + 1e-9


def test_an_impossible_deadline_is_proven_impossible(remote):
    builder = ProblemBuilder("late")
    machine, job = builder.add_resource("M"), builder.add_job("J")
    for name in "ab":
        builder.add_mode(builder.add_operation(job, name, deadline=5), machine, 3)
    assert remote.ask(builder.build(), seconds=5.0).status == "infeasible"


def test_nothing_to_do_is_done(remote):
    answer = remote.ask(ProblemBuilder("empty").build(), seconds=5.0)
    assert answer.status == "optimal"
    assert len(answer.solution.start) == 0


def test_improvements_come_while_it_works(remote):
    data = plain_shop(15, 10, 5)
    start = remote.ask(data, seconds=0.5).solution
    remote.improve(data, start, seconds=3.0, seed=1)
    costs = []
    until = time.monotonic() + 15
    while remote.is_working() and time.monotonic() < until:
        costs += [cost for _, cost in remote.poll()]
        time.sleep(0.02)
    costs += [cost for _, cost in remote.poll()]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < start.end.max()
    assert 0 < remote.bound.value <= costs[-1]
    assert remote.notes == ()


def test_a_cancelled_order_ends_at_once_and_the_next_one_is_served(remote):
    remote.improve(plain_shop(20, 15, 6), None, seconds=60.0)
    time.sleep(0.3)
    began = time.monotonic()
    remote.cancel()
    while remote.is_working():
        time.sleep(0.01)
    assert time.monotonic() - began < 3.0
    assert remote.ask(plain_shop(2, 2, 7), seconds=10.0).status == "optimal"


def test_a_killed_process_is_told_and_replaced():
    remote = RemoteCpSat()
    try:
        remote.improve(plain_shop(20, 15, 6), None, seconds=60.0)
        remote._process.kill()
        until = time.monotonic() + 10
        while remote.is_working() and time.monotonic() < until:
            time.sleep(0.01)
        assert [finding.code for finding in remote.notes] == ["scheduling.solver.failed"]
        assert remote.ask(plain_shop(2, 2, 7), seconds=10.0).status == "optimal"
        assert remote.notes == ()
    finally:
        remote.close()


def test_the_process_ends_with_its_parent():
    code = (
        "import time\n"
        "from manyworks.scheduling.problem.builder import ProblemBuilder\n"
        "from manyworks.scheduling.solvers.process import RemoteCpSat\n"
        "builder = ProblemBuilder('x')\n"
        "builder.add_mode(builder.add_operation(builder.add_job('J'), 'o'), builder.add_resource('M'), 1)\n"
        "remote = RemoteCpSat()\n"
        "remote.improve(builder.build(), None, seconds=60.0)\n"
        "print(remote._process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    assert _lives(child)
    parent.kill()
    parent.wait()
    until = time.monotonic() + 10
    while _lives(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _lives(child)


def _lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_questions_from_several_threads_wait_for_each_other():
    remotes = [RemoteCpSat() for _ in range(2)]
    answers = {}

    def ask(number):
        answers[number] = remotes[number].ask(plain_shop(3, 2, number), seconds=20.0)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    for remote in remotes:
        remote.close()
    assert [answers[number].status for number in range(2)] == ["optimal", "optimal"]
    gc.collect()


def test_without_or_tools_a_note_says_so(monkeypatch):
    monkeypatch.setattr(process_module, "is_installed", lambda: False)
    remote = RemoteCpSat()
    remote.improve(plain_shop(2, 2, 1), None, seconds=5.0)
    assert not remote.is_working()
    assert not remote.finished()
    assert [finding.code for finding in remote.notes] == ["scheduling.solver.not-installed"]
    assert remote.poll() == []


def test_a_process_is_not_worth_it_for_what_is_tiny_short_or_huge():
    data = plain_shop(4, 3, 1)
    assert supports(data) is None
    assert suits_whole(data)
    assert is_worth_it(data, 10.0)
    assert not is_worth_it(data, 0.5)
    assert not is_worth_it(plain_shop(1, 1, 1), 10.0)
