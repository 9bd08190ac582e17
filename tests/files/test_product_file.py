"""product.toml: what it may say, and every way in which it can be wrong, all at once."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.files.designs import footprint
from tests.files.test_solid_reading import binary, box

from manyworks.files import read
from manyworks.files.product_fields import ITEM_KEYS, LINE_KEYS
from manyworks.model import BoardDesign, Finding, Product, SolidDesign

Write = Callable[[str, str | bytes], Path]
WriteBoard = Callable[..., Path]

BADGE = """[product]
id = "badge"
name = "Badge"

[[item]]
id = "board"
design = "pcb/board.kicad_pcb"
bill = "pcb/bom.csv"
positions = "pcb/pos.csv"

[[item]]
id = "case"
design = "case.stl"
material = "ABS"
processes = ["fdm-printing"]

[[item]]
id = "lanyard"
mass_kg = 0.02
size_mm = [100, 50, 20]
commodity_code = "560900"

[[bill]]
item = "board"
quantity = 1

[[bill]]
parent = "badge"
item = "case"
quantity = 2

[[bill]]
parent = "badge"
item = "lanyard"
quantity = 1
step = "packing"
"""


@pytest.fixture
def badge(write: Write, write_board: WriteBoard) -> Path:
    write_board(footprint("R1"), footprint("R2", at="20 10"), name="pcb/board.kicad_pcb")
    write("pcb/bom.csv", 'Reference,Value,MPN\n"R1,R2",1k,RC0603\n')
    write("pcb/pos.csv", "Ref,PosX,PosY,Rot,Side\nR1,10,10,0,top\nR2,20,10,0,top\n")
    write("case.stl", binary(box(60, 40, 3)))
    write("notes.md", "hello")
    return write("product.toml", BADGE)


def _errors(path: Path) -> list[Finding]:
    product, findings = read(path)
    wrong = [finding for finding in findings if finding.severity == "error"]
    assert (product is None) == bool(wrong)
    return wrong


def _product(path: Path) -> Product:
    product, findings = read(path)
    assert product is not None, findings
    return product


class TestWhatItSays:
    @pytest.mark.parametrize("by", ["folder", "file"])
    def test_a_whole_product(self, badge: Path, by: str) -> None:
        product = _product(badge.parent if by == "folder" else badge)
        assert [(line.item, line.quantity, line.step) for line in product.item.bill] == [
            ("board", 1, ""),
            ("case", 2, ""),
            ("lanyard", 1, "packing"),
        ]
        board, case = product.items["board"], product.items["case"]
        assert isinstance(board.design, BoardDesign)
        assert isinstance(case.design, SolidDesign)
        assert (case.material, case.processes) == ("ABS", ("fdm-printing",))
        assert product.items["lanyard"].size_mm == (100, 50, 20)
        assert [line.item for line in board.bill] == ["part/rc0603"]
        assert product.items["part/rc0603"].mpn == "RC0603"

    def test_files_are_kept_by_content_and_role(self, badge: Path) -> None:
        product = _product(badge)
        files = [file for item in product.items.values() for file in item.files]
        assert {(file.path, file.role) for file in files} == {
            ("product.toml", "product"),
            ("pcb/board.kicad_pcb", "board"),
            ("pcb/bom.csv", "bill"),
            ("pcb/pos.csv", "positions"),
            ("case.stl", "solid"),
        }
        assert all(len(file.sha256) == 64 for file in files)

    def test_a_file_it_does_not_name_is_said_to_be_unused(self, badge: Path) -> None:
        unused = [finding.where for finding in read(badge)[1] if finding.code == "files.unused"]
        assert unused == ["notes.md"]

    def test_an_item_may_add_to_a_part_of_a_parts_list(self, badge: Path) -> None:
        extra = '[[item]]\nid = "part/rc0603"\nmass_kg = 0.00001\ncommodity_code = "853321"\n'
        badge.write_text(BADGE + extra)
        part = _product(badge).items["part/rc0603"]
        assert (part.mpn, part.mass_kg, part.commodity_code) == ("RC0603", 0.00001, "853321")

    def test_bill_lines_of_a_lower_item(self, badge: Path) -> None:
        badge.write_text(
            BADGE + '[[bill]]\nparent = "case"\nitem = "lanyard"\nquantity = 3\nfitted = false\n'
        )
        (line,) = _product(badge).items["case"].bill
        assert (line.quantity, line.fitted) == (3, False)

    def test_bill_lines_say_where_they_stand(self, badge: Path) -> None:
        assert _product(badge).item.bill[0].where == "product.toml:23"

    def test_the_root_may_have_a_design_itself(self, write: Write) -> None:
        write("part.stl", binary(box(10, 20, 30)))
        product = _product(write("product.toml", '[product]\nid = "part"\ndesign = "part.stl"\n'))
        assert isinstance(product.item.design, SolidDesign)

    def test_a_measured_parameter(self, write: Write) -> None:
        text = '[product]\nid = "w"\nparameters = [{ name = "width", value = 900, unit = "mm" }]\n'
        (parameter,) = _product(write("product.toml", text)).item.parameters
        assert (parameter.name, parameter.value, parameter.unit) == ("width", 900, "mm")

    def test_every_key_is_in_the_documentation_of_the_format(self) -> None:
        import manyworks.files.product_file as module

        assert module.__doc__ is not None
        assert not [key for key in (*ITEM_KEYS, *LINE_KEYS) if key not in module.__doc__]


class TestWhatIsWrong:
    def test_everything_at_once_each_with_its_line(self, badge: Path) -> None:
        badge.write_text(
            '[product]\nid = "badge"\nnmae = "x"\n'
            '[[item]]\nid = "case"\ndesign = "cse.stl"\nmass_kg = "heavy"\n'
            '[[item]]\nid = "case"\n'
            '[[item]]\nid = "lanyard"\ncommodity_code = "12.34"\nsize_mm = [1, 2]\n'
            '[[bill]]\nitem = "lanyrad"\nquantity = 1\n'
            '[[bill]]\nitem = "lanyard"\nquantity = "two"\n'
            '[[bill]]\nitem = "lanyard"\nquantity = 0\n'
            "[[bill]]\nquantity = 1\n"
        )
        assert {(finding.code, finding.where) for finding in _errors(badge)} == {
            ("files.product.unknown-key", "product.toml:3"),
            ("files.file.missing", "product.toml:6"),
            ("files.product.value", "product.toml:7"),
            ("files.product.id-twice", "product.toml:9"),
            ("files.product.value", "product.toml:12"),
            ("files.product.value", "product.toml:13"),
            ("files.product.unknown-item", "product.toml:15"),
            ("files.product.value", "product.toml:19"),
            ("files.product.value", "product.toml:22"),
            ("files.product.missing-key", "product.toml:23"),
        }

    def test_hints_name_the_nearest(self, badge: Path) -> None:
        badge.write_text(BADGE.replace("case.stl", "cases.stl").replace('item = "board"', 'item = "bord"'))
        hints = [finding.hint for finding in _errors(badge)]
        assert "did you mean 'case.stl'?" in hints
        assert "did you mean 'board'?" in hints

    @pytest.mark.parametrize(
        "path",
        ["../secret.stl", "/etc/passwd", "a/../../b.stl", "C:\\\\x.stl", "a\\\\b.stl", "", "~/../x.stl"],
    )
    def test_paths_out_of_the_folder_are_refused(self, badge: Path, path: str) -> None:
        badge.write_text(BADGE.replace("case.stl", path))
        assert "files.product.path" in {finding.code for finding in _errors(badge)}

    def test_a_link_out_of_the_folder_is_refused(
        self, badge: Path, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        outside = tmp_path_factory.mktemp("outside") / "case.stl"
        outside.write_bytes(binary(box(1, 2, 3)))
        (badge.parent / "case.stl").unlink()
        (badge.parent / "case.stl").symlink_to(outside)
        assert "files.product.path" in {finding.code for finding in _errors(badge)}

    @pytest.mark.parametrize("parent", ["badge", "case"])
    def test_an_item_within_itself(self, badge: Path, parent: str) -> None:
        badge.write_text(BADGE + f'[[bill]]\nparent = "case"\nitem = "{parent}"\nquantity = 1\n')
        (finding,) = _errors(badge)
        assert finding.code == "files.product.cycle"

    def test_a_ring_that_the_product_does_not_reach(self, badge: Path) -> None:
        items = '[[item]]\nid = "a"\n[[item]]\nid = "b"\n'
        ring = "".join(
            f'[[bill]]\nparent = "{parent}"\nitem = "{item}"\nquantity = 1\n' for parent, item in ("ab", "ba")
        )
        badge.write_text(BADGE + items + ring)
        assert [finding.code for finding in _errors(badge)] == ["files.product.cycle"]

    def test_an_item_in_no_bill_is_a_warning(self, badge: Path) -> None:
        badge.write_text(BADGE + '[[item]]\nid = "spare"\n')
        assert "files.product.item-unused" in {finding.code for finding in read(badge)[1]}

    @pytest.mark.parametrize("value", ["true", "nan", "inf", "-1", "1e300", "[1]", '"2"', "0", "1979-05-27"])
    def test_quantities_that_are_none(self, badge: Path, value: str) -> None:
        badge.write_text(BADGE.replace("quantity = 2", f"quantity = {value}"))
        assert [finding.code for finding in _errors(badge)] == ["files.product.value"]

    def test_a_format_that_is_not_read_is_named(self, badge: Path) -> None:
        (badge.parent / "case.sldprt").write_text("SolidWorks")
        badge.write_text(BADGE.replace("case.stl", "case.sldprt"))
        (finding,) = _errors(badge)
        assert (finding.code, finding.where) == ("files.format.unread", "product.toml:13")
        assert "CAD program" in finding.message

    @pytest.mark.parametrize(
        "text", ["", "[[item]]\nid = 'x'\n", "product = 3\n", "[product]\n", "[item]\nid = 'x'"]
    )
    def test_a_file_without_a_product(self, write: Write, text: str) -> None:
        assert _errors(write("product.toml", text))

    def test_what_is_no_toml_says_the_line(self, write: Write) -> None:
        (finding,) = _errors(write("product.toml", "[product]\nid = badge\n"))
        assert finding.where == "product.toml:2"

    def test_a_parts_list_in_place_of_positions(self, badge: Path) -> None:
        badge.write_text(BADGE.replace("pcb/pos.csv", "pcb/bom.csv"))
        assert "files.table.unknown" in {finding.code for finding in _errors(badge)}

    def test_trouble_inside_the_files_comes_along(self, badge: Path) -> None:
        (badge.parent / "case.stl").write_bytes(bytes(80) + struct.pack("<I", 9))
        (badge.parent / "pcb" / "bom.csv").write_text("Value,Qty\n1k,-1\n")
        assert {finding.code for finding in _errors(badge)} == {
            "files.solid.size-claim",
            "files.bill.quantity",
            "files.bill.empty",
        }
