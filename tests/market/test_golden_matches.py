"""Truth tables of matches: what must match, what must not, what has to be asked.

One table stands beside this file, one may stand beside the package; both have the same columns.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from manyworks.market.scoring import VERDICTS, ScoredRow, score_row, tally

OWN = Path(__file__).with_name("own_truth.csv")
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "bench" / "match" / "golden.csv"


@pytest.fixture(scope="module", params=[OWN, SHARED], ids=["own", "shared"])
def answers(request: pytest.FixtureRequest) -> list[ScoredRow]:
    path: Path = request.param
    if not path.exists():
        pytest.skip("the truth table is not here")
    with path.open(encoding="utf-8", newline="") as file:
        return [score_row(row) for row in csv.DictReader(file)]


def test_every_row_is_answered_right(answers: list[ScoredRow]) -> None:
    assert len(answers) > 400
    wrong = [(row.id, row.expected, row.answer.verdict, row.answer.reason) for row in answers]
    assert [one for one in wrong if one[1] != one[2]] == []


def test_nothing_is_promised_that_does_not_hold(answers: list[ScoredRow]) -> None:
    assert sum(count.false_matches for count in tally(answers).values()) == 0


def test_every_answer_has_a_reason_and_is_one_of_three(answers: list[ScoredRow]) -> None:
    assert {row.answer.verdict for row in answers} == set(VERDICTS)
    assert all(row.answer.reason for row in answers)


def test_the_tally_counts_what_is_right_false_and_missed() -> None:
    asked, shop = '{"process": "SLS"}', '{"machines": [{"process": "SLS"}]}'
    rows = [
        score_row({"id": name, "requirement": asked, "shop": shop, "expected": expected, "kind": "k"})
        for name, expected in (("a", "match"), ("b", "no_match"), ("c", "unknown"))
    ]
    count = tally(rows)["k"]
    assert (count.rows, count.right, count.false_matches, count.missed_matches) == (3, 1, 2, 0)
    assert [row.id for row in rows if not row.is_right] == ["b", "c"]


@pytest.mark.parametrize("broken", ["", "[]", "{", "null", '{"process": NaN', "[" * 100_000, "7"])
def test_a_row_that_cannot_be_read_is_answered_unknown(broken: str) -> None:
    row = {"id": "x", "requirement": broken, "shop": '{"machines": []}', "expected": "unknown", "kind": "k"}
    answer = score_row(row).answer
    assert answer.verdict == "unknown"
    assert answer.findings
