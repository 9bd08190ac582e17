"""The untidiness of real parts lists, one kind at a time."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.files.sources import Source
from manyworks.files.tables import Bill, Part, Table, read_bill, read_positions, read_table
from manyworks.files.tables.designators import split_designators
from manyworks.files.tables.part_cells import spoiled_number
from manyworks.files.tables.quantities import read_amount
from manyworks.files.tables.sellers import read_link, seller_of
from manyworks.model import Finding, errors


def _table(text: str | bytes, name: str = "t.csv") -> Table:
    data = text if isinstance(text, bytes) else text.encode()
    table = read_table(Source(path=Path(name), name=name, data=data))
    assert table is not None
    return table


def _bill(text: str | bytes, name: str = "t.csv") -> tuple[Bill, tuple[Finding, ...]]:
    return read_bill(_table(text, name))


def _part(header: str, row: str) -> Part:
    (part,) = _bill(f"{header}\n{row}\n")[0].parts
    return part


def _codes(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in findings}


class TestShapeOfTheTable:
    def test_leading_blanks_in_column_names(self) -> None:
        part = _part("Reference, Quantity, Value, Footprint", "R1 R2 , 2, 1k, 0603")
        assert (part.designators, part.quantity, part.value, part.footprint) == (
            ("R1", "R2"),
            2,
            "1k",
            "0603",
        )

    def test_two_rows_of_column_names_without_merged_cells(self) -> None:
        bill, _ = _bill(
            "Reference,Qty,Manufacturer,,Supplier,\n,,Name,Part Number,Name,Part Number\n"
            "R1,1,Yageo,RC0603FR-071KL,Mouser,603-RC0603FR-071KL\n"
        )
        (part,) = bill.parts
        assert (part.manufacturer, part.mpn, part.supplier) == (
            "Yageo",
            "RC0603FR-071KL",
            "Mouser 603-RC0603FR-071KL",
        )

    def test_title_rows_are_told_and_are_no_parts(self) -> None:
        bill, findings = _bill("Bill of materials\nBoard X rev 2,,\n\nDesignator,Value,Qty\nR1,1k,1\n")
        assert [part.designators for part in bill.parts] == [("R1",)]
        assert "files.table.title" in _codes(findings)

    def test_the_column_names_again_further_down_are_no_part(self) -> None:
        bill, _ = _bill("Designator,Value,Qty\nR1,1k,1\nDesignator,Value,Qty\nC1,1u,1\n")
        assert [other.why for other in bill.other_rows] == ["the column names again"]
        assert len(bill.parts) == 2

    def test_headings_and_sums_between_the_parts_are_named_as_such(self) -> None:
        bill, findings = _bill("Designator,Value,Qty\nResistors,,\nR1,1k,1\nTotal,,1\n")
        assert [other.why for other in bill.other_rows] == ["a heading", "a summary"]
        assert not errors(findings)

    def test_a_cell_with_an_open_quotation_mark_does_not_swallow_the_rest(self) -> None:
        bill, findings = _bill('Designator,Value,Qty\nR1,"1k,1\nR2,2k,1\nR3,3k,1\n')
        assert len(bill.parts) == 3
        assert "files.table.quotes" in _codes(findings)

    def test_a_comma_in_a_cell_without_quotes_is_pointed_out(self) -> None:
        _, findings = _bill("Designator,Value,Description\nR1,1k,chip, thick film\nR2,1k,chip\n")
        assert "files.table.ragged" in _codes(findings)

    def test_a_column_nobody_knows_is_named_even_without_a_name(self) -> None:
        _, findings = _bill("Designator,Value,Zorx,\nR1,1k,7,secret\n")
        (finding,) = [finding for finding in findings if finding.code == "files.table.columns-unknown"]
        assert "Zorx" in finding.message
        assert "number 4" in finding.message

    def test_a_hint_at_the_delimiter_above_the_table(self) -> None:
        assert _bill("sep=;\nDesignator;Value;Qty\nR1;4,7k;1\n")[0].parts[0].value == "4,7k"

    def test_what_guards_a_cell_from_the_spreadsheet_program_is_taken_off(self) -> None:
        assert _part("Designator,Value,Footprint", 'R1,1k,"=""0603"""').footprint == "0603"

    def test_what_was_understood_of_each_column_can_be_shown(self) -> None:
        table = _table("Designator,Comment,LCSC Part #,Zorx\nR1,1k,C21190,9\n")
        shown = [(column.name, column.role, column.seller) for column in table.understood]
        assert shown == [
            ("Designator", "designator", ""),
            ("Comment", "value", ""),
            ("LCSC Part #", "supplier_part", "LCSC"),
            ("Zorx", "unknown", ""),
        ]


