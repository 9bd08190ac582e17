"""Real fabrication sets, loose and packed, against figures measured with other tools."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from tests.files.designs import SHARED, truth

from manyworks.files.archives import expand
from manyworks.files.fabrication import fingerprint, is_fabrication, read_fabrication
from manyworks.files.pieces import DesignFile
from manyworks.files.sources import Source
from manyworks.model import BoardDesign, Finding, errors

DESIGNS = SHARED / "data" / "designs"
# Sets of the real designs and the row of the truth that is about each: folder, archive or empty for loose
# files, title of the set, beginning of the row's "files".
SETS = [
    ("board-bitaxe-ultra", "", "bitaxeUltra", "bitaxeUltra"),
    ("board-corne-cherry", "GERBER-corne-cherry.zip", "corne-cherry", "BOM"),
    ("board-fomu-dvt1c", "", "tomu-fpga", "tomu-fpga"),
    ("board-libresolar-mppt-2420", "", "MPPT_charger_20A", "MPPT"),
    ("board-olimex-rvpc-revb", "", "RVPC_Rev_B", "RVPC"),
    ("board-precursor-bezel-fr4", "gerber-bt-bezel-pvt2a_final_mp.zip", "bt-bezel-pvt2a_final_mp", "gerber-"),
    ("board-precursor-fpc-flex", "gerbers-bt-fpc-pvt2b.zip", "bt-fpc-pvt2b", "gerbers-"),
    ("board-precursor-mainboard-pvt2", "precursor_pvt2b-gerbers.zip", "precursor_pvt2b", "precursor"),
    ("board-tomu-v0.4.6", "", "tomu", "tomu"),
    ("board-voron-daylight", "", "Daylight_Matchstick", "Daylight"),
    ("board-voron-daylight", "gerber/GERBER-Daylight_Matchstick.zip", "Daylight_Matchstick", "Daylight"),
    ("product-m17-module17", "Module17_HMI_Rev_1.0.zip", "Module17-HMI", "Module17_HMI_Rev"),
    ("product-m17-module17", "Module17_Rev_1.0.zip", "Module17-Mainboard", "Module17_Rev"),
    (
        "product-m17-module17",
        "Module17_HMI_Back_Panel_Rev_1.0.zip",
        "Module17-Side_Panels_Back",
        "Module17_HMI_Back",
    ),
    (
        "product-m17-module17",
        "Module17_HMI_Front_Panel_Rev_1.0.zip",
        "Module17-Side_Panels_Front",
        "Module17_HMI_Front",
    ),
]
NAMES = [f"{title}{' packed' if archive else ''}" for _, archive, title, _ in SETS]


@cache
def read_set(folder: str, archive: str) -> tuple[tuple[DesignFile[BoardDesign], ...], tuple[Finding, ...]]:
    base = DESIGNS / folder
    if not base.is_dir():
        pytest.skip("the real designs are not beside this repository")
    if archive:
        path = base / archive
        members, _ = expand(Source(path=path, name=path.name, data=path.read_bytes()))
        return read_fabrication(members)
    return read_fabrication([source(path, base) for path in sorted(base.rglob("*")) if path.is_file()])


def source(path: Path, base: Path) -> Source:
    return Source(path=path, name=path.relative_to(base).as_posix(), data=path.read_bytes())


def the_set(folder: str, archive: str, title: str) -> BoardDesign:
    found, _ = read_set(folder, archive)
    return next(made.design for made in found if made.title == title)


def row_of(folder: str, begins: str) -> dict[str, str]:
    rows = [row for row in truth("boards.csv") if row["folder"] == folder]
    return next(row for row in rows if row["files"].startswith(begins))


@pytest.mark.parametrize(("folder", "archive", "title", "begins"), SETS, ids=NAMES)
def test_a_real_set_has_the_true_size(folder: str, archive: str, title: str, begins: str) -> None:
    made = the_set(folder, archive, title)
    row = row_of(folder, begins)
    assert made.width_mm == pytest.approx(float(row["width_mm"]), abs=0.02)
    assert made.height_mm == pytest.approx(float(row["height_mm"]), abs=0.02)


@pytest.mark.parametrize(("folder", "archive", "title", "begins"), SETS, ids=NAMES)
def test_a_real_set_has_the_true_counts(folder: str, archive: str, title: str, begins: str) -> None:
    made = the_set(folder, archive, title)
    row = row_of(folder, begins)
    for name in ("copper_layers", "plated_holes", "nonplated_holes", "slots"):
        assert getattr(made, name) == int(row[name]), name


@pytest.mark.parametrize(("folder", "archive", "title", "begins"), SETS, ids=NAMES)
def test_a_real_set_has_the_true_least_measures(folder: str, archive: str, title: str, begins: str) -> None:
    made = the_set(folder, archive, title)
    row = row_of(folder, begins)
    for name, tolerance in (("min_track_mm", 0.005), ("min_drill_mm", 0.01)):
        if row[name]:
            assert getattr(made, name) == pytest.approx(float(row[name]), abs=tolerance), name


@pytest.mark.parametrize(("folder", "archive", "title", "begins"), SETS, ids=NAMES)
def test_no_file_of_a_real_set_is_lost(folder: str, archive: str, title: str, begins: str) -> None:
    found, findings = read_set(folder, archive)
    assert not errors(findings)
    for made in found:
        assert {layer.name for layer in made.design.layers} == {part.name for part in made.sources}
        assert all(layer.used or layer.why for layer in made.design.layers)
        assert not [layer.name for layer in made.design.layers if layer.role == "unknown"]


def test_blind_and_buried_vias_have_their_spans() -> None:
    made = the_set("board-precursor-mainboard-pvt2", "precursor_pvt2b-gerbers.zip", "precursor_pvt2b")
    spans: dict[object, int] = {}
    for tool in made.drills:
        if tool.plated:
            spans[tool.span] = spans.get(tool.span, 0) + tool.holes + tool.slots
    assert spans == {None: 42, (2, 5): 638, (1, 2): 1440, (5, 6): 179}


def test_without_its_reports_a_set_is_measured_the_same() -> None:
    folder, archive = "board-precursor-mainboard-pvt2", "precursor_pvt2b-gerbers.zip"
    whole = the_set(folder, archive, "precursor_pvt2b")
    members, _ = expand(source(DESIGNS / folder / archive, DESIGNS / folder))
    reports = {".extrep", ".rep", ".ldp", ".drr", ".apr", ".rul"}
    (bare,), _ = read_fabrication([m for m in members if m.path.suffix.lower() not in reports])
    assert fingerprint(bare.design) == fingerprint(whole)


def test_board_and_panel_in_one_folder_are_two_designs() -> None:
    found, findings = read_set("board-tomu-v0.4.6", "")
    assert sorted((made.title, made.design.pieces) for made in found) == [("a", 25), ("tomu", 1)]
    panel = next(made.design for made in found if made.title == "a")
    assert (panel.width_mm, panel.height_mm) == pytest.approx((73.0, 77.0), abs=0.03)
    assert "files.fabrication.several-sets" in [finding.code for finding in findings]


def test_loose_and_packed_the_same_files_have_one_fingerprint() -> None:
    title = "Daylight_Matchstick"
    loose = the_set("board-voron-daylight", "", title)
    packed = the_set("board-voron-daylight", "gerber/GERBER-Daylight_Matchstick.zip", title)
    assert fingerprint(loose) == fingerprint(packed)


def test_all_real_boards_differ_in_their_fingerprints() -> None:
    marks = {
        (folder, title): fingerprint(the_set(folder, archive, title)) for folder, archive, title, _ in SETS
    }
    assert len(set(marks.values())) == len(marks)


def test_no_other_real_file_is_taken_for_fabrication_data(shared: Path) -> None:
    endings = {".csv", ".kicad_pcb", ".brd", ".step", ".stp", ".stl", ".dxf", ".svg", ".json", ".yml", ".md"}
    endings |= {".xlsx", ".toml", ".pos", ".pdf", ".png", ".zip"}
    paths = [path for path in (shared / "data").rglob("*") if path.suffix.lower() in endings]
    taken = [path.name for path in paths if path.is_file() and is_fabrication(head(path))]
    assert [name for name in taken if "drl_map" not in name] == []


def head(path: Path) -> Source:
    with path.open("rb") as file:
        return Source(path=path, name=path.name, data=file.read(10_000))
