"""Whatever is wrong with an input: one clear line with file and place, exit code 1, no traceback."""

from __future__ import annotations

import pytest
from tests.cli.small_shop import (
    BOARD_BILL,
    PRODUCT,
    TABLES,
    write_board,
    write_network,
    write_orders,
    write_product,
)

CYCLE = PRODUCT.replace(
    'item = "ring"\nquantity = 1\n',
    'item = "ring"\nquantity = 1\n\n[[bill]]\nparent = "ring"\nitem = "keyring"\nquantity = 1\n',
)


def quote(run, product, network, quantity="50", to="Cardiff, GB"):
    return run("quote", product, "--network", network, "--quantity", quantity, "--to", to)


def lines_with(text, said):
    return [line for line in said.splitlines() if text in line and line.startswith("error: ")]


def test_text_in_a_quantity_of_a_parts_list(run, tmp_path):
    folder = write_board(tmp_path / "b", bill=BOARD_BILL.replace("R1,1", "R1,a few"))
    code, _, said = run("read", folder)
    line = next(line for line in said.splitlines() if "a few" in line)
    assert code == 0
    assert line.startswith("warning: ")
    assert "bom.csv:row 2" in line


def test_a_quantity_that_is_no_number_of_pieces(run, tmp_path):
    folder = write_board(tmp_path / "b", bill=BOARD_BILL.replace("R1,1", "R1,-1"))
    code, _, said = run("read", folder)
    (line,) = lines_with("'-1'", said)
    assert code == 1
    assert "bom.csv:row 2" in line


def test_text_in_a_quantity_of_a_product_file(run, tmp_path):
    folder = write_product(tmp_path / "p", PRODUCT.replace("quantity = 1", 'quantity = "a few"', 1))
    code, _, said = run("read", folder)
    (line,) = lines_with("a few", said)
    assert code == 1
    assert "product.toml:" in line


def test_text_in_a_quantity_of_an_order(run, network, tmp_path):
    orders = write_orders(tmp_path / "o")
    orders.write_text(orders.read_text(encoding="utf-8").replace("quantity = 50", 'quantity = "a few"'))
    code, _, said = run("plan", orders, "--network", network, "--out", tmp_path / "out")
    (line,) = lines_with("a few", said)
    assert code == 1
    assert "orders.toml:4" in line


def test_a_board_without_outline(run, network, tmp_path):
    folder = write_board(tmp_path / "b", outline="")
    for code, _, said in (run("read", folder), quote(run, folder, network)):
        (line,) = lines_with("outline", said)
        assert code == 1
        assert "blinker.kicad_pcb" in line


def test_a_machine_in_no_shop(run, product, tmp_path):
    tables = TABLES["machines.csv"].replace("table,pack-room", "table,park-room")
    code, _, said = quote(run, product, write_network(tmp_path / "n", machines=tables))
    (line,) = lines_with("park-room", said)
    assert code == 1
    assert "machines.csv:row 3" in line
    assert "pack-room" in line


@pytest.mark.parametrize("quantity", ["0", "-3"])
def test_a_quantity_below_one(quantity, run, product, network):
    code, _, said = quote(run, product, network, f"5,{quantity}")
    (line,) = lines_with(quantity, said)
    assert code == 1
    assert line.startswith("error: --quantity: ")


def test_more_than_anybody_can_count(run, product, network):
    code, _, said = quote(run, product, network, "999999999999")
    assert code == 1
    assert lines_with("999999999999", said)


def test_an_unknown_place_with_what_may_be_meant(run, product, network):
    code, _, said = quote(run, product, network, to="Cardif, GB")
    (line,) = lines_with("Cardif", said)
    assert code == 1
    assert "did you mean Cardiff, GB" in line


def test_an_unknown_place_in_an_order(run, network, tmp_path):
    orders = write_orders(tmp_path / "o")
    orders.write_text(orders.read_text(encoding="utf-8").replace("Swansea, GB", "Swanzey Bay, XX"))
    code, _, said = run("plan", orders, "--network", network, "--out", tmp_path / "out")
    (line,) = lines_with("Swanzey", said)
    assert code == 1
    assert line.startswith("error: orders.toml: order second: ")


@pytest.mark.parametrize("name", ["gone", "gone.kicad_pcb", "gone/product.toml"])
def test_a_missing_file(name, run, network, tmp_path):
    for code, _, said in (run("read", tmp_path / name), quote(run, tmp_path / name, network)):
        (line,) = lines_with("gone", said)
        assert code == 1
        assert "no such file" in line


def test_a_missing_design_of_an_order(run, network, tmp_path):
    orders = write_orders(tmp_path / "o")
    orders.write_text(
        orders.read_text(encoding="utf-8").replace('product = "keyring"', 'product = "gone"', 1)
    )
    code, _, said = run("plan", orders, "--network", network, "--out", tmp_path / "out")
    (line,) = lines_with("'gone'", said)
    assert code == 1
    assert "orders.toml:3" in line
    assert not (tmp_path / "out").exists()


def test_missing_orders_and_a_missing_network_together(run, tmp_path):
    code, _, said = run("plan", tmp_path / "no.toml", "--network", tmp_path / "none", "--out", tmp_path / "o")
    assert code == 1
    assert len([line for line in said.splitlines() if line.startswith("error: ")]) == 2


def test_a_bill_of_materials_in_a_circle(run, network, tmp_path):
    folder = write_product(tmp_path / "p", CYCLE)
    for code, _, said in (run("read", folder), quote(run, folder, network)):
        (line,) = [line for line in said.splitlines() if line.startswith("error: ")]
        assert code == 1
        assert "product.toml" in line
        assert "keyring" in line


HOSTILE = {
    "empty": b"",
    "zeros": b"\0" * 5000,
    "noise": bytes(range(256)) * 40,
    "open brackets": b"(" * 100_000,
    "not utf-8": b'[product]\nid = "\xff\xfe"\n',
    "a huge number": b'[product]\nid = "a"\nsize_mm = [1e999, nan, -inf]\n',
}


@pytest.mark.parametrize("ending", ["toml", "kicad_pcb", "csv", "stl"])
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_files_full_of_rubbish(content, ending, run, tmp_path):
    path = tmp_path / f"thing.{ending}"
    path.write_bytes(content)
    code, _, said = run("read", path)
    assert code == 1
    assert any(line.startswith("error: ") and "thing" in line for line in said.splitlines())


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_orders_full_of_rubbish(content, run, network, tmp_path):
    (tmp_path / "orders.toml").write_bytes(content)
    code, _, said = run("plan", tmp_path / "orders.toml", "--network", network, "--out", tmp_path / "out")
    assert code == 1
    assert any(line.startswith("error: orders.toml") for line in said.splitlines())
