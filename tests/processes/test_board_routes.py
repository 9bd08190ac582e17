"""From board designs to routings."""

import math
from dataclasses import replace

import pytest

from manyworks.model import BillLine, BoardDesign, Item, ItemId, Placement, Product, Severity, errors
from manyworks.processes import route


def changed(product, item, **changes):
    """The same product with one item changed."""
    return product.with_items({ItemId(item): replace(product.items[ItemId(item)], **changes)})


def kinds(routes, item):
    return [routing.kind for routing in routes.routings if routing.item == item]


def processes_of(routes, routing):
    found = next(r for r in routes.routings if r.id == routing)
    return [operation.process for operation in found.operations]


def test_a_board_with_parts_is_made_by_hand_or_on_the_line(cast):
    assert kinds(cast.board_routes, "board") == ["hand assembly", "pick-and-place line"]
    assert processes_of(cast.board_routes, "board/hand") == ["hand-assembly", "board-test"]
    assert processes_of(cast.board_routes, "board/line") == ["smt-assembly", "hand-assembly", "board-test"]


def test_the_bare_board_and_the_stencil_become_items_with_routings_of_their_own(cast):
    bare, stencil = (cast.board_routes.items[ItemId(f"board/{part}")] for part in ("bare", "stencil"))
    assert bare.design.width_mm == 60.0
    assert bare.bill == ()
    assert bare.commodity_code == "853400"
    assert stencil.mass_kg > 0
    assert kinds(cast.board_routes, bare.id) == ["board house"]
    assert kinds(cast.board_routes, stencil.id) == ["laser-cut stencil"]


def test_operations_follow_each_other(cast):
    for routing in cast.board_routes.routings:
        before = set()
        for operation in routing.operations:
            assert set(operation.after) <= before
            before.add(operation.id)


def test_every_wanted_part_is_consumed_exactly_once(cast):
    wanted = {"board/bare": 1.0, "part/r": 12, "part/c": 8, "part/q": 5, "part/u": 1, "part/j": 4}
    for routing in cast.board_routes.routings:
        if routing.item == "board":
            taken = [i for operation in routing.operations for i in operation.inputs]
            assert sorted((i.item, i.quantity) for i in taken) == sorted(wanted.items())


def test_parts_are_counted_as_the_line_counts(cast):
    drivers = cast.operations(cast.board_routes)["board/line/place"].drivers
    assert drivers["placements"] == 26
    assert drivers["joints"] == 12 * 2 + 8 * 2 + 5 * 3 + 20
    assert drivers["lines"] == 4
    assert drivers["sides"] == 1


def test_parts_are_counted_as_hands_count(cast):
    drivers = cast.operations(cast.board_routes)["board/hand/hand"].drivers
    assert drivers["parts"] == 30
    assert drivers["chip_joints"] == 12 * 2 + 8 * 2 + 5 * 3
    assert drivers["pin_joints"] == 20
    assert drivers["through_joints"] == 16


def test_small_parts_are_lost_on_the_line_and_large_ones_hardly(cast):
    place = cast.operations(cast.board_routes)["board/line/place"]
    attrition = {i.item: (i.attrition, i.attrition_min) for i in place.inputs}
    assert attrition["part/r"] == (0.005, 5.0)
    assert attrition["part/u"] == (0.001, 0.0)
    assert attrition["board/bare"] == (0.0, 0.0)


def test_requirements_say_what_the_design_needs(cast):
    made = cast.operations(cast.board_routes)
    bare = made["board/bare/fabricated/pcb"].requirement
    assert (bare.size_mm, bare.layers, bare.thickness_mm) == ((60.0, 50.0), 2, 1.6)
    assert (bare.min_track_mm, bare.min_drill_mm, bare.materials) == (0.2, 0.3, ("FR-4",))
    place = made["board/line/place"].requirement
    assert (place.smallest_package, place.min_pitch_mm) == ("0402", 1.27)
    assert made["board/line/hand"].requirement.smallest_package is None


