"""A drawing as its file has it, before anybody asks what is to be cut: lines, texts, layers, unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from manyworks.files.sheets.limits import LAYERS, NAME_CHARACTERS, POINTS, TEXT_CHARACTERS, TEXTS
from manyworks.model import Finding

Point: TypeAlias = tuple[float, float]
Path: TypeAlias = list[Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """One line as drawn, in the drawing's unit; a closed one repeats its first point at the end.

    ``diameter`` is set for circles; ``line`` is the kind of line (``""`` continuous, else a linetype's
    name); ``filled`` marks areas painted without a line around them.
    """

    points: Path
    layer: str
    colour: str = ""
    line: str = ""
    filled: bool = False
    diameter: float | None = None


@dataclass(slots=True, kw_only=True)
class Drawing:
    """What a file draws.

    Parameters
    ----------
    unit, unit_source, scale
        Name of the unit, how it is known, and mm per unit; empty and None where the file does not say.
    counts
        Things drawn on each layer, used or not.
    hidden
        Layers that are switched off, with the reason.
    left_out
        Things that are no lines to cut: (layer, kind, reason) and how many.
    program
        What wrote the file, where it says so.
    """

    kind: str
    unit: str = ""
    unit_source: str = ""
    scale: float | None = None
    program: str = ""
    strokes: list[Stroke] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    hidden: dict[str, str] = field(default_factory=dict)
    left_out: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    metric: bool | None = None
    points: int = 0

    def draw(self, stroke: Stroke) -> None:
        """Keep a line."""
        self.points += len(stroke.points)
        if self.points > POINTS:
            raise TooMuchError(f"more than {POINTS:,} points")
        self.strokes.append(stroke)

    def count(self, layer: str) -> None:
        """Note that something is drawn on a layer."""
        self.counts[layer] += 1
        if len(self.counts) > LAYERS:
            raise TooMuchError(f"more than {LAYERS} layers")

    def leave_out(self, layer: str, kind: str, reason: str) -> None:
        """Note something that becomes no line."""
        self.left_out[layer, kind[:60], reason] += 1

    def write(self, layer: str, text: str) -> None:
        """Keep a text."""
        if len(self.texts) < TEXTS and text.strip():
            self.texts.append((layer, text.strip()[:TEXT_CHARACTERS]))


class TooMuchError(Exception):
    """The drawing is beyond the limits; the text says which."""


def layer_name(name: object) -> str:
    """A layer's name, short enough to be shown."""
    return str(name)[:NAME_CHARACTERS]


def finite(points: Iterable[Point], most: float) -> bool:
    """Whether all coordinates are numbers of a sensible size."""
    return all(abs(x) <= most and abs(y) <= most for x, y in points)
