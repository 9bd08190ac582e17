"""From plastic parts and bills to routings."""

import math
from dataclasses import replace

import pytest

from manyworks.model import BillLine, Item, ItemId, Product, Severity, errors
from manyworks.processes import route


def codes(routes, severity=None):
    return {f.code for f in routes.findings if severity is None or f.severity is severity}


def bought(name, **figures):
    return Item(id=ItemId(name), name=name, **figures)


def line(item, quantity=1.0, **more):
    return BillLine(item=ItemId(item), quantity=quantity, **more)


def kit(*lines, items=(), **figures):
    root = Item(id=ItemId("kit"), name="Kit", bill=lines, **figures)
    return Product(root=root.id, items={item.id: item for item in (*items, root)})


# Plastic parts -------------------------------------------------------------------------------


def test_moulds_are_items_that_can_be_shipped(cast):
    for kind, heavier_than in (("soft", 3.0), ("hard", 20.0)):
        mould = cast.shell_routes.items[ItemId(f"case/mould-{kind}")]
        assert heavier_than < mould.mass_kg < 200.0
        assert min(mould.size_mm) > 60.0
        assert mould.commodity_code == "848071"


def test_a_metal_part_is_milled_and_neither_printed_nor_moulded(cast):
    routes = route(cast.shell(material="6082-T6"))
    (routing,) = (found for found in routes.routings if found.item == "case")
    assert routing.kind == "milled"
    assert [operation.process for operation in routing.operations] == ["cnc-milling"]
    assert routing.operations[0].requirement.materials == ("6082-T6",)


def test_a_wish_for_printing_is_kept(cast):
    routes = route(cast.shell(processes=("fdm-printing",)))
    assert [r.kind for r in routes.routings if r.item == "case"] == ["printed"]


def test_an_open_mesh_is_used_with_a_warning(cast):
    design = replace(cast.shell().item.design, watertight=False, bodies=3)
    assert {"processes.route.open_solid", "processes.route.bodies"} <= codes(
        route(cast.shell(design=design)), Severity.WARNING
    )


@pytest.mark.parametrize("volume", [0.0, -5.0, math.nan, math.inf])
def test_a_solid_that_cannot_be_is_an_error_and_no_crash(cast, volume):
    routes = route(cast.shell(design=replace(cast.shell().item.design, volume_mm3=volume)))
    assert [f.code for f in errors(routes.findings)] == ["processes.route.no_volume"]


def test_a_part_with_inserts_is_finished_by_hand(cast):
    product = cast.shell(bill=(line("insert", 4.0),)).with_items({ItemId("insert"): bought("insert")})
    for routing in route(product).routings:
        if routing.item == "case":
            assert routing.operations[-1].process == "final-assembly"
            assert routing.operations[-1].after == (routing.operations[0].id,)
            assert routing.operations[-1].inputs[0].quantity == 4.0


# Kits ----------------------------------------------------------------------------------------


def test_a_product_is_assembled_and_packed(cast):
    product = kit(
        line("lid"),
        line("M3 screw", 4.0),
        line("box", step="packing"),
        items=map(bought, ("lid", "M3 screw", "box")),
    )
    (routing,) = route(product).routings
    assemble, pack = routing.operations
    assert routing.kind == "assembled and packed"
    assert (assemble.drivers["parts"], assemble.drivers["fasteners"]) == (1.0, 4.0)
    assert [i.item for i in assemble.inputs] == ["lid", "M3 screw"]
    assert [i.item for i in pack.inputs] == ["box"]
    assert pack.after == (assemble.id,)


def test_what_is_only_packed_is_not_assembled():
    product = kit(line("cell", 2.0, step="packing"), items=[bought("cell")])
    (routing,) = route(product).routings
    assert [operation.process for operation in routing.operations] == ["packing"]
    assert routing.operations[0].drivers["pieces"] == 2.0


def test_a_kits_mass_is_its_parts_mass_even_where_a_part_is_made(cast):
    case = cast.shell().item
    product = kit(line("case", 2.0), line("cell"), items=[case, bought("cell", mass_kg=0.003)])
    routes = route(product)
    assert routes.items[ItemId("kit")].mass_kg == pytest.approx(
        2 * routes.items[ItemId("case")].mass_kg + 0.003
    )
    assert routes.items[ItemId("kit")].commodity_code == "392690"


def test_unknown_masses_in_a_kit_are_told():
    routes = route(kit(line("thing"), items=[bought("thing")]))
    (finding,) = [f for f in routes.findings if f.code == "processes.route.assumed_part_mass"]
    assert "thing" in finding.message


def test_a_kit_takes_the_code_of_its_board(cast):
    product = cast.board()
    items = (*product.items.values(), bought("brick", mass_kg=5.0, commodity_code="690410"))
    routes = route(kit(line("board"), line("brick"), items=items))
    assert routes.items[ItemId("kit")].commodity_code == "854370"


def test_a_kit_lies_in_a_box_that_holds_its_parts():
    parts = [bought("a", size_mm=(100.0, 50.0, 20.0)), bought("b", size_mm=(80.0, 70.0, 10.0))]
    size = route(kit(line("a", 2.0), line("b"), items=parts)).items[ItemId("kit")].size_mm
    assert sorted(size, reverse=True)[0] >= 100.0
    assert math.prod(size) >= 2 * 100 * 50 * 20 + 80 * 70 * 10


def test_parts_nested_in_parts_are_routed_parts_first(cast):
    inner = Item(id=ItemId("inner"), name="inner", bill=(line("case"),))
    product = kit(line("inner"), items=[inner, cast.shell().item])
    routes = route(product)
    assert routes.items[ItemId("kit")].mass_kg == routes.items[ItemId("case")].mass_kg


def test_a_ring_of_bills_is_an_error_and_ends():
    a = Item(id=ItemId("a"), name="a", bill=(line("b"),))
    b = Item(id=ItemId("b"), name="b", bill=(line("a"),))
    routes = route(Product(root=a.id, items={a.id: a, b.id: b}))
    assert "processes.route.ring" in {f.code for f in errors(routes.findings)}


def test_a_bill_naming_what_is_not_there_is_an_error_with_its_row():
    routes = route(kit(line("ghost", where="bill.csv:row 7")))
    (finding,) = errors(routes.findings)
    assert (finding.code, finding.where) == ("processes.route.unknown_item", "bill.csv:row 7")


def test_a_step_that_is_no_process_is_said():
    routes = route(kit(line("lid", step="pakking"), items=[bought("lid")]))
    assert "processes.route.unknown_step" in codes(routes, Severity.WARNING)