def test_both_sides_take_two_passes_and_two_sheets(cast):
    made = cast.operations(route(cast.board(sides=2)))
    assert made["board/line/place"].drivers["sides"] == 2
    assert made["board/stencil/cut/stencil"].drivers["sheets"] == 2


def test_a_microcontroller_is_programmed(cast):
    assert cast.operations(cast.board_routes)["board/hand/test"].drivers["programmable"] == 1
    dumb = changed(cast.board(), "part/u", mpn="LM358")
    assert cast.operations(route(dumb))["board/hand/test"].drivers["programmable"] == 0


def test_a_board_without_parts_is_only_fabricated(cast):
    bare = replace(cast.board(placements=()).item, bill=())
    routes = route(Product(root=bare.id, items={bare.id: bare}))
    assert [(r.item, r.kind) for r in routes.routings] == [("board", "board house")]


def test_a_board_of_leaded_parts_only_needs_no_stencil(cast):
    product = cast.board()
    lines = tuple(line for line in product.item.bill if line.item == "part/j")
    routes = route(changed(product, "board", bill=lines))
    assert kinds(routes, "board") == ["hand assembly"]
    assert ItemId("board/stencil") not in routes.items


def test_parts_without_a_bill_are_counted_and_said(cast):
    routes = route(changed(cast.board(), "board", bill=()))
    assert cast.operations(routes)["board/line/place"].drivers["placements"] == 26
    assert "processes.route.no_bill" in {f.code for f in routes.findings if f.severity is Severity.WARNING}


def test_parts_the_board_does_not_show_are_guessed_and_said(cast):
    product = cast.board()
    lines = tuple(replace(line, designators=()) for line in product.item.bill)
    routes = route(changed(product, "board", bill=lines))
    made = cast.operations(routes)
    assert made["board/hand/hand"].drivers["parts"] == 30
    # The pin headers give themselves away by their footprint.
    assert made["board/line/place"].drivers["placements"] == 26
    assert "processes.route.assumed_pads" in {f.code for f in routes.findings}


def test_lines_not_wanted_are_left_off(cast):
    product = cast.board()
    lines = tuple(replace(line, fitted=line.item != "part/c") for line in product.item.bill)
    made = cast.operations(route(changed(product, "board", bill=lines)))
    assert made["board/line/place"].drivers["placements"] == 18
    assert "part/c" not in {i.item for i in made["board/line/place"].inputs}


def test_a_line_given_to_hands_stays_off_the_machine(cast):
    product = cast.board()
    lines = tuple(
        replace(line, step="hand-assembly" if line.item == "part/u" else "") for line in product.item.bill
    )
    made = cast.operations(route(changed(product, "board", bill=lines)))
    assert made["board/line/place"].drivers["placements"] == 25
    assert "part/u" in {i.item for i in made["board/line/hand"].inputs}


def test_a_line_for_packing_waits_for_packing(cast):
    product = cast.board().with_items({ItemId("bag"): Item(id=ItemId("bag"), name="Bag")})
    lines = (*product.item.bill, BillLine(item=ItemId("bag"), quantity=1.0, step="packing"))
    routes = route(changed(product, "board", bill=lines))
    assert processes_of(routes, "board/hand") == ["hand-assembly", "board-test", "packing"]
    assert cast.operations(routes)["board/hand/hand"].drivers["parts"] == 30


def test_a_wish_for_a_process_is_kept(cast):
    routes = route(changed(cast.board(), "board", processes=("smt-assembly", "pcb-fabrication")))
    assert kinds(routes, "board") == ["pick-and-place line"]
    assert kinds(routes, "board/bare") == ["board house"]


def test_a_wish_nobody_can_keep_is_an_error_naming_what_there_is(cast):
    routes = route(changed(cast.board(), "board", processes=("injection-moulding",)))
    (finding,) = errors(routes.findings)
    assert finding.code == "processes.route.unwanted"
    assert "smt-assembly" in finding.hint


