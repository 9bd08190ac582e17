"""Which processes a shape looks made for: clues weighed by a table, with the evidence in words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from manyworks.model.solids import ProcessGuess

# Guesses below this are not worth showing; no shape alone makes sure of a process.
_LEAST = 0.1
_MOST = 0.95
# Clues that move a guess by less than this are not said.
_WORTH_SAYING = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One row of the table: points for a process where a measure lies between two values.

    Parameters
    ----------
    start, end
        No points at ``start`` and on its far side, all at ``end`` and beyond.
    says
        Sentence with measures in braces.
    """

    process: str
    measure: str
    start: float
    end: float
    points: float
    says: str

    def weigh(self, value: float) -> float:
        """Points for a value of the measure."""
        share = (value - self.start) / (self.end - self.start)
        return self.points * min(max(share, 0.0), 1.0)


@cache
def clue_table() -> tuple[dict[str, float], tuple[Clue, ...]]:
    """Bases of the processes and the clues, from ``data/guesses.toml``."""
    text = files("manyworks.shapes").joinpath("data/guesses.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    clues = tuple(
        Clue(
            process=row["process"],
            measure=row["measure"],
            start=float(row["from"]),
            end=float(row["to"]),
            points=float(row["points"]),
            says=row["says"],
        )
        for row in table["clue"]
    )
    return {name: float(base) for name, base in table["base"].items()}, clues


def guess_processes(clues: Mapping[str, float]) -> tuple[ProcessGuess, ...]:
    """Rank the processes for a body by its clues, the likeliest first.

    Parameters
    ----------
    clues
        Measures by name; those not given count for nothing.
    """
    bases, table = clue_table()
    guesses = [
        _guess(process, base, [clue for clue in table if clue.process == process], clues)
        for process, base in bases.items()
    ]
    likely = [guess for guess in guesses if guess.confidence >= _LEAST]
    return tuple(sorted(likely, key=lambda guess: -guess.confidence))


def _guess(process: str, base: float, rows: Sequence[Clue], clues: Mapping[str, float]) -> ProcessGuess:
    weighed = [(row.weigh(clues[row.measure]), row) for row in rows if row.measure in clues]
    confidence = base + sum(points for points, _ in weighed)
    said = [row.says.format_map(clues) for points, row in weighed if abs(points) >= _WORTH_SAYING]
    return ProcessGuess(
        process=process, confidence=round(min(max(confidence, 0.0), _MOST), 2), evidence=tuple(said)
    )
