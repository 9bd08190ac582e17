"""Folders and loose files: what each is, what belongs together, what is left over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.files.designs import footprint
from tests.files.test_solid_reading import binary, box

from manyworks.files import read
from manyworks.model import BoardDesign, Finding, Product

Write = Callable[[str, str | bytes], Path]
WriteBoard = Callable[..., Path]


def _read(*paths: Path) -> tuple[Product, tuple[Finding, ...]]:
    product, findings = read(*paths)
    assert product is not None, findings
    return product, findings


def _of(findings: tuple[Finding, ...], code: str) -> list[Finding]:
    return [finding for finding in findings if finding.code == code]


@pytest.fixture
def board(write_board: WriteBoard) -> Path:
    return write_board(
        footprint("R1"),
        footprint("R2", at="20 10"),
        footprint("C1", at="30 10", value="100n", layer="B.Cu"),
        footprint("FID1", name="Fiducial:Fiducial_1mm", at="5 5"),
        footprint("TP1", name="TestPoint:TestPoint_Pad_D1.0mm", at="5 25"),
    )


BOM = "Reference,Value,Qty\nR1 R2,1k,2\nC1,100n,1\n"


@pytest.mark.parametrize("row", ["R1,1k,-1", ",Resistor 1k,a few", "R1,1k,nan"])
def test_a_list_of_bad_rows_beside_a_board_tells_them(board: Path, write: Write, row: str) -> None:
    write("bom.csv", f"Reference,Value,Qty\n{row}\n")
    product, findings = read(board.parent)
    assert product is None
    (finding,) = _of(findings, "files.bill.quantity")
    assert finding.where == "bom.csv:row 2"
    assert not _of(findings, "files.board.bill-from-board") or "R1" not in row


def test_bad_rows_still_say_whose_list_it_is(board: Path, write: Write) -> None:
    write("bom.csv", "Reference,Value,Qty\nR1 R2,1k,-2\nC1,100n,nan\nC9,100n,1\n")
    product, findings = read(board.parent)
    assert product is None
    assert [f.where for f in _of(findings, "files.bill.quantity")] == ["bom.csv:row 2", "bom.csv:row 3"]
    assert not [f for f in _of(findings, "files.board.not-in-bill") if "R1" in f.message]


def test_an_open_quantity_is_told_and_its_designators_are_counted(board: Path, write: Write) -> None:
    write("bom.csv", "Reference,Value,Qty\nR1 R2,1k,TBD\nC1,100n,1\n")
    product, findings = _read(board.parent)
    assert [line.quantity for line in product.item.bill] == [2, 1]
    assert [(f.where, f.severity.value) for f in _of(findings, "files.bill.quantity")] == [
        ("bom.csv:row 2", "warning")
    ]


def test_a_list_without_rows_beside_a_board_is_an_error(board: Path, write: Write) -> None:
    write("bom.csv", "Reference,Value,Qty\n")
    product, findings = read(board.parent)
    assert product is None
    assert _of(findings, "files.bill.empty")


def test_a_position_file_of_bad_rows_tells_them(board: Path, write: Write) -> None:
    write("pos.csv", "Ref,PosX,PosY,Rot,Side\nR1,here,there,0,top\n")
    product, findings = read(board.parent)
    assert product is None
    (finding,) = _of(findings, "files.positions.number")
    assert finding.where == "pos.csv:row 2"


POS = "Ref,PosX,PosY,Rot,Side\nR1,10,10,0,top\nR2,20,10,0,top\nC1,30,10,0,bottom\n"


class TestBoards:
    def test_content_decides_what_a_table_is(self, board: Path, write: Write) -> None:
        write("a.txt", POS)
        write("b.csv", BOM)
        product, _ = _read(board.parent)
        assert {(f.path, f.role) for f in product.item.files} == {
            ("board.kicad_pcb", "board"),
            ("b.csv", "bill"),
            ("a.txt", "positions"),
        }

    def test_a_board_alone_brings_its_own_bill(self, board: Path) -> None:
        product, findings = _read(board)
        assert [(line.designators, line.quantity) for line in product.item.bill] == [
            (("R1", "R2"), 2),
            (("C1",), 1),
        ]
        assert _of(findings, "files.board.bill-from-board")

    def test_files_given_by_name_are_one_product(self, board: Path, write: Write) -> None:
        product, _ = _read(board, write("b.csv", BOM), write("p.csv", POS))
        assert len(product.item.files) == 3

    def test_what_is_no_part_is_kept_but_not_fitted(self, board: Path) -> None:
        product, _ = _read(board)
        assert isinstance(product.item.design, BoardDesign)
        fitted = {p.designator: p.fitted for p in product.item.design.placements}
        assert fitted == {"R1": True, "R2": True, "C1": True, "FID1": False, "TP1": False}

    def test_every_difference_to_the_parts_list_has_its_kind(self, board: Path, write: Write) -> None:
        bill = write(
            "b.csv", "Reference,Value,Qty,DNP\nR1,1k,1,\nC1,100n,1,x\nU9,MCU,1,\nH1,MountingHole,1,\n"
        )
        product, findings = _read(board, bill)
        missing = {f.message for f in _of(findings, "files.board.not-in-bill")}
        assert missing == {
            "not in the parts list, fiducial: FID1",
            "not in the parts list, test point: TP1",
            "parts missing from the parts list: R2",
        }
        absent = {(f.where, f.severity.value) for f in _of(findings, "files.bill.not-on-board")}
        assert absent == {("b.csv:row 4", "warning"), ("b.csv:row 5", "info")}
        assert isinstance(product.item.design, BoardDesign)
        assert [p.designator for p in product.item.design.placements if p.fitted] == ["R1"]

    def test_the_parts_list_wins_over_the_board(self, write_board: WriteBoard, write: Write) -> None:
        path = write_board(footprint("R1", attr="smd dnp"))
        product, findings = _read(path, write("b.csv", "Reference,Value\nR1,1k\n"))
        assert product.item.bill[0].fitted
        assert _of(findings, "files.bill.fitted-differs")

    def test_positions_that_disagree_are_named(self, board: Path, write: Write) -> None:
        write("b.csv", BOM)
        write("p.csv", "Ref,PosX,PosY,Rot,Side\nR1,10,10,0,bottom\nR9,20,10,0,top\nR2,1,1,0,top\n")
        _, findings = _read(board.parent)
        assert [f.where for f in _of(findings, "files.positions.side")] == ["p.csv:row 2"]
        assert [f.where for f in _of(findings, "files.positions.unknown")] == ["p.csv:row 3"]
        assert "C1" in _of(findings, "files.positions.missing")[0].message

    def test_a_second_revision_of_the_parts_list_asks_for_a_choice(self, board: Path, write: Write) -> None:
        write("rev1.csv", BOM)
        write("rev2.csv", BOM)
        product, findings = _read(board.parent)
        assert "rev1.csv" in {file.path for file in product.item.files}
        assert [f.where for f in _of(findings, "files.bill.several")] == ["rev2.csv"]

    def test_the_parts_list_of_another_board_is_left_aside(self, board: Path, write: Write) -> None:
        write("other.csv", "Reference,Value\nU5 U6 U7,MCU\n")
        product, findings = _read(board.parent)
        assert [file.role for file in product.item.files] == ["board"]
        assert [f.where for f in _of(findings, "files.bill.unclaimed")] == ["other.csv"]
        assert [f.where for f in findings].count("other.csv") == 1


class TestFolders:
    def test_fabrication_files_of_no_board_are_named(self, board: Path, write: Write) -> None:
        for name in ("x-F_Cu.gbr", "x.drl", "x.d356", "copper"):
            write(name, "G04 #@! TF*\n")
        _, findings = _read(board.parent)
        assert {f.where for f in findings} >= {"x-F_Cu.gbr", "x.drl", "x.d356", "copper"}

    def test_an_archive_that_cannot_be_opened_is_an_error(self, board: Path, write: Write) -> None:
        write("all.zip", "this is no archive")
        product, findings = read(board.parent)
        assert product is None
        assert [f.code for f in findings if f.where == "all.zip"] == ["files.archive.malformed"]

    def test_a_design_in_an_unread_format_is_a_warning_unless_it_has_a_twin(self, write: Write) -> None:
        write("a.stl", binary(box(10, 10, 10)))
        write("a.sldprt", "SolidWorks")
        write("b.sldprt", "SolidWorks")
        _, findings = _read(write("x", "").parent)
        assert {f.where: f.severity.value for f in _of(findings, "files.unused")} == {
            "a.sldprt": "info",
            "b.sldprt": "warning",
            "x": "info",
        }

    def test_a_damaged_design_is_an_error_though_others_can_be_read(self, write: Write) -> None:
        write("a.stl", binary(box(10, 10, 10)))
        product, findings = read(write("b.step", "ISO-10303-21;").parent)
        assert product is None
        assert [f.where for f in findings if f.severity == "error"] == ["b.step"]
        assert [f.where for f in findings].count("b.step") == 1

    def test_several_designs_are_one_product_and_said_to_be_a_guess(self, board: Path, write: Write) -> None:
        write("case_x2.stl", binary(box(10, 10, 10)))
        product, findings = _read(board.parent)
        assert {(line.item, line.quantity) for line in product.item.bill} == {("board", 1), ("case", 2)}
        assert _of(findings, "files.folder.guessed")

    def test_a_list_that_names_designs_says_how_many(self, board: Path, write: Write) -> None:
        write("case.stl", binary(box(10, 10, 10)))
        write("parts.csv", "Part Name,Quantity\nboard,1\nCase,3\nScrew M3,4\n")
        product, findings = _read(board.parent)
        assert {(line.item, line.quantity) for line in product.item.bill} == {
            ("board", 1),
            ("case", 3),
            ("part/screw-m3", 4),
        }
        assert not _of(findings, "files.folder.guessed")

    def test_two_designs_of_one_name_stay_two(self, write: Write) -> None:
        write("a/lid.stl", binary(box(10, 10, 10)))
        path = write("b/lid.stl", binary(box(20, 10, 10)))
        product, _ = _read(path.parent.parent)
        assert len(product.item.bill) == len({line.item for line in product.item.bill}) == 2

    def test_hidden_files_are_left_alone(self, board: Path, write: Write) -> None:
        write(".git/config", "x")
        write(".DS_Store", "x")
        assert not _of(_read(board.parent)[1], "files.unused")

    def test_a_folder_with_nothing_to_read_is_an_error(self, write: Write) -> None:
        product, findings = read(write("readme.md", "x").parent)
        assert product is None
        assert _of(findings, "files.nothing")

    def test_an_unread_format_asked_for_by_name_is_an_error(self, write: Write) -> None:
        product, findings = read(write("part.sldprt", "SolidWorks"))
        assert product is None
        (finding,) = _of(findings, "files.format.unread")
        assert "CAD program" in finding.message
        assert ".step" in finding.hint

    def test_a_missing_file_hints_at_the_nearest(self, board: Path) -> None:
        _, (finding,) = read(board.with_name("bord.kicad_pcb"))
        assert finding.hint == "did you mean 'board.kicad_pcb'?"


class TestParts:
    def test_one_part_number_is_one_item(self, write: Write) -> None:
        product, _ = _read(write("b.csv", "Part Name,MPN,Quantity\nA,RC0603,1\nB,RC0603,2\n"))
        assert [line.item for line in product.item.bill] == ["part/rc0603", "part/rc0603"]

    def test_different_parts_never_share_an_id(self, write: Write) -> None:
        product, _ = _read(
            write("b.csv", "Reference,Value,Footprint\nR1,1m,0603\nR2,1M,0603\nR3,+5V,0603\nR4,5V,0603\n")
        )
        ids = [line.item for line in product.item.bill]
        assert len(set(ids)) == 4

    def test_ids_do_not_depend_on_other_rows(self, write: Write) -> None:
        first, _ = _read(write("a.csv", "Reference,Value,Footprint\nR1,1k,R_0603\nC1,100n,C_0603\n"))
        second, _ = _read(write("b.csv", "Reference,Value,Footprint\nC1,100n,C_0603\n"))
        assert second.item.bill[0].item in {line.item for line in first.item.bill}

    def test_library_names_do_not_make_another_part(self, write: Write) -> None:
        product, _ = _read(write("b.csv", "Reference,Value,Footprint\nR1,1k,Res:R_0603\nR2,1k,R_0603\n"))
        assert len({line.item for line in product.item.bill}) == 1

    def test_alternatives_become_substitutes(self, write: Write) -> None:
        product, _ = _read(write("b.csv", "Reference,Value,MPN,Alternative\nU1,MCU,ABC1,XYZ2\n"))
        (line,) = product.item.bill
        assert line.substitutes == ("part/xyz2",)
        assert product.items["part/xyz2"].mpn == "XYZ2"


def test_a_folder_of_far_too_many_files_is_not_read(
    board: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("manyworks.files.gathering.FOLDER_FILES", 3)
    for name in "abc":
        write(f"{name}.kicad_pcb", "no board at all")
    product, findings = read(board.parent)
    assert product is None
    assert [finding.code for finding in findings] == ["files.folder.too-many"]
