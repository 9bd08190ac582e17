"""What the page of a design shows: every made item with its pictures, tables and bill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from manyworks.model import (
    BillLine,
    BoardDesign,
    Body,
    Feature,
    GarmentDesign,
    HarnessDesign,
    Item,
    ItemId,
    Product,
    SheetDesign,
    SolidDesign,
)
from manyworks.report.charts.board import draw_board
from manyworks.report.charts.harness import draw_harness
from manyworks.report.charts.sheet import draw_garment, draw_sheet
from manyworks.report.charts.solid import SIGNS, SolidMark, draw_view
from manyworks.report.check_rows import CheckRow
from manyworks.report.formats import format_significant

WIDTH = 545.0
MOST_TREE_ROWS = 400
MOST_FEATURE_ROWS = 60
_TOLD_TOGETHER = ("sharp inside corner", "inside radius", "thin wall", "undercut", "overhang", "chamfer")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureRow:
    """Equal features of a body: how many, and one of them."""

    number: int
    count: int
    feature: Feature


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyView:
    """One body with its features; ``hidden`` rows are counted, not shown."""

    number: int
    body: Body
    features: tuple[FeatureRow, ...]
    hidden: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One item with a design, a bill or files; ``signs`` are the kinds of marks in its pictures."""

    item: Item
    kind: str
    drawings: tuple[str, ...]
    board: BoardDesign | None = None
    solid: SolidDesign | None = None
    sheet: SheetDesign | None = None
    garment: GarmentDesign | None = None
    harness: HarnessDesign | None = None
    bodies: tuple[BodyView, ...] = ()
    signs: tuple[str, ...] = ()
    checks: tuple[CheckRow, ...] = ()
    passed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeRow:
    """A line of the multi-level bill: what, how many for one parent, how deep."""

    depth: int
    item: Item
    quantity: float
    kind: str
    bought: int = field(default=0)


def view_items(product: Product, checks: Sequence[CheckRow] = ()) -> tuple[ItemView, ...]:
    """Every item with something to show, the root first, then what is made."""
    by_item: dict[ItemId, list[CheckRow]] = {}
    for check in checks:
        by_item.setdefault(check.item, []).append(check)
    shown = [item for item in product.items.values() if item.design or item.bill or item.files]
    shown.sort(key=lambda item: item.id != product.root)
    return tuple(_view_item(item, by_item.get(item.id, [])) for item in shown)


def kind_of(item: Item) -> str:
    """``board``, ``solid``, ``sheet``, ``garment``, ``harness``, ``assembly`` or ``bought``."""
    if item.design is not None:
        return type(item.design).__name__.removesuffix("Design").lower()
    return "assembly" if item.bill else "bought"


def _view_item(item: Item, checks: Sequence[CheckRow]) -> ItemView:
    design = item.design
    bodies = tuple(_bodies(design)) if isinstance(design, SolidDesign) else ()
    return ItemView(
        item=item,
        kind=kind_of(item),
        drawings=tuple(filter(None, _drawings(item, bodies))),
        board=design if isinstance(design, BoardDesign) else None,
        solid=design if isinstance(design, SolidDesign) else None,
        sheet=design if isinstance(design, SheetDesign) else None,
        garment=design if isinstance(design, GarmentDesign) else None,
        harness=design if isinstance(design, HarnessDesign) else None,
        bodies=bodies,
        signs=tuple(dict.fromkeys(sign for kind, sign in SIGNS.items() if kind in _kinds(bodies))),
        checks=tuple(sorted((c for c in checks if c.verdict != "passes"), key=_rank)),
        passed=sum(check.verdict == "passes" for check in checks),
    )


def _kinds(bodies: Sequence[BodyView]) -> set[str]:
    return {row.feature.kind for view in bodies for row in view.features}