def test_mass_size_and_code_are_filled_in_and_told(cast):
    board = cast.board_routes.items[ItemId("board")]
    assert board.mass_kg == pytest.approx(3000 * 1.6e-9 * 1900 + (75 * 0.006 + 16 * 0.25) * 1e-3)
    assert board.size_mm == (60.0, 50.0, pytest.approx(6.6))
    assert board.commodity_code == "854370"
    told = {(f.where, f.code) for f in cast.board_routes.findings}
    for what in ("mass", "size", "commodity_code"):
        assert ("board", f"processes.route.assumed_{what}") in told


def test_what_the_item_states_is_kept(cast):
    product = changed(cast.board(), "board", mass_kg=0.5, size_mm=(1.0, 2.0, 3.0), commodity_code="853710")
    routes = route(product)
    assert ItemId("board") not in routes.items
    assert not [f for f in routes.findings if f.where == "board"]


def test_routing_twice_changes_nothing(cast):
    product = cast.board()
    once = route(product)
    twice = route(product.with_items(once.items))
    assert twice.routings == once.routings
    assert not {item for item in twice.items if item not in once.items}


def test_certificates_asked_are_asked_of_everybody(cast):
    routes = route(changed(cast.board(), "board", required_certificates=("ISO 13485",)))
    wanted = [r for r in routes.routings if r.item in ("board", "board/bare")]
    for routing in wanted:
        for operation in routing.operations:
            assert operation.requirement.certificates == ("ISO 13485",)


@pytest.mark.parametrize(
    "damage",
    [{"width_mm": 0.0}, {"height_mm": math.nan}, {"area_mm2": math.inf}, {"copper_layers": 0}],
)
def test_a_board_that_cannot_be_is_an_error_and_no_crash(cast, damage):
    routes = route(cast.board(**damage))
    assert [f.code for f in errors(routes.findings)] == ["processes.route.no_board"]
    assert not routes.routings


@pytest.mark.parametrize("quantity", [1e12, math.nan, math.inf, -1.0])
def test_a_mistyped_quantity_is_an_error_and_costs_no_memory(cast, quantity):
    product = cast.board()
    lines = (replace(product.item.bill[0], quantity=quantity), *product.item.bill[1:])
    routes = route(changed(product, "board", bill=lines))
    assert "processes.route.quantity" in {f.code for f in errors(routes.findings)}


def test_pressing_twice_for_blind_vias_takes_longer(cast):
    holds = [
        cast.operations(route(cast.board(copper_layers=4, blind_vias=blind)))[
            "board/bare/fabricated/pcb"
        ].hold_s
        for blind in (False, True)
    ]
    assert 0 < holds[0] < holds[1]


def test_a_part_with_pads_and_legs_goes_on_the_line():
    jack = Placement(
        designator="J1",
        value="USB-C",
        footprint="USB_C",
        side="top",
        x_mm=0.0,
        y_mm=0.0,
        rotation_deg=0.0,
        surface_pads=12,
        through_pads=4,
    )
    design = BoardDesign(
        width_mm=20.0,
        height_mm=20.0,
        area_mm2=400.0,
        copper_layers=2,
        thickness_mm=1.6,
        plated_holes=4,
        nonplated_holes=0,
        slots=0,
        min_track_mm=None,
        min_space_mm=None,
        min_drill_mm=None,
        placements=(jack,),
    )
    part, board = ItemId("jack"), ItemId("b")
    items = {
        part: Item(id=part, name="Jack"),
        board: Item(
            id=board,
            name="b",
            design=design,
            bill=(BillLine(item=part, quantity=1.0, designators=("J1",)),),
        ),
    }
    routes = route(Product(root=board, items=items))
    assert processes_of(routes, "b/line") == ["smt-assembly", "board-test"]
    told = next(r for r in routes.routings if r.item == "b/bare").assumptions
    assert any("track_mm" in line for line in told)
    assert any("drill_mm" in line for line in told)
