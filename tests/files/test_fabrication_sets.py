"""Sets of fabrication files: outlines, panels, several boards in a folder, measures, nothing lost."""

from __future__ import annotations

import json

import pytest
from tests.files.fabrication_writer import (
    HEIGHT,
    VIAS,
    WIDTH,
    at,
    board,
    codes,
    copper,
    drawing,
    drill,
    gerber,
    line,
    mask,
    outline,
    read,
    rectangle,
    sources,
    zipped,
)

from manyworks.files.archives import expand
from manyworks.files.fabrication import fingerprint, is_fabrication
from manyworks.model import Severity

BASE = {"b.GTL": copper(), "b.GBL": copper(), "b.GTS": mask(), "b.TXT": drill()}
WHOLE = {**BASE, "b.GKO": outline()}
EDGE = rectangle(0, 0, WIDTH, HEIGHT)


def edge(*body: str) -> dict[str, str]:
    return {**BASE, "b.GKO": gerber("D10*", *body)}


def test_the_size_is_that_of_the_centre_line() -> None:
    thick = gerber("D10*", EDGE, apertures={10: "C,2"})
    made = board({**BASE, "b.GKO": thick})
    assert (made.width_mm, made.height_mm, made.area_mm2) == (50.0, 30.0, 1500.0)


def test_an_outline_of_single_lines_in_any_order_closes() -> None:
    sides = [((50, 30), (0, 30)), ((0, 0), (50, 0)), ((0, 30), (0, 0)), ((50, 30), (50, 0))]
    made = board(edge(*[line(*side) for side in sides]))
    assert (made.width_mm, made.height_mm, made.area_mm2) == (50.0, 30.0, 1500.0)


def test_an_outline_drawn_twice_is_one() -> None:
    made = board(edge(EDGE, EDGE))
    assert (made.area_mm2, len(made.outline_mm)) == (1500.0, 1)


def test_notes_beside_the_board_do_not_count() -> None:
    letter = rectangle(70, 10, 1, 2)
    arrow = line((52, 10), (69, 11), (69, 12))
    made = board(edge(EDGE, letter, arrow))
    assert (made.width_mm, made.height_mm, len(made.outline_mm)) == (50.0, 30.0, 1)


def test_a_frame_around_the_drawing_is_taken_off() -> None:
    (found,), findings = read(edge(EDGE, rectangle(-60, -60, 297, 210)))
    assert (found.design.width_mm, found.design.height_mm) == (50.0, 30.0)
    assert "outline-frame" in codes(findings)


def test_cut_outs_are_taken_off_the_area() -> None:
    made = board(edge(EDGE, rectangle(24, 14, 3, 2)))
    assert (made.width_mm, made.area_mm2, len(made.outline_mm)) == (50.0, 1494.0, 2)


def test_a_window_that_runs_past_the_edge_does_not_widen_the_board() -> None:
    made = board(edge(EDGE, rectangle(48, 10, 4, 3)))
    assert made.width_mm == 50.0


def test_round_corners_count_with_their_bulge() -> None:
    body = ["G75*", "D10*", at(50, 15) + "D02*", "G03" + at(50, 15) + "I-25000000J0D01*", "G01*"]
    made = board({**BASE, "b.GTL": copper(), "b.GKO": gerber(*body)})
    assert made.width_mm == pytest.approx(50.0, abs=0.003)
    assert made.area_mm2 == pytest.approx(3.14159 * 625, rel=1e-3)


def test_an_outline_that_does_not_close_is_said_aloud() -> None:
    files = {**BASE, "b-Edge_Cuts.gbr": gerber("D10*", line((0, 0), (50, 0), (50, 30), (0, 30), (0, 3)))}
    (found,), findings = read(files)
    assert (found.design.width_mm, found.design.height_mm) == (50.0, 30.0)
    assert "outline-open" in codes(findings)


def test_without_an_outline_the_copper_is_taken_and_said() -> None:
    (found,), findings = read(BASE)
    assert found.design.width_mm == pytest.approx(40 + 0.45 - 9.55)
    assert [f.severity for f in findings if f.code.endswith("no-outline")] == [Severity.WARNING]


