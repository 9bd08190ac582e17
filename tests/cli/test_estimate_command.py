"""``manyworks estimate``: processes, measures, prices, pages."""

import json

import pytest

from manyworks.cli import main

SHEET = ["apertures=400", "sheets=1", "width_mm=80", "height_mm=60"]


def run(capsys, *arguments):
    code = main(["estimate", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_without_a_process_all_are_listed(capsys):
    code, out, _ = run(capsys)
    assert code == 0
    assert "cnc-milling" in out
    assert "injection-moulding" in out


def test_without_measures_a_process_says_what_it_asks_for(capsys):
    code, out, _ = run(capsys, "stencil-cutting")
    assert code == 0
    assert "apertures" in out
    assert "must be stated" in out
    assert "cannot:" in out


def test_prices_fall_with_the_quantity_and_differ_by_country(capsys):
    code, out, _ = run(capsys, "stencil-cutting", *SHEET, "-q", "1,20", "--country", "CN,GB", "--json", "-")
    assert code == 0
    rows = json.loads(out)["estimates"]
    assert [(row["where"], row["quantity"]) for row in rows] == [("CN", 1), ("CN", 20), ("GB", 1), ("GB", 20)]
    assert rows[1]["each"] < rows[0]["each"] < rows[2]["each"]
    for row in rows:
        assert sum(row["costs"].values()) == pytest.approx(row["price"])
        assert row["p10"] < row["p50"] < row["p90"]


def test_an_own_coefficient_and_an_own_rate_move_the_price(capsys):
    def price(*more):
        out = run(capsys, "stencil-cutting", *SHEET, "-q", "1", "--country", "GB", "--json", "-", *more)[1]
        return json.loads(out)["estimates"][0]["price"]

    assert price("--coefficient", "preparation_minutes=60") > price()
    assert price("--rate", "wage_per_hour=5") < price()


def test_every_fault_is_told_in_one_go(capsys):
    code, _, err = run(capsys, "stencil-cutting", "apertures=400", "colour=3")
    assert code == 1
    assert err.count("processes.measure.missing") == 3
    assert "no measure 'colour'" in err


def test_an_unknown_process_is_refused_with_those_known(capsys):
    code, _, err = run(capsys, "levitation", "height_mm=3")
    assert code == 1
    assert "stencil-cutting" in err


def test_what_the_process_cannot_make_is_said_beside_the_price(capsys):
    code, out, err = run(capsys, "stencil-cutting", *SHEET[:2], "width_mm=900", "height_mm=60", "-q", "1")
    assert code == 0
    assert "CN" in out
    assert "processes.scope.limit" in err


def test_the_page_shows_waterfalls_and_asks_no_other_host(capsys, tmp_path):
    page = tmp_path / "estimate.html"
    code, _, _ = run(capsys, "stencil-cutting", *SHEET, "-q", "1,20", "--html", str(page))
    text = page.read_text(encoding="utf-8")
    assert code == 0
    assert text.count("Cost waterfall") >= 6
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text


def test_the_machines_of_a_network_are_asked_with_their_own_figures(capsys):
    code, out, _ = run(
        capsys, "stencil-cutting", *SHEET, "-q", "1", "--network", "examples/network", "--json", "-"
    )
    assert code == 0
    rows = json.loads(out)["estimates"]
    assert len({row["where"] for row in rows}) == len(rows) >= 2
    assert len({round(row["price"], 6) for row in rows}) >= 2
