"""Spreadsheets: every sheet a table of its own, nothing counted twice, nothing unbounded."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.files.sources import Source
from manyworks.files.tables import Bill, Table, read_bill, read_positions, read_tables
from manyworks.files.tables.rows import column_letters
from manyworks.model import Finding, errors

Cells = Mapping[str, list[list[object]]]
DATE = "date"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def _cell(row: int, column: int, value: object) -> str:
    place = f"{column_letters(column)}{row + 1}"
    if isinstance(value, tuple):  # (DATE, serial number of the day)
        return f'<c r="{place}" s="1"><v>{value[1]}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = str(value).replace("&", "&amp;").replace("<", "&lt;")
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>' if text else ""


def _sheet(rows: list[list[object]], merged: list[str]) -> str:
    lines = "".join(
        f'<row r="{r + 1}">' + "".join(_cell(r, c, value) for c, value in enumerate(row)) + "</row>"
        for r, row in enumerate(rows)
    )
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    areas = f"<mergeCells>{areas}</mergeCells>" if areas else ""
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>{areas}</worksheet>'
    )


def xlsx(
    sheets: Cells, *, hidden: tuple[str, ...] = (), merged: list[str] | None = None, raw: str = ""
) -> bytes:
    """An .xlsx file written by hand; `raw` replaces the XML of every sheet."""
    numbers = range(1, len(sheets) + 1)
    book = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"' + (' state="hidden"/>' if name in hidden else "/>")
        for n, name in zip(numbers, sheets, strict=True)
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    relations += f'<Relationship Id="r99" Type="{_LINKS}/styles" Target="styles.xml"/>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{book}</sheets></workbook>',
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        )
        file.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        )
        for n, rows in zip(numbers, sheets.values(), strict=True):
            file.writestr(f"xl/worksheets/sheet{n}.xml", raw or _sheet(rows, merged or []))
    return content.getvalue()


def ods(rows: list[list[object]], repeated: str = "") -> bytes:
    """An OpenDocument spreadsheet with one sheet called Parts."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"{repeated}>'
            f"<text:p>{value}</text:p></table:table-cell>"
            for value in row
        )
        + "</table:table-row>"
        for row in rows
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    text = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Parts">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0"><manifest:file-entry '
            'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        )
        file.writestr("content.xml", text)
    return content.getvalue()


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def xls(rows: list[list[object]]) -> bytes:
    """An old Excel file (BIFF8 in a compound file) with one sheet called Parts."""
    begin = struct.pack("<HHHHII", 0x0600, 0, 0, 0, 0, 0x0006)
    sheet = _record(0x0809, begin[:2] + b"\x10\x00" + begin[4:])
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            place = struct.pack("<HHH", r, c, 0)
            if isinstance(value, float):
                sheet += _record(0x0203, place + struct.pack("<d", value))
            else:
                text = str(value).encode("latin-1")
                sheet += _record(0x0204, place + struct.pack("<HB", len(text), 0) + text)
    sheet += _record(0x000A, b"")
    head = _record(0x0809, begin[:2] + b"\x05\x00" + begin[4:])
    offset = len(head) + 4 + 8 + len("Parts") + 4
    head += _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, 5, 0) + b"Parts") + _record(0x000A, b"")
    stream = (head + sheet).ljust(4096, b"\0")
    stream = stream.ljust(-(-len(stream) // 512) * 512, b"\0")
    sectors = len(stream) // 512
    chain = [*range(1, sectors), 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFD]
    allocation = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        label = name.encode("utf-16-le") + b"\0\0"
        return (
            label.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(label), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 0, len(stream))
    directory = directory.ljust(512, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHHHIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 1, sectors, 0, 4096,
                          0xFFFFFFFE, 0, 0xFFFFFFFE, 0)  # fmt: skip
    header += struct.pack("<I", sectors + 1) + b"\xff" * 4 * 108
    return header + stream + directory + allocation


def _read(data: bytes, name: str = "parts.xlsx") -> tuple[tuple[Table, ...], tuple[Finding, ...]]:
    return read_tables(Source(path=Path(name), name=name, data=data))


def _bill(data: bytes, name: str = "parts.xlsx") -> tuple[Bill, tuple[Finding, ...]]:
    (table,), _ = _read(data, name)
    return read_bill(table)


def _codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


LIST: list[list[object]] = [["Designator", "Value", "Qty"], ["R1, R2", "1k", 2.0], ["C1", "100n", 1.0]]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (xlsx({"Parts": LIST}), "p.xlsx"),
        (xlsx({"Parts": LIST}), "p.xlsm"),
        (xls(LIST), "p.xls"),
        (ods(LIST), "p.ods"),
    ],
    ids=["xlsx", "xlsm", "xls", "ods"],
)
def test_one_list_in_every_spreadsheet_format(data: bytes, name: str) -> None:
    bill, findings = _bill(data, name)
    assert [(p.designators, p.value, p.quantity) for p in bill.parts] == [
        (("R1", "R2"), "1k", 2.0),
        (("C1",), "100n", 1.0),
    ]
    assert bill.parts[1].where == f"{name}!Parts:row 3"
    assert not errors(findings)


