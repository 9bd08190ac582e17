"""What layers are for: names in many languages and of many tools, colours, kinds of line."""

from __future__ import annotations

import io
from pathlib import Path

import ezdxf
import pytest

from manyworks.files.sheets import read_sheet
from manyworks.files.sheets.conventions import (
    depth_in,
    material_in,
    meaning_of,
    speaks_of_views,
    thickness_in,
    tool_in,
    vocabulary,
)
from manyworks.files.sources import Source
from manyworks.model import SheetDesign


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("TOP-CUT-INSIDE_18MM", "cut"),
        ("TOP-POCKET-INSIDE_14MM", "pocket"),
        ("00_NOPRINT_TOLERANCE", "note"),
        ("00-NOPRINT_TEXT", "note"),
        ("BOARD_18MM-NOMINAL", "sheet"),
        ("IV_OUTER_PROFILE", "cut"),
        ("IV_INTERIOR_PROFILES", "cut"),
        ("IV_BEND_DOWN", "fold"),
        ("IV_ARC_CENTERS", "note"),
        ("IV_TANGENT", "note"),
        ("OUTER_PROFILES", "cut"),
        ("INTERIOR_PROFILES", "cut"),
        ("BEND", "fold"),
        ("BEND_EXTENT", "note"),
        ("SHEETMETAL_BEND_LINES_UP", "fold"),
        ("DEFPOINTS", "note"),
        ("DIM", "note"),
        ("Dimensions", "note"),
        ("Hidden (ISO)", "note"),
        ("T1", "note"),
        ("outline z0p75", "cut"),
        ("INT_R0062_THRU", "cut"),
        ("Schnittlinien", "cut"),
        ("GRAVUR", "engrave"),
        ("Biegelinie", "fold"),
        ("Bohrungen", "drill"),
        ("Bemaßung", "note"),
        ("Découpe", "cut"),
        ("gravure", "engrave"),
        ("pli", "fold"),
        ("Perçage", "drill"),
        ("corte", "cut"),
        ("grabado", "engrave"),
        ("taglio laser", "cut"),
        ("incisione", "engrave"),
        ("snijlijn", "cut"),
        ("Cięcie", "cut"),
        ("резка", "cut"),
        ("гравировка", "engrave"),
        ("激光切割", "cut"),
        ("雕刻", "engrave"),
        ("折弯线", "fold"),
        ("カット", "cut"),
        ("cutLines", "cut"),
        ("Center hole", "cut"),
        ("engraveText", "note"),
        ("half_score", "score"),
    ],
)
def test_names_tell_what_a_layer_is_for(name: str, role: str) -> None:
    assert meaning_of(name).role == role


@pytest.mark.parametrize(
    "name", ["0", "Layer_1", "Layer 1", "Ebene 2", "Calque 1", "图层1", "s001-#x", "C03"]
)
def test_names_that_programs_give_say_nothing_and_are_known(name: str) -> None:
    meaning = meaning_of(name)
    assert (meaning.role, meaning.known) == ("", True)


def test_other_names_are_not_known() -> None:
    meaning = meaning_of("Aunt Mary")
    assert (meaning.role, meaning.known) == ("", False)


def test_no_word_stands_for_two_roles() -> None:
    words = [word for some in vocabulary()["words"].values() for word in set(some)]
    twice = {word for word in words if words.count(word) > 1}
    assert twice == set()


@pytest.mark.parametrize(
    ("name", "depth"),
    [
        ("CUT_18MM", 18),
        ("pocket 6,5 mm", 6.5),
        ("drill 1/4 in", 6.35),
        ("CUT", None),
        ("A4", None),
        ("0.5mm", 0.5),
    ],
)
def test_depths_are_taken_from_names(name: str, depth: float | None) -> None:
    assert depth_in(name) == (None if depth is None else pytest.approx(depth))


def test_sides_of_the_tool_are_taken_from_names() -> None:
    assert tool_in("TOP-CUT-INSIDE_18MM") == "inside top"
    assert tool_in("CUT") == ""


@pytest.mark.parametrize(
    ("text", "thickness", "material"),
    [
        ("panel_3mm_acrylic", 3.0, "acrylic"),
        ("Material: Sperrholz 4 mm", 4.0, "plywood"),
        ("t=1.5mm inox", 1.5, "stainless steel"),
        ("thickness 6 mm", 6.0, ""),
        ("2 mm thick", 2.0, ""),
        ("140MM Fan Spacer", None, ""),
        ("M3 x 10mm screw", None, ""),
        ("steel or plywood", None, ""),
    ],
)
def test_thickness_and_material_of_a_text(text: str, thickness: float | None, material: str) -> None:
    assert thickness_in(text) == thickness
    assert material_in(text) == material


