"""From designs to routings: every sensible way to make every item that is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from manyworks.model import (
    BoardDesign,
    Finding,
    Item,
    ItemId,
    Product,
    Routing,
    SheetDesign,
    SolidDesign,
    error,
    warning,
)
from manyworks.processes.routing.board_routes import route_board
from manyworks.processes.routing.drafts import Draft
from manyworks.processes.routing.kit_routes import route_kit
from manyworks.processes.routing.sheet_routes import route_sheet
from manyworks.processes.routing.solid_routes import route_solid
from manyworks.processes.routing.weldments import WELDING_STEPS
from manyworks.processes.tables import processes


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """How a product's items can be made.

    ``items`` holds those that came to be (bare boards, stencils, moulds) and those of the product
    whose mass, size or commodity code was filled in; put them over the product's own with
    `Product.with_items`.
    """

    routings: tuple[Routing, ...]
    items: Mapping[ItemId, Item]
    findings: tuple[Finding, ...]


def route(product: Product) -> Routes:
    """All sensible routings of every item of a product that has a design or a bill.

    A board becomes a bare board and the ways to put its parts on; a plastic part is printed or
    moulded, with the moulds as items of their own; anything else with a bill is assembled and
    packed. Items with neither are bought. What was assumed is told in findings and in each
    routing's assumptions.
    """
    draft = Draft(product=product, items=dict(product.items))
    draft.findings += _broken_bills(product) + _unknown_steps(product)
    for item in _parts_first(product, draft):
        if not _comes_of_parent(item, product):
            _route_item(item, draft)
    changed = {name: item for name, item in draft.items.items() if product.items.get(name) != item}
    return Routes(routings=tuple(draft.routings), items=changed, findings=tuple(draft.findings))


def _comes_of_parent(item: Item, product: Product) -> bool:
    """Whether an item is a bare board, stencil or mould that its parent's routing brings about again."""
    return ItemId(item.derived_from) in product.items and item.id.startswith(f"{item.derived_from}/")


def _route_item(item: Item, draft: Draft) -> None:
    if isinstance(item.design, BoardDesign):
        route_board(item, item.design, draft)
    elif isinstance(item.design, SolidDesign):
        route_solid(item, item.design, draft)
    elif isinstance(item.design, SheetDesign):
        route_sheet(item, item.design, draft)
    else:
        if item.design is not None:
            draft.findings.append(_not_modelled(item))
        if any(line.fitted for line in item.bill):
            route_kit(item, draft)


def _not_modelled(item: Item) -> Finding:
    """What is cut, sewn or wired is read, but no process model knows its times yet."""
    kind = type(item.design).__name__.removesuffix("Design").lower()
    text = f"no process model makes a {kind} yet; {item.id} can only be bought whole or from its parts"
    return warning("processes.route.not-modelled", item.id, text, "add an offer for it to the network")


def _broken_bills(product: Product) -> list[Finding]:
    return [
        error(
            "processes.route.unknown_item",
            line.where or item.id,
            f"the bill of {item.id} names {line.item!r}, which is not an item of the product",
        )
        for item in product.items.values()
        for line in item.bill
        if line.fitted and line.item not in product.items
    ]


def _unknown_steps(product: Product) -> list[Finding]:
    return [
        warning(
            "processes.route.unknown_step",
            line.where or item.id,
            f"the bill of {item.id} gives {line.item} to the step {line.step!r}, which is no process here",
            f"known: {', '.join(sorted(processes()))}",
        )
        for item in product.items.values()
        for line in item.bill
        if line.fitted and line.step and line.step not in (*processes(), *WELDING_STEPS)
    ]


def _parts_first(product: Product, draft: Draft) -> Iterator[Item]:
    """Items such that all parts of an item come before it; a ring in the bills is a finding."""
    open_: set[ItemId] = set()
    done: set[ItemId] = set()
    for start in product.items:
        stack = [(start, False)]
        while stack:
            name, parts_done = stack.pop()
            if parts_done:
                open_.discard(name)
                done.add(name)
                yield product.items[name]
            elif name in open_:
                draft.findings.append(
                    error("processes.route.ring", name, f"{name} is, by its bill, a part of itself")
                )
            elif name not in done and name in product.items:
                open_.add(name)
                stack.append((name, True))
                stack += [(line.item, False) for line in product.fitted_lines(name)]