def test_rows_keep_the_numbers_the_spreadsheet_program_shows() -> None:
    rows: list[list[object]] = [[], [], ["", "My board rev B"], [], *[["", *row] for row in LIST]]
    bill, findings = _bill(xlsx({"BOM": rows}))
    assert [part.where for part in bill.parts] == ["parts.xlsx!BOM:row 6", "parts.xlsx!BOM:row 7"]
    assert "files.table.title" in _codes(findings)


def test_an_order_sheet_beside_the_list_does_not_double_it() -> None:
    order: list[list[object]] = [
        ["Qty", "Ref Des", "Digi-Key #"],
        [2.0, "R1, R2", "311-1K-ND"],
        [1.0, "C1", "399-ND"],
    ]
    tables, findings = _read(xlsx({"Order": order, "BOM": LIST}))
    assert {table.sheet: table.kind for table in tables} == {"Order": "order", "BOM": "bill"}
    assert "files.sheet.repeats" in _codes(findings)


def test_a_second_copy_of_the_list_is_named_and_not_added() -> None:
    tables, findings = _read(xlsx({"BOM": LIST, "BOM old": LIST}))
    assert [table.kind for table in tables] == ["bill", "order"]
    (finding,) = [finding for finding in findings if finding.code == "files.sheet.repeats"]
    assert finding.where == "parts.xlsx!BOM old"


def test_lists_of_two_boards_with_the_same_designators_are_both_lists() -> None:
    other: list[list[object]] = [["Designator", "Value", "Qty"], ["R1, R2", "47R", 2.0], ["C1", "10u", 1.0]]
    tables, _ = _read(xlsx({"Main": LIST, "Display": other}))
    assert [table.kind for table in tables] == ["bill", "bill"]


def test_sheets_of_other_parts_are_lists_of_their_own() -> None:
    screws: list[list[object]] = [["Part Name", "Quantity"], ["Screw M3", 4.0]]
    tables, _ = _read(xlsx({"Electronics": LIST, "Mechanics": screws}))
    assert [table.kind for table in tables] == ["bill", "bill"]


def test_a_hidden_sheet_is_named_and_only_read_where_it_is_the_only_list() -> None:
    tables, findings = _read(xlsx({"BOM": LIST, "Old": [*LIST, ["R9", "1M", 1.0]]}, hidden=("Old",)))
    assert [table.sheet for table in tables] == ["BOM"]
    assert "files.sheet.hidden" in _codes(findings)
    tables, findings = _read(xlsx({"Old": LIST}, hidden=("Old",)))
    assert [table.sheet for table in tables] == ["Old"]
    assert "files.sheet.hidden" in _codes(findings)


def test_a_sheet_that_is_no_table_is_named() -> None:
    tables, findings = _read(xlsx({"Cover": [["Made by us"], ["for you"]], "BOM": LIST}))
    assert [table.sheet for table in tables] == ["BOM"]
    assert [finding.where for finding in findings] == ["parts.xlsx!Cover"]


def test_a_place_list_in_a_spreadsheet_is_read_with_its_unit() -> None:
    rows: list[list[object]] = [["Designator", "Mid X (mil)", "Mid Y (mil)", "Layer", "Rotation"],
                                ["R1", 100.0, 1000.0, "Top", 90.0]]  # fmt: skip
    (table,), _ = _read(xlsx({"CPL": rows}))
    (position,), _ = read_positions(table)
    assert (position.x_mm, position.y_mm, position.side) == (pytest.approx(2.54), pytest.approx(25.4), "top")


def test_two_rows_of_column_names_with_merged_titles() -> None:
    rows: list[list[object]] = [
        ["Ref Des", "Qty", "Manufacturer", "", "Supplier", ""],
        ["", "", "Name", "Part Number", "Name", "Part Number"],
        ["R1", 1.0, "Yageo", "RC0603FR-071KL", "Digi-Key", "311-1.00KHRCT-ND"],
    ]
    (part,) = _bill(xlsx({"BOM": rows}, merged=["A1:A2", "B1:B2", "C1:D1", "E1:F1"]))[0].parts
    assert (part.designators, part.manufacturer, part.mpn) == (("R1",), "Yageo", "RC0603FR-071KL")
    assert part.supplier == "Digi-Key 311-1.00KHRCT-ND"


def test_a_merged_designator_makes_the_rows_below_alternatives() -> None:
    rows: list[list[object]] = [
        ["Designator", "Value", "Qty", "MPN"],
        ["R1, R2", "1k", 2.0, "RC0603FR-071KL"],
        ["", "", "", "CRCW06031K00FKEA"],
    ]
    bill, findings = _bill(xlsx({"BOM": rows}, merged=["A2:A3", "B2:B3", "C2:C3"]))
    assert [(p.designators, p.mpn, p.alternatives) for p in bill.parts] == [
        (("R1", "R2"), "RC0603FR-071KL", ("CRCW06031K00FKEA",))
    ]
    assert len(bill.other_rows) == 1
    assert "files.bill.designator-twice" not in _codes(findings)


