"""Machines with the rates of their shop: of a network, or an ordinary one anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from manyworks.model import Machine, MachineId, Network, RateCard, Shop, ShopId
from manyworks.processes.frame import Station
from manyworks.processes.rates import rate_card

NONE: Mapping[str, float] = MappingProxyType({})


def shop_rates(network: Network, shop: Shop) -> RateCard:
    """The rate card of a shop: its country's, with its own figures over it.

    Raises
    ------
    ProcessesError
        The country is not in the rate book and the shop does not state all rates.
    """
    return rate_card(network.place_of(shop.id).country, network.exchange, shop.rate_overrides)


def station_at(machine: Machine, shop: Shop, rates: RateCard, own: Mapping[str, float] = NONE) -> Station:
    """A machine with its shop's rates; its own coefficients win over the shop's, ``own`` over both."""
    return Station(
        machine=machine, rates=rates, coefficients={**shop.coefficients, **machine.coefficients, **own}
    )


def machine_station(network: Network, machine: MachineId, own: Mapping[str, float] = NONE) -> Station:
    """A machine of a network as a station; see `shop_rates` for what can go wrong."""
    equipment = network.machines[machine]
    shop = network.shops[equipment.shop]
    return station_at(equipment, shop, shop_rates(network, shop), own)


def ordinary_station(
    country: str,
    *,
    rates: Mapping[str, float] = NONE,
    coefficients: Mapping[str, float] = NONE,
) -> Station:
    """The ordinary machine of a process in a country; money in USD.

    Parameters
    ----------
    country
        ISO 3166 alpha-2, of the rate book.
    rates, coefficients
        Own values for fields of the rate card (USD) and for figures of the process models.

    Raises
    ------
    ProcessesError
        See `rate_card`.
    """
    machine = Machine(id=MachineId("ordinary"), shop=ShopId(""), name="ordinary machine", capabilities=())
    card = rate_card(country, {"USD": 1.0}, rates)
    return Station(machine=machine, rates=card, coefficients=coefficients)
