"""What checks measure, by name: a function of a subject for every measure that a limit may name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from manyworks.manufacturability.subjects import Subject
from manyworks.manufacturability.verdicts import Measured

Measure = Callable[[Subject], Measured]


@cache
def measures() -> Mapping[str, Measure]:
    """Every measure by its name."""
    from manyworks.manufacturability.measures import assemblies, boards, bodies, flat

    return {**boards.MEASURES, **assemblies.MEASURES, **bodies.MEASURES, **flat.MEASURES}


def measure(name: str, subject: Subject) -> Measured:
    """Measure a subject; nothing is measured where the measure does not apply to it."""
    return measures()[name](subject)
