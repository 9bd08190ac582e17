"""A mixed-integer model row by row, solved by HiGHS."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

FEASIBLE = 2
"""What HiGHS calls a primal solution that keeps all rows."""

Terms = list[tuple[int, float]]
"""A linear expression: (variable, coefficient) pairs; repeated variables add up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the solver found: ``values`` by variable (None if nothing was found) and a proven ``bound``.

    The bound is inf where no solution exists.
    """

    values: Sequence[float] | None
    objective: float
    bound: float


@dataclass(slots=True, kw_only=True)
class Model:
    """Minimise a linear cost under linear rows."""

    costs: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, Terms]] = field(default_factory=list)

    def variable(self, cost: float = 0.0, upper: float = math.inf, *, whole: bool = False) -> int:
        """Add a variable between 0 and ``upper``; its number."""
        self.costs.append(cost)
        self.lower.append(0.0)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.costs) - 1

    def binary(self, cost: float = 0.0) -> int:
        """Add a yes-or-no variable; its number."""
        return self.variable(cost, 1.0, whole=True)

    def at_least(self, terms: Iterable[tuple[int, float]], bound: float = 0.0) -> None:
        """Demand that an expression is not below ``bound``."""
        self.rows.append((bound, math.inf, list(terms)))

    def at_most(self, terms: Iterable[tuple[int, float]], bound: float = 0.0) -> None:
        """Demand that an expression is not above ``bound``."""
        self.rows.append((-math.inf, bound, list(terms)))

    def equal(self, terms: Iterable[tuple[int, float]], value: float = 0.0) -> None:
        """Demand that an expression equals ``value``."""
        self.rows.append((value, value, list(terms)))

    def solve(self, *, gap: float, seconds: float = math.inf, nodes: int | None = None) -> Answer:
        """Solve to a relative ``gap``, for at most ``seconds``, or ``nodes`` of the search tree.

        Only a limit of nodes gives the same answer on a slow and on a fast machine.
        """
        solver = self._load()
        solver.setOptionValue("mip_rel_gap", gap)
        solver.setOptionValue("mip_abs_gap", 1e-7)
        solver.setOptionValue("mip_feasibility_tolerance", 1e-7)
        solver.setOptionValue("primal_feasibility_tolerance", 1e-8)
        if math.isfinite(seconds):
            solver.setOptionValue("time_limit", seconds)
        if nodes is not None:
            # only the bound is wanted then: no effort for good solutions
            solver.setOptionValue("mip_max_nodes", nodes)
            solver.setOptionValue("mip_heuristic_effort", 0.0)
        solver.run()
        return self._answer(solver)

    def _load(self) -> Any:
        import highspy

        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.passModel(self._lp(highspy))
        return solver

    def _lp(self, highspy: Any) -> Any:
        starts, index, value = self._matrix()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.costs), len(self.rows)
        lp.col_cost_ = np.array(self.costs)
        lp.col_lower_, lp.col_upper_ = np.array(self.lower), _bounded(self.upper, highspy.kHighsInf)
        lp.row_lower_ = _bounded([row[0] for row in self.rows], highspy.kHighsInf)
        lp.row_upper_ = _bounded([row[1] for row in self.rows], highspy.kHighsInf)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, index, value
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in self.whole]
        return lp

    def _matrix(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
        starts: list[int] = [0]
        index: list[int] = []
        value: list[float] = []
        for _, _, terms in self.rows:
            merged: dict[int, float] = {}
            for variable, coefficient in terms:
                merged[variable] = merged.get(variable, 0.0) + coefficient
            index.extend(merged)
            value.extend(merged.values())
            starts.append(len(index))
        return np.array(starts, np.int32), np.array(index, np.int32), np.array(value)

    def _answer(self, solver: Any) -> Answer:
        import highspy

        info = solver.getInfo()
        found = info.primal_solution_status == FEASIBLE
        values = list(solver.getSolution().col_value) if found else None
        bound = info.mip_dual_bound if math.isfinite(info.mip_dual_bound) else -math.inf
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            bound = math.inf
        return Answer(
            values=values, objective=info.objective_function_value if found else math.inf, bound=bound
        )


def _bounded(values: Sequence[float], infinity: float) -> npt.NDArray[np.float64]:
    bounded: npt.NDArray[np.float64] = np.clip(np.array(values, float), -infinity, infinity)
    return bounded
