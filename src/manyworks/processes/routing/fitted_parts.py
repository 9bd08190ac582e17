"""What a bill asks of the hands that put it together: screws, cables, glue, small and heavy parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from manyworks.model import BillLine, BoardDesign, Item, SolidDesign
from manyworks.processes.routing.drafts import Draft, words_of
from manyworks.processes.tables import default, read_data

_PIECE = "piece"
_KINDS = ("fastener", "glue", "cable", "plug")
_MM_PER = {"mm": 1.0, "cm": 10.0, "m": 1000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """One line of a bill as assembly sees it: how many, of what kind; ``item`` None: not known."""

    line: BillLine
    item: Item | None
    count: float
    kind: str

    @property
    def text(self) -> str:
        """All that is said of it."""
        return _plain(words_of(self.item) if self.item else str(self.line.item))


def read_bill(lines: Sequence[BillLine], draft: Draft) -> tuple[Fitted, ...]:
    """Lines of a bill with the kind of work each is."""
    return tuple(_fitted(line, draft.items.get(line.item)) for line in lines)


def _fitted(line: BillLine, item: Item | None) -> Fitted:
    # What is measured out (a metre of tape, grams of glue) is one thing to put on.
    count = line.quantity if item is None or item.unit == _PIECE else 1.0
    text = _plain(words_of(item) if item else str(line.item))
    designed = item is not None and item.design is not None
    kind = "part" if designed else next((kind for kind in _KINDS if _is(text, kind)), "part")
    return Fitted(line=line, item=item, count=count, kind=kind)


def _is(text: str, kind: str) -> bool:
    words = read_data("route_kits")["words"]
    if f"not_{kind}" in words and _pattern(f"not_{kind}").search(text):
        return False
    return _pattern(kind).search(text) is not None


def _plain(text: str) -> str:
    """Words apart: ``PanHeadScrew_M3`` is three of them."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.sub(r"[_\-/,;:()]+", " ", apart).lower().split())


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    data = read_data("route_kits")
    whole = [rf"\b{re.escape(word)}(?:s|es|n|en)?\b" for word in data["words"][kind] if word.isascii()]
    runs = [re.escape(word) for word in data["words"][kind] if not word.isascii()]
    return re.compile("|".join([*whole, *runs, *data["patterns"].get(kind, ())]))


def names_any(fitted: Iterable[Fitted], kind: str) -> bool:
    """Whether any of them is called one of the words kept under a name."""
    pattern = _pattern(kind)
    return any(pattern.search(one.text) for one in fitted)


def assembly_drivers(fitted: Sequence[Fitted], *, on_base: bool) -> dict[str, float]:
    """Drivers of ``final-assembly`` for what is put together; ``on_base``: onto a thing that is there."""
    parts = [one for one in fitted if one.kind == "part"]
    cables = _count(fitted, "cable")
    put_in = sum(one.count for one in parts) + float(on_base)
    return {
        "parts": put_in,
        "lines": float(len(fitted)),
        "fasteners": _count(fitted, "fastener"),
        "snaps": sum(one.count for one in parts if _pattern("snap").search(one.text)) + _closed(fitted),
        "cables": cables,
        "connections": _count(fitted, "plug") + cables * default("plugs_per_cable"),
        "glue_joints": _count(fitted, "glue"),
        "glue_mm": sum(_bead_mm(one) for one in fitted if one.kind == "glue"),
        "small_parts": sum(one.count for one in parts if 0.0 < _longest_mm(one) < default("small_part_mm")),
        "large_parts": sum(one.count for one in parts if _takes_two_hands(one)),
        "lifted_parts": sum(one.count for one in parts if _mass_kg(one) > default("lifted_part_kg")),
        "mass_kg": sum(one.line.quantity * _mass_kg(one) for one in fitted),
        "turns": put_in * default("turns_per_part"),
        "test_s": default("product_test_s") if is_powered(fitted) else 0.0,
    }


def _count(fitted: Sequence[Fitted], kind: str) -> float:
    return sum(one.count for one in fitted if one.kind == kind)


def _closed(fitted: Sequence[Fitted]) -> float:
    """Halves of a housing snap together where nothing screws or glues them."""
    halves = sum(one.count for one in fitted if one.kind == "part" and _is_housing(one))
    fixed = any(one.kind in ("fastener", "glue") for one in fitted)
    return 0.0 if fixed else max(halves - 1.0, 0.0)


def _is_housing(one: Fitted) -> bool:
    solid = one.item is not None and isinstance(one.item.design, SolidDesign)
    return solid and _pattern("housing").search(one.text) is not None


def is_powered(fitted: Sequence[Fitted]) -> bool:
    """Whether the whole can be switched on: a board or anything that runs on current is in it."""
    boards = any(one.item is not None and isinstance(one.item.design, BoardDesign) for one in fitted)
    return boards or names_any(fitted, "powered")


def _bead_mm(one: Fitted) -> float:
    """Length of a bead; stated where tape or glue is measured by length, none for what only sticks on."""
    unit = one.item.unit if one.item else _PIECE
    if unit in _MM_PER:
        return one.line.quantity * _MM_PER[unit]
    return 0.0 if unit == _PIECE else default("glue_bead_mm")


def size_of(item: Item) -> tuple[float, ...]:
    """Size of an item as stated or drawn; nothing where neither is."""
    if item.size_mm:
        return item.size_mm
    if isinstance(item.design, SolidDesign):
        return item.design.size_mm
    if isinstance(item.design, BoardDesign):
        return (item.design.width_mm, item.design.height_mm)
    return ()


def _longest_mm(one: Fitted) -> float:
    return max(size_of(one.item), default=0.0) if one.item else 0.0


def _mass_kg(one: Fitted) -> float:
    known = one.item.mass_kg if one.item else None
    return default("bought_part_mass_kg") if known is None else known


def _takes_two_hands(one: Fitted) -> bool:
    return _longest_mm(one) > default("large_part_mm") or _mass_kg(one) > default("large_part_kg")
