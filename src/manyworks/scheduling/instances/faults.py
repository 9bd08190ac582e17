"""What is wrong with an instance file, gathered line by line."""

from __future__ import annotations

from dataclasses import dataclass, field

from manyworks.model import Finding, error
from manyworks.scheduling.errors import SchedulingError

MOST_TOLD = 50
"""Faults that are spelled out; the rest are counted, for a file may be wrong a million times."""


@dataclass(slots=True)
class Faults:
    """Faults of one file; ``count`` goes on where ``told`` is full."""

    file: str
    told: list[Finding] = field(default_factory=list)
    count: int = 0

    def line(self, number: int) -> str:
        """How a line of the file is named."""
        return f"{self.file}:{number}"

    def add(self, finding: Finding) -> None:
        """Keep a fault, or only count it."""
        self.count += 1
        if len(self.told) < MOST_TOLD:
            self.told.append(finding)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything told, and how much more there is."""
        more = self.count - len(self.told)
        if not more:
            return tuple(self.told)
        message = f"{more} more faults of the same file are not listed"
        return (*self.told, error("scheduling.instance.more", self.file, message))

    def stop(self) -> None:
        """Raise what was gathered, if anything.

        Raises
        ------
        SchedulingError
            With all faults.
        """
        if self.count:
            raise SchedulingError(self.findings)


def refuse(finding: Finding) -> SchedulingError:
    """The exception for a single fault that makes looking further pointless."""
    return SchedulingError([finding])