def test_texts_that_speak_of_faces_are_understood() -> None:
    assert speaks_of_views(["Sheet 1", "REVERSE FACE"])
    assert not speaks_of_views(["surface", "facet"])


def plate(*things: tuple[str, int, str, tuple[float, float, float, float]]) -> tuple[SheetDesign, set[str]]:
    """Rectangles as (layer, colour number, linetype, (x, y, width, height))."""
    document = ezdxf.new("R2010", setup=True)
    document.header["$INSUNITS"] = 4
    for layer, colour, line, (x, y, w, h) in things:
        if layer not in document.layers:
            document.layers.add(layer)
        document.modelspace().add_lwpolyline(
            [(x, y), (x + w, y), (x + w, y + h), (x, y + h)],
            close=True,
            dxfattribs={"layer": layer, "color": colour, "linetype": line},
        )
    stream = io.StringIO()
    document.write(stream)
    file, findings = read_sheet(Source(path=Path("a.dxf"), name="a.dxf", data=stream.getvalue().encode()))
    assert file is not None, findings
    return file.design, {one.code for one in findings}


OUTER, INNER, SMALL = (0.0, 0.0, 100.0, 80.0), (10.0, 10.0, 30.0, 20.0), (60.0, 10.0, 10.0, 10.0)


def roles(design: SheetDesign) -> list[str]:
    return sorted(one.role for one in design.contours)


def test_red_outside_and_blue_inside_is_cut_and_engraved() -> None:
    design, found = plate(("0", 1, "", OUTER), ("0", 5, "", INNER), ("0", 1, "", SMALL))
    assert roles(design) == ["cut", "cut", "engrave"]
    assert design.engrave_mm == pytest.approx(100)
    assert "files.sheet.colours" in found


def test_blue_outside_and_red_inside_is_cut_and_engraved_too() -> None:
    design, _ = plate(("0", 5, "", OUTER), ("0", 1, "", INNER))
    assert design.cut_mm == pytest.approx(360)
    assert design.engrave_mm == pytest.approx(100)


def test_names_go_before_colours() -> None:
    design, _ = plate(("ENGRAVE", 1, "", INNER), ("CUT", 5, "", OUTER))
    assert (design.cut_mm, design.engrave_mm) == (pytest.approx(360), pytest.approx(100))


def test_one_colour_is_cut_and_the_guess_is_said() -> None:
    design, found = plate(("0", 3, "", OUTER), ("0", 3, "", INNER))
    assert roles(design) == ["cut", "cut"]
    assert "files.sheet.all-cut" in found
    assert "taken as cut" in design.layers[0].why


def test_a_strange_layer_beside_a_cutting_one_is_left_out_and_named() -> None:
    design, found = plate(("CUT", 7, "", OUTER), ("Aunt Mary", 7, "", INNER))
    assert design.pierces == 1
    assert {one.name: one.role for one in design.layers} == {"CUT": "cut", "Aunt Mary": "note"}
    assert "files.sheet.layer-unknown" in found


def test_the_board_layer_alone_is_the_part() -> None:
    design, _ = plate(("PANEL", 7, "", OUTER))
    assert design.pieces == 1


@pytest.mark.parametrize("line", ["CENTER", "DASHED", "HIDDEN", "PHANTOM", "DASHDOT"])
def test_broken_lines_on_a_layer_that_says_nothing_are_not_cut(line: str) -> None:
    design, _ = plate(("0", 7, "CONTINUOUS", OUTER), ("0", 7, line, INNER))
    assert design.pierces == 1
    assert {layer.role for layer in design.layers} == {"cut", "note"}


def test_layers_with_several_roles_stand_once_for_each_and_the_sums_hold() -> None:
    design, _ = plate(("0", 1, "", OUTER), ("0", 5, "", INNER), ("0", 5, "", SMALL))
    assert sorted((one.role, one.entities, one.used) for one in design.layers) == [
        ("cut", 1, 1),
        ("engrave", 2, 2),
    ]


def test_folds_scores_pockets_and_drills_keep_their_role_and_are_not_cut() -> None:
    design, _ = plate(
        ("CUT", 7, "", OUTER),
        ("FOLD", 7, "", (0, 40, 100, 1)),
        ("POCKET_6MM", 7, "", INNER),
        ("DRILL", 7, "", SMALL),
        ("SCORE", 7, "", (80, 10, 5, 5)),
    )
    assert roles(design) == ["cut", "drill", "fold", "pocket", "score"]
    assert design.cut_mm == pytest.approx(360)
    assert design.engrave_mm == pytest.approx(20)
    assert [one.depth_mm for one in design.contours if one.role == "pocket"] == [6.0]
    assert all(one.part == 0 for one in design.contours)