class TestConventions:
    @pytest.mark.parametrize(
        ("header", "roles"),
        [
            ("Reference,Value,Datasheet,Footprint,Qty,DNP",
             "designator value datasheet footprint quantity dnp"),
            (
                '"Reference","Qty","Value","DNP","Exclude from BOM","Exclude from Board",'
                '"Footprint","Datasheet"',
                "designator quantity value dnp dnp ignore footprint datasheet",
            ),
            (
                "Component,Description,Part,Part Lib,References,Value,Footprint,Footprint Lib,"
                "Quantity Per PCB,Build Quantity,Datasheet",
                "line description value_generic ignore designator value footprint footprint_library quantity "
                "quantity_alternative datasheet",
            ),
            ("Item #,Ref Des,Qty,Manufacturer,Mfg Part #,Description,Package,Type,Confirmed",
             "line designator quantity manufacturer mpn description footprint part_type status"),
            ("Qty,Value,Device,Package,Parts,Description,MPN,MF,OC_FARNELL",
             "quantity value value_generic footprint designator description mpn manufacturer supplier_part"),
            ("Comment,Designator,Footprint,JLCPCB Part #", "value designator footprint supplier_part"),
            ("Qty,MPN,Manufacturer,Schematic Reference,Internal Part Number,Description",
             "quantity mpn manufacturer designator internal_part description"),
            ("Part,Value,Device,Package,Library,Sheet",
             "designator value value_generic footprint footprint_library ignore"),
            ("Board,Designator,MFPN,Dist,DPN,Qty Per Unit,PCBA,Note",
             "unknown designator mpn supplier supplier_part quantity assembly notes"),
            ("No,位号,参数,封装,数量,型号,厂商", "line designator value footprint quantity mpn manufacturer"),
        ],
        ids=["kicad", "kicad8", "kibom", "assembler", "eagle", "jlcpcb", "octopart", "partlist", "badge",
             "chinese"],
    )  # fmt: skip
    def test_columns_of_a_tool(self, header: str, roles: str) -> None:
        cells = {"designator": "R1", "line": "1", "quantity": "1", "quantity_alternative": "1", "dnp": ""}
        row = ",".join(cells.get(role, "x9") for role in roles.split())
        assert list(_table(f"{header}\n{row}\n").columns.roles) == roles.split()

    @pytest.mark.parametrize(
        ("text", "roles"),
        [
            ("Id;Designator;Footprint;Quantity;Designation;Supplier and ref\n1;R1,R2;R_0603;2;10k;LCSC C1",
             "line designator footprint quantity value supplier_part"),
            ("Item#,Designator,Qty,Mfg Part#,Description / Value,Package/Footprint,Mounting Type,"
             "Your Instructions / Notes\n1,R1,1,RC,10k,0603,SMD,",
             "line designator quantity mpn description footprint part_type notes"),
            ("Designator,Manufacturer Part Number or Seeed SKU,Quantity,Link\nR1,RC0603,1,http://x.y/z",
             "designator mpn quantity supplier_link"),
            ("Level,Part Number,Rev,Part Name,Quantity,Unit of Measure,Reference Designators,BOM Notes\n"
             "1,100-2,A,Res,1,ea,R1,", "ignore mpn ignore name quantity unit designator notes"),
            ("ITEM NO.,PART NUMBER,DESCRIPTION,MATERIAL,QTY.\n1,ABC-1,Plate,AL6061,2",
             "line mpn description material quantity"),
            ("Part,Quantity,Supplier,Link,Price per unit,Total\nM3x8 bolt,4,McMaster,http://x.y,0.1,0.4",
             "value_generic quantity supplier supplier_link price price"),
            ("Pos;Menge;Einheit;Bezeichnung;Artikelnummer;Lieferant;Preis\n1;2;Stk;Schraube;123;Würth;0,1",
             "line quantity unit name internal_part supplier price"),
            ("Qty,Value,Device,Parts\n2,10k,R-EU_0603,\"R1, R2\"", "quantity value value_generic designator"),
            ("#Designator,X,Y,R,Side,Value,Footprint\nR1,1,2,90,top,10k,0603",
             "designator x y rotation side value footprint"),
            ("Designator,Package,X,Y,Rotation,Side,Feeder,Nozzle\nR1,0603,1,2,90,Top,3,2",
             "designator footprint x y rotation side ignore ignore"),
        ],
    )  # fmt: skip
    def test_columns_of_lists_nobody_prepared(self, text: str, roles: str) -> None:
        assert list(_table(text + "\n").columns.roles) == roles.split()

    def test_a_seller_named_in_the_cell_of_its_number(self) -> None:
        assert (
            _part("Designator,Designation,Supplier and ref", "R1,10k,LCSC C25804").supplier == "LCSC C25804"
        )

    def test_a_line_of_prose_does_not_make_columns_of_blanks(self) -> None:
        table = _table('Part Name,Quantity\nTape,"Sq ft qty from STEP files"\nNut,1\n')
        assert table.grid.delimiter == ","

    def test_an_eagle_partlist_in_columns_of_blanks(self) -> None:
        text = (
            "Partlist\n\nExported from x.sch at 1/1/26 10:00\n\nEAGLE Version 9.6.2\n\n"
            "Part     Value          Device       Package   Library  Sheet\n\n"
            "C1       100nF 50V      C-EUC0402    C0402     rcl      1\n"
            "R1                      R-EU_R0603   R0603     rcl      1\n"
            "X1       MICRO USB      USB-MICRO    USB       con      2\n"
        )
        bill, _ = _bill(text, "x.txt")
        assert [(p.designators, p.value, p.footprint) for p in bill.parts] == [
            (("C1",), "100nF 50V", "C0402"),
            (("R1",), "R-EU_R0603", "R0603"),
            (("X1",), "MICRO USB", "USB"),
        ]

    def test_two_columns_of_alternates(self) -> None:
        part = _part("Designator,MPN,Alternate MPN,Alternate MPN 2,Value", "U1,LM358DR,LM358D,LM358ADR,x")
        assert part.alternatives == ("LM358D", "LM358ADR")

    def test_designators_that_go_on_in_the_next_row(self) -> None:
        bill, findings = _bill('Designator,Value,Qty\n"R1,R2",1k,4\n"R3,R4",,\nC1,1u,1\n')
        assert [(p.designators, p.quantity) for p in bill.parts] == [
            (("R1", "R2", "R3", "R4"), 4),
            (("C1",), 1),
        ]
        assert "files.bill.count-differs" not in _codes(findings)

    def test_an_alternative_in_a_row_of_its_own(self) -> None:
        bill, _ = _bill("Designator,Value,Qty,MPN\nU1,LDO,1,AP2112K-3.3\n,,,TLV70033DDCR\nC1,1u,1,GRM188\n")
        assert [(p.mpn, p.alternatives) for p in bill.parts] == [
            ("AP2112K-3.3", ("TLV70033DDCR",)),
            ("GRM188", ()),
        ]

    def test_prefixes_of_a_panel_are_kept(self) -> None:
        assert split_designators("rU4, rR1") == ("rU4", "rR1")


