"""``manyworks quote``."""

from __future__ import annotations

import json

import pytest
from tests.cli.small_shop import TABLES, write_network, write_product

from manyworks.cli import quotes


@pytest.fixture
def ask(run, product, network):
    def ask_quote(*more, quantity="50", to="Cardiff, GB"):
        return run("quote", product, "--network", network, "--quantity", quantity, "--to", to, *more)

    return ask_quote


def test_it_tells_who_does_what_at_which_price(ask):
    code, said, findings = ask()
    assert code == 0
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert lines[0] == "Keyring with tag to Cardiff, GB"
    assert "50 pieces" in lines
    assert any(line.startswith("cheapest ") for line in lines)
    assert any(line.startswith("Tag fdm-printing Print House GB 5") for line in lines)
    assert any(line.startswith("buys from Parts Stall: ") for line in lines)
    assert any("to Cardiff: " in line for line in lines)
    assert "error" not in findings


def test_each_quantity_has_its_part(ask):
    _, said, _ = ask(quantity="5,50")
    assert [line for line in said.splitlines() if line.endswith(" pieces")] == ["5 pieces", "50 pieces"]


def test_remarks_are_only_counted_unless_asked_for(ask):
    _, _, few = ask()
    _, _, all_of_them = ask("--verbose")
    assert few.splitlines()[-1].endswith("(--verbose shows the remarks)")
    assert len(few.splitlines()) == 1
    assert len(all_of_them.splitlines()) > 3


def test_lines_sum_to_the_total_in_json(ask):
    _, said, _ = ask("--json", "-", quantity="5,50,400")
    options = [option for quote in json.loads(said)["quotes"] for option in quote["options"]]
    assert len(options) >= 3
    for option in options:
        assert round(sum(line["amount"] for line in option["lines"]), 2) == option["total"]


def test_the_same_seed_gives_the_same_quote(ask):
    assert ask("--json", "-", "--seed", "7")[1] == ask("--json", "-", "--seed", "7")[1]


def test_another_seed_draws_other_ranges_for_the_same_total(ask):
    first, second = (json.loads(ask("--json", "-", "--seed", seed)[1]) for seed in ("1", "2"))
    one, other = (content["quotes"][0]["options"][0] for content in (first, second))
    assert one["total"] == other["total"]
    assert one["unit_price"] != other["unit_price"]


def test_files_are_written(ask, tmp_path):
    code, said, _ = ask("--json", tmp_path / "q.json", "--html", tmp_path / "q.html")
    assert code == 0
    assert "50 pieces" in said
    assert json.loads((tmp_path / "q.json").read_text(encoding="utf-8"))["currency"] == "GBP"
    assert "Keyring with tag" in (tmp_path / "q.html").read_text(encoding="utf-8")


def test_what_the_reading_noticed_is_in_the_json_too(ask, product):
    (product / "notes.txt").write_text("buy milk", encoding="utf-8")
    _, said, _ = ask("--json", "-")
    assert any("notes.txt" in one["where"] for one in json.loads(said)["findings"])


def test_a_day_that_can_be_met_gives_an_option(ask):
    _, said, _ = ask("--by", "2027-03-01", "--json", "-")
    assert "by date" in {option["label"] for option in json.loads(said)["quotes"][0]["options"]}


def test_a_day_that_cannot_be_met_is_a_warning(ask):
    code, _, said = ask("--by", "2026-11-20")
    assert code == 0
    assert any(line.startswith("warning: 2026-11-20: ") for line in said.splitlines())


def test_what_nobody_can_make_ends_with_1_and_says_so(run, product, tmp_path):
    rows = TABLES["capabilities.csv"].splitlines()
    poor = write_network(tmp_path / "poor", capabilities="\n".join(row for row in rows if "final" not in row))
    code, said, findings = run("quote", product, "--network", poor, "-q", "50", "--to", "Cardiff, GB")
    assert code == 1
    assert "nobody can" in said
    assert any(line.startswith("error: keyring: nobody in the network") for line in findings.splitlines())


def test_everything_wrong_is_told_at_once(run, tmp_path):
    product = write_product(tmp_path / "p", "[product]\nname = 5\n")
    network = write_network(
        tmp_path / "n", machines=TABLES["machines.csv"].replace("table,pack", "table,park")
    )
    code, said, findings = run(
        "quote", product, "--network", network, "-q", "0", "--to", "x", "--json", tmp_path / "no" / "q.json"
    )
    assert code == 1
    assert said == ""
    for part in ("product.toml", "machines.csv:row 3", "--quantity", "q.json"):
        assert sum(part in line for line in findings.splitlines()) >= 1, part


def test_nothing_is_written_where_asking_fails(ask, tmp_path):
    ask("--json", tmp_path / "q.json", to="Nowhereville")
    assert not (tmp_path / "q.json").exists()


def test_the_solvers_are_not_asked_when_the_input_is_wrong(ask, monkeypatch):
    monkeypatch.setattr(quotes, "_ask", lambda *_: pytest.fail("asked"))
    assert ask(to="Nowhereville")[0] == 1


def test_very_many_quantities_are_refused_before_anybody_waits(ask):
    code, _, said = ask(quantity=",".join(map(str, range(1, 500))))
    assert code == 1
    assert "499 quantities; at most 30" in said