def test_several_boards_on_one_outline_layer_are_a_panel() -> None:
    shapes = {10: "C,0.2", 11: "C,0.9"}
    places = [(60 * i, 40 * j) for i in range(2) for j in range(3)]
    pads = [at(x + 10, y + 10) + "D03*" for x, y in places]
    layer = gerber("D11*", *pads, apertures=shapes)
    rails = [rectangle(0, -12, 110, 8), rectangle(0, 114, 110, 8)]
    panel = gerber("D10*", *rails, *[rectangle(x, y, 50, 30) for x, y in places])
    made = board({"b.GTL": layer, "b.GBL": layer, "b.GKO": panel})
    assert (made.pieces, made.width_mm, made.height_mm) == (6, 110.0, 134.0)


def test_boards_drawn_within_a_panel_are_counted_and_no_cut_outs() -> None:
    places = [(5 + 55 * i, 5) for i in range(2)]
    pads = [at(x + 10, 15) + "D03*" for x, _ in places]
    layer = gerber("D10*", *pads)
    panel = gerber("D10*", rectangle(0, 0, 115, 40), *[rectangle(x, y, 50, 30) for x, y in places])
    made = board({"b.GTL": layer, "b.GBL": layer, "b.GKO": panel})
    assert (made.pieces, made.width_mm, made.area_mm2) == (2, 115.0, 4600.0)


def test_a_panel_by_step_and_repeat_is_a_panel() -> None:
    once = ["%SRX2Y2I60.0J40.0*%", "D10*"]
    layer = gerber(*once, at(10, 10) + "D03*", "%SR*%")
    made = board({"b.GTL": layer, "b.GBL": layer, "b.GKO": gerber(*once, EDGE, "%SR*%")})
    assert (made.pieces, made.width_mm, made.height_mm) == (4, 110.0, 70.0)


def test_of_many_mechanical_layers_the_one_around_the_copper_is_the_outline() -> None:
    files = {**BASE, "b.GM1": drawing(), "b.GM3": outline(), "b.GM5": gerber("D10*", rectangle(90, 0, 5, 5))}
    made = board(files)
    assert [layer.name for layer in made.layers if layer.role == "outline"] == ["b.GM3"]


def test_two_outlines_that_differ_are_asked_about() -> None:
    files = {**BASE, "b.GKO": gerber("D10*", rectangle(1, 1, 48, 28)), "b-Edge_Cuts.gbr": outline()}
    (found,), findings = read(files)
    assert found.design.width_mm == 50.0
    assert "outlines" in codes(findings)


def test_board_and_panel_in_one_folder_are_two_designs() -> None:
    panel = {
        "p.GTL": copper(track=0.3), "p.GBL": copper(), "p.GKO": gerber("D10*", rectangle(0, 0, 60, 40)),
    }  # fmt: skip
    found, findings = read({**WHOLE, **panel})
    figures = [(f.title, f.design.width_mm, f.design.plated_holes) for f in found]
    assert figures == [("b", 50.0, 3), ("p", 60.0, 0)]
    assert "several-sets" in codes(findings)


def test_a_board_and_its_panel_with_long_names_are_kept_apart() -> None:
    names = {"F_Cu.gbr": copper(), "B_Cu.gbr": copper(), "Edge_Cuts.gbr": outline(), "PTH.drl": drill()}
    both = {f"amp-{name}": text for name, text in names.items()}
    both |= {f"amp-panel-{name}": text for name, text in names.items()}
    found, _ = read(both)
    assert sorted(len(f.design.layers) for f in found) == [4, 4]
    assert sorted(f.title for f in found) == ["amp", "amp-panel"]


def test_two_boards_in_two_folders_are_kept_apart() -> None:
    both = {f"{board_name}/{name}": text for board_name in ("one", "two") for name, text in WHOLE.items()}
    found, _ = read(both)
    assert [{layer.name.split("/")[0] for layer in f.design.layers} for f in found] in (
        [{"one"}, {"two"}],
        [{"two"}, {"one"}],
    )


def test_a_layer_given_twice_is_read_once_and_said() -> None:
    (found,), findings = read({**WHOLE, "copy/b.GTL": WHOLE["b.GTL"]})
    assert found.design.copper_layers == 2
    assert "copy" in codes(findings)


