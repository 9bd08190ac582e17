"""Folders as customers send them: what belongs together, and every file accounted for."""

from __future__ import annotations

import io
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


def test_a_manifest_names_the_product_of_its_folder(write: Write) -> None:
    write("board.kicad_pcb", BOARD.format(extra="\n".join((RECTANGLE, footprint("R1")))))
    path = write("okh.toml", 'okhv = "2.4"\nname = "Loom board"\nlicense = "MIT"\nfunction = "weaves"\n')
    product, findings = read(path.parent)
    assert product is not None
    assert (product.item.name, product.item.licence) == ("Loom board", "MIT")
    assert ("okh.toml", "manifest") in {(file.path, file.role) for file in product.item.files}
    assert not [f for f in findings if f.code == "files.unused"]
