"""What a machine's change from one job to the next takes, where its modules are known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from manyworks.model import Finding, MachineId, Operation, Option, info
from manyworks.planning.works import Roster
from manyworks.processes import Station, changeover
from manyworks.quoting import Prepared

MOST_FAMILIES = 80
"""Set-up families of one machine whose changes are worked out pair by pair."""

_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An operation on a machine, with the seconds of set-up from nothing."""

    operation: Operation
    station: Station
    setup_s: float


def fill_changeovers(accepted: Iterable[tuple[Option, Prepared]], roster: Roster) -> list[Finding]:
    """Give each machine the seconds of set-up between the families that are planned on it.

    Where operations state what the modules of the cell hold, only the modules that differ are
    changed; a pair that is not filled in takes the whole set-up.
    """
    findings = []
    for machine, jobs in _jobs(accepted, roster).items():
        if len(jobs) > MOST_FAMILIES:
            findings.append(_too_many(machine, len(jobs)))
            continue
        setups = dict(_pairs(jobs))
        units = roster.machines(roster.network.machines[machine]) if setups else []
        for unit in units:
            roster.resources[unit] = replace(roster.resources[unit], setups=setups)
    return findings


def _jobs(accepted: Iterable[tuple[Option, Prepared]], roster: Roster) -> Mapping[MachineId, dict[str, Job]]:
    """By machine, one job for each set-up family that states its modules: the one longest to set up."""
    found: dict[MachineId, dict[str, Job]] = {}
    for option, prepared in accepted:
        operations = {
            operation.id: operation
            for routings in prepared.case.routings.values()
            for routing in routings
            for operation in routing.operations
        }
        for step in option.steps:
            operation = operations[step.operation]
            if not (operation.setup_state and operation.setup_family):
                continue
            station = next(
                s.station for s in prepared.case.seats[operation.id] if s.machine.id == step.machine
            )
            jobs = found.setdefault(step.machine, {})
            family = roster.family(operation, prepared.product)
            known = jobs.get(family)
            if known is None or known.setup_s < step.setup_s:
                jobs[family] = Job(operation=operation, station=station, setup_s=step.setup_s)
    return found


def _pairs(jobs: Mapping[str, Job]) -> Iterator[tuple[tuple[str, str], int]]:
    for after, job in jobs.items():
        whole = changeover(None, job.operation, job.station).minutes
        for before, other in jobs.items():
            if before == after or other.operation.process != job.operation.process:
                continue
            change = changeover(other.operation, job.operation, job.station).minutes
            yield (before, after), math.ceil(max(job.setup_s - (whole - change) * _MINUTE, 0.0))


def _too_many(machine: MachineId, families: int) -> Finding:
    return info(
        "planning.changeover.many",
        machine,
        f"{families} set-up families on one machine; every change between them is planned as a whole set-up",
    )