def test_loose_and_packed_the_same_board_has_one_fingerprint() -> None:
    packed = sources({"b.zip": zipped(WHOLE)})[0]
    members, _ = expand(packed)
    inside = {member.name: member.data for member in members}
    assert fingerprint(board(inside)) == fingerprint(board(WHOLE))
    assert fingerprint(board(WHOLE)) != fingerprint(board({**WHOLE, "b.TXT": drill(VIAS[:2])}))


def test_every_fabrication_file_is_named_used_or_why_not() -> None:
    extra = {
        "b.GTO": drawing(), "b.GM7": drawing(), "b.REP": "Error Report for b", "b.d356": "P  JOB amp\n317GND",
        "b-PTH-drl_map.pdf": "%PDF-1.4", "strange.gbr": drawing(),
    }  # fmt: skip
    files = {**WHOLE, **extra}
    made = board(files)
    assert {layer.name for layer in made.layers} == set(files)
    assert all(layer.used or layer.why for layer in made.layers)


def test_other_files_are_no_fabrication_data() -> None:
    others = {
        "readme.txt": "hello", "bom.csv": "Ref,Qty\nR1,1", "b.step": "ISO-10303-21;", "a.net": "(export",
        "b.json": "{}", "pic.png": b"\x89PNG\r\n", "pos.txt": "Ref Val X Y\nR1 1 2 3", "b.top": b"\0\1\2",
    }  # fmt: skip
    assert [source.name for source in sources(others) if is_fabrication(source)] == []


def test_nothing_that_is_no_fabrication_data_gives_nothing() -> None:
    assert read({"readme.txt": "hello"}) == ((), ())


def test_files_that_make_no_board_are_an_error() -> None:
    found, findings = read({"b.GTP": drawing()})
    assert found == ()
    assert [f.severity for f in findings if f.code.endswith("no-board")] == [Severity.ERROR]


def test_a_missing_inner_layer_is_said_aloud() -> None:
    layers = {
        f"{n}.gbr": copper([f"TF.FileFunction,Copper,L{n},{side}"])
        for n, side in ((1, "Top"), (3, "Inr"), (4, "Bot"))
    }
    (found,), findings = read({**layers, "e.gbr": outline(["TF.FileFunction,Profile,NP"])})
    assert found.design.copper_layers == 3
    assert "L2" in next(f.message for f in findings if f.code.endswith("layer-missing"))


def test_odb_data_is_named_as_unread() -> None:
    found, findings = read({"job/matrix/matrix": "STEP {", "job/steps/pcb/stephdr": ""})
    assert found == ()
    assert codes(findings) == ["unread"]


JOB = {
    "GeneralSpecs": {
        "Size": {"X": 50.1, "Y": 30.1}, "LayerNumber": 2, "BoardThickness": 0.8,
        "Finish": "ENIG", "Castellated": True,
    },
    "FilesAttributes": [
        {"Path": "one.gbr", "FileFunction": "Copper,L1,Top"},
        {"Path": "two.gbr", "FileFunction": "Copper,L2,Bot"},
        {"Path": "three.gbr", "FileFunction": "Profile"},
    ],
    "MaterialStackup": [{"Type": "SolderMask", "Color": "Blue"}, {"Type": "Copper", "Thickness": 0.035}],
    "DesignRules": [{"Layers": "Outer", "TrackToTrack": 0.2, "MinLineWidth": 0.25}],
}  # fmt: skip


def test_a_job_file_tells_layers_thickness_and_finish() -> None:
    files = {"one.gbr": copper(), "two.gbr": copper(), "three.gbr": outline(), "b.drl": drill()}
    (found,), findings = read({**files, "b.gbrjob": json.dumps(JOB)})
    made = found.design
    assert (made.copper_layers, made.thickness_mm, made.finish) == (2, 0.8, "ENIG")
    assert (made.copper_um, made.mask_colour, made.castellated) == (35.0, "Blue", True)
    assert "thickness-assumed" not in codes(findings)


BROKEN = ["{", "{]", '{"GeneralSpecs": [1e999, NaN]}', "{" * 100_000, '{"a":' * 50_000]


