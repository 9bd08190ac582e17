"""Published prices and times of real jobs against what the process models say.

``python benchmarks/published_points.py`` prints every point and the scores; ``--rows open`` leaves out
those that nobody may look at before the models are done, ``--write`` puts the tables into
``docs/background/price_points.md``.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from manyworks.processes import (
    Estimate,
    ProcessesError,
    estimate,
    make_operation,
    ordinary_station,
    processes,
)
from table import ROOT, Row

DATA = Path(__file__).resolve().parent / "data"
SETS = {
    "open": DATA / "published_points.csv",
    "held": DATA / "held_points.csv",
    "fresh": DATA / "fresh_points.csv",
}
GROUPS = {"open": "looked at", "held": "held back", "fresh": "fresh and blind"}
PAGE = ROOT / "docs" / "background" / "price_points.md"
MARKS = ("<!-- scores: made by benchmarks/published_points.py -->", "<!-- end of scores -->")
REFERENCE_YEAR = 2026
"""Year of the wages in the book of rates: observed prices are brought to it."""
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
ALPHA = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operation of the job; ``quantity`` where it is not that of the job (one stencil a lot)."""

    process: str
    measures: Mapping[str, float]
    material: str = ""
    quantity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What was published, as a row of the files says it.

    ``batch`` counts the pieces that share the set-up: boards on a panel of many customers, parts in a full
    powder bed, pieces of the same order. It is 0 where the lot has its own.
    """

    id: str
    kept: str
    process: str
    what: str
    steps: tuple[Step, ...]
    quantity: float
    batch: float
    country: str
    year: int
    figure: str
    value: float
    usd: float
    adds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A point with the models' answer to it, or why there is none."""

    point: Point
    observed: float
    low: float = float("nan")
    middle: float = float("nan")
    high: float = float("nan")
    trouble: str = ""

    @property
    def error(self) -> float:
        """How far the middle answer is from what was observed, share of the latter."""
        return (self.middle - self.observed) / self.observed

    @property
    def inside(self) -> bool:
        """Whether P10-P90 holds what was observed."""
        return self.low <= self.observed <= self.high

    @property
    def width(self) -> float:
        """P90 less P10, share of P50."""
        return (self.high - self.low) / self.middle

    @property
    def interval_score(self) -> float:
        """Winkler's score at alpha 0.2, share of what was observed; less is better."""
        missed = max(self.low - self.observed, self.observed - self.high, 0.0)
        return (self.high - self.low + 2.0 / ALPHA * missed) / self.observed


def read_points(sets: Iterable[str] = tuple(SETS)) -> list[Point]:
    """Read the points of the named files."""
    points = []
    for name in sets:
        with SETS[name].open(encoding="utf-8", newline="") as file:
            points += [_point(row, name) for row in csv.DictReader(file)]
    return points


def _point(row: Mapping[str, str], kept: str) -> Point:
    return Point(
        id=row["id"],
        kept=kept,
        process=row["process"],
        what=row["what"],
        steps=tuple(_steps(row)),
        quantity=float(row["quantity"]),
        batch=float(row["batch"] or 0.0),
        country=row["country"],
        year=int(row["year"]),
        figure=row["figure"],
        value=float(row["value"]),
        usd=float(row["usd"] or "nan"),
        adds=float(row["adds"] or 0.0),
    )


def _steps(row: Mapping[str, str]) -> Iterable[Step]:
    stated = json.loads(row["measures"] or "{}")
    if not stated:
        return
    if isinstance(stated, list):
        for step in stated:
            yield Step(**step)
    else:
        yield Step(process=row["process"], measures=stated, material=row["stock"])


@cache
def _price_index() -> dict[tuple[str, int], float]:
    with (DATA / "price_index.csv").open(encoding="utf-8", newline="") as file:
        return {(row["series"], int(row["year"])): float(row["value"]) for row in csv.DictReader(file)}


