"""One contender on one instance in this process: an order comes in as JSON, a row goes out as JSON.

Started by ``rivals.run_contender``, so that every contender has a process, and a peak memory, of its own.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from benchmarks.scheduling.answers import Answer, value_of
from benchmarks.scheduling.families import FAMILIES, instances
from benchmarks.scheduling.rivals import RULES, Order

from manyworks.scheduling.problem.checking import check_solution
from manyworks.scheduling.problem.data import ProblemData, Solution, Stop
from manyworks.scheduling.problem.tables import FOREVER

WARM_UP_S = 1.0
MOST_IMPROVEMENTS = 40


def _manyworks(data: ProblemData, order: Order) -> Answer:
    from manyworks.scheduling.solving import solve

    result = solve(data, Stop(seconds=order.seconds), seed=order.seed, threads=order.threads)
    return Answer(
        status=result.status,
        solution=result.solution,
        bound=result.bound.value,
        bound_kind=result.bound.kind,
        improvements=result.improvements,
        moves=result.iterations,
    )


def _rules(data: ProblemData, order: Order) -> Answer:
    return Answer(status="feasible", solution=_best_rule(data), note=f"best of {RULES} rules")


def _best_rule(data: ProblemData) -> Solution:
    from manyworks.scheduling.dispatch.dispatching import best_of_rules

    return best_of_rules(data, count=RULES)


def _cpsat(data: ProblemData, order: Order) -> Answer:
    from benchmarks.scheduling.plain_models import beyond_plain
    from benchmarks.scheduling.rival_cpsat import solve_with_cpsat

    from manyworks.scheduling.solvers.cpsat import supports

    if beyond_plain(data) is None:
        return solve_with_cpsat(data, seconds=order.seconds, seed=order.seed, threads=order.threads)
    trouble = supports(data)
    return Answer(status="not modelled", note=trouble) if trouble else _started_cpsat(data, order)


def _started_cpsat(data: ProblemData, order: Order) -> Answer:
    """CP-SAT on our own whole model, started from the best rule's schedule, whose making does not count."""
    from manyworks.scheduling.solvers.cpsat import Effort, solve_whole

    start, began = _best_rule(data), perf_counter()
    improvements: list[tuple[float, float]] = []

    def found(solution: Solution, bound: float) -> None:
        improvements.append((perf_counter() - began, value_of(data, solution)))

    effort = Effort(seconds=order.seconds, workers=order.threads, seed=order.seed)
    made = solve_whole(data, effort, hint=start, found=found)
    better = made.solution is not None and value_of(data, made.solution) < value_of(data, start)
    return Answer(
        status=made.status,
        solution=made.solution if better else start,
        bound=made.bound,
        improvements=tuple(improvements),
        note="started from the best rule" + ("" if better else ", found nothing better"),
    )


def _pyjobshop(data: ProblemData, order: Order) -> Answer:
    from benchmarks.scheduling.rival_pyjobshop import solve_with_pyjobshop

    return solve_with_pyjobshop(data, seconds=order.seconds, seed=order.seed, threads=order.threads)


CONTENDERS: dict[str, Callable[[ProblemData, Order], Answer]] = {
    "manyworks": _manyworks,
    "rules": _rules,
    "cpsat": _cpsat,
    "pyjobshop": _pyjobshop,
}


def contend(order: Order) -> dict[str, Any]:
    """Run a contender and describe what it reached; its solution passes the independent checker."""
    family = FAMILIES[order.family]
    instance = next(one for one in instances(family, Path(order.data)) if one.name == order.instance)
    data = instance.load()
    run = CONTENDERS[order.solver]
    _warm_up(data, order)
    began = perf_counter()
    answer = run(data, order)
    took = perf_counter() - began
    return {**asdict(order), **_described(data, answer, took)}


def _warm_up(data: ProblemData, order: Order) -> None:
    """Load what is only loaded once: packages of the rivals, compiled code of ours."""
    if order.solver in ("manyworks", "rules"):
        _manyworks(data, replace(order, seconds=WARM_UP_S))
    else:
        import_module(f"benchmarks.scheduling.rival_{order.solver}")


def _described(data: ProblemData, answer: Answer, took: float) -> dict[str, Any]:
    solution = answer.solution
    improvements = [(round(at, 3), value) for at, value in answer.improvements]
    step = max(1, math.ceil(len(improvements) / MOST_IMPROVEMENTS))
    faults = [] if solution is None else check_solution(data, solution)
    return {
        "operations": data.tables.total,
        "objective": None if solution is None else value_of(data, solution),
        "bound": answer.bound if math.isfinite(answer.bound) else None,
        "bound_kind": answer.bound_kind,
        "status": answer.status,
        "took": round(took, 3),
        "found_at": improvements[-1][0] if improvements else None,
        "improvements": improvements[::-1][::step][::-1],
        "moves": answer.moves,
        "late": None if solution is None else _late_share(data, solution),
        "faults": len(faults),
        "first_fault": faults[0].message if faults else "",
        "note": answer.note,
    }


def _late_share(data: ProblemData, solution: Solution) -> float | None:
    due = data.tables.operations["due"][:-1]
    dated = due < FOREVER
    return float(np.mean(solution.end[dated] > due[dated])) if dated.any() else None


def main() -> int:
    """Read the order, run, write the row; whatever else writes to standard output goes to standard error."""
    rows = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    rows.write(json.dumps(contend(Order(**json.load(sys.stdin)))))
    rows.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
