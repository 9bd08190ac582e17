"""Machines as others' tables have them -> machines that can be matched, with all that was assumed.

A table of machines says a name, often a make, seldom what a machine can do. What the catalogue
knows of its model is taken over; else its class or name says the process. Whatever was not in the
table is told, machine by machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from manyworks.market.catalogue import Found, MachineModel, find_processes, load_share, look_up
from manyworks.market.taxonomy import is_kind_of
from manyworks.model import Capability, Finding, Machine, MachineId, info

_FROM = "market.enrolment"
_SIZES = (
    "envelope_mm",
    "tolerance_mm",
    "axes",
    "max_thickness_mm",
    "max_layers",
    "min_track_mm",
    "min_drill_mm",
    "smallest_package",
    "clamp_force_t",
    "shot_g",
    "max_diameter_mm",
    "max_length_mm",
    "max_bend_length_mm",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """Machines of a network, and what became of those of the tables.

    Parameters
    ----------
    machines
        All that make something or may; those nobody understood have no capability.
    idle_things
        Machines that make nothing (scanners, power supplies): left out.
    understood
        How many machines were understood by what: ``stated``, ``model``, ``make``, ``name``,
        ``words``, ``class``, ``nothing``, ``idle``, ``unknown``.
    unknown
        Names nobody understood, with their numbers.
    findings
        Every assumption, one for each machine and kind.
    """

    machines: tuple[Machine, ...]
    idle_things: tuple[Machine, ...]
    understood: Mapping[str, int]
    unknown: Mapping[str, int]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """What a machine is taken for: capabilities, by what, and the catalogue's row where there is one."""

    by: str
    capabilities: tuple[Capability, ...] = ()
    row: MachineModel | None = None
    told: str = ""


@dataclass(slots=True)
class _Tally:
    machines: list[Machine] = field(default_factory=list)
    things: list[Machine] = field(default_factory=list)
    understood: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


def enrol(
    machines: Iterable[Machine],
    classes: Mapping[MachineId, str] = MappingProxyType({}),
    *,
    idle: frozenset[MachineId] = frozenset(),
    dollar: float = 1.0,
) -> Enrolled:
    """Give machines the capabilities their model, name or class stands for.

    What a table states (process, travel, materials, price) stays. Only the rest is assumed.

    Parameters
    ----------
    classes
        Class in the table's words, for machines whose process was only told by it.
    idle
        Machines that do not work: they get no capability.
    dollar
        Worth of one USD in the network's currency, for usual prices.
    """
    tally = _Tally()
    for machine in machines:
        verdict = _judge(machine, classes.get(machine.id, ""), machine.id in idle)
        tally.understood[verdict.by] += 1
        if verdict.by == "unknown":
            tally.unknown[machine.name or "no name"] += 1
        tally.findings += _tell(machine, verdict, dollar)
        (tally.things if verdict.by == "nothing" else tally.machines).append(_equip(machine, verdict, dollar))
    return Enrolled(
        machines=tuple(tally.machines),
        idle_things=tuple(tally.things),
        understood=dict(tally.understood),
        unknown=dict(tally.unknown.most_common()),
        findings=tuple(tally.findings),
    )


def _judge(machine: Machine, kind: str, idle: bool) -> _Verdict:
    stated = machine.capabilities
    if idle:
        return _Verdict(by="idle", told="said not to work: it is asked for nothing until that changes")
    found = look_up(machine.make, machine.model or machine.name)
    if stated and not kind:
        row = found.row if found and _agrees(found.row, stated) else None
        return _Verdict(by="stated", capabilities=_filled(stated, row), row=row)
    if found is not None and _is_trusted(found, stated):
        return _by_catalogue(found, stated)
    return _by_words(machine, kind, stated)


def _agrees(row: MachineModel, stated: tuple[Capability, ...]) -> bool:
    return any(_related(one.process, process) for one in stated for process in row.processes)


def _related(process: str, other: str) -> bool:
    return is_kind_of(process, other) or is_kind_of(other, process)


def _is_trusted(found: Found, stated: tuple[Capability, ...]) -> bool:
    """A model's name outweighs a class; the make alone does so only where the make does nothing else."""
    sure = found.by != "make" or found.row.confidence == "high"
    return sure or not stated or _agrees(found.row, stated)


def _by_catalogue(found: Found, stated: tuple[Capability, ...]) -> _Verdict:
    row = found.row
    if not row.capabilities:
        return _Verdict(by="nothing", row=row, told=f"{row.name} makes nothing")
    how = {"model": "", "make": ", by its make alone", "name": ", by its model's name alone"}[found.by]
    told = f"{', '.join(row.processes)}: taken for {row.name} of the catalogue{how}"
    capabilities = tuple(_with_stated(one, stated) for one in row.capabilities)
    return _Verdict(by=found.by, capabilities=capabilities, row=row, told=told)


