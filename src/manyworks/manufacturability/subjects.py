"""What is checked: each made item, body by body, for each process it may be made by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from manyworks.model import (
    BoardDesign,
    Body,
    Design,
    GarmentDesign,
    Item,
    ItemId,
    Product,
    SheetDesign,
    SolidDesign,
)

# Guesses below this are not worth a page of checks.
_WORTH_CHECKING = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An item, or one body of it, as one process sees it.

    ``why`` says where the process comes from: insisted on, guessed from the shape, or the usual way.
    """

    product: Product
    item: Item
    process: str
    why: str
    body: Body | None = None

    @property
    def design(self) -> Design | None:
        """The item's design."""
        return self.item.design


def subjects_of(product: Product, processes: Mapping[ItemId, str] | None = None) -> Iterator[Subject]:
    """Everything of a product that can be checked.

    Parameters
    ----------
    processes
        Processes chosen for items, before what the item insists on and what its shape suggests.
    """
    chosen = processes or {}
    for item in product.items.values():
        if item.design is None:
            continue
        for body in _bodies(item.design):
            for process, why in _processes(item, body, chosen.get(item.id, "")):
                yield Subject(product=product, item=item, process=process, why=why, body=body)


def _bodies(design: Design) -> tuple[Body | None, ...]:
    return design.details or (None,) if isinstance(design, SolidDesign) else (None,)


def _processes(item: Item, body: Body | None, chosen: str) -> Iterator[tuple[str, str]]:
    if chosen:
        yield chosen, "chosen"
    elif isinstance(item.design, BoardDesign):
        yield "pcb-fabrication", "a board"
        if item.bill or any(part.fitted for part in item.design.placements):
            yield "smt-assembly", "a board with parts"
    elif item.processes:
        yield from ((process, "the design insists on it") for process in item.processes)
    elif isinstance(item.design, SheetDesign):
        yield "laser-cutting", "a drawing for cutting"
    elif isinstance(item.design, GarmentDesign):
        yield "sewing", "a sewing pattern"
    elif body is not None:
        yield from _guessed(body)


def _guessed(body: Body) -> Iterator[tuple[str, str]]:
    for guess in body.guesses:
        if guess.confidence >= _WORTH_CHECKING:
            yield guess.process, f"guessed with confidence {guess.confidence:.2f}"
