"""Parts lists in the ways people write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.files.sources import Source
from manyworks.files.tables import Bill, Part, read_bill, read_positions, read_table
from manyworks.files.tables.designators import looks_like_designators, split_designators
from manyworks.model import Finding

Write = Callable[[str, str | bytes], Path]


def _bill(data: str | bytes) -> tuple[Bill, tuple[Finding, ...]]:
    raw = data if isinstance(data, bytes) else data.encode()
    table = read_table(Source(path=Path("t.csv"), name="t.csv", data=raw))
    assert table is not None
    return read_bill(table)


def _parts(data: str | bytes) -> tuple[Part, ...]:
    return _bill(data)[0].parts


def _codes(data: str | bytes) -> set[str]:
    return {finding.code for finding in _bill(data)[1]}


PLAIN = "Reference,Value,Qty\nR1 R2,1k,2\nC1,100n,1\n"


class TestTexts:
    @pytest.mark.parametrize(
        "data",
        [
            PLAIN.encode(),
            b"\xef\xbb\xbf" + PLAIN.encode(),
            PLAIN.encode("utf-16"),
            PLAIN.encode("utf-16-le"),
            PLAIN.encode("utf-16-be"),
            PLAIN.replace("\n", "\r\n").encode(),
            PLAIN.replace("\n", "\r").encode(),
            PLAIN.replace(",", ";").encode(),
            PLAIN.replace(",", "\t").encode(),
            PLAIN.replace(",", "|").encode(),
            PLAIN.replace(",", ", ").encode(),
            ("My board rev B\nmade on 2026-01-02\n\n" + PLAIN).encode(),
            PLAIN.replace("\nR1", "\n---,---,---\nR1").encode(),
            (PLAIN + "\n\nTotal:,3\nBoards:,1\n").encode(),
        ],
        ids=["utf-8", "mark", "utf-16", "16-le", "16-be", "crlf", "cr", "semicolon", "tab", "bar", "blanks",
             "title", "rule", "summary"],
    )  # fmt: skip
    def test_one_list_in_many_clothes(self, data: bytes) -> None:
        parts = _parts(data)
        assert [(p.designators, p.value, p.quantity) for p in parts] == [
            (("R1", "R2"), "1k", 2.0),
            (("C1",), "100n", 1.0),
        ]

    def test_chinese_list_in_gbk(self) -> None:
        parts = _parts("位号,封装,数量,型号\nR1,0603,1,RC0603\n".encode("gbk"))
        assert (parts[0].designators, parts[0].footprint, parts[0].mpn) == (("R1",), "0603", "RC0603")

    def test_western_list_in_an_old_encoding(self) -> None:
        data = "Bezeichner;Wert;Menge;Hersteller\nR1;10µ;1;Würth\n".encode("cp1252")
        assert _parts(data)[0].manufacturer == "Würth"
        assert "files.table.encoding" in _codes(data)

    def test_rows_are_named_by_their_line_though_cells_hold_line_ends(self) -> None:
        data = 'Reference,Value,Qty\n"R1\nR2",1k,2\nC1,100n,x\n'
        (finding,) = [f for f in _bill(data)[1] if f.code == "files.bill.quantity"]
        assert finding.where == "t.csv:row 4"


class TestConventions:
    def test_altium(self) -> None:
        (part,) = _parts(
            "Comment,Description,Designator,Footprint,LibRef,Quantity,"
            "Manufacturer 1,Manufacturer Part Number 1,Supplier 1,Supplier Part Number 1,"
            "Manufacturer 2,Manufacturer Part Number 2\n"
            '100nF,Cap,"C1, C2",0603,CAP,2,Murata,GRM188,Digi-Key,490-1-ND,TDK,C1608\n'
        )
        assert (part.value, part.mpn, part.manufacturer) == ("100nF", "GRM188", "Murata")
        assert part.supplier == "Digi-Key 490-1-ND"
        assert part.alternatives == ("C1608",)

    def test_eagle_part_list(self) -> None:
        parts = _parts(
            "Part;Value;Device;Package;Library;Sheet\nR1;1k;R-EU_0603;0603;rcl;1\nR2;1k;R-EU_0603;0603;rcl;1\n"
        )
        assert [p.designators for p in parts] == [("R1",), ("R2",)]
        assert parts[0].footprint == "0603"

    def test_easyeda(self) -> None:
        (part,) = _parts(
            (
                "ID\tName\tDesignator\tFootprint\tQuantity\tManufacturer Part\tManufacturer\t"
                "Supplier\tSupplier Part\n1\t10uF\tC1,C2\tC0805\t2\tCL21A106\tSAMSUNG\tLCSC\tC15850\n"
            ).encode("utf-16")
        )
        assert (part.quantity, part.mpn, part.supplier) == (2, "CL21A106", "LCSC C15850")

    def test_jlcpcb(self) -> None:
        (part,) = _parts("Comment,Designator,Footprint,JLCPCB Part #\n1k,R1,0603,C21190\n")
        assert (part.value, part.supplier, part.quantity) == ("1k", "LCSC C21190", 1)

    def test_assembler(self) -> None:
        (part,) = _parts(
            "Item #,Ref Des,Qty,Manufacturer,Mfg Part #,Description,Package,Type\n"
            "1,U1,1,ST,STM32,MCU,QFN,SMD\n"
        )
        assert (part.designators, part.mpn, part.footprint, part.part_type) == (
            ("U1",),
            "STM32",
            "QFN",
            "SMD",
        )

    def test_mechanical_list_without_designators(self) -> None:
        parts = _parts("Part Name,Quantity,Unit\nScrew M3,4,\nRope,1.5,m\n")
        assert [(p.name, p.quantity, p.unit) for p in parts] == [("Screw M3", 4, "piece"), ("Rope", 1.5, "m")]

    @pytest.mark.parametrize(
        ("column", "cell"),
        [("DNP", "DNP"), ("DNP", "x"), ("DNP", "1"), ("Assemble", "no"), ("Populate", "0"), ("Notes", "DNP"),
         ("DNP", "do not fit"), ("Fitted", "No"), ("Mount", "n")],
    )  # fmt: skip
    def test_not_fitted_however_it_is_said(self, column: str, cell: str) -> None:
        parts = _parts(f"Reference,Value,{column}\nR1,1k,{cell}\nR2,1k,\n")
        assert [part.fitted for part in parts] == [False, True]

    @pytest.mark.parametrize("cell", ["0", "no", "", "false"])
    def test_a_not_fitted_column_that_says_no(self, cell: str) -> None:
        assert _parts(f"Reference,Value,DNP\nR1,1k,{cell}\nR2,1k,x\n")[0].fitted

    @pytest.mark.parametrize("word", ["ANY", "generic", "N/A", "-", "", "?", "TBD"])
    def test_a_filler_is_no_part_number(self, word: str) -> None:
        assert _parts(f"Reference,Value,MPN\nR1,1k,{word}\nR2,1k,RC0603\n")[0].mpn == ""


class TestQuantities:
    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            ("9.0", 9),
            ("2 pcs", 2),
            ("3x", 3),
            ("x3", 3),
            ("1,5", 1.5),
            ("4 Stk", 4),
            ("2个", 2),
            ("1 dozen", 12),
        ],
    )
    def test_numbers_people_write(self, cell: str, value: float) -> None:
        assert _parts(f'Part Name,Quantity\nBolt,"{cell}"\nNut,1\n')[0].quantity == value

    @pytest.mark.parametrize("cell", ["TBD", "lbs. TBD", "-1", "nan", "inf", "1e99", "1,000", "2-5", "all"])
    def test_text_in_a_quantity_is_an_error_that_names_the_row(self, cell: str) -> None:
        _, findings = _bill(f'Part Name,Quantity\nNut,1\nBolt,"{cell}"\n')
        (finding,) = [f for f in findings if f.code == "files.bill.quantity"]
        assert finding.where == "t.csv:row 3"
        assert cell in finding.message

    def test_a_row_without_any_count_is_an_error(self) -> None:
        assert "files.bill.no-quantity" in _codes("Part Name,Quantity\nNut,1\nBolt,\n")

    def test_designators_count_where_the_quantity_differs(self) -> None:
        data = "Reference,Value,Qty\nR1 R2 R3,1k,2\n"
        assert _parts(data)[0].quantity == 3
        assert "files.bill.count-differs" in _codes(data)

    def test_cable_lengths_need_not_agree_with_designators(self) -> None:
        data = 'Description,Qty,Unit,Designators\nWire,1.6,m,"W1, W2"\n'
        assert _parts(data)[0].quantity == 1.6
        assert "files.bill.count-differs" not in _codes(data)

    def test_a_designator_on_two_rows_is_a_warning(self) -> None:
        assert "files.bill.designator-twice" in _codes("Reference,Value\nR1 R2,1k\nR2,2k\n")

    def test_one_column_for_each_model_takes_the_first_aloud(self) -> None:
        data = "Description,small,large\nScrew,4,8\nFoot,,2\n"
        assert [(p.description, p.quantity) for p in _parts(data)] == [("Screw", 4)]
        assert "files.bill.variants" in _codes(data)

    def test_a_list_without_parts_is_an_error(self) -> None:
        assert "files.bill.empty" in _codes("Reference,Value,Qty\n")


class TestDesignators:
    @pytest.mark.parametrize(
        ("cell", "names"),
        [
            ("R1,R2", "R1 R2"),
            ("R1; R2", "R1 R2"),
            ("R1 R2 ", "R1 R2"),
            ("R1\nR2", "R1 R2"),
            ("R1-R4", "R1 R2 R3 R4"),
            ("R1 - R3, C7", "R1 R2 R3 C7"),
            ("R1–R3", "R1 R2 R3"),
            ("R1...R3", "R1 R2 R3"),
            ("R1…R3", "R1 R2 R3"),
            ("R08-R11", "R08 R09 R10 R11"),
            ("PGM/DBG1", "PGM/DBG1"),
            ("J1-2", "J1-2"),
            ("R1，R2", "R1 R2"),
        ],
    )
    def test_lists_and_ranges(self, cell: str, names: str) -> None:
        assert split_designators(cell) == tuple(names.split())

    def test_a_short_range_is_one_only_if_the_quantity_says_so(self) -> None:
        assert split_designators("R1-4", 4) == ("R1", "R2", "R3", "R4")
        assert split_designators("R1-4", 1) == ("R1-4",)

    @given(st.lists(st.from_regex(r"[A-Z]{1,3}[1-9][0-9]{0,3}", fullmatch=True), max_size=30))
    def test_a_plain_list_comes_back_as_it_was(self, names: list[str]) -> None:
        for separator in (",", ", ", " ", ";", "\n"):
            assert split_designators(separator.join(names)) == tuple(names)

    @given(st.text(max_size=60))
    def test_any_cell_is_split_without_trouble(self, cell: str) -> None:
        split_designators(cell)
        looks_like_designators(cell)


class TestPositions:
    @staticmethod
    def _read(text: str) -> tuple[list[tuple[str, float, float, float, str]], tuple[Finding, ...]]:
        table = read_table(Source(path=Path("p.csv"), name="p.csv", data=text.encode()))
        assert table is not None
        positions, findings = read_positions(table)
        return [(p.designator, p.x_mm, p.y_mm, p.rotation_deg, p.side) for p in positions], findings

    def test_units_in_cells_in_names_and_above(self) -> None:
        expected = [("C1", pytest.approx(2.54), pytest.approx(25.4), 90.0, "bottom")]
        for text in (
            "Designator,Mid X,Mid Y,Layer,Rotation\nC1,2.54mm,25.4mm,B,90\n",
            "Designator,Mid X,Mid Y,Layer,Rotation\nC1,100mil,1in,BottomLayer,90\n",
            "Designator,Center-X(mil),Center-Y(mil),Layer,Rotation\nC1,100,1000,BottomLayer,90\n",
            "## Unit = inches, Angle = deg.\n# Ref     Val       Package  PosX       PosY       Rot  Side\n"
            "C1        100 nF    C_0603   0.1000     1.0000   90.0000  bottom\n## End\n",
        ):
            assert self._read(text)[0] == expected

    def test_an_unstated_unit_is_said_aloud(self) -> None:
        _, findings = self._read("Ref,Val,Package,PosX,PosY,Rot,Side\nC1,1u,0603,1,2,0,top\n")
        assert "files.positions.unit" in {finding.code for finding in findings}

    def test_text_in_a_place_is_an_error_that_names_the_row(self) -> None:
        _, findings = self._read("Ref,PosX,PosY,Rot,Side\nC1,1,2,0,top\nC2,here,2,0,top\n")
        (finding,) = [f for f in findings if f.code == "files.positions.number"]
        assert finding.where == "p.csv:row 3"
