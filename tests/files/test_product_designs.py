"""product.toml with designs of every kind, and manifests with designs: what an item is made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from tests.files.fabrication_writer import zipped
from tests.files.test_fabricated_boards import BADGE, Invented, Mounted
from tests.files.test_garment_panels import pattern, rectangle
from tests.files.test_nothing_lost import HARNESS, SVG
from tests.files.test_solid_reading import binary, box
from tests.files.test_twin_files import block, plate

from manyworks.files import read
from manyworks.model import (
    BoardDesign,
    Finding,
    GarmentDesign,
    HarnessDesign,
    Item,
    ItemId,
    Product,
    SheetDesign,
    SolidDesign,
)

pytestmark = pytest.mark.usefixtures("only_measures")
Write = Callable[[str, "str | bytes"], Path]


def product_of(design: str, write: Write, more: str = "") -> tuple[Product, tuple[Finding, ...]]:
    """A product of one designed item called ``thing``."""
    item = f'[[item]]\nid = "thing"\ndesign = "{design}"\n{more}\n'
    text = f'[product]\nid = "p"\n{item}[[bill]]\nitem = "thing"\nquantity = 2\n'
    product, findings = read(write("product.toml", text).parent)
    assert product is not None, findings
    return product, findings


def thing(product: Product) -> Item:
    return product.items[ItemId("thing")]


def of(findings: Iterable[Finding], code: str) -> list[Finding]:
    return [finding for finding in findings if finding.code == code]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.stl", binary(box(9, 8, 7)), SolidDesign),
        ("a.dxf", plate(40, 30), SheetDesign),
        ("a.svg", SVG, SheetDesign),
        ("a.json", json.dumps(pattern({"front": rectangle(40, 60)})), GarmentDesign),
        ("a.yml", HARNESS, HarnessDesign),
        ("a.zip", zipped(BADGE.files()), BoardDesign),
        ("a.zip", zipped({"deep/lid.stl": binary(box(9, 8, 7))}), SolidDesign),
    ],
)
def test_a_design_of_any_kind(write: Write, name: str, content: str | bytes, kind: type) -> None:
    write(name, content)
    product, findings = product_of(name, write)
    assert isinstance(thing(product).design, kind)
    assert (thing(product).id, thing(product).name) == ("thing", "thing")
    assert [line.quantity for line in product.item.bill] == [2]
    assert not of(findings, "files.unused")


def test_a_step_file(write: Write) -> None:
    pytest.importorskip("OCP", reason="the solid modelling kernel is not installed")
    from tests.files.step_writing import brick, step

    write("a.step", step(brick(10, 20, 30)))
    design = thing(product_of("a.step", write)[0]).design
    assert isinstance(design, SolidDesign)
    assert design.volume_mm3 == pytest.approx(6000)


def test_a_harness_brings_its_parts(write: Write) -> None:
    write("a.yml", HARNESS)
    assert len(thing(product_of("a.yml", write)[0]).bill) >= 2


class TestFolders:
    def test_a_folder_of_gerber_files(self, write: Write) -> None:
        for name, text in BADGE.files().items():
            write(f"gerber/{name}", text)
        write("gerber/readme.md", "hello")
        product, findings = product_of("gerber", write)
        assert isinstance(thing(product).design, BoardDesign)
        assert len(thing(product).files) == 6
        assert [f.where for f in of(findings, "files.unused")] == ["gerber/readme.md"]

    @pytest.mark.parametrize("packed", [True, False])
    def test_tables_beside_the_layers_put_the_parts_on(self, write: Write, packed: bool) -> None:
        files = {**BADGE.files(), "cpl.csv": BADGE.places(), "bom.csv": BADGE.list()}
        if packed:
            write("order.zip", zipped(files))
        for name, text in () if packed else files.items():
            write(f"order/{name}", text)
        product, _ = product_of("order.zip" if packed else "order", write)
        design = thing(product).design
        assert isinstance(design, BoardDesign)
        assert sum(placement.fitted for placement in design.placements) == 5
        assert len(thing(product).bill) == 5

    def test_named_tables_come_before_those_beside_the_layers(self, write: Write) -> None:
        less = Invented(parts=BADGE.parts[:2])
        files = {**BADGE.files(), "cpl.csv": BADGE.places(), "bom.csv": BADGE.list()}
        write("order.zip", zipped(files))
        write("less-bom.csv", less.list())
        write("less-cpl.csv", less.places())
        product, findings = product_of(
            "order.zip", write, 'bill = "less-bom.csv"\npositions = "less-cpl.csv"'
        )
        design = thing(product).design
        assert isinstance(design, BoardDesign)
        assert [p.designator for p in design.placements] == ["R1", "R2"]
        unused = {f.where: f.message for f in of(findings, "files.unused")}
        assert set(unused) == {"order.zip/cpl.csv", "order.zip/bom.csv"}
        assert "is named in the product file instead" in unused["order.zip/bom.csv"]

    def test_further_designs_are_named(self, write: Write) -> None:
        write("kit/a.stl", binary(box(9, 8, 7)))
        write("kit/b.stl", binary(box(9, 8, 6)))
        write("kit/b.obj", block(9, 8, 6))
        product, findings = product_of("kit", write)
        assert [file.path for file in thing(product).files] == ["kit/a.stl"]
        (finding,) = of(findings, "files.product.several-designs")
        assert (finding.where, finding.severity.value) == ("product.toml:5", "warning")
        assert "kit/b.stl" in {f.where for f in of(findings, "files.unused")}

    def test_a_design_used_by_another_item_is_not_called_unused(self, write: Write) -> None:
        write("kit/a.stl", binary(box(9, 8, 7)))
        write("kit/b.stl", binary(box(9, 8, 6)))
        more = '[[item]]\nid = "other"\ndesign = "kit/b.stl"\n[[bill]]\nitem = "other"\nquantity = 1'
        _, findings = product_of("kit", write, more)
        assert not of(findings, "files.unused")

    def test_twins_in_a_folder_are_one_design(self, write: Write) -> None:
        write("lid/stl/lid.stl", binary(box(9, 8, 7)))
        write("lid/obj/lid.obj", block(9, 8, 7))
        product, findings = product_of("lid", write)
        assert [file.role for file in thing(product).files] == ["solid", "twin"]
        assert not of(findings, "files.product.several-designs")

    def test_a_folder_without_a_design_is_an_error(self, write: Write) -> None:
        write("docs/readme.md", "hello")
        text = '[product]\nid = "p"\ndesign = "docs"\n'
        product, findings = read(write("product.toml", text).parent)
        assert product is None
        assert [f.where for f in of(findings, "files.product.no-design")] == ["product.toml:3"]


def test_positions_without_any_on_the_pads_are_still_the_named_ones(write: Write) -> None:
    write("order.zip", zipped(BADGE.files()))
    far = Invented(parts=[Mounted(p.name, 300 + p.y * p.y, p.x) for p in BADGE.parts])
    write("far.csv", far.places())
    product, findings = product_of("order.zip", write, 'positions = "far.csv"')
    design = thing(product).design
    assert isinstance(design, BoardDesign)
    assert len(design.placements) == 5
    assert of(findings, "files.board.pads-unknown")


OKH = (
    'okhv = "2.4"\nname = "Loom"\nlicense = "MIT"\nfunction = "weaves"\n'
    '[[part]]\nname = "Lid"\nsource = "lid.stl"\nmaterial = "ABS"\n'
)


def test_a_manifest_speaks_of_the_designs_beside_it(write: Write) -> None:
    write("lid.stl", binary(box(9, 8, 7)))
    write("foot.stl", binary(box(5, 5, 5)))
    product, findings = read(write("okh.toml", OKH).parent)
    assert product is not None, findings
    assert product.item.name == "Loom"
    lid = next(
        item for item in product.items.values() if isinstance(item.design, SolidDesign) and item.id == "lid"
    )
    assert lid.material == "ABS"
    assert ("okh.toml", "manifest") in {(f.path, f.role) for f in product.item.files}
