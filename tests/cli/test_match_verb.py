"""``manyworks match``: shops with reasons, near misses, shops to ask; and a truth table scored."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from manyworks.cli.matching import MatchError, match_requirement

HEAD = "id,requirement,shop,expected,reason,kind\n"


def arguments(**given: Any) -> Namespace:
    nothing = dict.fromkeys(("requirement", "network", "golden", "quantity", "on", "json"))
    return Namespace(**{**nothing, "verbose": False, **{name: str(value) for name, value in given.items()}})


@pytest.fixture
def asked(tmp_path: Path) -> Any:
    def write(**stated: Any) -> Path:
        path = tmp_path / "requirement.json"
        path.write_text(json.dumps(stated), encoding="utf-8")
        return path

    return write


@pytest.fixture
def table(tmp_path: Path) -> Any:
    def write(*rows: tuple[str, dict[str, Any], dict[str, Any], str]) -> Path:
        import csv

        path = tmp_path / "golden.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEAD.strip().split(","))
            for name, requirement, shop, expected in rows:
                writer.writerow([name, json.dumps(requirement), json.dumps(shop), expected, "", "k"])
        return path

    return write


def test_shops_that_can_are_listed_with_their_machine(asked: Any, network: Path, capsys: Any) -> None:
    path = asked(process="FDM 3D printing", material="PLA", size_mm=[100, 50, 20])
    assert match_requirement(arguments(requirement=path, network=network)) == 0
    said = capsys.readouterr().out
    assert said.startswith("FDM 3D printing (fdm-printing): 1 shop can, with 1 machine")
    assert "print-house" in said


def test_near_misses_refusals_and_shops_to_ask_are_told_apart(
    asked: Any, network: Path, tmp_path: Path
) -> None:
    def answer(**stated: Any) -> Any:
        out = tmp_path / "out.json"
        match_requirement(arguments(requirement=asked(**stated), network=network, json=out))
        (process,) = json.loads(out.read_text(encoding="utf-8"))["processes"]
        return process

    near = answer(process="injection moulding", clamp_force_t=62, quantity=5000)
    assert [one["would_match"] for one in near["near_misses"]] == ["60 t"]
    ask = answer(process="injection moulding", finish_ra_um=0.8, quantity=5000)
    assert "does not say its surface finish" in ask["ask"][0]["reason"]
    far = answer(process="injection moulding", clamp_force_t=200, quantity=10)
    assert "takes lots from 5,000, asked 10" in far["refused"][0]["reason"]
    assert far["without_process"] == 3


def test_quantity_and_day_of_the_command_count_before_those_of_the_file(
    asked: Any, network: Path, tmp_path: Path
) -> None:
    path, out = asked(process="injection moulding", quantity=10), tmp_path / "out.json"
    match_requirement(arguments(requirement=path, network=network, json=out, quantity=9000, on="2027-01-01"))
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["shops"] == ["mould-works"]
    assert (found["quantity"], found["on"]) == (9000, "2027-01-01")


def test_several_processes_in_one_shop(asked: Any, network: Path, capsys: Any) -> None:
    path = asked(processes=["final assembly", "packing"], one_shop=True)
    match_requirement(arguments(requirement=path, network=network))
    assert "all 2 processes in one shop: pack-room" in capsys.readouterr().out


def test_a_budget_is_compared_in_the_network_s_currency(asked: Any, network: Path) -> None:
    path = asked(process="packing", budget={"amount": 5, "currency": "CHF"})
    with pytest.raises(MatchError, match="no exchange rate for CHF"):
        match_requirement(arguments(requirement=path, network=network))


def test_json_alone_goes_to_standard_output(asked: Any, network: Path, capsys: Any) -> None:
    match_requirement(arguments(requirement=asked(process="packing"), network=network, json="-"))
    assert json.loads(capsys.readouterr().out)["format"] == "manyworks-match/1"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "is not JSON"),
        (b"[1]", "expected a JSON object"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b'{"process": "SLS", "size_mm": [1, NaN], "sise": 3}', "size_mm: found"),
        (b'{"size_mm": [1, 2]}', "no process is stated"),
    ],
)
def test_a_requirement_that_cannot_be_read_is_told(
    content: bytes, told: str, network: Path, tmp_path: Path
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(MatchError) as trouble:
        match_requirement(arguments(requirement=path, network=network))
    assert told in str(trouble.value)


@pytest.mark.parametrize(
    "given", [{}, {"requirement": "r.json"}, {"network": "n"}, {"golden": "g", "network": "n"}]
)
def test_what_is_to_be_matched_must_be_named(given: dict[str, str]) -> None:
    with pytest.raises(MatchError, match="name a requirement and a network"):
        match_requirement(arguments(**given))


def test_a_truth_table_is_scored(table: Any, capsys: Any) -> None:
    path = table(
        ("a", {"process": "SLS"}, {"machines": [{"process": "SLS"}]}, "match"),
        ("b", {"process": "SLS"}, {"machines": [{"process": "FDM"}]}, "match"),
    )
    assert match_requirement(arguments(golden=path, json="-")) == 0
    score = json.loads(capsys.readouterr().out)
    assert (score["rows"], score["right"]) == (2, 1)
    assert score["wrong"] == [
        {"id": "b", "expected": "match", "got": "no_match", "reason": "runs FDM, asked SLS"}
    ]
    assert (score["false_matches"], score["kinds"]["k"]["missed_matches"]) == (0, 1)


def test_a_truth_table_on_the_screen_names_the_wrong_rows(table: Any, capsys: Any) -> None:
    path = table(("b", {"process": "SLS"}, {"machines": [{"process": "FDM"}]}, "match"))
    match_requirement(arguments(golden=path))
    said = capsys.readouterr().out
    assert "0 of 1 right" in said
    assert "runs FDM, asked SLS" in said


@pytest.mark.parametrize(
    ("text", "told"), [("id,shop\n1,2\n", "no column requirement"), (HEAD + 'a,"b\n', "is no CSV")]
)
def test_a_file_that_is_no_truth_table_is_told(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MatchError, match=told):
        match_requirement(arguments(golden=path))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MatchError, match="cannot be read"):
        match_requirement(arguments(golden=tmp_path / "nowhere.csv"))
