"""Machines that are larger than the ordinary one: price and draw grow with their size where not stated."""

from __future__ import annotations

import numpy as np

from manyworks.processes.frame import Bench, Number


def sized(bench: Bench, name: str, attribute: str, ratio: Number) -> Number:
    """A figure of the ordinary machine times ``ratio``; a machine that states its own keeps it.

    ``name`` is a row of ``[machine]``, ``attribute`` the machine's field that replaces it.
    """
    stated = bench.of_machine(name, attribute)
    figure = bench.table.machine[name]
    factor = bench.rates["capital_factor"] if figure.unit.startswith("USD") else 1.0
    usual = figure.value * factor
    grown: Number = np.where(stated == usual, usual * ratio, stated)
    return grown