@pytest.mark.parametrize("text", BROKEN)
def test_a_job_file_that_is_broken_does_no_harm(text: str) -> None:
    (found,), _ = read({**WHOLE, "b.gbrjob": text})
    assert found.design.copper_layers == 2


def test_a_thickness_that_nothing_tells_is_assumed_and_said() -> None:
    (found,), findings = read(WHOLE)
    assert found.design.thickness_mm == 1.6
    assert "thickness-assumed" in codes(findings)


@pytest.mark.parametrize("name", ["b-Coverlay_Top.gbr", "b stiffener.gbr"])
def test_names_of_flexible_boards_make_it_flexible(name: str) -> None:
    assert board(WHOLE).flexible is None
    assert board({**WHOLE, name: drawing()}).flexible is True


def test_measures_of_a_small_board_are_those_it_was_drawn_with() -> None:
    made = board(WHOLE)
    assert made.min_ring_mm == pytest.approx((0.9 - 0.4) / 2)
    assert made.min_hole_gap_mm == pytest.approx(10 - 0.4)
    assert made.min_space_mm == pytest.approx(32 - 30 - 1.2)
    assert made.copper_to_edge_mm == pytest.approx(5 - 0.4)
    surface = [((30.0, 5.0), (1.2, 0.8)), ((32.0, 5.0), (1.2, 0.8))]
    top = [(land.centre_mm, land.size_mm) for land in made.lands if land.side == "top"]
    assert top == surface


def test_edges_of_filled_areas_are_no_tracks() -> None:
    corners = [(5, 20), (25, 20), (25, 28), (5, 28), (5, 20)]
    area = ["G36*", line(*corners), "G37*", "D13*", line(*corners)]
    shapes = {10: "C,0.2", 11: "C,0.9", 13: "C,0.01"}
    layer = gerber("D11*", at(10, 10) + "D03*", "D10*", line((10, 10), (20, 10)), *area, apertures=shapes)
    assert board({**WHOLE, "b.GTL": layer, "b.GBL": layer}).min_track_mm == 0.2


def test_letters_on_copper_are_no_tracks() -> None:
    shapes = {10: "C,0.2", 11: "C,0.9", 13: "C,0.08"}
    letter = line((30, 20), (31, 22), (32, 20))
    body = ["D11*", at(10, 10) + "D03*", "D10*", line((10, 10), (20, 10)), "D13*", letter]
    layer = gerber(*body, apertures=shapes)
    assert board({**WHOLE, "b.GTL": layer, "b.GBL": layer}).min_track_mm == 0.2


def test_where_the_file_marks_conductors_those_alone_are_tracks() -> None:
    body = [
        *("%TA.AperFunction,Conductor*%", "%ADD10C,0.25*%"),
        *("%TA.AperFunction,NonConductor*%", "%ADD11C,0.05*%"),
        *("%TD*%", "D10*", line((5, 5), (20, 5)), "D11*", line((5, 5), (5, 20))),
    ]
    layer = gerber(*body, apertures={99: "C,1"})
    assert board({**WHOLE, "b.GTL": layer, "b.GBL": layer}).min_track_mm == 0.25


def test_a_pad_in_a_cleared_window_of_an_area_keeps_its_distance() -> None:
    corners = [(2, 2), (48, 2), (48, 28), (2, 28), (2, 2)]
    window = ["%LPC*%", "D11*", at(20, 15) + "D03*", "%LPD*%"]
    body = ["G36*", line(*corners), "G37*", *window, "D10*", at(20, 15) + "D03*"]
    layer = gerber(*body, apertures={10: "C,1", 11: "C,1.5"})
    made = board({**WHOLE, "b.GTL": layer, "b.GBL": layer, "b.TXT": drill([(20, 15)])})
    assert made.min_space_mm == pytest.approx(0.25, abs=0.01)


def test_a_plated_hole_cut_open_by_the_edge_is_a_castellation() -> None:
    shapes = {11: "C,0.9"}
    layer = gerber("D11*", at(0, 15) + "D03*", at(20, 15) + "D03*", apertures=shapes)
    made = board({**WHOLE, "b.GTL": layer, "b.GBL": layer, "b.TXT": drill([(0, 15), (20, 15)], 0.6)})
    assert made.castellated is True
    assert board(WHOLE).castellated is None


