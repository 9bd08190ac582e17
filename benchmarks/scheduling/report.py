"""Tables of what came of a series of runs, in Markdown, and the table of all runs that is published."""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.scheduling.families import FAMILIES, Family, Known, instances
from benchmarks.scheduling.results import Row, read_rows, read_table, write_table
from benchmarks.scheduling.rivals import ROOT
from benchmarks.scheduling.run import DATA, RESULTS
from benchmarks.table import describe_machine

CSV = ROOT / "benchmarks" / "results" / "scheduling.csv"
OURS = "manyworks"
NAMES = {"cpsat": "CP-SAT", "pyjobshop": "PyJobShop", "rules": "best of 50 rules"}
EPSILON = 1e-6
LARGE = 100  # operations from which an open instance with workers counts
CPO_SET = range(21, 41)  # la21 to la40


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A contender with its budget: what is compared in a line of a table."""

    solver: str
    seconds: float

    def __str__(self) -> str:
        name = NAMES.get(self.solver, self.solver)
        return name if self.solver == "rules" else f"{name}, {self.seconds:g} s"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All runs of a family."""

    family: Family
    known: dict[str, Known]
    rows: Sequence[Row]

    @cached_property
    def sides(self) -> list[Side]:
        """Contenders, ours first, longer budgets last."""
        found = {Side(solver=row["solver"], seconds=row["seconds"]) for row in self.rows}
        order = [OURS, "rules", "cpsat", "pyjobshop"]
        return sorted(found, key=lambda side: (order.index(side.solver), side.seconds))

    @cached_property
    def by_instance(self) -> dict[tuple[Side, str], list[Row]]:
        """Runs of all seeds by contender and instance."""
        found: dict[tuple[Side, str], list[Row]] = {}
        for row in self.rows:
            side = Side(solver=row["solver"], seconds=row["seconds"])
            found.setdefault((side, row["instance"]), []).append(row)
        return found

    @cached_property
    def references(self) -> dict[str, tuple[float, bool]]:
        """By instance what gaps are measured against, and whether that was published."""
        best: dict[str, float] = {}
        for row in self.rows:
            if row["objective"] is not None:
                name = row["instance"]
                best[name] = min(best.get(name, row["objective"]), row["objective"])
        for name, known in self.known.items():
            if known.upper is not None:
                best[name] = known.upper
        return {
            name: (value, self.known.get(name, _UNKNOWN).upper is not None) for name, value in best.items()
        }

    def instances_of(self, side: Side) -> list[str]:
        """Instances a contender was run on."""
        return [name for other, name in self.by_instance if other == side]

    def mean(self, side: Side, name: str) -> float | None:
        """Mean objective over the seeds; None unless all found a schedule."""
        values = [row["objective"] for row in self.by_instance.get((side, name), ())]
        return None if not values or None in values else statistics.fmean(values)

    def gap(self, value: float, name: str) -> float:
        """How far above its reference an objective lies, in per cent."""
        reference = self.references[name][0]
        return 100 * (value - reference) / reference if reference else (0.0 if value <= EPSILON else 100.0)

    def gaps(self, side: Side, names: Sequence[str]) -> list[float]:
        """Gaps of the mean objective, of those instances that were solved; none where sums count."""
        if self.family.sums:
            return []
        means = [(self.mean(side, name), name) for name in names]
        return [self.gap(value, name) for value, name in means if value is not None]

    def proven(self, side: Side, name: str) -> bool:
        """Whether some run proved that its schedule is optimal."""
        return any(_proven(row) for row in self.by_instance.get((side, name), ()))


_UNKNOWN = Known(lower=None, upper=None)


def _proven(row: Row) -> bool:
    value, bound = row["objective"], row["bound"]
    return (
        value is not None
        and bound is not None
        and bound >= value - EPSILON
        and row["status"] != "not modelled"
    )


