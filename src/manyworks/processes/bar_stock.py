"""Bars and tubes of trade length cut into pieces: how many bars, what is left over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.model import Operation
from manyworks.processes.frame import Array, Bench, Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """What a lot takes of the store: metres charged, bars laid in (a share for a part of one)."""

    charged_m: Number
    laid: Number


def bars_of(length_mm: float, starts: Array, bench: Bench) -> Bars:
    """Bars for a lot: ``floor((bar - end) / (length + kerf))`` pieces to a bar, all of one length.

    For one length that is the exact answer to cutting stock. A lot is charged for what it takes
    and ``1 - remnant_share`` of what is left of its last bar; a piece longer than a bar takes as many as
    cover it.
    """
    usable = bench["bar_mm"] - bench["bar_end_mm"]
    cell = length_mm + bench["kerf_mm"]
    fitting = np.floor(usable / cell)
    share = np.where(fitting > 0.0, 1.0 / np.maximum(fitting, 1.0), np.ceil(cell / usable))
    taken, kept = starts * share, bench["remnant_share"]
    whole = np.maximum(np.ceil(taken - 1e-9), taken)
    charged = kept * taken + (1.0 - kept) * whole
    return Bars(charged_m=charged * bench["bar_mm"] / 1000.0, laid=taken)


def stock_money(
    operation: Operation, price: str, input_kg: Number, product_kg: Number, bench: Bench
) -> Number:
    """Money of the stock of a lot, its clean scrap sold (never above what it cost).

    ``price`` names the driver that holds the stock's price, USD/kg.
    """
    paid, scrap = bench.drivers(operation, price, "scrap_usd")
    returned = (input_kg - product_kg) * min(scrap, paid) * bench["scrap_return_share"]
    return (input_kg * paid - returned) * bench.rates["material_factor"]
