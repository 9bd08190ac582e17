"""What sits on a board: bill lines matched with placements, counted the way assembly counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from manyworks.model import BillLine, BoardDesign, Item, ItemId, Placement, error
from manyworks.processes.routing.board_words import is_package
from manyworks.processes.routing.drafts import Draft, has_word, words_of
from manyworks.processes.tables import default

# From small to large, imperial; the look-ahead keeps metric names of other sizes out.
_CHIPS = ("01005", "0201", "0402", "0603", "0805", "1206", "1210", "1812", "2010", "2512")
_CHIP = re.compile(rf"(?<!\d)({'|'.join(_CHIPS)})(?!\d|_?Metric|M\b)")
_LARGEST_CHIP_PADS = 3
_GUESSED = "guessed"
# More parts than any board carries; bounds what a mistyped quantity can cost in memory.
_MOST_PARTS = 100_000
# Bill lines of a board that wait until it is tested.
LATER_STEPS = ("final-assembly", "packing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part to be put on a board; ``line`` is the index of its bill line.

    ``words`` are what the parts list says of it: some name the package there and not in the footprint.
    """

    line: int
    surface_pads: int
    through_pads: int
    package: str = ""
    pitch_mm: float | None = None
    side: str = "top"
    words: str = ""

    def _is(self, family: str) -> bool:
        several = self.surface_pads > _LARGEST_CHIP_PADS
        return several and is_package(f"{self.package} {self.words}", family)

    @property
    def has_balls(self) -> bool:
        """Whether its joints are balls under the body."""
        return self._is("balls")

    @property
    def is_hidden(self) -> bool:
        """Whether its joints lie under the body, where no camera sees them."""
        return self._is("leadless") or self.has_balls

    @property
    def is_fine(self) -> bool:
        """Whether a machine sets it slowly: joints underneath, or many legs of a fine pitch."""
        fine = self.pitch_mm is not None and self.pitch_mm <= default("fine_pitch_mm")
        return self.is_hidden or (fine and self.surface_pads > _LARGEST_CHIP_PADS)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardParts:
    """All parts of a board, and the bill lines they come from."""

    lines: tuple[BillLine, ...]
    parts: tuple[Part, ...]

    @property
    def surface(self) -> tuple[Part, ...]:
        """Parts that a pick-and-place line sets."""
        return tuple(part for part in self.parts if self._on_line(part))

    @property
    def others(self) -> tuple[Part, ...]:
        """Parts that are set by hand in any case."""
        return tuple(part for part in self.parts if not self._on_line(part))

    @property
    def sides(self) -> int:
        """Sides that carry surface parts, at least one."""
        return max(len({part.side for part in self.surface if part.side in ("top", "bottom")}), 1)

    @property
    def hidden(self) -> tuple[Part, ...]:
        """Parts whose joints no camera sees."""
        return tuple(part for part in self.parts if part.is_hidden)

    def _on_line(self, part: Part) -> bool:
        wished = self.lines[part.line].step if self.lines else ""
        return part.surface_pads > 0 and wished != "hand-assembly"

    def lines_of(self, parts: Iterable[Part]) -> tuple[int, ...]:
        """Indices of the bill lines of some parts, ascending."""
        return tuple(sorted({part.line for part in parts}))


def smallest_package(parts: Iterable[Part]) -> str | None:
    """Smallest chip size among parts, imperial; None where none is named."""
    chips = [part.package for part in parts if 0 < part.surface_pads <= _LARGEST_CHIP_PADS]
    sizes = [_CHIPS.index(match[1]) for package in chips if (match := _CHIP.search(package))]
    return _CHIPS[min(sizes)] if sizes else None


def finest_pitch(parts: Iterable[Part]) -> float | None:
    """Finest pitch among parts with more legs than a chip, mm."""
    pitches = [p.pitch_mm for p in parts if p.pitch_mm and p.surface_pads > _LARGEST_CHIP_PADS]
    return min(pitches) if pitches else None