def add_arguments(asked: argparse.ArgumentParser) -> None:
    """Say what can be asked of a report."""
    asked.add_argument("--results", type=Path, default=RESULTS, help="file of the lines")
    asked.add_argument("--csv", type=Path, default=CSV, help="table of all runs, written from the lines")
    asked.add_argument("--from-csv", action="store_true", help="read that table, write nothing")
    asked.add_argument("--data", type=Path, default=DATA, help="folder of the instances")
    asked.add_argument(
        "--family", nargs="+", choices=sorted(FAMILIES), default=list(FAMILIES), metavar="NAME"
    )


def report(given: argparse.Namespace) -> int:
    """Print the tables and write the table of all runs."""
    rows = read_table(given.csv) if given.from_csv else read_rows(given.results)
    if not given.from_csv and rows:
        write_table(given.csv, rows, list(FAMILIES))
    wanted = [FAMILIES[name] for name in given.family]
    found = [outcome for family in wanted if (outcome := outcome_of(family, rows, given.data)).rows]
    sys.stdout.write("\n".join(write_report(found)) + "\n")
    return 0


def outcome_of(family: Family, rows: Sequence[Row], data: Path) -> Outcome:
    """Runs of a family beside what is known of its instances."""
    known = {one.name: one.known for one in instances(family, data)}
    return Outcome(
        family=family, known=known, rows=[row for row in rows if row["family"] == family.name and _ran(row)]
    )


def _ran(row: Row) -> bool:
    return bool(row["status"] != "not modelled")


