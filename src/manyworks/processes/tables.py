"""The room's reference data: every figure with unit, range, source, year and confidence."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from manyworks.model import Finding, FindingsError, error


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
    positive: bool = False

    def __str__(self) -> str:
        return (
            f"{self.name} = {self.value:g} {self.unit} ({self.low:g} to {self.high:g}; {self.source}, "
            f"{self.year}, confidence {self.confidence})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessTable:
    """What one process's data file holds: coefficients, the default machine, the model's error."""

    process: str
    coefficients: Mapping[str, Figure]
    machine: Mapping[str, Figure]
    own_sigma: float
    shared_sigma: float


_FILES = {
    "pcb-fabrication": "pcb_fabrication",
    "smt-assembly": "smt_assembly",
    "hand-assembly": "hand_assembly",
    "board-test": "board_test",
    "fdm-printing": "fdm_printing",
    "injection-moulding": "injection_moulding",
    "mould-making": "mould_making",
    "stencil-cutting": "stencil_cutting",
    "final-assembly": "final_assembly",
    "packing": "packing",
}


def processes() -> tuple[str, ...]:
    """Names of the processes that have a model."""
    return tuple(_FILES)


@cache
def read_data(name: str) -> Mapping[str, Any]:
    """Content of a data file of this room, by its name without ``.toml``."""
    with files("manyworks.processes").joinpath(f"data/{name}.toml").open("rb") as stream:
        return tomllib.load(stream)


def read_figures(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Figure]:
    """Rows of a data file as figures."""
    return {name: Figure(name=name, **row) for name, row in rows.items()}


@cache
def process_table(process: str) -> ProcessTable:
    """All figures of one process.

    Raises
    ------
    ProcessesError
        No model of that name; the finding lists those there are.
    """
    if process not in _FILES:
        known = ", ".join(sorted(_FILES))
        raise ProcessesError(
            [
                error(
                    "processes.process.unknown",
                    process,
                    f"no model for process {process!r}",
                    f"known: {known}",
                )
            ]
        )
    data = read_data(_FILES[process])
    sigma = read_figures(data["sigma"])
    return ProcessTable(
        process=process,
        coefficients=read_figures(data["coefficients"]),
        machine=read_figures(data["machine"]),
        own_sigma=sigma["own"].value,
        shared_sigma=sigma["shared"].value,
    )


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
        if owner in _FILES and owner != process:
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
    """What routings assume where a design does not say."""
    return read_figures(read_data("route")["defaults"])


def default(name: str) -> float:
    """Value of one figure of `defaults`."""
    return defaults()[name].value
