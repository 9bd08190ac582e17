"""Every KiCad board of the corpus measured as people and other programs measured it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from tests.files.designs import truth

from manyworks.files import read
from manyworks.files.boards import read_board
from manyworks.model import BoardDesign, Finding, Item, Product

BOARDS = [row for row in truth("boards.csv") if ".kicad_pcb" in row["files"]]
NAMES = [row["files"].split(";")[0] for row in BOARDS]
# The truth of these folders rests on their parts list as text.
WITH_BILL = [
    row for row in BOARDS if (row["placed_top"] and ".csv" in row["files"]) or "assembly" in row["files"]
]


@cache
def _read(path: Path) -> BoardDesign:
    board, _ = read_board(path, path.name)
    assert board is not None
    return board.design


def _design(row: dict[str, str], shared: Path) -> BoardDesign:
    return _read(shared / "data" / "designs" / row["folder"] / row["files"].split(";")[0])


@pytest.mark.skipif(not BOARDS, reason="the truth about the real boards is not at hand")
def test_the_truth_covers_eight_boards() -> None:
    assert len(BOARDS) == 8


@pytest.mark.parametrize("row", BOARDS, ids=NAMES)
class TestAgainstTruth:
    def test_size_is_that_of_the_edge_centre_line(self, row: dict[str, str], shared: Path) -> None:
        design = _design(row, shared)
        assert design.width_mm == pytest.approx(float(row["width_mm"]), abs=0.02)
        assert design.height_mm == pytest.approx(float(row["height_mm"]), abs=0.02)

    def test_copper_layers(self, row: dict[str, str], shared: Path) -> None:
        assert _design(row, shared).copper_layers == int(row["copper_layers"])

    def test_holes_and_slots(self, row: dict[str, str], shared: Path) -> None:
        design = _design(row, shared)
        # This board file is another state than its fabrication files, as the truth says in its remarks.
        plated = 249 if row["folder"] == "board-fomu-dvt1c" else int(row["plated_holes"])
        assert (design.plated_holes, design.nonplated_holes, design.slots) == (
            plated,
            int(row["nonplated_holes"]),
            int(row["slots"]),
        )

    def test_every_footprint_is_counted(self, row: dict[str, str], shared: Path) -> None:
        assert _design(row, shared).footprints_total == int(row["footprints_total"])

    def test_thinnest_track_and_smallest_drill(self, row: dict[str, str], shared: Path) -> None:
        design = _design(row, shared)
        for found, expected, room in (
            (design.min_track_mm, row["min_track_mm"], 0.005),
            (design.min_drill_mm, row["min_drill_mm"], 0.01),
        ):
            if expected:
                assert found == pytest.approx(float(expected), abs=room)
            else:
                assert found is None


@cache
def _product(folder: Path) -> tuple[Product | None, tuple[Finding, ...]]:
    return read(folder)


def _assembled(row: dict[str, str], shared: Path) -> tuple[Item, BoardDesign]:
    product, findings = _product(shared / "data" / "designs" / row["folder"])
    assert product is not None, findings
    assert isinstance(product.item.design, BoardDesign)
    return product.item, product.item.design


@pytest.mark.parametrize("row", WITH_BILL, ids=[row["folder"] for row in WITH_BILL])
class TestPlacedParts:
    def test_sides(self, row: dict[str, str], shared: Path) -> None:
        _, design = _assembled(row, shared)
        sides = [placement.side for placement in design.placements if placement.fitted]
        assert sides.count("top") == int(row["placed_top"])
        assert sides.count("bottom") == int(row["placed_bottom"])

    def test_surface_and_through_parts(self, row: dict[str, str], shared: Path) -> None:
        _, design = _assembled(row, shared)
        surface = [placement.surface_mounted for placement in design.placements if placement.fitted]
        assert surface.count(True) == int(row["smd_parts"])
        assert surface.count(False) == int(row["tht_parts"])

    def test_bill_lines_and_designators(self, row: dict[str, str], shared: Path) -> None:
        item, _ = _assembled(row, shared)
        assert len(item.bill) == int(row["bom_lines"])
        assert sum(len(line.designators) for line in item.bill) == int(row["bom_designators"])


@pytest.mark.parametrize(
    "folder", ["board-libresolar-mppt-2420", "board-olimex-rvpc-revb", "board-voron-daylight"]
)
def test_a_folder_of_one_board_becomes_a_product_and_no_file_is_lost(folder: str, shared: Path) -> None:
    path = shared / "data" / "designs" / folder
    product, findings = read(path)
    assert product is not None
    used = {file.path for file in product.item.files}
    unused = {finding.where for finding in findings if finding.code == "files.unused"}
    files = {p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file()}
    # An archive is accounted for by its members.
    accounted = {name.partition(".zip/")[0] + ".zip" if ".zip/" in name else name for name in used | unused}
    assert accounted == files
    assert not used & unused


def test_the_part_missing_from_the_position_file_is_named(shared: Path) -> None:
    _, findings = read(shared / "data" / "designs" / "board-fomu-dvt1c")
    (missing,) = [finding for finding in findings if finding.code == "files.positions.missing"]
    assert "D5" in missing.message


def test_a_product_list_that_names_boards_binds_them(shared: Path) -> None:
    product, _ = read(shared / "data" / "designs" / "product-opulo-feeder")
    assert product is not None
    assert {"mobo", "light-diffusion"} <= {line.item for line in product.item.bill}
    assert not [line for line in product.item.bill if line.item == "tape-guide" and line.fitted]


def test_a_parts_list_and_positions_without_their_board_are_an_error(shared: Path, tmp_path: Path) -> None:
    for table in (shared / "data" / "designs" / "board-corne-cherry").glob("*.csv"):
        (tmp_path / table.name).write_bytes(table.read_bytes())
    product, findings = read(tmp_path)
    assert product is None
    assert "files.board.missing" in {finding.code for finding in findings}
