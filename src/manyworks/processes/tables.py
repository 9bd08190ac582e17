"""The room's reference data: every figure with unit, range, source, year and confidence."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from manyworks.model import Finding, FindingsError, error

NOTHING: Mapping[str, Any] = MappingProxyType({})


class ProcessesError(FindingsError):
    """Raised where a rate card, an estimate or a coefficient cannot be had; carries every finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of the real world and how well it is known.

    ``positive`` marks figures that others are divided by, so that zero is refused.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    year: int
    confidence: str
    licence: str = "fact"
    positive: bool = False

    def __str__(self) -> str:
        return (
            f"{self.name} = {self.value:g} {self.unit} ({self.low:g} to {self.high:g}; {self.source}, "
            f"{self.year}, confidence {self.confidence})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A number of the design that a process's time and cost grow with.

    Parameters
    ----------
    unit, about
        Of the number, and what it is in one sentence.
    typical, low, high
        An ordinary part's value and the range over which the model was made.
    effect
        ``up``: time and cost never fall as it rises; ``down``: they never rise (a wider
        tolerance); ``any``: neither is promised; ``flag``: 0 or 1.
    default, source
        What stands for it where nobody says, and where that is taken from; None: it must be stated.
    of_material
        Property of the material it is read from, where a material is named; empty otherwise.
    """

    name: str
    unit: str
    about: str
    typical: float
    low: float
    high: float
    effect: str = "up"
    default: float | None = None
    source: str = ""
    of_material: str = ""

    def assumed(self) -> str:
        """How the default is told."""
        source = self.source or "ordinary part"
        return f"{self.name} = {self.default:g} {self.unit} (not stated; {source}, confidence low)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeLimit:
    """A driver's value beyond which the process cannot make it; ``instead`` names what can."""

    driver: str
    why: str
    least: float = float("-inf")
    most: float = float("inf")
    instead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a process is for: lots it makes sense for, what it holds, what it cannot do.

    ``from_quantity`` to ``to_quantity`` is where it is usually asked for (others are priced all the
    same); ``it_grade`` and ``ra_um`` (micrometres) come without effort, ``best_it_grade`` and
    ``best_ra_um`` with it; None where they mean nothing.
    """

    from_quantity: float = 1.0
    to_quantity: float = float("inf")
    why: str = ""
    it_grade: float | None = None
    best_it_grade: float | None = None
    ra_um: float | None = None
    best_ra_um: float | None = None
    cannot: tuple[str, ...] = ()
    limits: tuple[ScopeLimit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeModule:
    """A part of a cell that is changed between two jobs.

    Parameters
    ----------
    minutes, people, scrap_kg
        Names of the coefficients that say how long, by how many, with how much spoilt; empty:
        none (one person).
    times
        Driver that says how many of it there are (feeders); empty: one.
    tools
        What it takes, in words.
    holds
        Whether the machine stands still meanwhile; otherwise it is made ready beside it.
    """

    name: str
    minutes: str
    people: str = ""
    scrap_kg: str = ""
    times: str = ""
    tools: str = ""
    holds: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessTable:
    """What one process's data file holds: coefficients, the default machine, the model's error."""

    process: str
    title: str
    summary: str
    coefficients: Mapping[str, Figure]
    machine: Mapping[str, Figure]
    drivers: Mapping[str, Driver]
    scope: Scope
    changeover: Mapping[str, ChangeModule]
    own_sigma: float
    shared_sigma: float


@cache
def processes() -> tuple[str, ...]:
    """Names of the processes that have a model: one module in ``models`` and one data file each."""
    there = (path.name for path in files("manyworks.processes.models").iterdir())
    stems = (name.removesuffix(".py") for name in there if name.endswith(".py") and name[0] != "_")
    return tuple(sorted(stem.replace("_", "-") for stem in stems))


@cache
def read_data(name: str) -> Mapping[str, Any]:
    """Content of a data file of this room, by its name without ``.toml``."""
    with files("manyworks.processes").joinpath(f"data/{name}.toml").open("rb") as stream:
        return tomllib.load(stream)


def read_figures(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Figure]:
    """Rows of a data file as figures."""
    return {name: Figure(name=name, **row) for name, row in rows.items()}


@cache
def shared_figures() -> Mapping[str, Figure]:
    """Coefficients that every process has: how a shop's own times and scrap differ from the model's."""
    return read_figures(read_data("every_process")["coefficients"])


@cache
def process_table(process: str) -> ProcessTable:
    """All figures of one process.

    Raises
    ------
    ProcessesError
        No model of that name; the finding lists those there are.
    """
    if process not in processes():
        raise ProcessesError([_unknown_process(process)])
    data = read_data(process.replace("-", "_"))
    sigma = read_figures(data["sigma"])
    spreads = {name: replace(sigma[part], name=name) for name, part in _SPREADS.items()}
    return ProcessTable(
        process=process,
        title=data.get("title", process),
        summary=data.get("summary", ""),
        # A process may know better than what holds for all.
        coefficients={**shared_figures(), **read_figures(data["coefficients"]), **spreads},
        machine=read_figures(data["machine"]),
        drivers={name: Driver(name=name, **row) for name, row in data.get("drivers", NOTHING).items()},
        scope=_scope(data.get("scope", NOTHING)),
        changeover={
            name: ChangeModule(name=name, **row) for name, row in data.get("changeover", NOTHING).items()
        },
        own_sigma=sigma["own"].value,
        shared_sigma=sigma["shared"].value,
    )


# A shop whose jobs say better how far its prices lie from estimates states these two.
_SPREADS = {"spread": "own", "shared_spread": "shared"}


def _scope(row: Mapping[str, Any]) -> Scope:
    limits = tuple(ScopeLimit(**limit) for limit in row.get("limits", ()))
    plain = {name: value for name, value in row.items() if name not in ("limits", "cannot")}
    return Scope(limits=limits, cannot=tuple(row.get("cannot", ())), **plain)


def _unknown_process(process: str) -> Finding:
    known = ", ".join(processes())
    return error("processes.process.unknown", process, f"no model for process {process!r}", f"known: {known}")


def _short(process: str, name: str) -> str | None:
    """The coefficient a name means for a process, ``None`` where it names another process's."""
    owner, dot, short = name.rpartition(".")
    return short if not dot or owner == process else None


def unknown_coefficients(process: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of ``names`` that the process's model does not know.

    A name may carry its process (``smt-assembly.efficiency``) where a shop does several; names of
    another process are not unknown to this one.
    """
    table = process_table(process).coefficients
    unknown = []
    for name in names:
        owner = name.rpartition(".")[0]
        if owner in processes() and owner != process:
            continue
        if _short(process, name) not in table:
            unknown.append(name)
    return tuple(unknown)


def check_coefficients(process: str, values: Mapping[str, float], where: str = "") -> tuple[Finding, ...]:
    """Findings on a shop's own coefficients: unknown names, numbers that cannot be."""
    table = process_table(process).coefficients
    unknown = set(unknown_coefficients(process, values))
    found = [
        error(
            "processes.coefficient.unknown",
            where or process,
            f"{process} has no coefficient {name!r}",
            f"known: {', '.join(sorted(table))}",
        )
        for name in values
        if name in unknown
    ]
    for name, value in values.items():
        short = _short(process, name)
        figure = table.get(short or "")
        if figure is not None and not admissible(figure, value):
            found.append(inadmissible(process, figure, value, where))
    return tuple(found)


def admissible(figure: Figure, value: float) -> bool:
    """Whether a number can stand for a figure at all (sign, finite, share at most one)."""
    if not 0.0 <= value < float("inf") or (figure.positive and value == 0.0):
        return False
    return figure.unit != "share" or value <= 1.0


def inadmissible(process: str, figure: Figure, value: float, where: str = "") -> Finding:
    """The finding for a number that cannot stand for a figure."""
    expected = "more than 0" if figure.positive else "0 or more"
    limit = " and at most 1" if figure.unit == "share" else ""
    return error(
        "processes.coefficient.value",
        where or process,
        f"{figure.name} = {value!r} of {process}; expected a number {expected}{limit} ({figure.unit})",
        f"usual: {figure.low:g} to {figure.high:g}",
    )


@cache
def assumption_text(process: str, name: str) -> str:
    """How a default is told in a quote's assumptions."""
    table = process_table(process)
    figure = table.coefficients.get(name) or table.machine[name]
    return f"{process}: {figure}"


@cache
def defaults() -> Mapping[str, Figure]:
    """What routings assume where a design does not say, of all the room's ``route*.toml``."""
    there = (path.name for path in files("manyworks.processes").joinpath("data").iterdir())
    stems = sorted(name.removesuffix(".toml") for name in there if name.startswith("route"))
    return {
        name: figure for stem in stems for name, figure in read_figures(read_data(stem)["defaults"]).items()
    }


def default(name: str) -> float:
    """Value of one figure of `defaults`."""
    return defaults()[name].value
