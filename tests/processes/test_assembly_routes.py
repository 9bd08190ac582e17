"""What a bill asks of the hands that put it together, kit it and pack it."""

import pytest

from manyworks.model import BillLine, BoardDesign, Item, ItemId, Product, errors
from manyworks.processes import out_of_scope, process_table, route
from manyworks.processes.tables import default, read_data


def item(name, **figures):
    return Item(id=ItemId(name), name=name, **figures)


def line(name, quantity=1.0, **more):
    return BillLine(item=ItemId(name), quantity=quantity, **more)


def product(*parts, root_figures=None):
    """A product of parts, each ``(item, quantity)`` or ``(item, quantity, step)``."""
    lines = tuple(line(part.id, quantity, step=step[0] if step else "") for part, quantity, *step in parts)
    root = Item(id=ItemId("thing"), name="Thing", bill=lines, **(root_figures or {}))
    return Product(root=root.id, items={part.id: part for part, *_ in parts} | {root.id: root})


def drivers(*parts):
    """Drivers of assembling these."""
    (routing,) = route(product(*parts)).routings
    return routing.operations[0].drivers


def kind(name, **figures):
    """How one bought part of this name is counted."""
    found = drivers((item(name, **figures), 3.0), (item("plain block"), 1.0))
    return {
        key: found[key] for key in ("fasteners", "cables", "glue_joints", "snaps") if found[key]
    } or "part"


def board():
    return BoardDesign(
        width_mm=50.0,
        height_mm=40.0,
        area_mm2=2000.0,
        copper_layers=2,
        thickness_mm=1.6,
        plated_holes=10,
        nonplated_holes=0,
        slots=0,
        min_track_mm=0.2,
        min_space_mm=0.2,
        min_drill_mm=0.3,
    )


@pytest.mark.parametrize(
    "name",
    [
        "M3 screw",
        "Screws, pan head",
        "PanHeadScrew_M2.5",
        "M4 x 12 DIN 912",
        "M3x8 socket cap A2",
        "ISO 7380 button head",
        "hex nut",
        "Nuts M5",
        "threaded insert M3",
        "pop rivet 3.2 mm",
        "brass stand-off 10 mm",
        "#4-40 x 1/4 in",
        "Zylinderschraube M3",
        "M3 螺丝",
    ],
)
def test_fasteners_are_known_by_many_names(name):
    assert kind(name) == {"fasteners": 3.0}


@pytest.mark.parametrize(
    "name", ["screwdriver", "PCB screw terminal 2 way", "peanut tray", "boltless shelf", "lead screw T8"]
)
def test_what_only_sounds_like_a_fastener_is_none(name):
    assert "fasteners" not in kind(name)


@pytest.mark.parametrize("name", ["USB cable", "wire, red, 0.5 mm2", "wiring harness", "FFC 20 way", "排线"])
def test_cables_bring_their_plugs(name):
    found = drivers((item(name), 2.0))
    assert (found["cables"], found["connections"]) == (2.0, 2.0 * default("plugs_per_cable"))


@pytest.mark.parametrize("name", ["epoxy adhesive", "double sided tape", "logo sticker", "rating label"])
def test_what_sticks_is_glued(name):
    assert kind(name) == {"glue_joints": 3.0}


def test_glue_by_weight_is_one_joint_with_a_bead_and_must_cure():
    (routing,) = route(product((item("epoxy", unit="kg"), 0.01), (item("lid"), 1.0))).routings
    assemble = routing.operations[0]
    assert assemble.drivers["glue_joints"] == 1.0
    assert assemble.drivers["glue_mm"] == default("glue_bead_mm")
    assert assemble.hold_s == default("glue_cure_hours") * 3600.0
    assert any("glue_cure_hours" in text for text in routing.assumptions)


def test_tape_by_the_metre_is_as_long_as_stated():
    assert drivers((item("foam tape", unit="m"), 0.8), (item("lid"), 1.0))["glue_mm"] == pytest.approx(800.0)