def test_lines_that_cross_and_overlap_still_make_an_outline() -> None:
    sides = [
        line((-2, 0), (52, 0)),
        line((50, -2), (50, 32)),
        line((52, 30), (-2, 30)),
        line((0, 32), (0, -2)),
    ]
    (found,), findings = read(edge(*sides))
    assert (found.design.width_mm, found.design.height_mm) == (50.0, 30.0)
    assert "outline-crossing" in codes(findings)


def test_a_profile_that_is_plated_says_so() -> None:
    files = {**BASE, "e.gbr": outline(["TF.FileFunction,Profile,P"])}
    assert board(files).edge_plated is True
    assert board({**BASE, "e.gbr": outline(["TF.FileFunction,Profile,NP"])}).edge_plated is None


def test_findings_of_one_kind_are_bounded() -> None:
    files = {**WHOLE, **{f"strange{k}.gbr": drawing() + f"G04 {k}*" for k in range(60)}}
    _, findings = read(files)
    assert codes(findings).count("unknown-layer") == 21


def test_an_error_in_copper_gives_no_design() -> None:
    far = gerber("D10*", at(2e6, 0) + "D03*")
    found, findings = read({**WHOLE, "b.GTL": far})
    assert found == ()
    assert [f.where for f in findings if f.severity is Severity.ERROR] == ["b.GTL"]


def test_a_mask_that_cannot_be_read_is_only_a_warning() -> None:
    far = gerber("D10*", at(2e6, 0) + "D03*")
    (found,), findings = read({**WHOLE, "b.GTS": far})
    assert "too-large" in codes(findings)
    assert not next(layer for layer in found.design.layers if layer.name == "b.GTS").used


def test_the_edge_drawn_on_copper_too_is_no_copper() -> None:
    pads = ["D11*", at(10, 10) + "D03*", "D10*", line((10, 10), (20, 10))]
    layer = gerber(*pads, "D13*", EDGE, apertures={10: "C,0.2", 11: "C,0.9", 13: "C,0.05"})
    (found,), findings = read({**WHOLE, "b.GTL": layer, "b.GBL": layer})
    assert found.design.min_track_mm == 0.2
    assert found.design.copper_to_edge_mm == pytest.approx(10 - 0.45)
    assert "edge-on-copper" in codes(findings)


def test_a_plane_in_negative_has_neither_tracks_nor_pads() -> None:
    gaps = ["D10*", line((10, 10), (20, 10)), "D11*", *[at(*via) + "D03*" for via in VIAS]]
    plane = gerber("%IPNEG*%", *gaps, apertures={10: "C,0.05", 11: "C,0.45"})
    (found,), findings = read({**WHOLE, "b.GP1": plane})
    assert (found.design.min_track_mm, found.design.min_ring_mm) == (0.2, pytest.approx(0.25))
    assert "not-measured" in codes(findings)


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (("amp-F_Cu.gbr", "amp-B_Cu.gbr", "amp-Edge_Cuts.gbr", "amp.drl"), "amp"),
        (("amp.GTL", "amp.GBL", "amp.GKO", "amp.TXT"), "amp"),
        (
            ("amp.zip/CAMOutputs/GerberFiles/copper_top.gbr", "amp.zip/CAMOutputs/GerberFiles/profile.gbr"),
            "amp",
        ),
        (("amp v2.zip/Gerber_TopLayer.GTL", "amp v2.zip/Gerber_BoardOutlineLayer.GKO"), "amp v2"),
        (("top.gbr", "bottom.gbr", "outline.gbr"), "top"),
    ],
)
def test_a_set_is_called_what_its_names_share(names: tuple[str, ...], title: str) -> None:
    files = {name: outline() if name[-3:] in ("GKO",) or "line" in name else copper() for name in names}
    files |= {name: outline() for name in names if "Edge" in name or "profile" in name}
    files |= {name: drill() for name in names if name.endswith(("drl", "TXT"))}
    (found,), _ = read(files)
    assert found.title == title
