"""The page of a design: pictures and tables of every kind of design, with nothing lost and nothing let in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import pytest

from manyworks.model import (
    BillLine,
    BoardDesign,
    BoardLayer,
    Body,
    Design,
    DrillTool,
    Feature,
    FileRef,
    GarmentDesign,
    HarnessConnector,
    HarnessDesign,
    HarnessWire,
    Item,
    ItemId,
    Land,
    Nesting,
    Opening,
    Panel,
    Placement,
    ProcessGuess,
    Product,
    Seam,
    SheetContour,
    SheetDesign,
    SheetLayer,
    SolidDesign,
    View,
    Walls,
)
from manyworks.report import read_page
from manyworks.report.charts.board import draw_board
from manyworks.report.charts.harness import draw_harness
from manyworks.report.charts.sheet import draw_garment, draw_sheet
from manyworks.report.charts.solid import SolidMark, draw_view
from manyworks.report.read_view import view_items, view_tree

SQUARE = ((0.0, 0.0), (40.0, 0.0), (40.0, 30.0), (0.0, 30.0))
EVIL = '<script>alert("x")</script>'

BOARD = BoardDesign(
    width_mm=40.0,
    height_mm=30.0,
    area_mm2=1200.0,
    copper_layers=2,
    thickness_mm=1.6,
    plated_holes=2,
    nonplated_holes=1,
    slots=1,
    min_track_mm=0.2,
    min_space_mm=0.2,
    min_drill_mm=0.3,
    outline_mm=(SQUARE,),
    drills=(DrillTool(diameter_mm=0.3, holes=1), DrillTool(diameter_mm=1.0, holes=0, slots=1)),
    layers=(
        BoardLayer(name="b.gtl", role="copper", side="top", number=1, why="name *.GTL"),
        BoardLayer(name="note.gbr", role="drawing", used=False, why="a drawing"),
    ),
    openings=(
        Opening(start_mm=(5, 5), end_mm=(5, 5), diameter_mm=0.3, plated=True),
        Opening(start_mm=(20, 5), end_mm=(25, 5), diameter_mm=1.0, plated=False),
    ),
    lands=(
        Land(side="top", centre_mm=(10, 10), size_mm=(1, 2), rotation_deg=30),
        Land(side="bottom", centre_mm=(12, 10), size_mm=(1, 1), round=True),
    ),
    placements=tuple(
        Placement(
            designator=name,
            value="1k",
            footprint="R_0603",
            side=side,
            x_mm=10.0,
            y_mm=10.0,
            rotation_deg=0.0,
            surface_pads=2,
            through_pads=0,
        )
        for name, side in (("R1", "top"), ("R2", "bottom"))
    ),
    footprints_total=2,
)

VIEW = View(
    name="front",
    towards=(0.0, 0.0, 1.0),
    right=(1.0, 0.0, 0.0),
    up=(0.0, 1.0, 0.0),
    left=0.0,
    top=30.0,
    mm_per_pixel=0.1,
    width=400,
    height=300,
    png_base64="AAAA",
)
HOLE = Feature(
    kind="blind hole",
    at_mm=(10.0, 10.0, 5.0),
    axis=(0.0, 0.0, -1.0),
    diameter_mm=2.5,
    depth_mm=6,
    thread="M3",
)
THIN = Feature(kind="thin wall", at_mm=(1, 1, 1), width_mm=0.3)
BODY = Body(
    size_mm=(40.0, 30.0, 5.0),
    volume_mm3=6000.0,
    surface_mm2=3000.0,
    faces=6,
    features=(
        HOLE,
        replace(HOLE, at_mm=(20.0, 10.0, 5.0)),
        Feature(kind="thin wall", at_mm=(1, 1, 1), width_mm=0.3),
    ),
    walls=Walls(p1_mm=0.3, p5_mm=1.0, p50_mm=5.0, p95_mm=5.0, samples=100),
    guesses=(ProcessGuess(process="cnc-milling", confidence=0.7, evidence=("flat floors",)),),
)
SOLID = SolidDesign(
    size_mm=(40.0, 30.0, 5.0), volume_mm3=6000.0, surface_mm2=3000.0, details=(BODY,), views=(VIEW,)
)
SHEET = SheetDesign(
    size_mm=(40.0, 30.0),
    unit="mm",
    unit_source="header",
    pieces=1,
    area_mm2=1200.0,
    cut_mm=140.0,
    engrave_mm=10.0,
    pierces=1,
    contours=(
        SheetContour(points_mm=SQUARE, closed=True, role="cut", layer="0", length_mm=140.0),
        SheetContour(points_mm=((1, 1), (2, 2)), closed=False, role="engrave", layer="1", length_mm=1.4),
    ),
    layers=(SheetLayer(name="0", role="cut", entities=4, used=4, why="the only layer"),),
    nesting=(Nesting(sheet_mm=(600.0, 300.0), pieces=90, used_share=0.6, gap_mm=2.0, method="rows"),),
)
GARMENT = GarmentDesign(
    panels=(
        Panel(name="front", outline_mm=SQUARE, area_mm2=1200.0, perimeter_mm=140.0),
        Panel(name="back", outline_mm=SQUARE, area_mm2=1200.0, perimeter_mm=140.0, pieces=2),
    ),
    seams=(Seam(first="front 1", second="back 3", first_mm=30.0, second_mm=31.0, ease=0.033),),
    pieces=3,
    area_mm2=3600.0,
    cut_mm=420.0,
    seam_mm=30.0,
    hem_mm=10.0,
)
HARNESS = HarnessDesign(
    connectors=(HarnessConnector(name="X1", kind="Molex", positions=4, terminations=2),),
    wires=(
        HarnessWire(cable="W1", core="1", start="X1:1", end="X2:4", length_mm=200.0, colour="RD"),
        HarnessWire(cable="W1", core="2", start="X1:2", end="", length_mm=None),
    ),
    cut_wires=1,
    terminations=3,
    wire_mm=None,
)


def product(*designs: Design) -> Product:
    items = [Item(id=ItemId(f"d{n}"), name=f"design {n}", design=design) for n, design in enumerate(designs)]
    bought = Item(id=ItemId("part/screw"), name="screw", unit="piece")
    lines = (*(BillLine(item=i.id, quantity=2) for i in items), BillLine(item=bought.id, quantity=8))
    root = Item(
        id=ItemId("root"), name="Thing", bill=lines, files=(FileRef(path="a.step", sha256="", role="solid"),)
    )
    return Product(root=root.id, items={i.id: i for i in (root, bought, *items)})


@pytest.mark.parametrize("design", [BOARD, SOLID, SHEET, GARMENT, HARNESS], ids=lambda d: type(d).__name__)
def test_every_kind_of_design_has_a_picture_and_a_table(design: Design) -> None:
    page = read_page(product(design), ())
    assert page.count("<svg") >= 2
    assert "in figures" in page


def test_the_page_asks_no_other_host_for_anything() -> None:
    page = read_page(product(BOARD, SOLID, SHEET, GARMENT, HARNESS), ())
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", page)


def test_text_from_files_is_escaped_everywhere() -> None:
    board = replace(
        BOARD,
        layers=(BoardLayer(name=EVIL, role="copper", why=EVIL),),
        finish=EVIL,
        mask_colour=EVIL,
        placements=(replace(BOARD.placements[0], designator=EVIL, value=EVIL, footprint=EVIL),),
    )
    body = replace(
        BODY,
        name=EVIL,
        features=(replace(HOLE, kind=EVIL, thread=EVIL),),
        guesses=(ProcessGuess(process=EVIL, confidence=0.5, evidence=(EVIL,)),),
    )
    solid = replace(SOLID, details=(body, body), views=(replace(VIEW, name=EVIL),))
    sheet = replace(SHEET, layers=(replace(SHEET.layers[0], name=EVIL, why=EVIL),), material=EVIL, unit=EVIL)
    garment = replace(GARMENT, panels=(replace(GARMENT.panels[0], name=EVIL),), size_name=EVIL)
    harness = replace(
        HARNESS,
        connectors=(replace(HARNESS.connectors[0], name=EVIL, kind=EVIL),),
        wires=(replace(HARNESS.wires[0], cable=EVIL, start=EVIL, colour=EVIL),),
    )
    page = read_page(product(board, solid, sheet, garment, harness), ())
    assert EVIL not in page
    assert "&lt;script&gt;" in page


class TestBoards:
    """Pictures of boards."""

    def test_each_side_shows_its_own_parts_and_pads(self) -> None:
        top, bottom = (draw_board(BOARD, width=300, side=side) for side in ("top", "bottom"))
        assert "R1" in top
        assert "R2" not in top
        assert "R2" in bottom
        assert top.count('class="land"') == bottom.count('class="land"') == 1

    def test_the_bottom_is_mirrored(self) -> None:
        def across(side: str) -> float:
            board = replace(BOARD, placements=(replace(BOARD.placements[0], side=side, x_mm=0.0),))
            found = re.search(r'<circle cx="([\d.]+)"', draw_board(board, width=300, side=side))
            assert found
            return float(found[1])

        assert across("top") == 12
        assert across("bottom") == 288

    def test_the_axis_of_the_file_decides_what_is_up(self) -> None:
        def down(y_up: bool) -> float:
            board = replace(BOARD, y_up=y_up, placements=(replace(BOARD.placements[0], y_mm=0.0),))
            found = re.search(r'cy="([\d.]+)"', draw_board(board, width=300))
            assert found
            return float(found[1])

        assert down(y_up=False) == 12
        assert down(y_up=True) > 200

    def test_holes_of_one_tool_are_one_path(self) -> None:
        many = tuple(
            Opening(start_mm=(n % 40, 3), end_mm=(n % 40, 3), diameter_mm=0.3, plated=True)
            for n in range(500)
        )
        text = draw_board(replace(BOARD, openings=many), width=300)
        assert text.count('class="hole plated"') == 1
        assert "500" in text

    def test_a_designator_that_would_cover_another_is_left_to_the_tooltip(self) -> None:
        parts = tuple(replace(BOARD.placements[0], designator=f"R{n}") for n in range(1000, 1020))
        text = draw_board(replace(BOARD, placements=parts), width=300)
        assert 1 <= text.count("part-name") < 10
        assert all(f"<title>{part.designator} " in text for part in parts)

    def test_a_board_of_very_many_pads_stays_small(self) -> None:
        lands = tuple(Land(side="top", centre_mm=(1, 1), size_mm=(1, 1)) for _ in range(50_000))
        assert len(draw_board(replace(BOARD, lands=lands), width=300)) < 500_000

    def test_files_that_are_not_used_say_why(self) -> None:
        page = read_page(product(BOARD), ())
        assert "note.gbr" in page
        assert "a drawing" in page


class TestSolids:
    """Views of solids."""

    def test_a_hole_is_marked_where_the_picture_shows_it(self) -> None:
        text = draw_view(VIEW, [SolidMark(1, HOLE)])
        assert '<circle cx="100" cy="200"' in text
        assert ">1<" in text

    def test_a_blind_hole_of_the_other_side_is_dashed(self) -> None:
        behind = replace(HOLE, axis=(0.0, 0.0, 1.0))
        assert "stroke-dasharray" in draw_view(VIEW, [SolidMark(1, behind)])
        assert "stroke-dasharray" not in draw_view(VIEW, [SolidMark(1, HOLE)])
        through = replace(behind, kind="through hole")
        assert "stroke-dasharray" not in draw_view(VIEW, [SolidMark(1, through)])

    def test_a_hole_on_edge_and_one_behind_an_isometric_view_are_not_marked(self) -> None:
        assert "<circle" not in draw_view(VIEW, [SolidMark(1, replace(HOLE, axis=(1.0, 0.0, 0.0)))])
        behind = replace(HOLE, axis=(0.0, 0.0, 1.0))
        assert "<circle" not in draw_view(replace(VIEW, name="isometric"), [SolidMark(1, behind)])

    def test_a_thin_wall_has_its_sign(self) -> None:
        assert "mark-thin" in draw_view(VIEW, [SolidMark(1, THIN)])

    def test_equal_features_share_a_row_and_a_number(self) -> None:
        (view,) = [v for v in view_items(product(SOLID)) if v.solid]
        rows = [(row.number, row.count, row.feature.kind) for row in view.bodies[0].features]
        assert rows == [(1, 2, "blind hole"), (2, 1, "thin wall")]

    def test_confidence_and_evidence_are_shown(self) -> None:
        page = read_page(product(SOLID), ())
        assert "flat floors" in page
        assert "70" in page

    def test_a_wall_seen_on_edge_is_not_marked(self) -> None:
        wall = replace(THIN, axis=(1.0, 0.0, 0.0))
        assert "mark-thin" not in draw_view(VIEW, [SolidMark(1, wall)])
        assert "mark-thin" in draw_view(VIEW, [SolidMark(1, replace(wall, axis=(0.0, 0.0, 1.0)))])

    def test_the_legend_explains_the_signs_in_the_pictures_and_no_others(self) -> None:
        page = read_page(product(SOLID), ())
        assert "hole, numbered as below" in page
        assert "sharp inside corner (" not in page
        corner = replace(BODY, features=(replace(THIN, kind="sharp inside corner"),))
        page = read_page(product(replace(SOLID, details=(corner,))), ())
        assert "sharp inside corner (" in page
        assert "hole, numbered as below" not in page


class TestParts:
    """The table of parts."""

    def test_columns_without_content_are_left_out(self) -> None:
        page = read_page(product(BOARD), ())
        assert "<th>Designators</th>" not in page
        assert "<th>Maker, number, value</th>" not in page

    def test_a_list_that_all_lines_come_from_is_named_once(self) -> None:
        root = Item(
            id=ItemId("root"),
            name="Thing",
            bill=tuple(
                BillLine(item=ItemId("part/x"), quantity=1, designators=(f"R{n}",), where=f"list.csv:row {n}")
                for n in range(2, 6)
            ),
        )
        bought = Item(id=ItemId("part/x"), name="", footprint="R_0603")
        page = read_page(Product(root=root.id, items={root.id: root, bought.id: bought}), ())
        assert page.count("list.csv") == 1
        assert page.count("row 3") == 1
        assert "<th>Designators</th>" in page
        assert "without a name" in page

    def test_made_items_lead_to_their_section(self) -> None:
        page = read_page(product(BOARD), ())
        assert '<td><a href="#item-d0">design 0</a>' in page


def test_a_core_of_two_colours_is_striped() -> None:
    wire = replace(HARNESS.wires[0], colour="GNYE")
    assert draw_harness(replace(HARNESS, wires=(wire,)), width=400).count("core-stripe") == 1
    assert "core-stripe" not in draw_harness(HARNESS, width=400)


def test_lines_of_a_drawing_are_told_apart_by_role() -> None:
    text = draw_sheet(SHEET, width=300)
    assert 'class="line-cut"' in text
    assert 'class="line-engrave"' in text


def test_panels_say_how_often_they_are_cut() -> None:
    assert "back \N{MULTIPLICATION SIGN} 2" in draw_garment(GARMENT, width=300)


def test_every_core_of_a_harness_has_a_line() -> None:
    text = draw_harness(HARNESS, width=400)
    assert text.count('class="core"') == 2
    assert "open end" in text


@pytest.mark.parametrize("points", [(), ((float("nan"), 0.0), (1.0, 1.0))])
def test_what_cannot_be_drawn_draws_nothing(points: tuple[tuple[float, float], ...]) -> None:
    contour = replace(SHEET.contours[0], points_mm=points)
    assert draw_sheet(replace(SHEET, contours=(contour,)), width=300) == ""
    assert (
        draw_garment(replace(GARMENT, panels=(replace(GARMENT.panels[0], outline_mm=points),)), width=300)
        == ""
    )


class TestTree:
    """The product as a tree."""

    def test_made_items_are_rows_and_bought_ones_are_counted(self) -> None:
        rows = view_tree(product(BOARD, SOLID))
        assert [(row.depth, row.kind, row.quantity) for row in rows] == [
            (0, "assembly", 1),
            (1, "board", 2),
            (1, "solid", 2),
        ]
        assert rows[0].bought == 1

    def test_a_ring_ends(self) -> None:
        a = Item(id=ItemId("a"), name="a", bill=(BillLine(item=ItemId("a"), quantity=1),))
        assert len(view_tree(Product(root=a.id, items={a.id: a}))) == 1


FIRST = ItemId("d0")


@dataclass(frozen=True)
class Spot:
    """Where a check fails."""

    at_mm: tuple[float, ...] = (1.0, 2.25)
    words: str = "R7"


@dataclass(frozen=True)
class Row:
    """A check as the page wants it."""

    number: int = 2
    item: ItemId = FIRST
    body: int = -1
    process: str = "pcb-fabrication"
    verdict: str = "fails"
    severity: str = "required change"
    message: str = "track 0.09 mm"
    hint: str = "widen it"
    source: str = "J2"
    places: tuple[Spot, ...] = (Spot(),)
    shops_able: tuple[str, ...] = ("a",)
    shops_unable: tuple[tuple[str, str], ...] = field(default=(("b", "states at least 0.1 mm"),))


def test_checks_that_fail_come_first_with_the_shops_that_can() -> None:
    checks = [
        Row(number=9, verdict="not known"),
        Row(severity="advisory", number=7),
        Row(),
        Row(verdict="passes"),
    ]
    page = read_page(product(BOARD), (), checks)
    assert "1 check passed, 2 failed, 1 could not be made" in page
    assert "1 of 2 can" in page
    assert "<li>a: can</li><li>b: states at least 0.1 mm</li>" in page
    assert "at R7 (1.0, 2.2 mm)" in page
    (view,) = [v for v in view_items(product(BOARD), checks) if v.board]
    assert [check.number for check in view.checks] == [2, 7, 9]


def test_a_bought_part_says_what_it_is_taken_for() -> None:
    page = read_page(product(BOARD), (), (), {ItemId("part/screw"): "screw, M3, 8 mm"})
    assert "screw, M3, 8 mm" in page
