"""Put a problem together piece by piece; everything wrong with it is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict, Unpack

from manyworks.model import Finding
from manyworks.scheduling.problem.data import MAKESPAN_ONLY, Objective, ProblemData

Intervals = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceDraft:
    """A unary resource before numbering; see `ProblemBuilder.add_resource`."""

    name: str
    kind: str
    intervals: tuple[tuple[int, int], ...]
    location: int
    setups: Mapping[tuple[str, str], int]
    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeDraft:
    """One way to do an operation; see `ProblemBuilder.add_mode`."""

    machine: int
    duration: int
    others: tuple[int, ...]
    setup: int
    family: str


class Terms(TypedDict, total=False):
    """What an operation may be given besides its name.

    Parameters
    ----------
    release, due, deadline
        Earliest start, end that costs nothing yet, latest end.
    weight, flow_weight
        Price of a unit of tardiness and of a unit of its end.
    pausable
        It may stop over closed time and go on afterwards.
    early_setup
        Its set-up needs the machine only and may happen before the operation is ready.
    carries
        It is a transport by a vehicle; see ``CARRIES``.
    """

    release: int
    due: int | None
    deadline: int | None
    weight: float
    flow_weight: float
    pausable: bool
    early_setup: bool
    carries: bool


@dataclass(slots=True, kw_only=True)
class OperationDraft:
    """An operation before numbering; see `Terms`."""

    name: str
    job: int
    release: int = 0
    due: int | None = None
    deadline: int | None = None
    weight: float = 1.0
    flow_weight: float = 0.0
    pausable: bool = False
    early_setup: bool = False
    carries: bool = False
    frozen: bool = False
    reference: tuple[int, int] | None = None
    modes: list[ModeDraft] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcDraft:
    """A precedence before numbering; see `ProblemBuilder.add_precedence`."""

    before: int
    after: int
    lag: int
    moves: bool


class ProblemBuilder:
    """Collects resources, jobs, operations, modes and links, then makes a `ProblemData` of them.

    Every ``add`` gives back a number to refer to. Times are whole numbers of one unit.
    """

    def __init__(self, name: str, objective: Objective = MAKESPAN_ONLY) -> None:
        self.name = name
        self.objective = objective
        self.resources: list[ResourceDraft] = []
        self.jobs: list[str] = []
        self.operations: list[OperationDraft] = []
        self.arcs: list[ArcDraft] = []
        self.travel: list[list[int]] = [[0]]
        self.assumptions: list[Finding] = []

    def add_resource(
        self,
        name: str,
        kind: str = "machine",
        *,
        intervals: Intervals = (),
        location: int = 0,
        setups: Mapping[tuple[str, str], int] | None = None,
        family: str = "",
    ) -> int:
        """Add a machine, worker, tool or vehicle: does one thing at a time.

        Parameters
        ----------
        intervals
            Ascending disjoint working intervals ``[start, end)``; empty: always.
        location
            Row of the travel matrix where it stands (a vehicle: where it begins).
        setups
            Seconds by (family before, family after); pairs not stated take no set-up between equal families
            and the mode's own otherwise.
        family
            What it is set up for at the beginning; empty: nothing.
        """
        self.resources.append(
            ResourceDraft(
                name=name,
                kind=kind,
                intervals=tuple(intervals),
                location=location,
                setups=setups or {},
                family=family,
            )
        )
        return len(self.resources) - 1

    def add_job(self, name: str) -> int:
        """Add a job: operations that belong together."""
        self.jobs.append(name)
        return len(self.jobs) - 1

    def add_operation(self, job: int, name: str, **terms: Unpack[Terms]) -> int:
        """Add an operation of a job; its modes and links follow. See `Terms` for what else can be said."""
        self.operations.append(OperationDraft(name=name, job=job, **terms))
        return len(self.operations) - 1

    def add_mode(
        self,
        operation: int,
        machine: int,
        duration: int,
        *,
        others: Iterable[int] = (),
        setup: int = 0,
        family: str = "",
    ) -> int:
        """Add a way to do an operation: a machine and the workers and tools it holds; gives its number."""
        modes = self.operations[operation].modes
        modes.append(
            ModeDraft(machine=machine, duration=duration, others=tuple(others), setup=setup, family=family)
        )
        return len(modes) - 1

    def add_precedence(self, before: int, after: int, lag: int = 0, *, moves: bool = False) -> None:
        """Let ``after`` start ``lag`` or more after the end of ``before``, travel time added if it moves."""
        self.arcs.append(ArcDraft(before=before, after=after, lag=lag, moves=moves))

    def set_travel(self, travel: Sequence[Sequence[int]]) -> None:
        """Set travel times between locations, row: from, column: to."""
        self.travel = [list(row) for row in travel]

    def freeze(self, operation: int, start: int) -> None:
        """Fix an operation, which has one mode, to start exactly then (running, or promised)."""
        draft = self.operations[operation]
        draft.frozen, draft.release = True, start

    def refer(self, operation: int, start: int, machine: int) -> None:
        """State where an operation was planned before; moving it away costs what the objective says."""
        self.operations[operation].reference = (start, machine)

    def build(self) -> ProblemData:
        """Number everything and make the tables.

        Raises
        ------
        SchedulingError
            Every problem at once (see `problem.validation`): cycles, no mode, negative or huge times,
            calendars without open hours, unknown numbers.
        """
        from manyworks.scheduling.errors import SchedulingError
        from manyworks.scheduling.problem.numbering import number
        from manyworks.scheduling.problem.validation import validate_drafts

        findings = validate_drafts(self)
        if findings:
            raise SchedulingError(findings)
        return number(self)