def test_small_large_and_heavy_parts_are_told_apart():
    found = drivers(
        (item("pin", size_mm=(8.0, 2.0, 2.0), mass_kg=0.001), 4.0),
        (item("panel", size_mm=(600.0, 400.0, 2.0), mass_kg=1.0), 2.0),
        (item("motor block", size_mm=(200.0, 200.0, 200.0), mass_kg=30.0), 1.0),
    )
    assert (found["small_parts"], found["large_parts"], found["lifted_parts"]) == (4.0, 3.0, 1.0)
    assert found["mass_kg"] == pytest.approx(4 * 0.001 + 2.0 + 30.0)


def test_what_holds_a_board_is_switched_on_once_assembled():
    with_board = route(product((item("main board", design=board()), 1.0), (item("lid"), 1.0)))
    found = {op.process: op for r in with_board.routings for op in r.operations}
    assert found["final-assembly"].drivers["test_s"] == default("product_test_s")
    assert drivers((item("lid"), 1.0))["test_s"] == 0.0


def test_every_driver_of_assembly_is_one_the_process_knows():
    table = process_table("final-assembly").drivers
    found = drivers((item("lid"), 1.0), (item("screw"), 2.0))
    assert set(found) <= set(table)
    packing = route(product((item("lid"), 1.0))).routings[0].operations[-1]
    assert set(packing.drivers) <= set(process_table("packing").drivers)


def test_two_products_with_common_parts_share_bins():
    first, second = (
        route(product((item("lid"), 1.0), (item(other), 1.0))).routings[0].operations[0]
        for other in ("screw", "spring")
    )
    shared = set(first.setup_state["parts"].split("|")) & set(second.setup_state["parts"].split("|"))
    assert shared == {"lid"}


def test_a_product_without_a_box_gets_a_plain_one_and_that_is_said():
    bare = route(product((item("lid"), 1.0)))
    boxed = route(product((item("lid"), 1.0), (item("folding box"), 1.0, "packing")))
    flags = [routes.routings[0].operations[-1].drivers["unit_box"] for routes in (bare, boxed)]
    assert flags == [1.0, 0.0]
    said = [any(f.code == "processes.route.assumed_box" for f in routes.findings) for routes in (bare, boxed)]
    assert said == [True, False]


def test_packing_knows_the_mass_and_room_of_the_product():
    figures = {"mass_kg": 2.5, "size_mm": (200.0, 100.0, 50.0)}
    (routing,) = route(product((item("lid"), 1.0), root_figures=figures)).routings
    pack = routing.operations[-1].drivers
    assert (pack["mass_kg"], pack["litres"]) == (2.5, pytest.approx(1.0))


def test_only_large_or_heavy_products_ask_for_the_size_of_a_bench():
    sizes = {}
    for side in (300.0, 1200.0):
        figures = {"mass_kg": 5.0, "size_mm": (side, 200.0, 100.0)}
        (routing,) = route(product((item("lid"), 1.0), root_figures=figures)).routings
        sizes[side] = routing.operations[0].requirement.size_mm
    assert sizes == {300.0: None, 1200.0: (1200.0, 200.0, 100.0)}


def test_a_kit_is_counted_out_where_the_customer_wants_one():
    root = {"processes": ("kitting",)}
    (routing,) = route(product((item("lid"), 1.0), (item("screw"), 20.0), root_figures=root)).routings
    count, pack = routing.operations
    assert (count.process, pack.process) == ("kitting", "packing")
    assert (count.drivers["pieces"], count.drivers["lines"]) == (21.0, 2.0)
    assert not out_of_scope(count)


def test_what_no_bench_can_lift_is_left_out_and_said():
    routes = route(product((item("boulder", mass_kg=900.0), 1.0)))
    assert not routes.routings
    assert any(f.code == "processes.scope.limit" and "mass_kg" in f.message for f in routes.findings)
    assert not errors(routes.findings)


def test_every_word_of_the_lists_is_written_as_it_is_looked_up():
    for words in read_data("route_kits")["words"].values():
        assert [word for word in words if word != " ".join(word.lower().split())] == []
