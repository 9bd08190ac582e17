"""What is understood of bought parts, and what looks misread."""

from __future__ import annotations

from manyworks.market import understand_parts
from manyworks.model import BillLine, Item, ItemId, Network, Offer, OfferId, PriceBreak, Product, ShopId


def product(*parts: tuple[Item, str]) -> Product:
    lines = tuple(
        BillLine(item=item.id, quantity=1, designators=(name,), where=f"bom.csv:row {n}")
        for n, (item, name) in enumerate(parts, 2)
    )
    root = Item(id=ItemId("root"), name="root", bill=lines)
    return Product(root=root.id, items={root.id: root, **{item.id: item for item, _ in parts}})


def part(name: str = "a", **more: str) -> Item:
    return Item(id=ItemId(f"part/{name}"), name=name, **more)  # type: ignore[arg-type]


def test_a_passive_part_is_named_by_what_it_does() -> None:
    found = understand_parts(product((part(value="4k7", footprint="R_0603_1608Metric"), "R1")))
    assert found.words[ItemId("part/a")] == "resistor 4.7 kohm 0603"
    assert found.findings == ()


def test_another_part_is_named_by_its_package() -> None:
    found = understand_parts(product((part(value="LM358", footprint="SOIC-8_3.9x4.9mm_P1.27mm"), "U1")))
    assert "8 joints, surface-mounted" in found.words[ItemId("part/a")]


def test_a_part_nobody_can_place_has_no_words() -> None:
    assert understand_parts(product((part(value="thing"), "X1"))).words == {}


def test_a_value_no_maker_sells_is_told_with_its_row() -> None:
    found = understand_parts(product((part(value="4k8", footprint="R_0603"), "R1")))
    (doubt,) = found.findings
    assert (doubt.code, doubt.where) == ("market.part.doubt", "bom.csv:row 2")
    assert "no series of preferred values" in doubt.message


def test_a_misspelt_number_is_suggested_and_never_taken() -> None:
    offer = Offer(
        id=OfferId("o"),
        seller=ShopId("s"),
        mpn="STM32F103C8T6",
        breaks=(PriceBreak(min_quantity=1, unit_price=1.0),),
    )
    network = Network(name="n", currency="GBP", as_of="2026-01-01", offers={offer.id: offer})
    wrong, right = part("w", mpn="STM32F103C8T8"), part("r", mpn="stm32f103c8t6")
    found = understand_parts(product((wrong, "U1"), (right, "U2")), network)
    assert [f.code for f in found.findings] == ["market.part.near-number"]
    assert "STM32F103C8T6" in found.findings[0].message


def test_doubts_without_end_are_counted() -> None:
    parts = [(part(f"p{n}", value=f"{n}.{n}3k", footprint="R_0603"), f"R{n}") for n in range(11, 60)]
    found = understand_parts(product(*parts))
    assert len(found.findings) == 21
    assert "further doubts" in found.findings[-1].message