def write_report(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """All tables, one line after the other."""
    yield describe_machine()
    yield ""
    yield from _head(
        ("family", "contender"),
        ["instances", "seeds", "solved", "mean gap", "worst gap", "equal", "better", "proven", "mean s"],
    )
    for outcome in outcomes:
        yield from _family_lines(outcome)
    yield ""
    yield from _against_rivals(outcomes)
    for outcome in outcomes:
        special = _SPECIAL.get(outcome.family.name)
        if special:
            yield ""
            yield from special(outcome)
    yield ""
    yield from _remarks(outcomes)


def _head(words: Sequence[str], figures: Sequence[str]) -> Iterator[str]:
    yield "| " + " | ".join((*words, *figures)) + " |"
    yield "|" + "---|" * len(words) + "---:|" * len(figures)


def _line(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def _family_lines(outcome: Outcome) -> Iterator[str]:
    for side in outcome.sides:
        names = outcome.instances_of(side)
        rows = [row for name in names for row in outcome.by_instance[side, name]]
        values = [
            (outcome.gap(row["objective"], row["instance"]), row)
            for row in rows
            if row["objective"] is not None
        ]
        best = {
            name: min((gap for gap, row in values if row["instance"] == name), default=None) for name in names
        }
        published = [gap for name, gap in best.items() if gap is not None and outcome.references[name][1]]
        took = [row["took"] for row in rows if row["took"] is not None]
        yield _line(
            outcome.family.title,
            side,
            len(names),
            len({row["seed"] for row in rows}),
            sum(outcome.mean(side, name) is not None for name in names),
            _percent(outcome.gaps(side, names)),
            _worst(outcome.family, values),
            _count(published, lambda gap: abs(gap) <= EPSILON),
            _count(published, lambda gap: gap < -EPSILON),
            sum(outcome.proven(side, name) for name in names),
            f"{statistics.fmean(took) if took else 0:.1f}",
        )


def _worst(family: Family, values: Sequence[tuple[float, Row]]) -> str:
    if not values or family.sums:
        return ""
    gap, row = max(values, key=lambda pair: pair[0])
    return f"{gap:.2f} % ({row['instance']})"


def _percent(gaps: Sequence[float]) -> str:
    return f"{statistics.fmean(gaps):.2f} %" if gaps else ""


def _count(gaps: Sequence[float], fits: Callable[[float], bool]) -> str:
    return str(sum(fits(gap) for gap in gaps)) if gaps else ""


def _against_rivals(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Ours beside each rival in the same time, on what both solved and the rival did not prove."""
    yield from _head(
        ("family", "rival"),
        (
            "not proven by it",
            "of these without a schedule",
            "its mean gap",
            "ours on the same",
            "ours on all of these",
            "ours better",
            "equal",
            "worse",
        ),
    )
    for outcome in outcomes:
        for side in outcome.sides:
            ours = Side(solver=OURS, seconds=side.seconds)
            if side.solver in (OURS, "rules") or ours not in outcome.sides:
                continue
            yield _pair_line(outcome, side, ours)


def _pair_line(outcome: Outcome, side: Side, ours: Side) -> str:
    names = [name for name in outcome.instances_of(side) if outcome.mean(ours, name) is not None]
    open_ = [name for name in names if not outcome.proven(side, name)]
    both = [name for name in open_ if outcome.mean(side, name) is not None]
    ahead = [(outcome.mean(side, name) or 0.0) - (outcome.mean(ours, name) or 0.0) for name in both]
    return _line(
        outcome.family.title,
        side,
        f"{len(open_)} of {len(names)}",
        len(open_) - len(both),
        _percent(outcome.gaps(side, both)),
        _percent(outcome.gaps(ours, both)),
        _percent(outcome.gaps(ours, open_)),
        sum(gain > EPSILON for gain in ahead),
        sum(abs(gain) <= EPSILON for gain in ahead),
        sum(gain < -EPSILON for gain in ahead),
    )


def _workers(outcome: Outcome) -> Iterator[str]:
    """How often the published best of open instances with workers was reached and beaten."""
    operations = {row["instance"]: row["operations"] for row in outcome.rows if row["operations"]}
    open_ = [
        name
        for name, known in outcome.known.items()
        if known.lower is not None and known.upper is not None and known.lower < known.upper
        if operations.get(name, 0) >= LARGE
    ]
    yield f"Open instances with workers and {LARGE} operations or more:"
    yield ""
    yield from _head(("contender",), ("instances", "beaten", "equal", "above"))
    for side in outcome.sides:
        gaps = outcome.gaps(side, open_)
        if gaps:
            yield _line(
                side,
                len(gaps),
                _count(gaps, lambda gap: gap < -EPSILON),
                _count(gaps, lambda gap: abs(gap) <= EPSILON),
                _count(gaps, lambda gap: gap > EPSILON),
            )
    doubtful = sorted(name for name, known in outcome.known.items() if known.doubtful)
    yield ""
    yield f"Published upper bounds of {', '.join(doubtful)} lie below the lower ones, which are the optima."


def _weighted_sums(outcome: Outcome) -> Iterator[str]:
    """Sums over the set, of the instances every contender solved."""
    names = [
        name for name in outcome.known if all(outcome.mean(side, name) is not None for side in outcome.sides)
    ]
    yield f"Weighted tardiness summed over {len(names)} instances that all contenders solved:"
    yield ""
    yield from _head(("contender",), ("sum", "f = 1.3", "f = 1.5", "f = 1.6"))
    for side in outcome.sides:
        sums = [
            sum(outcome.mean(side, name) or 0.0 for name in names if name.endswith(ending))
            for ending in ("", "1.3", "1.5", "1.6")
        ]
        yield _line(side, *(f"{value:,.0f}" for value in sums))


def _transitions(outcome: Outcome) -> Iterator[str]:
    """Beside the published results of CP Optimizer and OptalCP, 600 s and four workers."""
    wanted = {f"la{number}" for number in CPO_SET}
    names = [name for name in outcome.known if name in wanted]
    yield "la21 to la40 with transition times, beside published runs of 600 s with four workers:"
    yield ""
    yield from _head(("contender",), ("instances", "mean makespan", "mean gap"))
    for side in outcome.sides:
        solved = [name for name in names if outcome.mean(side, name) is not None]
        if solved:
            yield _transition_line(
                outcome, str(side), {name: outcome.mean(side, name) or 0.0 for name in solved}
            )
    ran = {row["instance"] for row in outcome.rows}
    for word, field in (
        ("CP Optimizer 22.1, 600 s (published)", "cpo"),
        ("OptalCP 0.9.2.5, 600 s (published)", "optal"),
    ):
        values = {name: getattr(outcome.known[name], field) for name in names if name in ran}
        stated = {name: value for name, value in values.items() if value is not None}
        if stated:
            yield _transition_line(outcome, word, stated)


def _transition_line(outcome: Outcome, word: str, values: dict[str, float]) -> str:
    gaps = [outcome.gap(value, name) for name, value in values.items()]
    return _line(word, len(values), f"{statistics.fmean(values.values()):.1f}", _percent(gaps))


def _shops(outcome: Outcome) -> Iterator[str]:
    """Weighted tardiness of each shop in weighted hours, and how far ours lies below the others'."""
    names = [name for name in outcome.known if any(row["instance"] == name for row in outcome.rows)]
    yield "Realistic shop, weighted tardiness in weighted hours (share of orders late):"
    yield ""
    yield from _head(("shop",), [str(side) for side in outcome.sides])
    for name in names:
        yield _line(name, *(_shop_cell(outcome, side, name) for side in outcome.sides))
    yield ""
    for ours in (side for side in outcome.sides if side.solver == OURS):
        for side in outcome.sides:
            if side.solver != OURS:
                yield _shop_saving(outcome, ours, side, names)


def _shop_cell(outcome: Outcome, side: Side, name: str) -> str:
    value = outcome.mean(side, name)
    late = [row["late"] for row in outcome.by_instance.get((side, name), ()) if row["late"] is not None]
    return "" if value is None or not late else f"{value / 3600:,.0f} ({statistics.fmean(late):.0%})"


def _shop_saving(outcome: Outcome, ours: Side, side: Side, names: Sequence[str]) -> str:
    pairs = [(outcome.mean(ours, name), outcome.mean(side, name)) for name in names]
    shares = [100 * (1 - a / b) for a, b in pairs if a is not None and b]
    if not shares:
        return f"- {ours} and {side} have no shop in common"
    told = f"mean {statistics.fmean(shares):.1f} %, least {min(shares):.1f} %, {len(shares)} shops"
    return f"- {ours} lies below {side}: {told}"


_SPECIAL: dict[str, Callable[[Outcome], Iterator[str]]] = {
    "fjsp_w": _workers,
    "weighted": _weighted_sums,
    "sdst_jsp": _transitions,
    "shop": _shops,
}


def _remarks(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What a reader must know: references that are no published ones, broken runs, values below a bound."""
    for outcome in outcomes:
        title = outcome.family.title
        ran = {row["instance"] for row in outcome.rows}
        own = [name for name in ran if not outcome.references.get(name, (0.0, True))[1]]
        if own and not outcome.family.sums:
            count = f"{len(own)} of {len(ran)}"
            yield f"- {title}: no published best for {count}; gaps are to the best of these runs."
        for row in outcome.rows:
            for trouble in _troubles(row, outcome.known.get(row["instance"], _UNKNOWN)):
                yield f"- {title}, {row['instance']}, {row['solver']}: {trouble}."


def _troubles(row: Row, known: Known) -> Iterator[str]:
    if row["faults"]:
        yield f"{row['faults']} faults found by the checker"
    if row["status"] in ("failed", "killed"):
        yield f"{row['status']}, {row['note']}"
    value = row["objective"]
    if value is not None and known.lower is not None and value < known.lower - EPSILON:
        yield f"{value:g} lies below the published lower bound {known.lower:g}"
    if value is not None and row["bound"] is not None and row["bound"] > value + EPSILON:
        yield f"its bound {row['bound']:g} lies above its own schedule of {value:g}"
