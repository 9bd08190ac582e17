"""A moulder that wants millions declines thousands, and the answer says so by name."""

from __future__ import annotations

from pathlib import Path

from examples.sanity_cases.lots import Case, Grid
from examples.sanity_cases.products import box

from manyworks import Quote, find_place, quote, read_network

NETWORK = Path(__file__).parents[1] / "network"
QUANTITIES = (3_000, 1_000_000)


def quotes() -> tuple[Quote, ...]:
    """The box at thousands and at a million on the example network."""
    network, _ = read_network(NETWORK)
    if network is None:
        raise FileNotFoundError(NETWORK)
    place = find_place("Cardiff, GB", network)
    return quote(box(), quantities=QUANTITIES, ship_to=place, network=network).quotes


def tell() -> Case:
    """Who declines what, in the words of the quote, and who makes it instead."""
    said, made = [], []
    for one in quotes():
        quantity = f"{one.quantity:,}"
        said += [
            (quantity, finding.message)
            for finding in one.findings
            if finding.code == "quoting.shop.declines" and "lots from" in finding.message
        ]
        for option in one.options[:1]:
            made += [
                (quantity, step.shop, step.process, f"{option.unit_price.mean:.3f}") for step in option.steps
            ]
    return Case(
        grids=[
            Grid(title="Who declines, in the words of the quote", heads=("pieces", "answer"), rows=said),
            Grid(
                title="Who makes it instead in the cheapest option",
                heads=("pieces", "shop", "process", "GBP each, delivered"),
                rows=made,
            ),
        ],
        lots=[],
    )
