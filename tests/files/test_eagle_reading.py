"""Eagle boards written on the spot, and the real ones against their truth."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.files.designs import truth

from manyworks.files.boards import BoardFile, is_eagle, read_eagle
from manyworks.files.boards.eagle_rules import Rules, length_mm
from manyworks.files.sources import Source
from manyworks.model import BoardDesign, Finding

EAGLES = [row for row in truth("boards.csv") if row["files"].endswith(".brd")]

SQUARE = "".join(
    f'<wire x1="{a}" y1="{b}" x2="{c}" y2="{d}" width="0" layer="20"/>'
    for a, b, c, d in ((0, 0, 30, 0), (30, 0, 30, 20), (30, 20, 0, 20), (0, 20, 0, 0))
)
STACK = (
    f'<param name="mtCopper" value="{" ".join(["0.035mm"] * 16)}"/>'
    f'<param name="mtIsolate" value="1.5mm {" ".join(["0.2mm"] * 14)}"/>'
)


def _brd(
    *,
    plain: str = SQUARE,
    packages: str = "",
    elements: str = "",
    signals: str = "",
    rules: str = '<param name="layerSetup" value="(1*16)"/>' + STACK,
    variants: str = "",
    head: str = '<!DOCTYPE eagle SYSTEM "eagle.dtd">',
) -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<eagle version="7.7.0"><drawing>'
        '<layers><layer number="1" name="Top"/><layer number="20" name="Dimension"/></layers>'
        f"<board><plain>{plain}</plain><libraries>"
        f'<library name="l"><packages>{packages}</packages></library></libraries>{variants}'
        f"<designrules>{rules}</designrules><elements>{elements}</elements><signals>{signals}</signals>"
        "</board></drawing></eagle>"
    ).encode()


def _source(data: bytes) -> Source:
    return Source(path=Path("b.brd"), name="b.brd", data=data)


def _read(data: bytes) -> tuple[BoardFile, dict[str, Finding]]:
    board, findings = read_eagle(_source(data))
    assert board is not None, findings
    return board, {finding.code: finding for finding in findings}


def _design(data: bytes) -> BoardDesign:
    return _read(data)[0].design


def _errors(data: bytes) -> list[str]:
    board, findings = read_eagle(_source(data))
    assert board is None
    return [finding.code for finding in findings if finding.severity == "error"]


@cache
def _real(path: Path) -> tuple[BoardFile, tuple[Finding, ...]]:
    board, findings = read_eagle(Source(path=path, name=path.name, data=path.read_bytes()))
    assert board is not None, findings
    return board, findings


@pytest.mark.parametrize("row", EAGLES, ids=[row["folder"] for row in EAGLES])
class TestRealBoards:
    def _read(self, row: dict[str, str], shared: Path) -> tuple[BoardFile, tuple[Finding, ...]]:
        return _real(shared / "data" / "designs" / row["folder"] / row["files"])

    def test_measures_equal_the_truth(self, row: dict[str, str], shared: Path) -> None:
        design = self._read(row, shared)[0].design
        assert design.width_mm == pytest.approx(float(row["width_mm"]), abs=0.02)
        assert design.height_mm == pytest.approx(float(row["height_mm"]), abs=0.02)
        assert design.copper_layers == int(row["copper_layers"])
        assert design.plated_holes == int(row["plated_holes"])
        assert design.nonplated_holes == int(row["nonplated_holes"])
        assert design.footprints_total == int(row["footprints_total"])
        assert design.min_track_mm == pytest.approx(float(row["min_track_mm"]), abs=0.005)
        assert design.min_drill_mm == pytest.approx(float(row["min_drill_mm"]), abs=0.01)
        assert sum(tool.holes + tool.slots for tool in design.drills) == (
            design.plated_holes + design.nonplated_holes
        )

    def test_parts_to_fit_equal_the_truth(self, row: dict[str, str], shared: Path) -> None:
        fitted = [f.placement for f in self._read(row, shared)[0].footprints if f.is_part]
        sides = [placement.side for placement in fitted]
        assert (sides.count("top"), sides.count("bottom")) == (
            int(row["placed_top"]),
            int(row["placed_bottom"]),
        )
        surface = [placement.surface_mounted for placement in fitted]
        assert (surface.count(True), surface.count(False)) == (int(row["smd_parts"]), int(row["tht_parts"]))

    def test_pads_lie_on_the_tracks_of_their_nets(self, row: dict[str, str], shared: Path) -> None:
        """A part turned or mirrored wrongly would put hundreds of pads onto foreign copper."""
        board, findings = self._read(row, shared)
        touching = [f for f in findings if f.code == "files.board.copper-touching"]
        assert not touching or " at 10 places" in touching[0].message
        assert board.design.min_space_mm is not None
        assert board.design.min_space_mm > 0.15

    def test_every_layer_that_is_drawn_on_is_listed(self, row: dict[str, str], shared: Path) -> None:
        import xml.etree.ElementTree as ElementTree

        path = shared / "data" / "designs" / row["folder"] / row["files"]
        root = ElementTree.parse(path).getroot()
        names = {layer.get("number"): layer.get("name") for layer in root.iterfind("drawing/layers/layer")}
        board = root.find("drawing/board")
        assert board is not None
        drawn = {names[element.get("layer")] for element in board.iter() if element.get("layer") in names}
        listed = {layer.name for layer in self._read(row, shared)[0].design.layers}
        assert drawn <= listed


class TestOutlines:
    def test_contours_of_packages_close_the_edge_wherever_they_are_turned(self) -> None:
        """Three sides are free wires, the fourth comes with a connector that is turned by 90 degrees."""
        plain = SQUARE[: SQUARE.rindex("<wire")]
        package = '<package name="P"><wire x1="0" y1="0" x2="20" y2="0" width="0" layer="20"/></package>'
        element = '<element name="X" library="l" package="P" value="" x="0" y="0" rot="R90"/>'
        design = _design(_brd(plain=plain, packages=package, elements=element))
        assert (design.width_mm, design.height_mm, design.area_mm2) == (30, 20, 600)

    def test_closed_contours_in_packages_are_cut_outs(self) -> None:
        package = '<package name="P"><circle x="0" y="0" radius="2" width="0.1" layer="20"/></package>'
        element = '<element name="X" library="l" package="P" value="" x="10" y="10"/>'
        design = _design(_brd(packages=package, elements=element))
        assert len(design.outline_mm) == 2
        assert design.area_mm2 == pytest.approx(600 - 12.566, abs=0.01)
        assert design.nonplated_holes == 0

    @pytest.mark.parametrize("bend", [90, -90, 180, -180, 30, 270])
    def test_arcs_bulge_to_the_side_their_sign_says(self, bend: int) -> None:
        """A line upwards that bends to the left bulges to the right, and the other way round."""
        import math

        plain = (
            f'<wire x1="0" y1="0" x2="0" y2="10" width="0" layer="20" curve="{bend}"/>'
            '<wire x1="0" y1="10" x2="-30" y2="10" width="0" layer="20"/>'
            '<wire x1="-30" y1="10" x2="-30" y2="0" width="0" layer="20"/>'
            '<wire x1="-30" y1="0" x2="0" y2="0" width="0" layer="20"/>'
        )
        angle = math.radians(abs(bend))
        radius = 5 / math.sin(angle / 2)
        segment = radius * radius / 2 * (angle - math.sin(angle))
        area = 300 + math.copysign(segment, bend)
        assert _design(_brd(plain=plain)).area_mm2 == pytest.approx(area, abs=0.05)

    def test_an_open_edge_is_an_error(self) -> None:
        assert _errors(_brd(plain=SQUARE[: SQUARE.rindex("<wire")])) == ["files.board.outline-open"]

    def test_several_equal_boards_are_a_panel(self) -> None:
        other = SQUARE.replace('"0"', '"40"').replace('"30"', '"70"')
        other = "".join(
            f'<wire x1="{a}" y1="{b}" x2="{c}" y2="{d}" width="0" layer="20"/>'
            for a, b, c, d in ((40, 0, 70, 0), (70, 0, 70, 20), (70, 20, 40, 20), (40, 20, 40, 0))
        )
        assert _design(_brd(plain=SQUARE + other)).pieces == 2


class TestMilling:
    def test_an_open_path_inside_is_a_slot_as_wide_as_its_pen(self) -> None:
        mill = '<wire x1="10" y1="10" x2="14" y2="10" width="1" layer="46"/>'
        board, codes = _read(_brd(plain=SQUARE + mill))
        (tool,) = board.design.drills
        assert (tool.diameter_mm, tool.holes, tool.slots, tool.plated) == (1.0, 0, 1, False)
        assert "files.board.milling" in codes

    def test_a_path_through_a_pad_makes_its_hole_a_plated_slot(self) -> None:
        package = (
            '<package name="P"><pad name="1" x="0" y="0" drill="1" diameter="3" shape="long"/>'
            '<wire x1="-1" y1="0" x2="1" y2="0" width="1" layer="46"/></package>'
        )
        element = '<element name="X" library="l" package="P" value="" x="10" y="10"/>'
        design = _design(_brd(packages=package, elements=element))
        assert (design.plated_holes, design.nonplated_holes, design.slots) == (1, 0, 1)

    def test_a_path_around_the_edge_is_no_slot(self) -> None:
        mill = '<wire x1="-0.5" y1="-1" x2="-0.5" y2="21" width="1" layer="46"/>'
        board, codes = _read(_brd(plain=SQUARE + mill))
        assert board.design.drills == ()
        assert "1 paths that leave the board" in codes["files.board.milling"].message

    def test_a_closed_path_inside_is_a_cut_out(self) -> None:
        mill = '<rectangle x1="5" y1="5" x2="8" y2="9" layer="46"/>'
        assert _design(_brd(plain=SQUARE + mill)).area_mm2 == pytest.approx(600 - 12)


FOUR = '<param name="layerSetup" value="[2:1+(2*15)+16:15]"/>' + STACK


class TestCopper:
    def test_layers_come_from_the_set_up_not_from_the_layer_list(self) -> None:
        design = _design(_brd(rules=FOUR))
        assert design.copper_layers == 4
        copper = [layer.number for layer in design.layers if layer.role == "copper"]
        assert copper == [1, 2, 3, 4]

    def test_a_via_that_ends_inside_has_its_span(self) -> None:
        signals = (
            '<signal name="A"><via x="5" y="5" extent="1-2" drill="0.2"/>'
            '<via x="9" y="5" extent="1-16" drill="0.3"/></signal>'
        )
        design = _design(_brd(rules=FOUR, signals=signals))
        assert [(tool.diameter_mm, tool.span) for tool in design.drills] == [(0.3, None), (0.2, (1, 2))]
        assert design.blind_vias

    @pytest.mark.parametrize(
        ("drill", "diameter", "ring"),
        [
            (0.4, "", 0.2),
            (2.0, "", 0.5),
            (4.0, "", 0.508),
            (0.4, 'diameter="1.4"', 0.5),
            (0.4, 'diameter="0.5"', 0.2),
        ],
    )
    def test_rings_without_a_diameter_follow_the_rules_and_wider_ones_win(
        self, drill: float, diameter: str, ring: float
    ) -> None:
        rules = (
            '<param name="rvViaOuter" value="0.25"/><param name="rlMinViaOuter" value="0.2mm"/>'
            '<param name="rlMaxViaOuter" value="20mil"/>'
        ) + STACK
        via = f'<signal name="A"><via x="5" y="5" extent="1-16" drill="{drill}" {diameter}/></signal>'
        assert _design(_brd(rules=rules, signals=via)).min_ring_mm == pytest.approx(ring)

    def test_inner_rings_count_on_boards_that_have_them(self) -> None:
        rules = FOUR + '<param name="rlMinViaInner" value="0.1mm"/><param name="rvViaInner" value="0"/>'
        via = '<signal name="A"><via x="5" y="5" extent="1-16" drill="0.4" diameter="1.4"/></signal>'
        assert _design(_brd(rules=rules, signals=via)).min_ring_mm == pytest.approx(0.1)

    def test_only_wires_of_signals_on_copper_are_tracks(self) -> None:
        signals = (
            '<signal name="A"><wire x1="2" y1="2" x2="9" y2="2" width="0.3" layer="1"/>'
            '<wire x1="2" y1="4" x2="9" y2="4" width="0.01" layer="19"/></signal>'
        )
        plain = SQUARE + '<wire x1="2" y1="9" x2="9" y2="9" width="0.05" layer="1"/>'
        board, codes = _read(_brd(plain=plain, signals=signals))
        assert board.design.min_track_mm == 0.3
        assert "files.board.unrouted" in codes
        assert "files.board.copper-drawings" in codes

    def test_poured_areas_are_said_to_be_left_out(self) -> None:
        corners = "".join(f'<vertex x="{x}" y="{y}"/>' for x, y in ((1, 1), (9, 1), (9, 9)))
        signals = f'<signal name="A"><polygon width="0.2" layer="1">{corners}</polygon></signal>'
        assert "files.board.poured" in _read(_brd(signals=signals))[1]

    def test_copper_outside_the_layer_set_up_is_named(self) -> None:
        signals = '<signal name="A"><wire x1="2" y1="2" x2="9" y2="2" width="0.3" layer="5"/></signal>'
        board, codes = _read(_brd(signals=signals))
        assert "[5]" in codes["files.board.copper-outside-stack"].message
        assert ("layer 5", False) in {(layer.name, layer.used) for layer in board.design.layers}

    def test_the_rule_stands_in_where_nothing_can_be_measured(self) -> None:
        board, codes = _read(_brd(rules='<param name="mdWireWire" value="6mil"/>' + STACK))
        assert board.design.min_space_mm == pytest.approx(0.1524)
        assert "files.board.space-is-a-rule" in codes

    @pytest.mark.parametrize(
        ("setup", "thickness"), [("(1*16)", 1.57), ("(1*2*15*16)", 1.5 + 0.4 + 4 * 0.035)]
    )
    def test_thickness_is_that_of_the_stack(self, setup: str, thickness: float) -> None:
        rules = f'<param name="layerSetup" value="{setup}"/>' + STACK
        assert _design(_brd(rules=rules)).thickness_mm == pytest.approx(thickness)

    def test_without_a_stack_the_usual_thickness_is_assumed_aloud(self) -> None:
        board, codes = _read(_brd(rules=""))
        assert board.design.thickness_mm == 1.6
        assert codes["files.board.thickness-assumed"].severity == "warning"


SMALL = '<package name="P"><smd name="1" x="0" y="0" dx="1" dy="1" layer="1"/></package>'


class TestParts:
    def test_an_element_marked_so_is_not_fitted(self) -> None:
        elements = (
            '<element name="R1" library="l" package="P" value="1k" x="5" y="5" populate="no"/>'
            '<element name="R2" library="l" package="P" value="DNP" x="9" y="5"/>'
            '<element name="R3" library="l" package="P" value="1k" x="9" y="9"/>'
        )
        design = _design(_brd(packages=SMALL, elements=elements))
        assert [placement.fitted for placement in design.placements] == [False, False, True]

    def test_the_variant_in_use_decides_value_and_population(self) -> None:
        elements = (
            '<element name="R1" library="l" package="P" value="1k" x="5" y="5">'
            '<variant name="EU" populate="no"/><variant name="US" value="2k"/></element>'
        )
        for current, value, fitted in (("US", "2k", True), ("EU", "1k", False), ("", "1k", True)):
            variants = "".join(
                f'<variantdef name="{name}" current="{"yes" if name == current else "no"}"/>'
                for name in ("EU", "US")
            )
            data = _brd(packages=SMALL, elements=elements, variants=f"<variantdefs>{variants}</variantdefs>")
            (placement,) = _design(data).placements
            assert (placement.value, placement.fitted) == (value, fitted)

    def test_mirrored_surface_pads_lie_on_the_other_side(self) -> None:
        element = '<element name="R1" library="l" package="P" value="1k" x="5" y="5" rot="MR0"/>'
        design = _design(_brd(packages=SMALL, elements=element))
        assert [land.side for land in design.lands] == ["bottom"]
        assert design.placements[0].side == "bottom"

    def test_libraries_of_one_name_are_told_apart_by_their_address(self) -> None:
        libraries = "".join(
            f'<library name="l" urn="{urn}"><packages><package name="P">'
            f'<pad name="1" x="0" y="0" drill="{drill}"/></package></packages></library>'
            for urn, drill in (("a", 1), ("b", 2))
        )
        data = _brd(
            elements='<element name="X" library="l" library_urn="b" package="P" value="" x="5" y="5"/>'
        ).replace(b'<library name="l"><packages></packages></library>', libraries.encode())
        assert _design(data).min_drill_mm == 2

    def test_a_part_without_its_package_is_an_error_that_names_it(self) -> None:
        data = _brd(elements='<element name="X7" library="l" package="Q" value="" x="5" y="5"/>')
        board, findings = read_eagle(_source(data))
        assert board is None
        (finding,) = [f for f in findings if f.code == "files.board.malformed"]
        assert "X7" in finding.message
        assert "'Q'" in finding.message

    def test_pads_without_paste_are_no_part(self) -> None:
        package = SMALL.replace('layer="1"/>', 'layer="1" cream="no"/>')
        element = '<element name="X1" library="l" package="P" value="" x="5" y="5"/>'
        (footprint,) = _read(_brd(packages=package, elements=element))[0].footprints
        assert footprint.kind == "bare pads"


class TestShapes:
    @pytest.mark.parametrize(
        ("shape", "ring"), [("round", 0.5), ("square", 0.5), ("octagon", 0.5), ("long", 0.5), ("offset", 0.5)]
    )
    def test_the_ring_is_that_of_the_narrow_side(self, shape: str, ring: float) -> None:
        package = (
            f'<package name="P"><pad name="1" x="0" y="0" drill="1" diameter="2" shape="{shape}"/></package>'
        )
        element = '<element name="X" library="l" package="P" value="" x="5" y="5"/>'
        assert _design(_brd(packages=package, elements=element)).min_ring_mm == pytest.approx(ring)

    def test_a_long_pad_is_twice_as_long_by_the_usual_elongation(self) -> None:
        package = '<package name="P"><pad name="1" x="0" y="0" drill="1" diameter="2" shape="{}"/></package>'
        element = '<element name="X" library="l" package="P" value="" x="5" y="5"/>'
        edge = [
            _design(_brd(packages=package.format(shape), elements=element)).copper_to_edge_mm
            for shape in ("round", "long", "offset")
        ]
        assert edge == [pytest.approx(4), pytest.approx(3), pytest.approx(4)]


class TestTrouble:
    def test_a_board_of_version_5_is_refused_by_name(self) -> None:
        data = b"\x10\x00\x1a\x00" + bytes(100)
        assert is_eagle(_source(data))
        assert _errors(data) == ["files.board.eagle-binary"]

    def test_a_schematic_is_refused_by_name(self) -> None:
        data = b'<eagle version="6"><drawing><schematic/></drawing></eagle>'
        assert _errors(data) == ["files.board.eagle-other"]

    def test_entities_are_refused_and_a_plain_doctype_is_not(self) -> None:
        bomb = '<!DOCTYPE eagle [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        assert _errors(_brd(head=bomb)) == ["files.board.malformed"]
        outside = '<!DOCTYPE eagle [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        assert _errors(_brd(head=outside, plain=SQUARE + "&x;")) == ["files.board.malformed"]
        assert _design(_brd()).width_mm == 30

    def test_every_malformed_element_is_named_at_once(self) -> None:
        signals = (
            '<signal name="A"><via x="nan" y="5" extent="1-16" drill="0.3"/>'
            '<via x="1" y="5" extent="x-16" drill="0.3"/>'
            '<wire x1="1" y1="1" x2="inf" y2="2" width="1" layer="1"/>'
            '<via x="1" y="5" extent="1-16" drill="-0.3"/></signal>'
        )
        assert _errors(_brd(signals=signals)) == ["files.board.malformed"] * 4

    def test_a_cut_file_says_on_which_line(self) -> None:
        board, findings = read_eagle(_source(_brd()[:-30]))
        assert board is None
        assert findings[0].where == "b.brd:1"

    def test_a_rule_that_is_none_is_left_out_with_a_warning(self) -> None:
        _, codes = _read(_brd(rules='<param name="rlMinViaOuter" value="much"/>'))
        assert "rlMinViaOuter" in codes["files.board.rule"].message

    @given(st.binary(max_size=300))
    def test_no_bytes_break_the_reader(self, data: bytes) -> None:
        read_eagle(_source(b"<eagle><drawing><board>" + data))

    @given(st.data())
    def test_no_damaged_board_breaks_the_reader(self, data: st.DataObject) -> None:
        whole = _brd(
            packages=SMALL,
            elements='<element name="R1" library="l" package="P" value="1k" x="5" y="5" rot="MR90"/>',
            signals='<signal name="A"><via x="5" y="5" extent="1-16" drill="0.2"/></signal>',
        )
        at = data.draw(st.integers(0, len(whole) - 1))
        length = data.draw(st.integers(0, 8))
        fresh = data.draw(
            st.sampled_from([b"", b"-", b"9" * 400, b"1e308", b"nan", b"\xff", b'"', b"M", b"0"])
        )
        board, findings = read_eagle(_source(whole[:at] + fresh + whole[at + length :]))
        assert (board is None) == any(f.severity == "error" for f in findings)


@pytest.mark.parametrize(
    ("text", "length"), [("8mil", 0.2032), ("0.2mm", 0.2), ("0.01inch", 0.254), ("150mic", 0.15), ("2", 2.0)]
)
def test_lengths_of_rules_have_their_unit(text: str, length: float) -> None:
    assert length_mm(text) == pytest.approx(length)


@pytest.mark.parametrize(
    ("setup", "stack"),
    [
        ("(1*16)", (1, 16)),
        ("(1*2*15*16)", (1, 2, 15, 16)),
        ("[2:1+((2*3)+(14*15))+16:15]", (1, 2, 3, 14, 15, 16)),
        ("16", (16,)),
        ("", ()),
    ],
)
def test_the_stack_leaves_depths_of_blind_vias_out(setup: str, stack: tuple[int, ...]) -> None:
    assert Rules(texts={"layerSetup": setup}).stack == stack
