import pytest

from manyworks.logistics import find_commodity
from manyworks.logistics.customs import find_rate
from manyworks.logistics.tables import read_table
from manyworks.model import BillLine, BoardDesign, Item, ItemId, SolidDesign

BOARD = BoardDesign(
    width_mm=10,
    height_mm=10,
    area_mm2=100,
    copper_layers=2,
    thickness_mm=1.6,
    plated_holes=0,
    nonplated_holes=0,
    slots=0,
    min_track_mm=None,
    min_space_mm=None,
    min_drill_mm=None,
)
SOLID = SolidDesign(size_mm=(1, 1, 1), volume_mm3=1, surface_mm2=6)


def code(**fields):
    found = find_commodity(Item(id=ItemId("x"), **{"name": "x", **fields}))
    return found.code if found else None


@pytest.mark.parametrize(
    ("footprint", "heading"),
    [
        ("Resistor_SMD:R_0603_1608Metric", "8533"),
        ("Capacitor_SMD:C_0805_2012Metric", "8532"),
        ("LED_SMD:LED_0805_2012Metric", "8541"),
        ("Package_SO:SOIC-20W", "8542"),
        ("Package_TO_SOT_SMD:SOT-23", "8541"),
        ("Button_Switch_SMD:SW_SPDT_PCM12", "8536"),
        ("Battery:BatteryHolder_Keystone_3034_1x20mm", "8536"),
        ("Connector_PinHeader_2.54mm:PinHeader_1x03", "8536"),
        ("Crystal:Crystal_SMD_3225", "8541"),
    ],
)
def test_a_bought_part_falls_under_what_its_footprint_is(footprint, heading):
    assert code(footprint=footprint)[:4] == heading


def test_a_code_of_its_own_comes_first():
    found = find_commodity(Item(id=ItemId("x"), name="led", commodity_code="950300"))
    assert (found.code, found.assumption) == ("950300", "")


def test_a_guess_is_an_assumption():
    found = find_commodity(Item(id=ItemId("x"), name="red led"))
    assert "x is taken for" in found.assumption
    assert found.code in found.assumption


def test_a_bare_board_is_a_printed_circuit():
    assert code(design=BOARD) == "853400"


def test_a_solid_falls_under_its_material():
    assert code(design=SOLID, material="ABS white") == "392690"
    assert code(design=SOLID, material="mild steel") == "732690"
    assert code(design=SOLID, material="moon dust") is None


def test_an_assembly_is_not_guessed():
    assert code(design=BOARD, bill=(BillLine(item=ItemId("p"), quantity=1),)) is None


def test_nothing_said_is_nothing_guessed():
    assert code(name="x17") is None


@pytest.mark.parametrize("table", ["commodity_words", "commodity_materials"])
def test_every_guess_has_a_rate_without_falling_back_to_the_default(table):
    for row in read_table(table):
        assert find_rate(row["code"], "duty_gb")[0].code != "*", row
