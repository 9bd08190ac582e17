"""What a harness is made of, as rows of a parts list: in the words that harness tools themselves use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from manyworks.files.harnesses.cables import Cable, Core
from manyworks.files.harnesses.ends import Connector
from manyworks.files.harnesses.products import Product
from manyworks.files.harnesses.wiring import End, Run
from manyworks.files.harnesses.words import says_unit_mm
from manyworks.files.tables import Part

# Lengths are rounded to this many decimals of a metre: sums of tenths are no tenths in binary.
_DECIMALS = 6


@dataclass(slots=True)
class Bill:
    """Rows of one thing each; the same thing wanted twice is one row."""

    where: str
    rows: dict[tuple[object, ...], Part] = field(default_factory=dict)

    def add(self, name: str, quantity: float, unit: str, product: Product, *, line: int, owner: str) -> None:
        """Add so much of a thing; ``owner`` is the designator it belongs to, empty for none."""
        key = (name, unit, product)
        known = self.rows.get(key)
        if known is None:
            self.rows[key] = Part(
                where=f"{self.where}:{line}",
                quantity=quantity,
                unit=unit,
                designators=(owner,) if owner else (),
                name=name,
                mpn=product.mpn,
                manufacturer=product.manufacturer,
                supplier=" ".join(filter(None, (product.supplier, product.spn))),
                description=f"own number {product.pn}" if product.pn else "",
            )
            return
        owners = known.designators
        self.rows[key] = replace(
            known,
            quantity=known.quantity + quantity,
            designators=(*owners, owner) if owner and owner not in owners else owners,
        )

    @property
    def parts(self) -> tuple[Part, ...]:
        """All rows in the order their things were first met."""
        return tuple(replace(part, quantity=round(part.quantity, _DECIMALS)) for part in self.rows.values())


def connector_name(connector: Connector) -> str:
    """What a connector is called in a parts list: ``Connector, IDC, female, 6 pins``."""
    pins = f"{len(connector.pins)} pins" if connector.pins_shown else ""
    parts = ("Connector", connector.type, connector.subtype, pins, connector.colour)
    return ", ".join(filter(None, parts))


def cable_name(cable: Cable) -> str:
    """What a cable is called in a parts list: ``Cable, 6 x 22 AWG shielded, BK``."""
    count = len(cable.cores)
    cores = f"{count} x {cable.gauge}" if cable.gauge else f"{count} wires"
    cores += " shielded" if cable.shielded else ""
    return ", ".join(filter(None, ("Cable", cable.type, cores, cable.colour)))


def wire_name(cable: Cable, core: Core) -> str:
    """What a single wire of a bundle is called: ``Wire, silicone, 26 AWG, RD``."""
    return ", ".join(filter(None, ("Wire", cable.type, core.gauge, core.colour)))


def add_end(bill: Bill, end: End) -> None:
    """Rows of one connector, and of what goes with it."""
    connector = end.connector
    owner = end.name if end.named else ""
    if connector.product.wanted:
        name, product = connector_name(connector), _bare(connector.product)
        bill.add(name, 1.0, "piece", product, line=connector.line, owner=owner)
    populated = len(end.positions)
    measures = {
        "pincount": float(len(connector.pins)),
        "populated": float(populated),
        "unpopulated": float(max(0, len(connector.pins) - populated)),
        "connections": float(sum(end.positions.values())),
    }
    _extras(bill, connector.product, measures, connector.line, owner)


def add_run(bill: Bill, run: Run) -> None:
    """Rows of one cable or bundle, and of what goes with it; by the piece where no length is known."""
    cable = run.cable
    owner = run.name if run.named else ""
    metres = None if cable.length_mm is None else cable.length_mm / 1000
    quantity, unit = (1.0, "piece") if metres is None else (metres, "m")
    if cable.product.wanted:
        for name, product in _bought(cable):
            bill.add(name, quantity, unit, product, line=cable.line, owner=owner)
    ends = sum(len(places) for side in (run.left, run.right) for places in side.values())
    measures = {
        "wirecount": float(len(cable.cores)),
        "terminations": float(ends),
        "length": metres or 0.0,
        "total_length": (metres or 0.0) * len(cable.cores),
    }
    _extras(bill, cable.product, measures, cable.line, owner)


def _bought(cable: Cable) -> Iterator[tuple[str, Product]]:
    if not cable.bundle:
        yield cable_name(cable), _bare(cable.product)
        return
    for core in cable.cores:
        yield wire_name(cable, core), core.product


def _bare(product: Product) -> Product:
    """A product without what goes with it, so that equal ones meet in one row."""
    return replace(product, extras=())


def _extras(bill: Bill, product: Product, measures: dict[str, float], line: int, owner: str) -> None:
    for extra in product.extras:
        quantity = extra.quantity * measures.get(extra.times, 1.0)
        quantity, unit = in_metres(quantity, extra.unit)
        if quantity > 0:
            bill.add(extra.name, quantity, unit, extra.product, line=line, owner=owner)


def in_metres(quantity: float, unit: str) -> tuple[float, str]:
    """A quantity with its unit: metres for lengths, pieces where no unit is given, else as written."""
    if not unit:
        return quantity, "piece"
    factor = says_unit_mm(unit)
    return (quantity * factor / 1000, "m") if factor is not None else (quantity, unit)


def unknown_measures(products: Iterable[tuple[Product, frozenset[str]]]) -> set[str]:
    """Multipliers of further components that their owner does not have."""
    return {
        extra.times
        for product, known in products
        for extra in product.extras
        if extra.times and extra.times not in known
    }


OF_CONNECTOR = frozenset({"pincount", "populated", "unpopulated", "connections"})
OF_CABLE = frozenset({"wirecount", "terminations", "length", "total_length"})