def test_numbers_are_written_as_people_see_them() -> None:
    rows: list[list[object]] = [
        ["Designator", "Qty", "Footprint", "MPN", "Value"],
        ["R1", 1.0, 805, 1775855.0, 0.1],
    ]
    (part,) = _bill(xlsx({"BOM": rows}))[0].parts
    assert (part.quantity, part.footprint, part.mpn, part.value) == (1, "805", "1775855", "0.1")


@pytest.mark.parametrize(("value", "what"), [((DATE, 36557), "a date"), (100000.0, "a power of ten")])
def test_a_part_number_that_became_a_date_or_a_power_is_a_warning_that_names_the_cell(
    value: object, what: str
) -> None:
    rows: list[list[object]] = [["Designator", "Qty", "Value", "MPN"], ["R1", 1.0, "1k", value]]
    _, findings = _bill(xlsx({"BOM": rows}))
    (finding,) = [finding for finding in findings if finding.code == "files.bill.spoiled"]
    assert finding.where == "parts.xlsx!BOM:row 2"
    assert "D2" in finding.message
    assert what in finding.message


def test_links_behind_cells_are_read() -> None:
    rows: list[list[object]] = [["Designator", "Value", "Qty", "Buy"], ["C1", "100n", 1.0, "here"]]
    data = io.BytesIO(xlsx({"BOM": rows}))
    with zipfile.ZipFile(data) as file:
        members = {name: file.read(name) for name in file.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    link = f'<hyperlinks><hyperlink xmlns:r="{_LINKS}" ref="D2" r:id="r1"/></hyperlinks></worksheet>'
    members[sheet] = members[sheet].replace(b"</worksheet>", link.encode())
    members["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_LINKS}/hyperlink" '
        'Target="https://lcsc.com/product-detail/X_C14663.html" TargetMode="External"/></Relationships>'
    ).encode()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, text in members.items():
            file.writestr(name, text)
    (part,) = _bill(content.getvalue())[0].parts
    assert (part.value, part.supplier) == ("100n", "LCSC C14663")
    assert part.link == "https://lcsc.com/product-detail/X_C14663.html"


def test_a_formula_with_a_link_shows_its_text_and_keeps_the_link() -> None:
    text = 'Designator,Value,Qty\nC1,"=HYPERLINK(""https://lcsc.com/X_C14663.html"",""100n"")",1\n'
    table = read_tables(Source(path=Path("t.csv"), name="t.csv", data=text.encode()))[0][0]
    (part,) = read_bill(table)[0].parts
    assert (part.value, part.supplier) == ("100n", "LCSC C14663")


class TestHostile:
    @staticmethod
    def _refused(data: bytes, name: str = "parts.xlsx") -> Finding:
        begun = time.monotonic()
        tables, findings = _read(data, name)
        assert tables == ()
        (finding,) = findings
        assert time.monotonic() - begun < 20
        return finding

    def test_a_bomb_is_refused_unopened(self) -> None:
        content = io.BytesIO(xlsx({"BOM": LIST}))
        with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as file:
            file.writestr("xl/media/zeros.bin", bytes(60_000_000))
        assert self._refused(content.getvalue()).code == "files.workbook.bomb"

    def test_two_cells_that_claim_a_billion_between_them_cost_nothing(self) -> None:
        cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        raw = f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>'
        assert self._refused(xlsx({"BOM": []}, raw=raw)).code == "files.workbook.unreadable"

    def test_cells_repeated_without_end_cost_nothing(self) -> None:
        begun = time.monotonic()
        _, findings = _read(ods(LIST, ' table:number-columns-repeated="2000000000"'), "p.ods")
        assert time.monotonic() - begun < 30
        assert [f.code for f in findings] in (["files.workbook.unreadable"], ["files.sheet.unused"])

    @pytest.mark.parametrize("name", ["p.xlsx", "p.xls", "p.ods", "p.xlsb"])
    @pytest.mark.parametrize("head", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
    def test_rubbish_after_the_first_bytes_is_one_error(self, name: str, head: bytes) -> None:
        assert self._refused(head + b"\x07" * 3000, name).code.startswith("files.workbook.")

    @pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
    def test_a_file_cut_off_is_one_error(self, share: float) -> None:
        data = xlsx({"BOM": LIST})
        assert self._refused(data[: int(len(data) * share)]).code.startswith("files.workbook.")

    @settings(max_examples=15, deadline=None)
    @given(st.binary(min_size=1, max_size=40), st.integers(0, 3000))
    def test_any_bytes_in_it_raise_nothing(self, noise: bytes, at: int) -> None:
        data = bytearray(xls(LIST))
        data[512 + at : 512 + at + len(noise)] = noise
        tables, _ = _read(bytes(data), "p.xls")
        for table in tables:
            read_bill(table)