def observe(point: Point) -> float:
    """What was published in the unit of the models: money in USD of the reference year, less ``adds``."""
    if not point.figure.startswith("price"):
        return point.value
    series = "CN" if point.country == "CN" else "US"
    index = _price_index()
    return point.usd * (1.0 - point.adds) * index[series, REFERENCE_YEAR] / index[series, point.year]


def _price(answer: Estimate) -> float:
    return float(answer.price[0, 0])


def _price_without_material(answer: Estimate) -> float:
    costs = {kind: float(cost[0, 0]) for kind, cost in answer.costs.items()}
    below = sum(cost for kind, cost in costs.items() if kind not in {"administration", "margin"})
    return _price(answer) * (1.0 - costs["material"] / below)


def _run_s(answer: Estimate) -> float:
    return float(answer.run_s[0, 0])


FIGURES: dict[str, Callable[[Sequence[Estimate], float], float]] = {
    "price_lot": lambda answers, _: sum(map(_price, answers)),
    "price_each": lambda answers, count: sum(map(_price, answers)) / count,
    "price_without_material_lot": lambda answers, _: sum(map(_price_without_material, answers)),
    "price_without_material_each": lambda answers, count: sum(map(_price_without_material, answers)) / count,
    "price_per_run_hour": lambda answers, _: (
        3600.0 * sum(map(_price_without_material, answers)) / sum(map(_run_s, answers))
    ),
    "run_s_each": lambda answers, count: sum(map(_run_s, answers)) / count,
    "attended_s_each": lambda answers, count: sum(float(one.attended_s[0, 0]) for one in answers) / count,
    "lot_s": lambda answers, _: sum(float(one.setup_s[0, 0]) + _run_s(one) for one in answers),
    "power_kw": lambda answers, _: (
        3600.0 * sum(float(one.energy_kwh[0, 0]) for one in answers) / sum(map(_run_s, answers))
    ),
}
"""How each published figure is read from the estimates of the steps at the job's quantity."""


def answer(point: Point) -> Answer:
    """Ask the models. A point they cannot be asked about yet says why."""
    observed = observe(point)
    if not point.steps:
        return Answer(point=point, observed=observed, trouble="no measures yet")
    absent = sorted({step.process for step in point.steps} - set(processes()))
    if absent:
        return Answer(point=point, observed=observed, trouble=f"no process {', '.join(absent)}")
    try:
        answers = [_estimate(step, point) for step in point.steps]
    except ProcessesError as refused:
        return Answer(point=point, observed=observed, trouble=" ".join(str(refused).split()))
    mean = FIGURES[point.figure](answers, point.batch or point.quantity)
    if point.batch and point.figure.endswith("_lot"):
        mean *= point.quantity / point.batch
    low, middle, high = (mean * _quantile(answers, share) for share in (LOW, MIDDLE, HIGH))
    return Answer(point=point, observed=observed, low=low, middle=middle, high=high)


def _estimate(step: Step, point: Point) -> Estimate:
    operation = make_operation(step.process, step.measures, material=step.material)
    lot = point.batch or point.quantity
    quantity = lot if step.quantity is None else step.quantity
    return estimate(operation, np.array([quantity]), [ordinary_station(point.country)])


def _quantile(answers: Sequence[Estimate], share: float) -> float:
    """Quantile of the figure over its mean; the steps' errors go together, times spread like prices."""
    return sum(float(one.price_at(share)[0, 0]) for one in answers) / sum(map(_price, answers))


def kind_of(point: Point) -> str:
    """Price, time or energy."""
    if point.figure.startswith("price"):
        return "price"
    return "energy" if point.figure == "power_kw" else "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well a group of points is answered."""

    group: str
    answers: tuple[Answer, ...]

    @property
    def median_error(self) -> float:
        """Median absolute error of P50."""
        return statistics.median(abs(one.error) for one in self.answers)

    @property
    def lean(self) -> float:
        """Median of P50 over what was observed: above 1 the models ask too much."""
        return statistics.median(one.middle / one.observed for one in self.answers)

    @property
    def inside(self) -> float:
        """Share of points that P10-P90 holds."""
        return sum(one.inside for one in self.answers) / len(self.answers)

    @property
    def width(self) -> float:
        """Mean of P90 less P10 over P50."""
        return statistics.fmean(one.width for one in self.answers)

    @property
    def interval_score(self) -> float:
        """Mean interval score."""
        return statistics.fmean(one.interval_score for one in self.answers)


