"""What changing a cell from one product to the next takes: part by part, minutes, people, tools, scrap.

A cell is made of modules (the mould in a press, its resin, its colour). Operations state what each
module must hold (``setup_state``); only what differs is changed. A module whose state is a set
(``"C1|R3|U2"``, the feeders of a line) is changed as far as the sets differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from manyworks.model import Operation
from manyworks.processes.frame import Bench, Number, Station
from manyworks.processes.tables import ChangeModule, process_table

_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleChange:
    """One module changed: minutes it takes, whether the machine stands meanwhile, people, scrap."""

    module: str
    minutes: float
    holds: bool
    people: float
    scrap_kg: float
    tools: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changeover:
    """A whole change: ``minutes`` the machine stands, ``person_minutes`` in all, the modules in turn."""

    minutes: float
    person_minutes: float
    scrap_kg: float
    modules: tuple[ModuleChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FullChange:
    """Everything set up from nothing, by station: seconds, person-seconds, kg."""

    held_s: Number
    people_s: Number
    scrap_kg: Number


def full_change(operation: Operation, bench: Bench) -> FullChange:
    """What it takes to set every module of the cell for an operation, whatever was there before."""
    held: Number = 0.0
    people: Number = 0.0
    scrap: Number = 0.0
    for module in bench.table.changeover.values():
        seconds = bench[module.minutes] * _MINUTE * _times(module, operation, bench)
        held = held + (seconds if module.holds else 0.0)
        people = people + seconds * (bench[module.people] if module.people else 1.0)
        scrap = scrap + (bench[module.scrap_kg] if module.scrap_kg else 0.0)
    return FullChange(held_s=held, people_s=people, scrap_kg=scrap)


def _times(module: ChangeModule, operation: Operation, bench: Bench) -> float:
    return bench.drivers(operation, module.times)[0] if module.times else 1.0


def changeover(before: Operation | None, after: Operation, station: Station) -> Changeover:
    """Change a station from one operation to the next.

    Parameters
    ----------
    before
        What ran last; None: nothing is known, everything is set.
    after
        What is to run.

    Returns
    -------
    Changeover
        Without any module where both are of one set-up family.
    """
    bench = Bench(process_table(after.process), [station])
    modules = tuple(_changes(before, after, bench))
    pace = _number(bench.factor("setup_time_factor"))
    return Changeover(
        minutes=pace * sum(change.minutes for change in modules if change.holds),
        person_minutes=pace * sum(change.minutes * change.people for change in modules),
        scrap_kg=sum(change.scrap_kg for change in modules),
        modules=modules,
    )


def _changes(before: Operation | None, after: Operation, bench: Bench) -> Iterator[ModuleChange]:
    if before is not None and before.setup_family and before.setup_family == after.setup_family:
        return
    held = before.setup_state if before is not None and before.process == after.process else {}
    for module in bench.table.changeover.values():
        share = new_share(held, after.setup_state, module.name)
        if share <= 0.0:
            continue
        yield ModuleChange(
            module=module.name,
            minutes=_number(bench[module.minutes]) * _times(module, after, bench) * share,
            holds=module.holds,
            people=_number(bench[module.people]) if module.people else 1.0,
            scrap_kg=_number(bench[module.scrap_kg]) if module.scrap_kg else 0.0,
            tools=module.tools,
            before=held.get(module.name, ""),
            after=after.setup_state.get(module.name, ""),
        )


def new_share(held: Mapping[str, str], wanted: Mapping[str, str], module: str) -> float:
    """Share of a module that has to be set anew: all of it where either side does not state it."""
    here, there = held.get(module), wanted.get(module)
    if here is None or there is None:
        return 1.0
    now, next_ = set(here.split("|")), set(there.split("|"))
    return len(next_ - now) / len(next_)


def _number(value: Number) -> float:
    return float(np.ravel(value)[0])
