"""Open hardware manifests, read and written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.files.open_know import Manifest, is_okh, merge_manifest, product_of, read_okh, write_okh
from manyworks.files.sources import Source
from manyworks.model import BillLine, FileRef, Item, ItemId, Product, Severity


def source(text: str, name: str = "okh.toml") -> Source:
    return Source(path=Path(name), name=name, data=text.encode())


def manifest(text: str, name: str = "okh.toml") -> Manifest:
    found, findings = read_okh(source(text, name))
    assert found is not None, findings
    return found


def findings_of(text: str, name: str = "okh.toml") -> dict[str, str]:
    return {f.code: f"{f.message} {f.hint}" for f in read_okh(source(text, name))[1]}


FULL = 'okhv = "2.4"\nname = "Loom"\nlicense = "CERN-OHL-S-2.0"\nfunction = "weaves"\n'


class TestCorpus:
    """Real manifests."""

    def test_every_manifest_is_read(self, shared: Path) -> None:
        paths = [p for p in (shared / "data" / "okh").iterdir() if p.suffix in (".yml", ".toml")]
        assert len(paths) == 31
        for path in paths:
            one = Source(path=path, name=path.name, data=path.read_bytes())
            assert is_okh(one), path.name
            found, findings = read_okh(one)
            assert found is not None, (path.name, findings)
            assert not [f for f in findings if f.severity is Severity.ERROR]

    def test_the_manifest_with_most_parts(self, shared: Path) -> None:
        path = shared / "data" / "okh" / "upcycling-stool.okh.toml"
        found, _ = read_okh(Source(path=path, name=path.name, data=path.read_bytes()))
        assert found is not None
        ring = found.parts[0]
        assert (len(found.parts), ring.name, ring.material, ring.process) == (
            18,
            "Clamp Ring",
            "ABS",
            "fdm-printing",
        )
        assert (ring.mass_kg, ring.size_mm) == (0.03, (56.0, 56.0, 30.0))
        assert {p.name: p.value for p in ring.parameters}["infill"] == 30

    def test_no_address_of_a_person_is_kept(self, shared: Path) -> None:
        for path in (shared / "data" / "okh").iterdir():
            if path.suffix in (".yml", ".toml"):
                found, _ = read_okh(Source(path=path, name=path.name, data=path.read_bytes()))
                assert "@example.org" not in repr(found)


class TestReading:
    """What a manifest may hold."""

    def test_version_1_in_yaml(self) -> None:
        text = (
            "title: Lamp\ndescription: gives light\nmade: true\nmanifest-author:\n  name: A\n"
            "license:\n  hardware: CERN-OHL-P-2.0\ntool-list: saw, file\nbom: bom.csv\n"
        )
        found = manifest(text, "okh.yml")
        assert (found.format, found.name, found.licence) == ("okh-1", "Lamp", "CERN-OHL-P-2.0")
        assert (found.tools, found.bom) == (("saw", "file"), "bom.csv")

    def test_a_parts_list_in_words_becomes_supplies(self) -> None:
        found = manifest("title: Chair\nmanifest-language: en\nbom: legs, seat, back\n", "a.yml")
        assert [atom.name for atom in found.atoms] == ["legs", "seat", "back"]
        assert found.bom == ""

    def test_atoms_keep_their_identifier(self) -> None:
        found = manifest(
            "title: Chair\nmade-independently: false\n"
            "bom-atoms:\n  - identifier: Q1\n    description: leg\n    quantity: 4\n",
            "a.yml",
        )
        assert [(a.name, a.identifier, a.quantity) for a in found.atoms] == [("leg", "Q1", 4.0)]

    def test_texts_of_a_template_count_as_absent(self) -> None:
        told = findings_of('okhv = "2.4"\nname = "FIXME Name"\nlicense = "MIT"\nfunction = "x"\nmass = 0\n')
        assert "no name" in told["files.okh.missing"]
        assert "files.okh.measure" not in told

    def test_a_misspelt_key_has_a_hint(self) -> None:
        assert "did you mean 'license'" in findings_of(FULL + 'licens = "MIT"\n')["files.okh.keys-unknown"]

    def test_a_licence_in_words_is_suggested_as_an_identifier(self) -> None:
        text = 'okhv = "2.4"\nname = "a"\nfunction = "b"\nlicense = "CERN-OHL-2-W"\n'
        assert manifest(text).licence == "CERN-OHL-W-2.0"
        assert "write CERN-OHL-W-2.0" in findings_of(text)["files.okh.licence"]

    @pytest.mark.parametrize(
        ("written", "size"),
        [
            ("{ width = 10, depth = 20, height = 30 }", (10, 20, 30)),
            ('{ width = "1", depth = "2", height = "3", unit = "cm" }', (10, 20, 30)),
            ('"cube(size = [3, 4, 5])"', (3, 4, 5)),
            ('[{ openSCAD = "cylinder(h=30, d=8)", unit = "mm" }]', (8, 8, 30)),
        ],
    )
    def test_sizes_in_every_way_they_are_written(self, written: str, size: tuple[float, ...]) -> None:
        assert manifest(FULL + f"outer-dimensions = {written}\n").size_mm == size

    def test_a_size_nobody_understands_is_told(self) -> None:
        assert "not understood" in findings_of(FULL + 'outer-dimensions = "big"\n')["files.okh.measure"]

    @pytest.mark.parametrize(
        ("written", "kg"),
        [("250", 0.25), ('{ value = 2, unit = "kg" }', 2.0), ("[{value=1, unit='lb'}]", 0.45359237)],
    )
    def test_masses(self, written: str, kg: float) -> None:
        assert manifest(FULL + f"mass = {written}\n").mass_kg == pytest.approx(kg)

    @pytest.mark.parametrize("text", ["okhv = \nname = 1", "okhv = 1\n[[\na = 1"])
    def test_broken_toml_says_its_line(self, text: str) -> None:
        found, findings = read_okh(source(text))
        assert found is None
        assert findings[0].code == "files.okh.malformed"
        assert ":" in findings[0].where

    def test_a_list_is_no_manifest(self) -> None:
        found, findings = read_okh(source("- title: a\n", "a.yml"))
        assert found is None
        assert findings

    def test_a_facility_is_no_manifest(self) -> None:
        assert not is_okh(source("title: shop\ninventory-atoms: []\nmanifest-language: en\n", "a.yml"))


class TestProducts:
    """From a manifest to a product."""

    PART = '[[part]]\nname = "Ring"\nmaterial = "PLA"\ntsdc = "3DP"\nexport = ["stl/ring.stl"]\nmass = 30\n'

    def test_a_manifest_alone_is_a_product_of_its_parts(self) -> None:
        product, findings = product_of(manifest(FULL + self.PART))
        ring = product.items[ItemId("ring")]
        assert (ring.material, ring.processes, ring.mass_kg) == ("PLA", ("fdm-printing",), 0.03)
        assert product.item.licence == "CERN-OHL-S-2.0"
        assert [f.code for f in findings] == ["files.okh.quantity"]

    def test_parts_of_one_name_stay_two(self) -> None:
        product, _ = product_of(manifest(FULL + self.PART + self.PART))
        assert len(product.item.bill) == len({line.item for line in product.item.bill}) == 2

    def test_a_manifest_adds_to_the_designs_of_its_folder(self) -> None:
        ring = Item(id=ItemId("r"), name="r", files=(FileRef(path="stl/ring.stl", sha256="", role="solid"),))
        root = Item(id=ItemId("x"), name="x", bill=(BillLine(item=ring.id, quantity=1),))
        before = Product(root=root.id, items={root.id: root, ring.id: ring})
        after, findings = merge_manifest(manifest(FULL + self.PART + "quantity = 3\n"), before)
        assert after.items[ring.id].material == "PLA"
        assert (after.item.name, after.item.licence, after.item.bill[0].quantity) == (
            "Loom",
            "CERN-OHL-S-2.0",
            3,
        )
        assert findings == ()

    def test_a_part_without_a_file_here_is_told(self) -> None:
        root = Item(id=ItemId("x"), name="x")
        _, findings = merge_manifest(manifest(FULL + self.PART), Product(root=root.id, items={root.id: root}))
        assert [f.code for f in findings] == ["files.okh.part-missing"]


WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30).filter(
    lambda text: text == " ".join(text.split()) and not text.startswith(("FIXME", "TODO", "<"))
)
PLAIN = st.text("abcdefghijklmnopqrstuvwxyz ", min_size=2, max_size=20).filter(
    lambda t: t == t.strip() and "  " not in t
)


@st.composite
def products(draw: Any) -> Product:
    names = draw(st.lists(PLAIN, max_size=4, unique_by=lambda text: text.replace(" ", "-")))
    parts = [
        Item(
            id=ItemId(f"p{n}"),
            name=name,
            material=draw(st.sampled_from([None, "ABS", "Stahl", "Ω-Metall"])),
            mass_kg=draw(st.sampled_from([None, 0.25, 1.5])),
            size_mm=draw(st.sampled_from([None, (1.0, 2.5, 30.0)])),
        )
        for n, name in enumerate(names)
    ]
    root = Item(
        id=ItemId("root"),
        name=draw(PLAIN),
        revision=draw(st.sampled_from(["", "1.2"])),
        licence=draw(st.sampled_from(["", "CERN-OHL-S-2.0", "MIT"])),
        description=draw(WORDS),
        bill=tuple(BillLine(item=part.id, quantity=1.0) for part in parts),
    )
    return Product(root=root.id, items={item.id: item for item in (root, *parts)})


TEMPLATE = {"value", "example", "todo", "tbd", "n/a", "xxx", "change me", "lorem ipsum", "fixme"}


@given(products())
def test_what_is_written_as_losh_is_read_back(product: Product) -> None:
    names = {product.item.name, product.item.description, *(item.name for item in product.items.values())}
    if {name.casefold() for name in names} & TEMPLATE:
        return
    text, _ = write_okh(product)
    found = manifest(text)
    root = product.item
    assert (found.name, found.version, found.licence) == (root.name, root.revision, root.licence)
    assert found.description == root.description
    parts = [product.items[line.item] for line in root.bill]
    assert [(p.name, p.material, p.size_mm) for p in found.parts] == [
        (i.name, i.material or "", i.size_mm) for i in parts
    ]
    assert [p.mass_kg for p in found.parts] == [i.mass_kg for i in parts]


@given(products())
def test_what_is_written_as_version_1_is_read_back(product: Product) -> None:
    names = {product.item.name, product.item.description, *(item.name for item in product.items.values())}
    if {name.casefold() for name in names} & TEMPLATE:
        return
    text, _ = write_okh(product, "1.0")
    assert is_okh(source(text, "okh.yml"))
    found = manifest(text, "okh.yml")
    assert (found.name, found.version, found.licence) == (
        product.item.name,
        product.item.revision,
        product.item.licence,
    )
    assert [atom.name for atom in found.atoms] == [
        product.items[line.item].name for line in product.item.bill
    ]


def test_what_a_format_cannot_hold_is_told() -> None:
    part = Item(id=ItemId("p"), name="p", material="ABS")
    root = Item(id=ItemId("r"), name="r", licence="my own", bill=(BillLine(item=part.id, quantity=4),))
    product = Product(root=root.id, items={root.id: root, part.id: part})
    assert any("quantities" in f.message for f in write_okh(product)[1])
    assert any("materials" in f.message for f in write_okh(product, "1.0")[1])
    assert any("SPDX" in f.message for f in write_okh(product)[1])


def test_an_unknown_version_is_refused() -> None:
    root = Item(id=ItemId("r"), name="r")
    text, findings = write_okh(Product(root=root.id, items={root.id: root}), "3")
    assert text == ""
    assert findings[0].code == "files.okh.version"


@given(st.binary(max_size=300), st.sampled_from(["a.toml", "a.yml"]))
def test_any_bytes_end_in_findings(data: bytes, name: str) -> None:
    one = Source(path=Path(name), name=name, data=data)
    is_okh(one)
    found, findings = read_okh(one)
    assert (found is None) == any(f.severity is Severity.ERROR for f in findings)