def hand_drivers(parts: Iterable[Part], lines: int) -> dict[str, float]:
    """Drivers of `manyworks.processes.models.hand_assembly` for some parts."""
    listed = tuple(parts)
    hidden = [p for p in listed if p.is_hidden]
    under = sum(p.surface_pads for p in hidden)
    chip = sum(p.surface_pads for p in listed if p.surface_pads <= _LARGEST_CHIP_PADS)
    return {
        "parts": float(len(listed)),
        "chip_joints": float(chip),
        "pin_joints": float(sum(p.surface_pads for p in listed) - chip - under),
        "through_joints": float(sum(p.through_pads for p in listed)),
        "mechanical": float(sum(1 for p in listed if not p.surface_pads + p.through_pads)),
        "hidden_parts": float(len(hidden)),
        "hidden_joints": float(under),
        "lines": float(lines),
    }


def line_drivers(parts: Iterable[Part], lines: int) -> dict[str, float]:
    """Drivers of `manyworks.processes.models.smt_assembly` that count parts."""
    listed = tuple(parts)
    fine = [p for p in listed if p.is_fine]
    return {
        "placements": float(len(listed)),
        "joints": float(sum(p.surface_pads for p in listed)),
        "lines": float(lines),
        "fine_parts": float(len(fine)),
        "fine_joints": float(sum(p.surface_pads for p in fine)),
    }


def kept_free(parts: Iterable[Part]) -> int:
    """Parts whose openings a coating must not fill: connectors, switches, sockets."""
    return sum(1 for p in parts if is_package(p.package, "keep_free"))


def _placed(line: int, placement: Placement, words: str = "") -> Part:
    return Part(
        line=line,
        words=words,
        surface_pads=placement.surface_pads,
        through_pads=placement.through_pads,
        package=placement.footprint,
        pitch_mm=placement.pitch_mm,
        side=placement.side,
    )


def _guessed(line: int, item: Item) -> Part:
    """A part the board file does not show, judged by what the parts list says of it."""
    pads = int(default("unknown_part_pads"))
    through = has_word(words_of(item), "through_hole")
    return Part(
        line=line,
        surface_pads=0 if through else pads,
        through_pads=pads if through else 0,
        package=item.footprint,
        side=_GUESSED,
        words=words_of(item),
    )


def match_parts(item: Item, design: BoardDesign, draft: Draft) -> BoardParts:
    """Parts of a board from its bill, each with its pads from the board file where it is shown there."""
    bill = tuple(draft.product.fitted_lines(item.id))
    lines = tuple(line for line in bill if line.step not in LATER_STEPS and _is_countable(item, line, draft))
    if not lines:
        return _parts_without_bill(design)
    shown = {placement.designator: placement for placement in design.placements}
    parts: list[Part] = []
    for index, line in enumerate(lines):
        found = [shown[name] for name in line.designators if name in shown]
        bought = draft.items.get(line.item) or Item(id=line.item, name=line.item)
        parts += [_placed(index, placement, words_of(bought)) for placement in found]
        parts += [_guessed(index, bought)] * max(round(line.quantity) - len(found), 0)
    _say_guesses(item.id, parts, draft)
    return BoardParts(lines=lines, parts=tuple(parts))


def _is_countable(item: Item, line: BillLine, draft: Draft) -> bool:
    countable = 0.0 < line.quantity <= _MOST_PARTS
    if not countable:
        message = f"{line.quantity:g} pieces of {line.item} on one board; expected 1 to {_MOST_PARTS:,}"
        draft.findings.append(error("processes.route.quantity", line.where or item.id, message))
    return countable


def _say_guesses(board: ItemId, parts: list[Part], draft: Draft) -> None:
    guesses = sum(1 for part in parts if part.side == _GUESSED)
    if guesses:
        message = (
            f"{guesses} of {len(parts)} parts of the bill are not found on the board; counted as two-legged"
        )
        draft.assume("pads", board, message, "give every part its designator in the parts list")


def _parts_without_bill(design: BoardDesign) -> BoardParts:
    fitted = [p for p in design.placements if p.fitted and p.surface_pads + p.through_pads > 0]
    kinds = {kind: i for i, kind in enumerate(Counter((p.value, p.footprint) for p in fitted))}
    parts = tuple(_placed(kinds[p.value, p.footprint], p) for p in fitted)
    return BoardParts(lines=(), parts=parts)
