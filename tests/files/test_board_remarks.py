"""Designators that the board and its lists tell differently: each is told by kind, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.files.designs import footprint

from manyworks.files import read
from manyworks.model import Finding

HOLE = '(pad "" np_thru_hole circle (at 0 0) (size 3.2 3.2) (drill 3.2) (layers "*.Cu" "*.Mask"))'
DOT = '(pad "1" smd circle (at 0 0) (size 1 1) (layers "F.Cu" "F.Mask"))'
RESISTOR = footprint("R1", at="5 5")
CHIP = footprint("U1", name="Package_SO:SOIC-8", value="NE555", at="15 10")
SPOT = footprint("TP1", name="TestPoint:TestPoint_Pad_D1.0mm", value="TestPoint", at="30 10", pads=DOT)
MARK = footprint("FID1", name="Fiducial:Fiducial_1mm_Mask2mm", value="Fiducial", at="40 10", pads=DOT)
SCREW = footprint("H1", name="MountingHole:MountingHole_3.2mm", value="MountingHole", at="45 25", pads=HOLE)
PLACES = "Ref,Val,Package,PosX,PosY,Rot,Side\n"


@pytest.fixture
def told(
    write: Callable[[str, str | bytes], Path], write_board: Callable[..., Path]
) -> Callable[..., list[Finding]]:
    """Findings of a code about a folder with a board, a parts list and a position file."""

    def do(code: str, *parts: str, bill: str = "", places: str = "") -> list[Finding]:
        folder = write_board(*parts).parent
        if bill:
            write("bom.csv", bill)
        if places:
            write("board-pos.csv", PLACES + places)
        product, findings = read(folder)
        assert product is not None, findings
        return [finding for finding in findings if finding.code == code]

    return do


def test_without_a_list_what_is_no_part_is_told_by_kind(told: Callable[..., list[Finding]]) -> None:
    (finding,) = told("files.board.no-parts", RESISTOR, SPOT, MARK, SCREW)
    assert "fiducial: FID1; mounting hole: H1; test point: TP1" in finding.message
    assert "R1" not in finding.message


def test_without_a_list_a_board_of_parts_alone_has_nothing_to_tell(
    told: Callable[..., list[Finding]],
) -> None:
    assert told("files.board.no-parts", RESISTOR, CHIP) == []


def test_what_the_position_file_rightly_leaves_out_is_told_by_kind(
    told: Callable[..., list[Finding]],
) -> None:
    bill = "Reference,Value,DNP\nR1,1k,\nU1,NE555,X\nTP1,TestPoint,X\n"
    (finding,) = told(
        "files.positions.not-fitted", RESISTOR, CHIP, SPOT, bill=bill, places="R1,1k,R_0603,5,5,0,top\n"
    )
    assert "part: U1; test point: TP1" in finding.message


def test_what_it_should_not_leave_out_is_told_otherwise(told: Callable[..., list[Finding]]) -> None:
    bill = "Reference,Value\nR1,1k\nU1,NE555\n"
    places = "R1,1k,R_0603,5,5,0,top\n"
    assert told("files.positions.not-fitted", RESISTOR, CHIP, bill=bill, places=places) == []
    (finding,) = told("files.positions.missing", RESISTOR, CHIP, bill=bill, places=places)
    assert "U1" in finding.message


def test_a_part_in_the_list_that_the_board_keeps_out_of_lists_is_told(
    told: Callable[..., list[Finding]],
) -> None:
    kept_out = footprint("J1", name="Connector:Pins", value="Pins", at="20 20", attr="smd exclude_from_bom")
    (finding,) = told(
        "files.bill.fitted-differs", RESISTOR, kept_out, bill="Reference,Value\nR1,1k\nJ1,Pins\n"
    )
    assert finding.severity == "info"
    assert "J1" in finding.message
    assert "R1" not in finding.message


class TestValues:
    """Values of one part on the board and in the list."""

    code = "files.bill.values-differ"

    def test_another_value_is_a_warning_that_names_both(self, told: Callable[..., list[Finding]]) -> None:
        (finding,) = told(self.code, RESISTOR, CHIP, bill="Reference,Value\nR1,1k\nU1,TLC555\n")
        assert finding.severity == "warning"
        assert "U1 is 'TLC555' here and 'NE555' on the board" in finding.message

    @pytest.mark.parametrize("written", ["NE555", "ne-555", "NE 555"])
    def test_the_same_value_written_otherwise_is_none(
        self, told: Callable[..., list[Finding]], written: str
    ) -> None:
        assert told(self.code, RESISTOR, CHIP, bill=f"Reference,Value\nR1,1k\nU1,{written}\n") == []

    def test_resistors_are_left_alone(self, told: Callable[..., list[Finding]]) -> None:
        assert told(self.code, RESISTOR, CHIP, bill="Reference,Value\nR1,1000 ohm\nU1,NE555\n") == []

    def test_a_list_with_values_of_another_sort_is_not_compared(
        self, told: Callable[..., list[Finding]]
    ) -> None:
        chips = [footprint(f"U{n}", value=f"chip {n}", at=f"{n * 3} 20") for n in range(2, 9)]
        rows = "".join(f"U{n},integrated circuit number {n}\n" for n in range(2, 9))
        assert told(self.code, *chips, bill=f"Reference,Value\n{rows}") == []
