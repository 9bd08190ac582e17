"""Random small problems with all constraints mixed, beside their proven optimum.

``python -m benchmarks.scheduling.mixed``. Every problem is solved as a whole, and by local search alone; the
independent checker judges each answer, and CP-SAT (where its model can say the problem) or enumeration
(of a few operations) proves the optimum; where both can, they must agree. Nothing may break a rule or lie
below the optimum; nearly everything should reach it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from time import perf_counter

import numpy as np
from tests.scheduling.mixed_problems import best_by_enumeration, in_levels, mixed_problem

from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.problem.checking import check_solution, goals_of
from manyworks.scheduling.problem.data import ProblemData, Solution, Stop
from manyworks.scheduling.problem.tables import CARRIES, EARLY_SETUP, FROZEN, NONE

PROBLEMS, OPERATIONS, MOVES = 2000, 10, 4000
MOST_ENUMERATED, MOST_ENUMERATED_ALONE = 5, 8
"""Operations up to which all orders are tried, beside CP-SAT and where it has no model."""
RULES = 8
TOLERANCE = 1e-6
WRONG = "wrong proof"
Levels = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a contender found: value of each level, broken rules, seconds."""

    value: Levels
    faults: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One problem with its optimum (None: not proven) and the answers by contender."""

    seed: int
    kinds: frozenset[str]
    optimum: Levels | None
    proof: str
    answers: dict[str, Answer]


def kinds_of(data: ProblemData) -> frozenset[str]:
    """What the problem has in it, in words."""
    p = data.tables
    flags = p.operations["flags"][:-1]
    goals = {goal for level in data.objective.levels for goal in level}
    waits = waiting_may_pay(data)
    found = {
        "vehicles": (flags & CARRIES).any(),
        "frozen operations": (flags & FROZEN).any(),
        "early set-ups": (flags & EARLY_SETUP).any(),
        "set-ups": p.modes["setup"].any() or len(p.changes),
        "calendars": (p.modes["calendar"][:-1] != NONE).any(),
        "workers or tools": p.slots > 1,
        "deadlines": (p.operations["deadline"][:-1] < 2**60).any(),
        "goal: tardiness": "tardiness" in goals,
        "goals: starts near given ones": waits,
        "goals that waiting never helps": not waits,
        "several levels": len(data.objective.levels) > 1,
    }
    return frozenset(name for name, here in found.items() if here)


def waiting_may_pay(data: ProblemData) -> bool:
    """Whether idle time can make a schedule better: only where starts should be near given ones."""
    return any("shift" in level for level in data.objective.levels)


def value_of(data: ProblemData, solution: Solution) -> Levels:
    """Value of each level of the objective, worked out by the checker's own code."""
    return in_levels(data.objective, goals_of(data, solution))


def judge(data: ProblemData, solution: Solution, began: float) -> Answer:
    """Check and value a solution."""
    seconds = perf_counter() - began
    return Answer(value=value_of(data, solution), faults=len(check_solution(data, solution)), seconds=seconds)


def whole_search(data: ProblemData, moves: int, seed: int) -> Answer:
    """Solve as anybody would."""
    from manyworks.scheduling.solving import solve

    began = perf_counter()
    return judge(data, solve(data, Stop(iterations=moves), seed=seed, threads=1).solution, began)


