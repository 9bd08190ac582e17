"""What a reader of a format gives back: how to build the problem, with what was noticed on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from manyworks.model import Finding
from manyworks.scheduling.instances.ranges import Modes
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.data import ProblemData

Build = Callable[[str], ProblemData]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A file that one format understands.

    Parameters
    ----------
    build
        Makes the problem, given a name.
    notes
        Remarks to go with any result.
    scale
        Times of the problem are this many times those of the file, for files with decimals.
    regular
        Of a job shop: every job visits every machine once.
    """

    build: Build
    notes: tuple[Finding, ...] = ()
    scale: int = 1
    regular: bool = False

    def problem(self, name: str) -> ProblemData:
        """Build it, with its notes."""
        built = self.build(name)
        return replace(built, assumptions=(*built.assumptions, *self.notes))


def add_numbered(builder: ProblemBuilder, kind: str, count: int) -> list[int]:
    """Resources ``kind 0``, ``kind 1`` and so on; gives their numbers."""
    return [builder.add_resource(f"{kind} {number}", kind) for number in range(count)]


def add_chains(builder: ProblemBuilder, lengths: list[int], *, early_setup: bool = False) -> Iterator[int]:
    """Add ``job 0`` ..., each a chain of ``operation 0.0`` ...; gives the numbers of operations."""
    for number, length in enumerate(lengths):
        job = builder.add_job(f"job {number}")
        chain = [
            builder.add_operation(job, f"operation {number}.{step}", early_setup=early_setup)
            for step in range(length)
        ]
        for before, after in pairwise(chain):
            builder.add_precedence(before, after)
        yield from chain


def add_machine_modes(
    builder: ProblemBuilder,
    modes: Modes,
    operations: list[int],
    resources: list[int],
    families: Sequence[str] = (),
) -> None:
    """Modes on one machine each; ``families`` names the set-up family of each operation."""
    for owner, machine, duration in zip(
        modes.owner.tolist(), modes.machine.tolist(), modes.duration.tolist(), strict=True
    ):
        family = families[owner] if families else ""
        builder.add_mode(operations[owner], resources[machine], duration, family=family)
