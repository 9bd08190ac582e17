"""Thresholds as each shop has them: stated as a capability, as a coefficient of a machine, or the usual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from manyworks.manufacturability.rules import Limit
from manyworks.model import Capability, Network, ShopId


@dataclass(frozen=True, slots=True)
class ShopLimit:
    """The most generous threshold of a shop's machines for one limit, and who states it."""

    shop: ShopId
    threshold: float
    stated: bool


def shop_limits(network: Network, limit: Limit, process: str, usual: float) -> Iterator[ShopLimit]:
    """Every shop with the process, with its threshold: its best machine's, the usual where it says none."""
    found: dict[ShopId, list[tuple[float, bool]]] = {}
    for machine in network.machines.values():
        for capability in machine.capabilities:
            if capability.process == process:
                shop = network.shops.get(machine.shop)
                own = {**(shop.coefficients if shop else {}), **machine.coefficients}
                found.setdefault(machine.shop, []).append(_threshold(own, capability, limit, usual))
    for name, values in sorted(found.items()):
        best = (min if limit.sense == "at least" else max)(values, key=lambda value: value[0])
        yield ShopLimit(name, *best)


def _threshold(
    own_values: Mapping[str, float], capability: Capability, limit: Limit, usual: float
) -> tuple[float, bool]:
    own = own_values.get(limit.name)
    if own is None and limit.capability:
        own = getattr(capability, limit.capability)
    if own is None and limit.name in _SIDES and capability.envelope_mm:
        own = sorted(capability.envelope_mm, reverse=True)[: _SIDES[limit.name] + 1][-1]
    return (usual, False) if own is None else (float(own), True)


# Limits on a part's sides are a machine's envelope, longest side first.
_SIDES = {
    "max_board_long_mm": 0,
    "max_board_short_mm": 1,
    "max_assembly_long_mm": 0,
    "max_assembly_short_mm": 1,
    "max_milled_long_mm": 0,
    "max_milled_middle_mm": 1,
    "max_milled_short_mm": 2,
    "max_powder_long_mm": 0,
    "max_fused_long_mm": 0,
    "max_resin_long_mm": 0,
}