class TestOrders:
    @pytest.mark.parametrize(
        ("text", "supplier", "mpn", "designators"),
        [
            ("Digi-Key Part Number,Manufacturer Part Number,Customer Reference,Quantity 1,Quantity 2\n"
             "311-15LRCT-ND,RC0402FR-0715RL,R3 R4,2,0\n",
             "Digi-Key 311-15LRCT-ND", "RC0402FR-0715RL", "R3 R4"),
            ("Index,Quantity,Part Number,Manufacturer Part Number,Description,Customer Reference\n"
             "1,2,311-15LRCT-ND,RC0402FR-0715RL,RES,R3 R4\n2,1,296-1ND-ND,SN74,IC,U1\n",
             "Digi-Key 311-15LRCT-ND", "RC0402FR-0715RL", "R3 R4"),
            ("603-RC0402FR-0715RL|2|R3 R4\n595-TPS62743YFPR|1|U1\n",
             "Mouser 603-RC0402FR-0715RL", "", "R3 R4"),
            ("LCSC Part Number,Manufacture Part Number,Manufacturer,Customer NO.,Package,Description,RoHS,"
             "Order Qty.\n"
             "C25744,0402WGF1002TCE,UNI-ROYAL,,0402,10k,YES,2\n", "LCSC C25744", "0402WGF1002TCE", ""),
            ("Order Code,Manufacturer Part No,Manufacturer,Quantity,Line Note\n"
             "9239278,RC0402FR-0715RL,YAGEO,2,R3 R4\n", "Farnell 9239278", "RC0402FR-0715RL", "R3 R4"),
        ],
        ids=["digikey", "digikey cart", "mouser", "lcsc", "farnell"],
    )  # fmt: skip
    def test_carts(self, text: str, supplier: str, mpn: str, designators: str) -> None:
        bill, _ = _bill(text)
        part = bill.parts[0]
        assert (part.mpn, part.designators, part.quantity) == (mpn, tuple(designators.split()), 2)
        assert part.supplier == supplier
        assert bill.table.kind == "order"


