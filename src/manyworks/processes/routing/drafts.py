"""The sheet on which routings are drawn up: items filled in, routings, findings, as they come."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from manyworks.model import Finding, Item, ItemId, Product, Routing, error, info
from manyworks.processes.tables import defaults, read_data


@dataclass(kw_only=True)
class Draft:
    """What is known so far of how a product's items are made."""

    product: Product
    items: dict[ItemId, Item]
    routings: list[Routing] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def put(self, item: Item, kind: str = "", *, mass_kg: float = 0.0, basis: str = "") -> Item:
        """Keep an item with a commodity code and a mass, its own where it has them; say what was assumed."""
        if item.commodity_code is None and kind:
            item = replace(item, commodity_code=self._code(item, kind))
        if item.mass_kg is None and mass_kg > 0.0:
            self.assume("mass", item.id, f"mass taken as {mass_kg:.4g} kg, {basis}")
            item = replace(item, mass_kg=mass_kg)
        self.items[item.id] = item
        return item

    def _code(self, item: Item, kind: str) -> str:
        row = read_data("route")["commodity_codes"][kind]
        code: str = row["value"]
        self.assume(
            "commodity_code",
            item.id,
            f"no commodity code; taken as {code} ({row['source']}, {row['year']}, "
            f"confidence {row['confidence']})",
            "state commodity_code of the item",
        )
        return code

    def assume(self, what: str, where: str, message: str, hint: str = "") -> None:
        """Say aloud what was assumed of an item."""
        self.findings.append(info(f"processes.route.assumed_{what}", where, message, hint))

    def add(self, item: Item, routings: list[Routing]) -> None:
        """Keep those routings that the customer's wish for a process allows."""
        wanted = set(item.processes)
        fitting = [r for r in routings if not wanted or wanted & _processes_of(r)]
        if routings and not fitting:
            possible = sorted({o.process for r in routings for o in r.operations})
            self.findings.append(
                error(
                    "processes.route.unwanted",
                    item.id,
                    f"asked for {', '.join(sorted(wanted))}, but no routing uses it",
                    f"routings here use: {', '.join(possible)}",
                )
            )
        self.routings.extend(fitting)


def _processes_of(routing: Routing) -> set[str]:
    """What a customer may call the processes of a routing: by name, and by the axes of the machine."""
    plain = {operation.process for operation in routing.operations}
    asked = [(o.process, o.requirement.axes) for o in routing.operations]
    return plain | {f"{process}-{axes}-axis" for process, axes in asked if axes}


def told(*names: str) -> tuple[str, ...]:
    """The named figures of the routing defaults as assumption lines."""
    return tuple(f"routing: {defaults()[name]}" for name in names)


def has_word(text: str, words: str) -> bool:
    """Whether a text holds one of the words kept under a name in the room's data."""
    lowered = text.lower()
    return any(word in lowered for word in read_data("route")["words"][words])


def words_of(item: Item) -> str:
    """All that a parts list says of an item, for looking words up."""
    return " ".join((item.id, item.name, item.mpn, item.value, item.footprint, item.description, ""))
