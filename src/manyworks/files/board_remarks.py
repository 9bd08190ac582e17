"""What a board and its lists say differently of one designator, told by kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from manyworks.files.boards import Footprint
from manyworks.files.part_kinds import PART, kind_of
from manyworks.files.tables import Bill, Part, Position
from manyworks.model import Finding, info, warning

# Values of these are written in many ways (4k7, 4.7 kOhm, 4700): unequal text says little about them.
_PASSIVE = re.compile(r"R?(?:R|C|L|FB|RN|RV)\d", re.IGNORECASE)
_SIGNS = re.compile(r"[^0-9a-z]+")
# So many contradictions are shown; and a list in which a larger share differs writes values in its own way.
_SHOWN = 8
_OWN_WAY = 0.3
_FEW = 3


def tell_names(names: Iterable[str]) -> str:
    """Designators as text, doubles counted: ``H1, H2, G*** x 2``."""
    counted = Counter(name or "(no name)" for name in names)
    return ", ".join(f"{name} x {n}" if n > 1 else name for name, n in counted.items())[:300]


def remark_no_parts(footprints: Sequence[Footprint], board: str) -> Iterator[Finding]:
    """Footprints of a board without a parts list that are taken for no parts, by kind."""
    by_kind: dict[str, list[str]] = {}
    for footprint in footprints:
        if not (footprint.is_part and footprint.placement.designator):
            kind = footprint.kind if footprint.kind != PART else "marked as not in the parts list"
            if footprint.is_part:
                kind = "without a designator"
            by_kind.setdefault(kind, []).append(footprint.placement.designator)
    if by_kind:
        text = "; ".join(f"{kind}: {tell_names(names)}" for kind, names in sorted(by_kind.items()))
        yield info("files.board.no-parts", board, f"footprints that are taken for no parts, {text}")


def remark_unplaced(
    positions: Sequence[Position], bill: Bill, footprints: Mapping[str, Footprint], wanted: set[str]
) -> Iterator[Finding]:
    """Designators of a list that the position file rightly leaves out, by kind."""
    placed = {position.designator for position in positions}
    by_kind: dict[str, list[str]] = {}
    for part in bill.rows:
        for name in part.designators:
            if name not in placed and name not in wanted and name in footprints:
                kind = footprints[name].kind
                kind = kind_of(name, part.footprint, part.value) if kind == PART else kind
                by_kind.setdefault("part" if kind == PART else kind, []).append(name)
    if by_kind:
        text = "; ".join(f"{kind}: {tell_names(names)}" for kind, names in sorted(by_kind.items()))
        told = f"not to be fitted and not in the position file, {text}"
        yield info("files.positions.not-fitted", bill.table.name, told)


def remark_excluded(bill: Bill, footprints: Mapping[str, Footprint]) -> Iterator[Finding]:
    """Parts that the list wants although the board file keeps them out of parts lists."""
    odd = [
        name
        for part in bill.parts
        for name in part.designators
        if part.fitted and name in footprints and footprints[name].excluded
    ]
    if odd:
        text = f"in the parts list though the board file marks them as not in it: {tell_names(odd)}"
        yield info("files.bill.fitted-differs", bill.table.name, text, "the parts list is followed")


def remark_values(bill: Bill, footprints: Mapping[str, Footprint]) -> Iterator[Finding]:
    """Values that the board and the list write differently; resistors and the like are left out.

    A list that differs in much has values of another sort than the board's; then nothing is said.
    """
    pairs = list(_values(bill.parts, footprints))
    odd = [(name, board, listed) for name, board, listed in pairs if _folded(board) != _folded(listed)]
    if not odd or (len(odd) > _FEW and len(odd) > _OWN_WAY * len(pairs)):
        return
    shown = [f"{name} is {listed[:40]!r} here and {board[:40]!r} on the board" for name, board, listed in odd]
    more = f" and {len(odd) - _SHOWN} more" if len(odd) > _SHOWN else ""
    text = f"values differ: {', '.join(shown[:_SHOWN])}{more}"
    yield warning("files.bill.values-differ", bill.table.name, text, "the parts list is followed")


def _values(parts: Iterable[Part], footprints: Mapping[str, Footprint]) -> Iterator[tuple[str, str, str]]:
    for part in parts:
        for name in part.designators:
            footprint = footprints.get(name)
            if footprint is None or not part.value or not footprint.placement.value:
                continue
            if not _PASSIVE.match(name):
                yield name, footprint.placement.value, part.value


def _folded(value: str) -> str:
    return _SIGNS.sub("", value.casefold())