class TestFitting:
    @pytest.mark.parametrize(
        "word",
        [
            "DNP",
            "DNF",
            "NP",
            "do not fit",
            "do not stuff",
            "Do Not Populate",
            "x",
            "1",
            "not fitted",
            "不贴",
            "DNP!",
        ],
    )
    def test_words_and_marks_of_a_dnp_column(self, word: str) -> None:
        bill, _ = _bill(f"Designator,Value,DNP\nR1,1k,{word}\nR2,1k,\n")
        assert [part.fitted for part in bill.parts] == [False, True]

    @pytest.mark.parametrize("column", ["Populate", "Assemble", "Fitted", "Mount", "PCBA"])
    @pytest.mark.parametrize(("word", "fitted"), [("no", False), ("yes", True), ("0", False), ("DNP", False)])
    def test_columns_that_ask_the_other_way_round(self, column: str, word: str, fitted: bool) -> None:
        bill, _ = _bill(f"Designator,Value,{column}\nR1,1k,{word}\nR2,1k,yes\n")
        assert [part.fitted for part in bill.parts] == [fitted, True]

    def test_a_plain_word_means_the_same_in_either_column(self) -> None:
        assert _part("Designator,Value,DNP", "R1,1k,fitted").fitted
        assert not _part("Designator,Value,Fitted", "R1,1k,not fitted").fitted

    def test_two_columns_that_say_it(self) -> None:
        bill, _ = _bill(
            "Reference,Value,DNP,Exclude from BOM\nR1,1k,,Excluded from BOM\nR2,1k,DNP,\nR3,1k,,\n"
        )
        assert [part.fitted for part in bill.parts] == [False, False, True]

    @pytest.mark.parametrize("value", ["DNP", "10k DNP", "DNP 10k", "10k (DNP)", "10k/NC", "10k, do not fit"])
    def test_values_that_say_it(self, value: str) -> None:
        part = _part("Designator,Value", f'R1,"{value}"')
        assert not part.fitted
        assert part.value == ("DNP" if value == "DNP" else "10k")

    @pytest.mark.parametrize("value", ["100n NP0", "SN74NC7", "NCP1117", "DNPX"])
    def test_values_that_only_look_like_it(self, value: str) -> None:
        assert _part("Designator,Value", f"C1,{value}").fitted

    def test_a_cell_that_says_neither_is_asked_about(self) -> None:
        bill, findings = _bill("Designator,Value,DNP\nR1,1k,rev B only\nR2,1k,x\n")
        assert bill.parts[0].fitted
        assert "files.bill.fitted-unclear" in _codes(findings)

    @pytest.mark.parametrize(
        ("designator", "footprint", "kind"),
        [
            ("FID1", "Fiducial_1mm", "fiducial"),
            ("H1", "MountingHole_3.2mm_M3", "mounting hole"),
            ("TP4", "TestPoint_Pad_D1.0mm", "test point"),
            ("G***", "LOGO", "logo"),
            ("R1", "R_0603_1608Metric", "part"),
        ],
    )
    def test_rows_that_are_no_parts_to_buy_say_what_they_are(
        self, designator: str, footprint: str, kind: str
    ) -> None:
        assert _part("Designator,Value,Footprint", f"{designator},x,{footprint}").kind == kind