def _with_stated(known: Capability, stated: tuple[Capability, ...]) -> Capability:
    """A capability of the catalogue with the sizes and materials the table states."""
    for one in stated:
        return replace(
            known,
            envelope_mm=one.envelope_mm or known.envelope_mm,
            materials=one.materials or known.materials,
        )
    return known


def _filled(stated: tuple[Capability, ...], row: MachineModel | None) -> tuple[Capability, ...]:
    """Stated capabilities with the figures of the model where the table has none."""
    return tuple(_fill(one, row) for one in stated) if row else stated


def _fill(one: Capability, row: MachineModel) -> Capability:
    known = next((known for known in row.capabilities if _related(one.process, known.process)), None)
    if known is None:
        return one
    gaps = {name: getattr(known, name) for name in _SIZES if getattr(one, name) is None}
    return replace(one, materials=one.materials or known.materials, **gaps)


def _by_words(machine: Machine, kind: str, stated: tuple[Capability, ...]) -> _Verdict:
    """By certain words of the name, else by the class, else by any word of the name."""
    named = find_processes(machine.name, certain=True)
    if named and stated and all(is_kind_of(one.process, process) for one in stated for process in named):
        named = None  # the class says the same, more narrowly
    if named is None and stated:
        told = f"{stated[0].process}: by its class '{kind}' alone"
        return _Verdict(by="class", capabilities=stated, told=told)
    words = named if named is not None else _of_class_or_name(kind, machine.name)
    if words is None:
        return _Verdict(by="unknown", told="nobody knows what it does: it is asked for nothing")
    if not words:
        return _Verdict(by="nothing", told="it makes nothing, by its name or class")
    plain = tuple(_with_stated(Capability(process=process), stated) for process in words)
    return _Verdict(by="words", capabilities=plain, told=f"{', '.join(words)}: by its name alone")


def _of_class_or_name(kind: str, name: str) -> tuple[str, ...] | None:
    by_class = find_processes(kind) if kind else None
    return find_processes(name) if by_class is None else by_class


def _equip(machine: Machine, verdict: _Verdict, dollar: float) -> Machine:
    row = verdict.row
    whole = row if row and not row.is_part_of_line else None
    capital = whole.capital_usd * dollar if whole and whole.capital_usd is not None else None
    power = whole.rated_kw * load_share().value if whole and whole.rated_kw is not None else None
    return replace(
        machine,
        capabilities=verdict.capabilities,
        capital=machine.capital if machine.capital is not None else capital,
        power_kw=machine.power_kw if machine.power_kw is not None else power,
        coefficients={**(row.coefficients if row else {}), **machine.coefficients},
    )


def _tell(machine: Machine, verdict: _Verdict, dollar: float) -> Iterator[Finding]:
    """What was assumed of one machine: its process, its sizes, its price and power."""
    row, told = verdict.row, verdict.told
    if told:
        hint = "" if verdict.by in ("idle", "nothing") else "state its process"
        yield info(f"{_FROM}.{verdict.by}", machine.id, told, hint)
    if row is None or not verdict.capabilities:
        return
    source = f"{row.source}; confidence {row.confidence}"
    sizes = [f"{name} {shown}" for name, shown in _assumed_sizes(machine, verdict.capabilities[0])]
    if sizes:
        yield info(f"{_FROM}.figures", machine.id, f"{row.name}: {', '.join(sizes)}", source)
    own = [
        f"{name} {value:g}" for name, value in row.coefficients.items() if name not in machine.coefficients
    ]
    if own:
        yield info(f"{_FROM}.coefficients", machine.id, ", ".join(own), source)
    if not row.is_part_of_line:
        yield from _tell_costs(machine, row, dollar, source)


def _tell_costs(machine: Machine, row: MachineModel, dollar: float, source: str) -> Iterator[Finding]:
    if machine.capital is None and row.capital_usd is not None:
        text = f"price new {row.capital_usd * dollar:.0f} (USD {row.capital_usd:.0f} in {row.year})"
        yield info(f"{_FROM}.capital", machine.id, text, source)
    if machine.power_kw is None and row.rated_kw is not None:
        share = load_share()
        text = f"mean power {row.rated_kw * share.value:.3g} kW: {share.value:g} of {row.rated_kw:g} kW rated"
        yield info(f"{_FROM}.power", machine.id, text, f"{share.source}; confidence {share.confidence}")


def _assumed_sizes(machine: Machine, capability: Capability) -> Iterator[tuple[str, str]]:
    stated = machine.capabilities[0] if machine.capabilities else Capability(process="")
    for name in (*_SIZES, "materials"):
        value = getattr(capability, name)
        if value not in (None, ()) and value != getattr(stated, name):
            yield name, " x ".join(f"{side:g}" for side in value) if name == "envelope_mm" else _shown(value)


def _shown(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