def local_search(data: ProblemData, moves: int, seed: int) -> Answer:
    """Search without bounds, and without anything but local moves."""
    from manyworks.scheduling.dispatch.dispatching import best_of_rules
    from manyworks.scheduling.portfolio import choose_searchers

    began = perf_counter()
    start = best_of_rules(data, count=RULES, seed=seed)
    (searcher,) = choose_searchers(data, start, seed=seed, threads=1)
    parts = 20
    for part in range(parts):
        searcher.run(max(1, moves // parts), part / parts)
    return judge(data, searcher.best(), began)


CONTENDERS = {"solve": whole_search, "local search": local_search}


def attempt(name: str, data: ProblemData, moves: int, seed: int) -> Answer:
    """Let a contender solve a problem; giving up on one that has a schedule is a fault."""
    began = perf_counter()
    try:
        return CONTENDERS[name](data, moves, seed)
    except SchedulingError as trouble:
        nothing = tuple(float("inf") for _ in data.objective.levels)
        return Answer(value=nothing, faults=len(trouble.findings), seconds=perf_counter() - began)


def prove(data: ProblemData, seconds: float) -> tuple[Levels | None, str]:
    """Find the optimum in all levels and how it is known; None where it is not."""
    proven, proof = _by_cpsat(data, seconds)
    most = MOST_ENUMERATED_ALONE if proven is None else MOST_ENUMERATED
    if data.tables.total > most or waiting_may_pay(data):
        return proven, proof
    found = best_by_enumeration(data)
    if found is None or check_solution(data, found[1]):
        return None, f"{WRONG}: enumeration found no valid schedule"
    if proven is not None and compare(proven, found[0]):
        return None, f"{WRONG}: CP-SAT proved {proven}, enumeration {found[0]}"
    return found[0], "enumeration" if proven is None else f"{proof} and enumeration"


def _by_cpsat(data: ProblemData, seconds: float) -> tuple[Levels | None, str]:
    from manyworks.scheduling.solvers.cpsat import Effort, solve_whole, supports

    trouble = supports(data)
    if trouble is not None:
        return None, f"CP-SAT: {trouble}"
    answer = solve_whole(data, Effort(seconds=seconds))
    if answer.solution is None or answer.status != "optimal":
        known = f"{WRONG}: " if answer.status == "infeasible" else ""
        return None, f"{known}CP-SAT: {answer.status}"
    if check_solution(data, answer.solution):
        return None, f"{WRONG}: CP-SAT broke rules"
    value = value_of(data, answer.solution)
    if compare(value[:1], (answer.bound,)):
        return None, f"{WRONG}: CP-SAT calls {value} optimal with a bound of {answer.bound}"
    return value, "CP-SAT"


def run_case(seed: int, operations: int, moves: int, seconds: float) -> Case:
    """Make a problem, prove its optimum and let every contender solve it."""
    random = Random(seed)
    data = mixed_problem(random, random.randint(3, operations))
    optimum, proof = prove(data, seconds)
    answers = {name: attempt(name, data, moves, seed) for name in CONTENDERS}
    return Case(seed=seed, kinds=kinds_of(data), optimum=optimum, proof=proof, answers=answers)


def compare(value: Levels, optimum: Levels) -> int:
    """-1 below the optimum, 0 equal, 1 above it; the first level that differs decides."""
    for one, other in zip(value, optimum, strict=True):
        if abs(one - other) > TOLERANCE * max(1.0, abs(other)):
            return -1 if one < other else 1
    return 0


def first_equal(case: Case, name: str) -> bool:
    """Whether a contender reached the optimum of the first level, which is the objective."""
    return case.optimum is not None and compare(case.answers[name].value[:1], case.optimum[:1]) == 0


def lines(cases: Sequence[Case]) -> Iterator[str]:
    """Table of what came out, one row for each kind of problem."""
    heads = [f"{name}: {what}" for name in CONTENDERS for what in ("faults", "below", "equal", "all levels")]
    yield "| problems | number | proven | " + " | ".join(heads) + " |"
    yield "|---|---:|---:|" + "---:|" * len(heads)
    for kind in ("all", *sorted({kind for case in cases for kind in case.kinds})):
        some = [case for case in cases if kind == "all" or kind in case.kinds]
        cells = [cell for name in CONTENDERS for cell in _cells(some, name)]
        proven = sum(case.optimum is not None for case in some)
        yield f"| {kind} | {len(some)} | {proven} | " + " | ".join(cells) + " |"


def _cells(cases: Sequence[Case], name: str) -> tuple[str, ...]:
    faults = sum(case.answers[name].faults > 0 for case in cases)
    proven = [case for case in cases if case.optimum is not None]
    signs = [compare(case.answers[name].value, case.optimum) for case in proven if case.optimum is not None]
    equal = [first_equal(case, name) for case in proven]
    return str(faults), str(signs.count(-1)), _share(equal), _share([sign == 0 for sign in signs])


def _share(flags: Sequence[bool]) -> str:
    return f"{100 * np.mean(flags):.2f} %" if flags else "-"


def misses(cases: Iterable[Case]) -> Iterator[str]:
    """Every case that is not as it should be, to be looked at by its seed."""
    for case in cases:
        if case.proof.startswith(WRONG):
            yield f"seed {case.seed}: {case.proof}"
        for name, answer in case.answers.items():
            if answer.faults:
                yield f"seed {case.seed}: {name} breaks {answer.faults} rules"
            if case.optimum is not None and compare(answer.value, case.optimum):
                yield f"seed {case.seed}: {name} {answer.value}, optimum {case.optimum} by {case.proof}"


def is_sound(cases: Iterable[Case]) -> bool:
    """Whether proofs agree, and no answer breaks a rule or lies below a proven optimum."""
    cases = list(cases)
    return not any(case.proof.startswith(WRONG) for case in cases) and not any(
        answer.faults or (case.optimum is not None and compare(answer.value, case.optimum) < 0)
        for case in cases
        for answer in case.answers.values()
    )


def main() -> int:
    """Run and print; 1 where an answer breaks a rule or is better than the optimum."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--problems", type=int, default=PROBLEMS)
    asked.add_argument("--operations", type=int, default=OPERATIONS, help="at most, in a problem")
    asked.add_argument("--moves", type=int, default=MOVES, help="of each search")
    asked.add_argument("--seconds", type=float, default=20.0, help="for the proof of each optimum")
    asked.add_argument("--seed", type=int, default=0, help="of the first problem; the others follow")
    asked.add_argument("--misses", action="store_true", help="list the seeds of all that is not optimal")
    given = asked.parse_args()
    seeds = range(given.seed, given.seed + given.problems)
    cases = [run_case(seed, given.operations, given.moves, given.seconds) for seed in seeds]
    sys.stdout.write("\n".join(lines(cases)) + "\n")
    for line in misses(cases) if given.misses else ():
        sys.stdout.write(line + "\n")
    return 0 if is_sound(cases) else 1


if __name__ == "__main__":
    sys.exit(main())