class TestQuantities:
    @pytest.mark.parametrize(
        ("cell", "number", "unit"),
        [
            ("325.4mm L", 0.3254, "m"),
            ("1,5 m", 1.5, "m"),
            ("2 pcs", 2, "piece"),
            ("2 ft²", 0.18580608, "m2"),
            ("3 rolls", 3, "roll"),
            ("0.5 kg", 0.5, "kg"),
            ("250g", 0.25, "kg"),
            ("12 in", 0.3048, "m"),
            ("100 ml", 0.1, "L"),
            ("9.0", 9, ""),
        ],
    )
    def test_units_in_the_cell(self, cell: str, number: float, unit: str) -> None:
        amount = read_amount(cell)
        assert amount is not None
        assert (amount.number, amount.unit) == (pytest.approx(number), unit)

    @pytest.mark.parametrize(
        "cell", ["TBD", "Sq ft qty from STEP files", "lbs. TBD", "2-5", "1,000", "as required"]
    )
    def test_what_is_no_quantity(self, cell: str) -> None:
        assert read_amount(cell) is None
        bill, findings = _bill(f'Part Name,Quantity\nTape,"{cell}"\nNut,1\n')
        assert [part.name for part in bill.left_out] == ["Tape"]
        assert "files.bill.quantity" in _codes(findings)

    def test_units_in_a_column_in_its_name_and_in_a_note(self) -> None:
        assert _part("Part Name,Quantity,Unit", "Rope,150,cm").quantity == pytest.approx(1.5)
        part = _part("Part Name,Quantity (mm)", "Rope,1500")
        assert (part.quantity, part.unit) == (pytest.approx(1.5), "m")
        part = _part("Part Name,Quantity,Note", "Filament,1.2,Units in kg.")
        assert (part.quantity, part.unit) == (1.2, "kg")

    def test_a_unit_nobody_knows_is_kept_and_asked_about(self) -> None:
        bill, findings = _bill("Part Name,Quantity,Unit\nRope,2,furlongs\n")
        assert bill.parts[0].unit == "furlongs"
        assert "files.bill.unit" in _codes(findings)

    def test_how_a_length_was_read_is_kept_with_the_part(self) -> None:
        assert _part("Part Name,Quantity", "Tape,325.4mm L").understood == ("325.4mm L is 0.3254 m",)

    @given(st.text(max_size=30), st.text(max_size=8))
    def test_any_cell_is_read_without_trouble(self, cell: str, unit: str) -> None:
        amount = read_amount(cell, unit)
        assert amount is None or 0 <= amount.number <= 1e9 * 1000


