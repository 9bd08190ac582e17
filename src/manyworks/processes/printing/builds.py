"""What printers have in common: room for parts on a bed or in a box, and builds shared by orders."""

from __future__ import annotations

import numpy as np

from manyworks.processes.frame import Array, Bench, Number

_ROUNDING = 1e-9


def build_side(bench: Bench, axis: int, name: str) -> Number:
    """A side of each printer's build room in mm: the machine's own envelope, else the process's.

    Envelopes are taken as stated: width, depth, height. Shape (S, 1), or one number for all.
    """
    process = bench.table.process
    envelopes = [
        next((c.envelope_mm for c in s.machine.capabilities if c.process == process and c.envelope_mm), ())
        for s in bench.stations
    ]
    own = [sides[axis] if len(sides) > axis else np.nan for sides in envelopes]
    stated = np.array(own, dtype=np.float64)[:, None]
    if np.all(np.isnan(stated)):
        return bench[name]
    return np.where(np.isnan(stated), bench[name], stated)


def parts_on_bed(bed_x: Number, bed_y: Number, x: float, y: float, gap: Number) -> Number:
    """Boxes of ``x`` by ``y`` that lie on a bed in rows, either way round, at least one."""
    wide, long = bed_x + gap, bed_y + gap
    upright = np.floor(wide / (x + gap)) * np.floor(long / (y + gap))
    turned = np.floor(wide / (y + gap)) * np.floor(long / (x + gap))
    many: Number = np.maximum(np.maximum(upright, turned), 1.0)
    return many


def charged_seconds(builds: Array, fixed_s: Number, fill_s: Number, least_s: Number, packed: Number) -> Array:
    """Machine seconds an order pays for that fills ``builds`` builds (2.3: two full ones and a third of one).

    A full build takes ``fixed_s + fill_s``, one filled to a share ``r`` takes ``fixed_s`` and
    ``max(r fill_s, least_s)``. The order takes the cheapest complete way: builds of its own, each filled
    alike; room in builds shared with other orders, which are filled to ``packed`` on average; or its
    own full builds and the rest in shared ones.
    """
    full = fixed_s + fill_s
    own = np.ceil(builds - _ROUNDING)
    alone = own * fixed_s + np.maximum(builds * fill_s, own * least_s)
    shared = builds * full / packed
    whole = np.floor(builds + _ROUNDING)
    rest = np.maximum(builds - whole, 0.0)
    mixed = whole * full + np.minimum(rest * full / packed, full)
    least: Array = np.minimum(np.minimum(alone, shared), mixed)
    return least
