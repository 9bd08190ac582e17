"""Open boards of other people, as they publish them, on the example network."""

from __future__ import annotations

from pathlib import Path

import pytest

from manyworks.files import read
from manyworks.model import Severity, errors
from manyworks.quoting import prepare, quote_prepared

DESIGNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "designs"
BOARDS = ("board-libresolar-mppt-2420", "board-olimex-rvpc-revb", "board-voron-daylight")
ASKED = (5, 500, 50_000)


@pytest.fixture(scope="module", params=BOARDS)
def board(request, network, cardiff):
    folder = DESIGNS / request.param
    if not folder.is_dir():
        pytest.skip(f"{request.param} is not beside the repository")
    product, _ = read(folder)
    asked = prepare(product, network, cardiff)
    return asked, quote_prepared(asked, network, quantities=ASKED)


def test_each_quantity_has_an_option_or_an_error_that_says_why(board):
    _, answer = board
    assert [one.quantity for one in answer.quotes] == list(ASKED)
    for one in answer.quotes:
        assert bool(one.options) != bool(errors(one.findings))


def test_every_part_nobody_offers_is_a_warning_that_names_it(board):
    asked, answer = board
    told = {one.where: one for one in answer.findings if one.code == "quoting.part.no_offer"}
    unknown = {
        buy.item
        for one in answer.quotes
        for option in one.options
        for buy in option.purchases
        if buy.item not in asked.case.goods
    }
    assert unknown <= set(told)
    for item, finding in told.items():
        assert finding.severity is Severity.WARNING
        assert asked.product.items[item].name in finding.message
        assert finding.hint


def test_lines_sum_to_the_total(board):
    for option in (option for one in board[1].quotes for option in one.options):
        assert sum(round(line.amount * 100) for line in option.lines) == round(option.total * 100)


def test_every_fitted_part_is_bought_in_at_least_the_number_wanted(board):
    asked, answer = board
    for one in answer.quotes:
        for option in one.options:
            have: dict[str, float] = {}
            for buy in option.purchases:
                have[buy.item] = have.get(buy.item, 0.0) + buy.pieces
            for line in asked.product.fitted_lines(asked.product.root):
                if line.item not in asked.case.routings:
                    assert have[line.item] >= line.quantity * one.quantity - 1e-6
