"""``manyworks network check`` and ``show``."""

from __future__ import annotations

import json

import pytest
from tests.cli.small_shop import TABLES, write_network


def changed(table, before, after):
    text = TABLES[f"{table}.csv"]
    assert before in text
    return {table: text.replace(before, after)}


def test_a_good_network_is_fine(run, network):
    code, said, findings = run("network", "check", network)
    assert code == 0
    assert said.splitlines()[0].startswith("Small town: 4 shops, 7 machines")
    assert said.splitlines()[-1] == "no problem found"
    assert findings == ""


CASES = {
    "a process nobody knows": (
        changed("capabilities", "fdm-printing,PLA", "basket-weaving,PLA"),
        "warning: printers",
        "'basket-weaving'",
        0,
    ),
    "a coefficient no model knows": (
        changed("machines", "Printer,4,", "Printer,4,flux_capacity=2"),
        "error: printers",
        "'flux_capacity'",
        1,
    ),
    "a coefficient that cannot be": (
        changed("machines", "Printer,4,", "Printer,4,bed_x_mm=-1"),
        "error: printers",
        "-1",
        1,
    ),
    "a country without rates": (
        changed("shops", "print-house,Print House,GB", "print-house,Print House,AQ"),
        "error: print-house: AQ",
        "no rates for country 'AQ'",
        1,
    ),
    "a machine in no shop": (
        changed("machines", "table,pack-room", "table,park-room"),
        "error: machines.csv:row 3",
        "'park-room'",
        1,
    ),
}


@pytest.mark.parametrize(("tables", "begins", "holds", "code"), CASES.values(), ids=CASES.keys())
def test_a_problem_is_one_line_with_its_place(tables, begins, holds, code, run, tmp_path):
    ended, _, said = run("network", "check", write_network(tmp_path / "n", **tables))
    about = [line for line in said.splitlines() if holds in line]
    assert ended == code
    assert len(about) == 1, said
    assert about[0].startswith(begins)


def test_a_coefficient_of_a_shop_needs_to_mean_something_to_one_of_its_machines_only(run, tmp_path):
    head, *rows = TABLES["shops.csv"].splitlines()
    rows = [f"{row}," + ("packing.efficiency=0.8" if row.startswith("pack-room") else "") for row in rows]
    shops = "\n".join([f"{head},coefficients", *rows])
    _, _, said = run("network", "check", write_network(tmp_path / "n", shops=shops))
    assert "final-assembly" not in said


def test_no_folder_is_told(run, tmp_path):
    code, _, said = run("network", "check", tmp_path / "nowhere")
    assert code == 1
    assert "nowhere" in said
    assert said.splitlines()[0].startswith("error: ")


def test_show_lists_every_shop_with_what_it_does(run, network):
    code, said, _ = run("network", "show", network)
    assert code == 0
    rows = {line.split()[0]: line for line in said.splitlines() if line}
    assert "fdm-printing" in rows["print-house"]
    assert "final-assembly, packing" in rows["pack-room"]
    assert "sells" in rows["stall"]


def test_a_limit_of_what_a_shop_can_make_is_no_unknown_coefficient(run, tmp_path):
    tables = changed("machines", "Printer,4,", "Printer,4,min_printed_wall_mm=0.5")
    code, _, said = run("network", "check", write_network(tmp_path / "n", **tables))
    assert (code, said) == (0, "")


def test_a_shop_s_own_limit_decides_whether_it_can(run, product, tmp_path):
    tables = changed("machines", "Printer,4,", "Printer,4,min_printed_wall_mm=50")
    folder = write_network(tmp_path / "n", **tables)
    run("read", product, "--network", folder, "--process", "tag=fdm-printing", "--json", tmp_path / "a.json")
    checks = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["checks"]
    (wall,) = [check for check in checks if check["name"] == "min_printed_wall_mm"]
    assert wall["verdict"] == "passes"
    assert wall["shops_unable"] == [["print-house", "states at least 50 mm"]]
