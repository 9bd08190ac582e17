"""The floor of the realistic shop: machines, tools, people, their hours; figures stand in ``shop.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

FIGURES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("shop.toml").read_text(encoding="utf-8"))
KINDS: dict[str, Any] = {kind["name"]: kind for kind in FIGURES["kinds"]}
HOUR, DAY, WEEK = 3600, 86400, 7 * 86400
WORKING_DAYS = 5
Intervals = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A machine of a kind; the smaller the pace the faster; ``attended``: somebody stays with it."""

    name: str
    kind: str
    pace: float
    attended: bool
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A mould, fixture, jig or set of brake tools, one of each; fits machines of its size and the next."""

    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a shift; ``skills`` gives the pace in each trade."""

    name: str
    shift: str
    skills: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What the shop has."""

    machines: Mapping[str, tuple[Machine, ...]]
    tools: Mapping[str, tuple[Tool, ...]]
    people: tuple[Person, ...]


def scaled(counts: Sequence[float], total: int) -> list[int]:
    """Counts in the same proportions with another sum, each at least 1, by largest remainders."""
    if total < len(counts):
        raise ValueError(f"{total} is too few: there are {len(counts)} kinds of them")
    exact = [total * count / sum(counts) for count in counts]
    made = [max(int(value), 1) for value in exact]
    order = sorted(range(len(counts)), key=lambda i: made[i] - exact[i])
    while sum(made) < total:
        made[order[(total - sum(made) - 1) % len(counts)]] += 1
    while sum(made) > total:
        made[max(range(len(counts)), key=lambda i: (made[i] > 1, made[i] - exact[i]))] -= 1
    return made


def make_machines(total: int) -> dict[str, tuple[Machine, ...]]:
    """Machines by kind, in the proportions of the figures."""
    groups = [(kind["name"], group) for kind in FIGURES["kinds"] for group in kind["groups"]]
    made: dict[str, list[Machine]] = {name: [] for name in KINDS}
    for (kind, group), count in zip(
        groups, scaled([group["count"] for _, group in groups], total), strict=True
    ):
        for _ in range(count):
            made[kind].append(
                Machine(
                    name=f"{kind} {len(made[kind]) + 1}",
                    kind=kind,
                    pace=group["pace"],
                    attended=group.get("attended", False),
                    size=group.get("size", 1),
                )
            )
    return {kind: tuple(machines) for kind, machines in made.items()}


def make_tools(total: int, machines: Mapping[str, Sequence[Machine]]) -> dict[str, tuple[Tool, ...]]:
    """Tools by kind of machine, their sizes as those of the machines."""
    kinds = [kind for kind in FIGURES["kinds"] if kind.get("tools")]
    made = {}
    for kind, count in zip(kinds, scaled([kind["tools"] for kind in kinds], total), strict=True):
        sizes = [machine.size for machine in machines[kind["name"]]]
        made[kind["name"]] = tuple(
            Tool(
                name=f"{kind['tool_word']} {i + 1}",
                kind=kind["name"],
                size=sizes[i * len(sizes) // count % len(sizes)],
            )
            for i in range(count)
        )
    return made


def make_people(total: int, hours: Mapping[str, float], random: Random) -> tuple[Person, ...]:
    """People: first trades in proportion to the work there is, somebody for every trade in each shift."""
    figures, trades = FIGURES["people_figures"], list(hours)
    firsts = random.choices(trades, list(hours.values()), k=total)
    if total >= len(trades):
        counts = scaled(list(hours.values()), total)
        firsts = [trade for trade, count in zip(trades, counts, strict=True) for _ in range(count)]
    shifts = [figures["shifts"][i % len(figures["shifts"])] for i in range(total)]
    skills = [{trade: 1.0} for trade in firsts]
    for shift in figures["shifts"]:
        _spread_trades([skills[i] for i in range(total) if shifts[i] == shift], trades, random)
    for mine in skills:
        others = [trade for trade in trades if trade not in mine]
        for _ in range(random.randint(*figures["further_skills"]) + 1 - len(mine)):
            trade = random.choices(others, [hours[other] for other in others])[0]
            mine[trade] = _second_pace(random)
            others.remove(trade)
    return tuple(Person(name=f"person {i + 1}", shift=shifts[i], skills=skills[i]) for i in range(total))


def _spread_trades(crew: Sequence[dict[str, float]], trades: Sequence[str], random: Random) -> None:
    for trade in trades:
        if crew and not any(trade in skills for skills in crew):
            least = min(len(skills) for skills in crew)
            random.choice([skills for skills in crew if len(skills) == least])[trade] = _second_pace(random)


def _second_pace(random: Random) -> float:
    return round(random.uniform(*FIGURES["people_figures"]["further_pace"]), 2)


def week_of(hours: str) -> list[tuple[int, int]]:
    """Working intervals of a week, in seconds from Monday morning."""
    figures = FIGURES["hours"]
    parts = [*figures["early"], *figures["late"]] if hours == "shifts" else figures[hours]
    return [
        (day * DAY + int(start * HOUR), day * DAY + int(end * HOUR))
        for day in range(WORKING_DAYS)
        for start, end in parts
    ]


def calendar_of(hours: str, weeks: int, absent: Random | None = None) -> Intervals:
    """Working intervals of many weeks; somebody may be absent on some days."""
    share = FIGURES["people_figures"]["absent"]
    days = {day for day in range(7 * weeks) if absent is not None and absent.random() < share}
    edges = [
        (week * WEEK + start, week * WEEK + end)
        for week in range(weeks)
        for start, end in week_of(hours)
        if (week * WEEK + start) // DAY not in days
    ]
    return tuple(edges)


def open_seconds_a_week(resource: str, floor: Floor) -> float:
    """Working seconds of a machine, person (less absences) or tool in an ordinary week."""
    for machines in floor.machines.values():
        for machine in machines:
            if machine.name == resource:
                return float(sum(end - start for start, end in week_of(KINDS[machine.kind]["hours"])))
    for person in floor.people:
        if person.name == resource:
            present = 1.0 - FIGURES["people_figures"]["absent"]
            return float(present * sum(end - start for start, end in week_of(person.shift)))
    return float(WEEK)
