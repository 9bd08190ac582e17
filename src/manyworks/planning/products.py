"""The designs that an orders file names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from manyworks.files import read
from manyworks.model import Finding, Order, Product


def read_products(
    orders: Sequence[Order], folder: str | Path
) -> tuple[tuple[tuple[Order, Product], ...], tuple[Finding, ...]]:
    """Read each design once, however many orders are for it.

    Parameters
    ----------
    orders
        As read from an orders file; ``source`` is a path seen from ``folder``.
    folder
        Where the orders file lies.

    Returns
    -------
    Orders with their products, without the orders whose design has an error; and all findings.
    """
    designs: dict[str, Product | None] = {}
    findings: dict[Finding, None] = {}
    for order in orders:
        if order.source not in designs:
            designs[order.source], noticed = read(Path(folder) / order.source, features="exact", views=False)
            findings.update(dict.fromkeys(noticed))
    pairs = ((order, designs[order.source]) for order in orders)
    return tuple((order, product) for order, product in pairs if product is not None), tuple(findings)
