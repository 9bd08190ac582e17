"""Things: made, bought, moved or held. Designs say what a made thing looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from manyworks.model.designs import Design
from manyworks.model.ids import ItemId
from manyworks.model.quantities import Parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file that a design came from, by content.

    ``role`` says what it was used for (``board``, ``bill``, ``positions``, ``solid``, ``product``).
    """

    path: str
    sha256: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line of a bill of materials: ``quantity`` of ``item`` in one unit of its parent.

    ``fitted=False`` keeps a line that the design lists but does not want (do not populate);
    ``step`` names the process that consumes it where the design says so (``packing``); ``where``
    is the file and row it was read from.
    """

    item: ItemId
    quantity: float
    designators: tuple[str, ...] = ()
    fitted: bool = True
    substitutes: tuple[ItemId, ...] = ()
    step: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Anything made, bought, moved or held, tools and raw stock too (ISA-95 material definition).

    Parameters
    ----------
    id, name, revision, unit
        ``unit`` is ``piece`` unless the item is counted otherwise (``m``, ``kg``, ``L``, ``m2``).
    mass_kg, size_mm
        Of one unit, packed for moving; None when unknown (the reader of a quote sees a finding
        and the assumption that replaced it).
    commodity_code
        Harmonised System digits without blanks (at least 6), for duty.
    manufacturer, mpn, value, footprint
        What a parts list says of a bought part: manufacturer part number, electrical value,
        package or footprint name as written.
    design
        What a made item looks like; None for a bought item.
    bill
        What one unit consists of. For an assembled board: the parts on it.
    processes
        Process names the customer insists on (``fdm-printing``); empty leaves the choice open.
    """

    id: ItemId
    name: str
    revision: str = ""
    unit: str = "piece"
    mass_kg: float | None = None
    size_mm: tuple[float, float, float] | None = None
    commodity_code: str | None = None
    hazard: str | None = None
    material: str | None = None
    finish: str | None = None
    colour: str | None = None
    description: str = ""
    manufacturer: str = ""
    mpn: str = ""
    value: str = ""
    footprint: str = ""
    design: Design | None = None
    bill: tuple[BillLine, ...] = ()
    processes: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    required_certificates: tuple[str, ...] = ()
    files: tuple[FileRef, ...] = ()
    licence: str = ""
    derived_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """An item with all the items below it (OKH manifest).

    ``items`` holds the root and every item any bill line names; the graph is acyclic.
    """

    root: ItemId
    items: Mapping[ItemId, Item] = field(default_factory=dict)
    source: str = ""

    @property
    def item(self) -> Item:
        """The product itself."""
        return self.items[self.root]

    def fitted_lines(self, item: ItemId) -> Iterator[BillLine]:
        """Bill lines of ``item`` that are really wanted."""
        return (line for line in self.items[item].bill if line.fitted)

    def with_items(self, items: Mapping[ItemId, Item]) -> Product:
        """The same product with further items (tools, bare boards) beside its own."""
        return Product(root=self.root, items={**self.items, **items}, source=self.source)