class TestDesignators:
    @pytest.mark.parametrize(
        "cell",
        [
            "R1-R4",
            "R1…R4",
            "R1..R4",
            "R1~R4",
            "R1 to R4",
            "R1 - R4",
            "R1—R4",
            "R1:R4",
            "R1 thru R4",
            "Ｒ１-Ｒ４",
        ],
    )
    def test_ranges(self, cell: str) -> None:
        assert split_designators(cell) == ("R1", "R2", "R3", "R4")

    @pytest.mark.parametrize("cell", ["R1/R2", "R1+R2", "R1 & R2", "R1 and R2", "R1、R2", "R1;R2", "R1|R2"])
    def test_separators(self, cell: str) -> None:
        assert split_designators(cell) == ("R1", "R2")

    @pytest.mark.parametrize("cell", ["PGM/DBG1", "J1-2", "D+", "USB-C1", "REF**"])
    def test_names_that_stay_whole(self, cell: str) -> None:
        assert split_designators(cell) == (cell,)

    def test_letters_that_only_look_latin(self) -> None:
        bill, findings = _bill("Designator,Value\nС1,1u\n")
        assert bill.parts[0].designators == ("C1",)
        assert "files.bill.letters" in _codes(findings)


class TestPartNumbers:
    HEADER = "Designator,Value,MPN"

    @pytest.mark.parametrize(
        ("cell", "supplier"),
        [
            ("C15850", "LCSC C15850"),
            ("311-1.00KHRCT-ND", "Digi-Key 311-1.00KHRCT-ND"),
            ("603-RC0603FR-071KL", "Mouser 603-RC0603FR-071KL"),
        ],
    )
    def test_a_sellers_number_among_makers_numbers_is_moved(self, cell: str, supplier: str) -> None:
        part = _part(self.HEADER, f"R1,1k,{cell}")
        assert (part.mpn, part.supplier) == ("", supplier)
        assert part.understood

    def test_seven_digits_are_moved_only_where_farnell_is_named(self) -> None:
        assert _part("Designator,MPN,Supplier", "J1,9239278,Farnell").supplier == ""
        part = _part("Designator,MPN,Supplier,Supplier Part", "J1,9239278,Farnell,")
        assert part.mpn == "9239278"
        _, findings = _bill("Designator,Value,MPN\nJ1,x,1775855\n")
        assert "files.bill.part-number" in _codes(findings)

    @pytest.mark.parametrize(
        "number",
        [
            "10-89-7062",
            "640456-2",
            "TJA1042T/3/1J",
            "LM2596S-5.0/NOPB",
            "74LVC1G07GW,125",
            "1N4148",
            "C0603C104K5RAC",
        ],
    )
    def test_makers_numbers_stay(self, number: str) -> None:
        part = _part(self.HEADER, f'U1,x,"{number}"')
        assert (part.mpn, part.supplier, part.alternatives) == (number, "", ())

    @pytest.mark.parametrize(
        "cell",
        ["LM358DR / LM358D", "LM358DR or LM358D", '"LM358DR\nLM358D"', "LM358DR;LM358D", '"LM358DR, LM358D"'],
    )
    def test_several_numbers_in_a_cell(self, cell: str) -> None:
        part = _part(self.HEADER, f"U1,x,{cell}")
        assert (part.mpn, part.alternatives) == ("LM358DR", ("LM358D",))

    def test_two_whole_numbers_with_a_bare_slash(self) -> None:
        part = _part(self.HEADER, "U1,x,SN65HVD230DR/SN65HVD231DR")
        assert part.alternatives == ("SN65HVD231DR",)

    def test_letters_that_only_look_latin_are_replaced_aloud(self) -> None:
        bill, findings = _bill("Designator,Value,MPN\nC1,1u,СL10А105\n")
        assert bill.parts[0].mpn == "CL10A105"
        assert "files.bill.part-number" in _codes(findings)

    @pytest.mark.parametrize("cell", ["1E5", "1.00E+05", "2003-02-01", "2-Mar", "Mar-03", "01.02.2003"])
    def test_spoiled_by_a_spreadsheet(self, cell: str) -> None:
        assert spoiled_number(cell)
        assert "files.bill.spoiled" in _codes(_bill(f"Designator,Value,MPN\nR1,1k,{cell}\n")[1])

    @pytest.mark.parametrize("number", ["1N4148", "2N3904", "RC0603FR-071KL", "1775855", "BC847", "MAX3232"])
    def test_not_spoiled(self, number: str) -> None:
        assert spoiled_number(number) == ""

    def test_text_in_the_column_of_a_sellers_numbers_describes_the_part(self) -> None:
        part = _part("Designator,Value,LCSC Part #", "C1,10n,Generic C/10nF/X7R/25V/0603")
        assert (part.supplier, part.description) == ("", "Generic C/10nF/X7R/25V/0603")