def _rank(check: CheckRow) -> tuple[int, int, int]:
    order = ("remove from quote", "required change", "advisory")
    weight = order.index(check.severity) if check.severity in order else len(order)
    return (check.verdict != "fails", weight, check.number)


def _drawings(item: Item, bodies: Sequence[BodyView]) -> Iterator[str]:
    design = item.design
    if isinstance(design, BoardDesign):
        yield draw_board(design, width=WIDTH, side="top")
        if _has_bottom(design):
            yield draw_board(design, width=WIDTH, side="bottom")
    elif isinstance(design, SolidDesign):
        marks = [
            SolidMark(row.number, feature)
            for view in bodies
            for row in view.features
            for feature in view.body.features
            if _key(feature) == _key(row.feature)
        ]
        yield from (draw_view(view, marks) for view in design.views)
    elif isinstance(design, SheetDesign):
        yield draw_sheet(design, width=WIDTH)
    elif isinstance(design, GarmentDesign):
        yield draw_garment(design, width=WIDTH)
    elif isinstance(design, HarnessDesign):
        yield draw_harness(design, width=WIDTH)


def _has_bottom(board: BoardDesign) -> bool:
    return any(part.side == "bottom" for part in board.placements) or any(
        land.side == "bottom" for land in board.lands
    )


def _bodies(solid: SolidDesign) -> Iterator[BodyView]:
    number = 1
    for index, body in enumerate(solid.details):
        rows = list(_feature_rows(body.features, number))
        number += len(rows)
        yield BodyView(
            number=index + 1,
            body=body,
            features=tuple(rows[:MOST_FEATURE_ROWS]),
            hidden=max(0, len(rows) - MOST_FEATURE_ROWS),
        )


def _key(feature: Feature) -> tuple[object, ...]:
    """What makes two features equal on a page: kind and sizes as they are shown.

    Corners, thin places and the like are many and each of its own size: their kind and radius do.
    """
    radius = None if feature.radius_mm is None else format_significant(feature.radius_mm)
    if feature.kind in _TOLD_TOGETHER:
        return (feature.kind, radius)
    sizes = (feature.diameter_mm, feature.depth_mm, feature.width_mm)
    shown = (None if size is None else format_significant(size) for size in sizes)
    return (feature.kind, feature.thread, radius, *shown)


def _feature_rows(features: Sequence[Feature], first: int) -> Iterator[FeatureRow]:
    groups: dict[tuple[object, ...], list[Feature]] = {}
    for feature in features:
        groups.setdefault(_key(feature), []).append(feature)
    for number, group in enumerate(groups.values(), first):
        yield FeatureRow(number=number, count=len(group), feature=_foremost(group))


def _foremost(group: Sequence[Feature]) -> Feature:
    """The one that stands for its equals: the deepest, of thin walls the thinnest."""
    if group[0].kind == "thin wall":
        return min(group, key=lambda feature: feature.width_mm or 0.0)
    return max(group, key=lambda feature: feature.depth_mm or 0.0)


def view_tree(product: Product) -> tuple[TreeRow, ...]:
    """The product as an indented tree of what is made; bought parts are counted with their parent."""
    return tuple(_branches(product, product.root, 1.0, 0, frozenset()))[:MOST_TREE_ROWS]


def _branches(
    product: Product, name: ItemId, quantity: float, depth: int, above: frozenset[ItemId]
) -> Iterator[TreeRow]:
    item = product.items.get(name)
    if item is None or name in above:
        return
    lines = [line for line in item.bill if line.fitted]
    made = [line for line in lines if _is_made(line, product.items)]
    bought = len(lines) - len(made)
    yield TreeRow(depth=depth, item=item, quantity=quantity, kind=kind_of(item), bought=bought)
    for line in made:
        yield from _branches(product, line.item, line.quantity, depth + 1, above | {name})


def _is_made(line: BillLine, items: Mapping[ItemId, Item]) -> bool:
    item = items.get(line.item)
    return item is not None and (item.design is not None or bool(item.bill))
