"""Folders as customers send them: what belongs together, and every file accounted for."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from tests.files.designs import BOARD, RECTANGLE, SHARED, footprint

from manyworks.files import read
from manyworks.files.archives import expand
from manyworks.files.gathering import walk
from manyworks.files.sources import Source
from manyworks.model import BoardDesign, Finding, ItemId, Product, SolidDesign

pytestmark = pytest.mark.usefixtures("only_measures")
Write = Callable[[str, "str | bytes"], Path]

DESIGNS = SHARED / "data" / "designs"
FOLDERS = sorted(path.name for path in DESIGNS.iterdir() if path.is_dir()) if DESIGNS.is_dir() else []


def names_in(folder: Path) -> set[str]:
    """Every file of a folder and every member of its zips, as findings call them."""
    names = set()
    for path, name in walk(folder, []):
        names.add(name)
        if path.suffix == ".zip":
            members, _ = expand(Source(path=path, name=name, data=path.read_bytes()))
            names |= {member.name for member in members}
    return names


def accounted_for(product: Product | None, findings: tuple[Finding, ...]) -> set[str]:
    """Files that an item or a finding names; sheets and members stand for their file."""
    items = product.items.values() if product is not None else ()
    told = {reference.path for item in items for reference in item.files}
    told |= {finding.where.partition(":")[0] for finding in findings}
    told |= {name.partition("!")[0] for name in told}
    return told | {name.partition(".zip/")[0] + ".zip" for name in told if ".zip/" in name}


ABSENT = pytest.param("", marks=pytest.mark.skip("the real designs are not beside this repository"))


@cache
def read_once(name: str) -> tuple[Product | None, tuple[Finding, ...]]:
    """A real folder, read once for all tests of one process."""
    return read(DESIGNS / name)


@pytest.mark.parametrize("name", FOLDERS or [ABSENT])
def test_every_file_is_used_or_named(name: str) -> None:
    product, findings = read_once(name)
    layers = {
        layer.name
        for item in (product.items.values() if product else ())
        if isinstance(item.design, BoardDesign)
        for layer in item.design.layers
    }
    missing = names_in(DESIGNS / name) - accounted_for(product, findings)
    assert {path for path in missing if path.rpartition("/")[2] not in layers} == set()


class TestModule17:
    """A radio: two assembled boards in two variants, two panels made as boards, a case, a knob."""

    @pytest.fixture
    def product(self, shared: Path) -> Product:
        product, findings = read_once("product-m17-module17")
        assert product is not None, (shared, findings)
        return product

    def test_it_is_one_product_of_six_made_things(self, product: Product) -> None:
        made = {line.item for line in product.item.bill if product.items[line.item].design is not None}
        kinds = sorted(type(product.items[name].design).__name__ for name in made)
        assert kinds == ["BoardDesign"] * 4 + ["SolidDesign"] * 2

    def test_each_board_has_the_parts_list_whose_parts_stand_on_its_pads(self, product: Product) -> None:
        boards = [item for item in product.items.values() if item.bill]
        counts = sorted(
            sum(part.fitted for part in item.design.placements)
            for item in boards
            if isinstance(item.design, BoardDesign)
        )
        assert counts == [49, 183]

    def test_a_step_and_an_stl_of_one_name_are_one_part(self, product: Product) -> None:
        knob = product.items[ItemId("knob2")]
        assert [file.role for file in knob.files] == ["solid", "twin"]


def test_the_feeder_names_its_boards_and_harnesses(shared: Path) -> None:
    product, _ = read_once("product-opulo-feeder")
    assert product is not None, shared
    quantities = {line.item: line.quantity for line in product.item.bill}
    assert quantities[ItemId("mobo")] == 1
    assert isinstance(product.items[ItemId("mobo")].design, BoardDesign)
    assert isinstance(product.items[ItemId("feeder-compression-spring")].design, SolidDesign)
    harnesses = [i for i in product.items.values() if type(i.design).__name__ == "HarnessDesign"]
    assert len(harnesses) == 4
    assert all(item.bill for item in harnesses)


def test_the_desktop_keeps_its_parts_list_and_its_cut_parts(shared: Path) -> None:
    product, _ = read_once("bom-thelio")
    assert product is not None, shared
    assert sum(type(i.design).__name__ == "SheetDesign" for i in product.items.values()) == 2


def zipped(**files: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return data.getvalue()


class TestArchives:
    """Zips among the files."""

    def test_a_zipped_folder_reads_like_the_folder(self, write: Write) -> None:
        board = BOARD.format(extra="\n".join((RECTANGLE, footprint("R1"))))
        table = "Designator,Value,Quantity\nR1,1k,1\n"
        path = write("all.zip", zipped(board__kicad_pcb=board, bom__csv=table))
        product, _ = read(path)
        assert product is not None
        assert isinstance(product.item.design, BoardDesign)
        assert [file.path for file in product.item.files] == ["all.zip/board.kicad_pcb", "all.zip/bom.csv"]

    def test_two_boards_in_two_zips_stay_two(self, write: Write) -> None:
        for name in ("a", "b"):
            board = BOARD.format(extra="\n".join((RECTANGLE, footprint("R1"))))
            path = write(f"{name}.zip", zipped(**{f"{name}__kicad_pcb": board}))
        product, _ = read(path.parent)
        assert product is not None
        assert {line.item for line in product.item.bill} == {"a", "b"}


def test_files_of_one_name_in_two_folders_are_told_apart(write: Write) -> None:
    board = BOARD.format(extra="\n".join((RECTANGLE, footprint("R1"))))
    first, second = write("a/board.kicad_pcb", board), write("b/board.kicad_pcb", board)
    product, _ = read(first, second)
    assert product is not None
    paths = {file.path for item in product.items.values() for file in item.files}
    assert len(paths) == 2


def board_text() -> str:
    return BOARD.format(extra="\n".join((RECTANGLE, footprint("R1"))))


def boards_in(product: Product) -> int:
    return sum(isinstance(item.design, BoardDesign) for item in product.items.values())


class TestGivenByName:
    """Files that people name themselves."""

    def test_a_file_given_twice_is_read_once(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        path = write("board.kicad_pcb", board_text())
        monkeypatch.chdir(path.parent)
        product, _ = read(path, path.name, path.parent / ".." / path.parent.name / path.name)
        assert product is not None
        assert [file.path for file in product.item.files] == ["board.kicad_pcb"]

    def test_a_file_and_an_archive_that_holds_it_are_one(self, write: Write) -> None:
        board, bill = board_text(), "Designator,Value,Quantity\nR1,1k,1\n"
        loose = write("board.kicad_pcb", board)
        product, findings = read(loose, write("all.zip", zipped(board__kicad_pcb=board, bom__csv=bill)))
        assert product is not None
        assert [file.path for file in product.item.files] == ["board.kicad_pcb", "all.zip/bom.csv"]
        (unused,) = [f for f in findings if f.code == "files.unused"]
        assert (unused.where, unused.message) == (
            "all.zip/board.kicad_pcb",
            "the same file as board.kicad_pcb, which is read",
        )

    def test_what_lies_beside_the_design_in_an_archive_is_no_error(self, write: Write) -> None:
        files = {
            "board.kicad_pcb": board_text(),
            "readme.txt": "Hello there.",
            "photo.png": "x",
            "x.xyz": "?",
        }
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        product, findings = read(write("all.zip", data.getvalue()))
        assert product is not None
        assert {f.where for f in findings if f.code == "files.unused"} == {
            "all.zip/readme.txt",
            "all.zip/photo.png",
            "all.zip/x.xyz",
        }

    def test_a_table_that_is_none_is_an_error_when_asked_for(self, write: Write) -> None:
        board = write("board.kicad_pcb", board_text())
        product, findings = read(board, write("notes.txt", "Hello there."))
        assert product is None
        assert [f.code for f in findings if f.where == "notes.txt"] == ["files.table.unknown"]


class TestOddFolders:
    """Names, numbers and sizes that nobody expects."""

    @pytest.mark.parametrize(
        "name",
        [
            "Größe µ.kicad_pcb",
            "板 (1).kicad_pcb",
            "a b#1%.kicad_pcb",
            "x&y;'.kicad_pcb",
            "\u202eab.kicad_pcb",
        ],
    )
    def test_names_of_any_letters(self, write: Write, name: str) -> None:
        product, _ = read(write(f"{name[:2]}/{name}", board_text()).parent)
        assert product is not None
        assert product.item.files[0].path == name
        assert product.root

    def test_thousands_of_small_files_take_little_time(self, write: Write, tmp_path: Path) -> None:
        write("board.kicad_pcb", board_text())
        kinds = ("txt", "md", "xyz", "c", "png", "csv", "json", "yml")
        for number in range(4_000):
            (tmp_path / f"{number}.{kinds[number % len(kinds)]}").write_text("x\n")
        before = time.process_time()
        product, findings = read(tmp_path)
        assert time.process_time() - before < 8
        assert product is not None
        assert len({f.where for f in findings if f.code == "files.unused"}) == 4_000

    def test_large_files_of_no_known_kind_are_not_loaded(self, write: Write, tmp_path: Path) -> None:
        write("board.kicad_pcb", board_text())
        with (tmp_path / "video.mp4").open("wb") as file:
            file.truncate(3_000_000_000)  # sparse
        product, findings = read(tmp_path)
        assert product is not None
        assert "video.mp4" in {f.where for f in findings if f.code == "files.unused"}

    def test_more_than_can_be_held_is_refused(
        self, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("manyworks.files.sorting.FOLDER_BYTES", 1_000)
        for name in ("a", "b"):
            write(f"{name}.csv", "x" * 900)
        product, findings = read(tmp_path)
        assert product is None
        assert [f.where for f in findings if f.code == "files.folder.too-large"] == ["b.csv"]

    def test_members_are_bounded_like_loose_files(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("manyworks.files.sorting.TABLE_BYTES", 100)
        product, findings = read(write("all.zip", zipped(a__csv="x" * 101)).parent)
        assert product is None
        assert "all.zip/a.csv" in {f.where for f in findings if f.code == "files.file.too-large"}

    def test_a_locked_archive_is_named(self, write: Write) -> None:
        data = bytearray(zipped(board__kicad_pcb=board_text()))
        for head, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(head) + offset] |= 1
        write("b.kicad_pcb", board_text())
        _, findings = read(write("all.zip", bytes(data)).parent)
        assert [f.code for f in findings if f.where == "all.zip"] == ["files.archive.encrypted"]

    def test_an_empty_archive_is_named_once(self, write: Write) -> None:
        write("b.kicad_pcb", board_text())
        product, findings = read(write("all.zip", zipped()).parent)
        assert product is not None
        assert [f.code for f in findings if f.where == "all.zip"] == ["files.archive.empty"]

    def test_an_empty_design_is_an_error_that_names_it(self, write: Write) -> None:
        write("b.kicad_pcb", board_text())
        product, findings = read(write("lid.stl", b"").parent)
        assert product is None
        assert [f.where for f in findings if f.severity == "error"] == ["lid.stl"]


class TestTables:
    """Parts lists beside designs that are no boards."""

    HARNESS = (
        "connectors:\n  X1: {pincount: 2}\n  X2: {pincount: 2}\n"
        "cables:\n  W1: {wirecount: 2, length: 0.2}\n"
        "connections:\n  - [X1: [1-2], W1: [1-2], X2: [1-2]]\n"
    )

    @pytest.mark.parametrize("name", ["loom.bom.tsv", "loom_bom.tsv", "loom.tsv"])
    def test_the_list_that_goes_with_a_harness_is_not_counted_again(self, write: Write, name: str) -> None:
        write("loom.yml", self.HARNESS)
        rows = "Id\tDescription\tQty\tUnit\tDesignators\n1\tConnector, 2 pins\t2\t\tX1, X2\n"
        product, findings = read(write(name, rows).parent)
        assert product is not None
        assert product.root == "loom"
        assert [(f.path, f.role) for f in product.item.files] == [("loom.yml", "harness"), (name, "bill")]
        assert not [f for f in findings if f.severity != "info"]

    def test_lists_go_to_the_board_they_are_most_like(self, write: Write) -> None:
        def text(count: int) -> str:
            places = [footprint(f"R{k}", at=f"{2 * k} 10") for k in range(1, count + 1)]
            return BOARD.format(extra="\n".join((RECTANGLE, *places)))

        def rows(count: int) -> str:
            return "Reference,Value\n" + "".join(f"R{k},1k\n" for k in range(1, count + 1))

        write("a.kicad_pcb", text(4))
        write("b.kicad_pcb", text(6))
        write("1.csv", rows(6))
        product, findings = read(write("2.csv", rows(4)).parent)
        assert product is not None
        bills = {i.id: f.path for i in product.items.values() for f in i.files if f.role == "bill"}
        assert bills == {"a": "2.csv", "b": "1.csv"}
        assert not [f for f in findings if f.code in ("files.bill.several", "files.bill.unclaimed")]


def test_a_manifest_names_the_product_of_its_folder(write: Write) -> None:
    write("board.kicad_pcb", BOARD.format(extra="\n".join((RECTANGLE, footprint("R1")))))
    path = write("okh.toml", 'okhv = "2.4"\nname = "Loom board"\nlicense = "MIT"\nfunction = "weaves"\n')
    product, findings = read(path.parent)
    assert product is not None
    assert (product.item.name, product.item.licence) == ("Loom board", "MIT")
    assert ("okh.toml", "manifest") in {(file.path, file.role) for file in product.item.files}
    assert not [f for f in findings if f.code == "files.unused"]