class TestLinks:
    @pytest.mark.parametrize(
        ("url", "seller", "part", "mpn"),
        [
            ("https://lcsc.com/product-detail/MLCC_X_C15850.html", "LCSC", "C15850", ""),
            ("https://www.lcsc.com/product-detail/C268294.html?s=1", "LCSC", "C268294", ""),
            ("https://jlcpcb.com/partdetail/16505-CL21A106KAYNNNE/C15850", "LCSC", "C15850", ""),
            ("https://www.digikey.de/en/products/detail/yageo/RC0402FR-0715RL/726367",
             "Digi-Key", "", "RC0402FR-0715RL"),
            ("https://www.mouser.com/ProductDetail/Yageo/RC0402FR-0715RL?qs=x",
             "Mouser", "", "RC0402FR-0715RL"),
            ("https://uk.farnell.com/yageo/rc0402fr-0715rl/res-15r/dp/9239278",
             "Farnell", "9239278", "rc0402fr-0715rl"),
            ("https://www.mcmaster.com/91294A133/", "McMaster-Carr", "91294A133", ""),
            ("https://www.amazon.com/gp/product/B01EA912P8", "Amazon", "B01EA912P8", ""),
            ("https://example.org/data.pdf", "", "", ""),
        ],
    )  # fmt: skip
    def test_a_link_names_the_part(self, url: str, seller: str, part: str, mpn: str) -> None:
        link = read_link(url)
        assert (link.seller, link.part, link.mpn) == (seller, part, mpn)

    def test_a_list_with_links_only(self) -> None:
        part = _part("Part Name,Quantity,Link", "Capacitor,2,https://lcsc.com/product-detail/X_C15850.html")
        assert (part.supplier, part.link) == ("LCSC C15850", "https://lcsc.com/product-detail/X_C15850.html")

    @given(st.text(max_size=200))
    def test_any_text_is_no_trouble(self, text: str) -> None:
        read_link("https://lcsc.com/" + text)
        seller_of(text)


def test_ten_million_rows_end_soon_in_bounded_memory_with_one_finding() -> None:
    data = b"R,1\n" * 10 + b"Value,Qty\n" + b"1\n" * 9_900_000
    tracemalloc.start()
    table = _table(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    bill, findings = read_bill(table)
    assert [finding.code for finding in findings] == ["files.table.too-long"]
    assert len(bill.rows) <= 50_000
    assert most < 400_000_000


@given(st.text(alphabet=st.sampled_from('ab1,;|\t\n" #RQ!.-'), max_size=300))
def test_any_text_is_a_table_or_none(text: str) -> None:
    data = ("Designator,Value,Qty,X,Y\n" + text).encode()
    table = read_table(Source(path=Path("t.csv"), name="t.csv", data=data))
    if table is not None:
        bill, _ = read_bill(table)
        assert len(bill.rows) + len(bill.other_rows) == len(table.grid.body)
        read_positions(table)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_none(data: bytes) -> None:
    read_table(Source(path=Path("t.csv"), name="t.csv", data=data))


def test_rows_of_other_models_are_counted_aloud_whether_they_say_0_or_nothing() -> None:
    bill, findings = _bill(
        "Description,Part Number,desk,tower\nfan,A1,2,0\nfoot,B2,0,4\nlid,C3,,1\nfoil,D4,TBD,1\n"
    )
    assert [part.mpn for part in bill.parts] == ["A1"]
    (told,) = [finding for finding in findings if finding.code == "files.bill.other-models"]
    assert told.message.startswith("2 rows ")
    assert [f.where for f in findings if f.code == "files.bill.quantity"] == ["t.csv:row 5"]
