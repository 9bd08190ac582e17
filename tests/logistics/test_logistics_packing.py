from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.logistics import packed
from manyworks.model import BillLine, BoardDesign, Item, ItemId, Product, SolidDesign

BOARD = BoardDesign(
    width_mm=100,
    height_mm=50,
    area_mm2=5000,
    copper_layers=2,
    thickness_mm=1.6,
    plated_holes=0,
    nonplated_holes=0,
    slots=0,
    min_track_mm=None,
    min_space_mm=None,
    min_drill_mm=None,
)


def item(id_="x", **fields):
    return Item(id=ItemId(id_), name=id_, **fields)


def test_own_mass_and_size_get_a_carton_around_them():
    unit = packed(item(mass_kg=0.5, size_mm=(200, 100, 50)))
    assert 0.5 < unit.mass_kg < 0.6
    assert 0.001 < unit.volume_m3 < 0.0013


def test_a_known_item_assumes_only_its_packing():
    assert len(packed(item(mass_kg=0.5, size_mm=(200, 100, 50))).assumptions) == 2


def test_a_solid_weighs_its_volume_in_its_material():
    solid = SolidDesign(size_mm=(50, 40, 10), volume_mm3=8000, surface_mm2=6000)
    light = packed(item(design=solid, material="ABS, white"))
    heavy = packed(item(design=solid, material="steel"))
    assert heavy.mass_kg / light.mass_kg == pytest.approx(7850 / 1050)
    assert light.mass_kg == pytest.approx(0.0084 * 1.08)
    assert light.volume_m3 == pytest.approx(2e-5 * 1.15)


def test_a_board_weighs_its_area_in_glass_and_resin():
    assert packed(item(design=BOARD)).mass_kg == pytest.approx(5000 * 1.6e-9 * 1850 * 1.08)


@pytest.mark.parametrize(
    ("footprint", "grams"),
    [
        ("Resistor_SMD:R_0603_1608Metric", 0.06),
        ("LED_SMD:LED_0805_2012Metric", 0.07),
        ("Package_SO:SOIC-8_3.9x4.9mm", 0.5),
        ("Package_DFN_QFN:QFN-20-1EP", 0.4),
    ],
)
def test_a_bought_part_weighs_what_its_package_does(footprint, grams):
    assert packed(item(footprint=footprint)).mass_kg == pytest.approx(grams / 1000)


def test_a_kilogram_of_a_thing_counted_by_weight_weighs_one():
    assert packed(item(unit="kg")).mass_kg == pytest.approx(1.08)


def test_an_unknown_thing_is_assumed_aloud():
    unit = packed(item())
    assert unit.mass_kg > 0
    assert any("has no weight" in line for line in unit.assumptions)


def test_an_assembly_weighs_its_parts():
    bolt, plate = item("bolt", mass_kg=0.01), item("plate", mass_kg=0.2)
    lines = (
        BillLine(item=bolt.id, quantity=4),
        BillLine(item=plate.id, quantity=1),
        BillLine(item=ItemId("spare"), quantity=9, fitted=False),
    )
    whole = item("whole", bill=lines)
    items = {it.id: it for it in (bolt, plate, whole, item("spare", mass_kg=5))}
    assert packed(whole, Product(root=whole.id, items=items)).mass_kg == pytest.approx(0.24 * 1.08)


def test_an_assembled_board_weighs_itself_and_its_parts():
    chip = item("chip", mass_kg=0.002)
    board = item("board", design=BOARD, bill=(BillLine(item=chip.id, quantity=2),))
    product = Product(root=board.id, items={chip.id: chip, board.id: board})
    assert packed(board, product).mass_kg == pytest.approx((5000 * 1.6e-9 * 1850 + 0.004) * 1.08)


def test_many_parents_of_one_part_are_weighed_in_no_time():
    items = {ItemId("0"): item("0", mass_kg=1.0)}
    for level in range(1, 60):
        below = BillLine(item=ItemId(str(level - 1)), quantity=0.5)
        items[ItemId(str(level))] = item(str(level), bill=(below, below))
    top = ItemId("59")
    assert packed(items[top], Product(root=top, items=items)).mass_kg == pytest.approx(1.08)


@given(st.floats(0.001, 100), st.floats(1, 2000), st.floats(1.01, 5))
def test_heavier_and_larger_things_pack_heavier_and_larger(mass, edge, more):
    small = item(mass_kg=mass, size_mm=(edge, edge, edge))
    large = replace(small, mass_kg=mass * more, size_mm=(edge * more, edge, edge))
    assert packed(large).mass_kg > packed(small).mass_kg
    assert packed(large).volume_m3 > packed(small).volume_m3