def score(answers: Sequence[Answer]) -> list[Score]:
    """Scores of everything, of each set, of each kind of figure and of each process."""
    good = [one for one in answers if not one.trouble]
    first = ("all", *GROUPS.values(), "price", "time", "energy", "own set-up", "shared set-up")
    groups: dict[str, list[Answer]] = {name: [] for name in first}
    for one in good:
        groups["all"].append(one)
        groups[GROUPS[one.point.kept]].append(one)
        groups[kind_of(one.point)].append(one)
        groups["shared set-up" if one.point.batch else "own set-up"].append(one)
    for one in sorted(good, key=lambda one: one.point.process):
        groups.setdefault(one.point.process, []).append(one)
    return [Score(group=group, answers=tuple(members)) for group, members in groups.items() if members]


def write_points(answers: Sequence[Answer]) -> str:
    """Write every point as a Markdown table, by process."""
    lines = [
        "| point | what | set | observed | P10 | P50 | P90 | error |",
        "|---|---|---|---:|---:|---:|---:|---:|",
    ]
    for one in sorted(answers, key=lambda one: (one.point.process, one.point.id)):
        point = one.point
        head = f"| {point.id} | {point.what} | {point.kept} | {_number(one.observed)} {_unit(point)} |"
        if one.trouble:
            lines.append(f"{head} | | | {one.trouble.replace('|', '/')[:80]} |")
            continue
        found = " | ".join(map(_number, (one.low, one.middle, one.high)))
        outside = "" if one.inside else " !"
        lines.append(f"{head} {found} | {100 * one.error:+.0f} %{outside} |")
    return "\n".join(lines)


def write_scores(scores: Sequence[Score]) -> str:
    """Write the scores as a Markdown table."""
    lines = [
        "| group | points | median abs. error | P50 / observed | inside P10-P90 | width | interval score |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.group} | {len(one.answers)} | {100 * one.median_error:.0f} % | {one.lean:.2f} | "
        f"{100 * one.inside:.0f} % | {one.width:.2f} | {one.interval_score:.2f} |"
        for one in scores
    ]
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _unit(point: Point) -> str:
    if point.figure.startswith("price"):
        return "USD/h" if point.figure.endswith("hour") else "USD"
    return "kW" if point.figure == "power_kw" else "s"


def measure() -> list[Row]:
    """Answer every point and give the scores as rows of the benchmarks."""
    rows = []
    for one in score([answer(point) for point in read_points()]):
        named = (
            ("median absolute error", 100 * one.median_error, "%", "25 %"),
            ("inside P10-P90", 100 * one.inside, "%", "80 %"),
            ("mean width", one.width, "of P50", "0.8"),
            ("interval score", one.interval_score, "of observed", ""),
        )
        note = f"{len(one.answers)} points"
        rows += [
            Row(
                benchmark="points",
                what=f"{one.group}: {what}",
                value=value,
                unit=unit,
                target=target,
                note=note,
            )
            for what, value, unit, target in named
        ]
    return rows


def _put_on_page(text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    PAGE.write_text(f"{before}{MARKS[0]}\n\n{text}\n\n{MARKS[1]}{after}", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables, or put them on the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", choices=(*SETS, "all"), default="all")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE.relative_to(ROOT)}")
    asked = parser.parse_args(arguments)
    sets = tuple(SETS) if asked.rows == "all" else (asked.rows,)
    answers = [answer(point) for point in read_points(sets)]
    text = f"{write_scores(score(answers))}\n\n{write_points(answers)}"
    if asked.write:
        _put_on_page(text)
    else:
        sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
