"""``manyworks read``."""

from __future__ import annotations

import json

import pytest
from tests.cli.small_shop import PRODUCT

from manyworks.cli.reading import describe_product
from manyworks.files import read


def test_it_tells_root_items_solids_and_bills(run, product):
    code, said, _ = run("read", product)
    assert code == 0
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert lines[0].startswith("Keyring with tag (keyring), read from ")
    assert "tag Tag solid ? PLA 392690" in lines
    assert "40.00 x 24.00 x 3.00 mm, 2880.0 mm3, surface 2304.0 mm2, one body, closed" in lines
    assert "1 ring Split ring, 25 mm RING-25" in lines


def test_it_tells_the_facts_of_a_board(board_product):
    product, _ = read(board_product)
    said = "\n".join(describe_product(product))
    assert "30.00 x 20.00 x 1.60 mm, 600.0 mm2, 2 copper layers" in said
    assert "parts: 2 to be fitted (2 surface-mounted top), 0 not" in said


def test_a_file_that_is_not_used_is_named(run, product):
    (product / "notes.txt").write_text("buy milk", encoding="utf-8")
    _, _, said = run("read", product)
    assert any("notes.txt" in line for line in said.splitlines())


def test_findings_are_counted(run, product):
    (product / "notes.txt").write_text("buy milk", encoding="utf-8")
    _, _, said = run("read", product)
    assert said.splitlines()[-1] == "1 remark"


def test_json_to_a_file_holds_product_and_findings(run, product, tmp_path):
    code, _, _ = run("read", product, "--json", tmp_path / "out.json")
    content = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert code == 0
    assert content["format"] == "manyworks-product/1"
    assert content["product"]["items"]["tag"]["design"]["volume_mm3"] == 2880.0
    assert content["findings"] == []


def test_json_to_standard_output_is_nothing_but_json(run, product):
    _, said, _ = run("read", product, "--json", "-")
    assert json.loads(said)["product"]["root"] == "keyring"


def test_json_after_an_error_has_no_product_but_the_findings(run, product):
    (product / "product.toml").write_text(PRODUCT.replace('design = "tag.stl"', 'design = "gone.stl"'))
    code, said, _ = run("read", product, "--json", "-")
    content = json.loads(said)
    assert code == 1
    assert content["product"] is None
    assert any(one["severity"] == "error" and "gone.stl" in one["message"] for one in content["findings"])


def test_a_page_is_written(run, product, tmp_path):
    run("read", product, "--html", tmp_path / "page.html")
    assert "Keyring with tag" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_json_is_not_written_in_its_own_place(run, product):
    before = (product / "product.toml").read_text()
    code, _, said = run("read", product, "--json", product / "product.toml")
    assert code == 1
    assert "it belongs to what is read" in said
    assert (product / "product.toml").read_text() == before


def test_checks_are_told_with_the_shops_that_can(run, board_product, network):
    _, said, _ = run("read", board_product, "--network", network)
    assert "can it be made like this?" in said


def test_an_own_limit_is_followed(run, board_product, tmp_path):
    run("read", board_product, "--limit", "single_board_side_mm=500", "--json", tmp_path / "a.json")
    checks = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["checks"]
    (one,) = [check for check in checks if check["name"] == "single_board_side_mm"]
    assert (one["threshold"], one["verdict"]) == (500, "fails")


def test_a_process_of_one_s_own_is_checked_instead_of_the_guess(run, product, tmp_path):
    run("read", product, "--process", "tag=injection-moulding", "--json", tmp_path / "a.json")
    checks = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["checks"]
    assert {check["process"] for check in checks if check["item"] == "tag"} == {"injection-moulding"}


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("--limit", "min_trak_mm=1", "did you mean 'min_track_mm'"),
        ("--process", "nothing=fdm-printing", "no item is called 'nothing'"),
    ],
)
def test_names_nobody_knows_are_errors_with_a_hint(run, board_product, option, value, hint):
    code, _, said = run("read", board_product, option, value)
    assert code == 1
    assert hint in said


@pytest.mark.parametrize("value", ["min_track_mm", "=1", "min_track_mm=x", "min_track_mm=nan"])
def test_a_limit_that_is_none_is_not_understood(run, board_product, value):
    code, _, said = run("read", board_product, "--limit", value)
    assert code == 2
    assert "--limit" in said
