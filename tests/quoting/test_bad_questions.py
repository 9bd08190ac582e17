"""Questions that make no sense are answered with one clear finding each."""

from __future__ import annotations

import pytest

from manyworks.logistics import LogisticsError
from manyworks.quoting import QuotingError, quote, quote_prepared


@pytest.fixture
def ask(badge, network):
    def ask_quote(quantities, to="Cardiff, GB"):
        return quote(badge, network, quantities=quantities, ship_to=to)

    return ask_quote


@pytest.mark.parametrize("wrong", [0, -5, True, 1.5, "5", None, 10**12, float("nan"), float("inf")])
def test_a_quantity_that_is_no_number_of_pieces(ask, wrong):
    with pytest.raises(QuotingError) as caught:
        ask([wrong])
    (finding,) = caught.value.findings
    assert finding.code == "quoting.quantity"
    assert repr(wrong) in finding.message
    assert finding.hint


def test_no_quantity_at_all(ask):
    with pytest.raises(QuotingError) as caught:
        ask([])
    (finding,) = caught.value.findings
    assert "no quantity" in finding.message


def test_each_wrong_quantity_is_told_and_right_ones_are_not(ask):
    with pytest.raises(QuotingError) as caught:
        ask([5, 0, 50, -1])
    assert ["0 is" in finding.message or "-1 is" in finding.message for finding in caught.value.findings] == [
        True,
        True,
    ]


def test_a_prepared_case_asks_as_strictly(prepared, network):
    with pytest.raises(QuotingError):
        quote_prepared(prepared, network, quantities=[0])


@pytest.mark.parametrize("wrong", ["Nowhere At All, XX", "", "  ", "999,999", "51.48,", "nan,nan"])
def test_a_place_nobody_knows(ask, wrong):
    with pytest.raises(LogisticsError) as caught:
        ask([5], to=wrong)
    (finding,) = caught.value.findings
    assert finding.message
    assert finding.hint
