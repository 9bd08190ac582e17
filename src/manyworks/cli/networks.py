"""``manyworks network check`` and ``network show``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from manyworks.cli.saying import lay_out, say, say_findings
from manyworks.files import read_network
from manyworks.manufacturability import limits
from manyworks.market import Market, canonical
from manyworks.model import Finding, FindingsError, Machine, Network, Shop, ShopId
from manyworks.processes import check_coefficients, processes, shop_rates, unknown_coefficients


def check_network(arguments: Namespace) -> int:
    """Read the tables, then ask every room whether it can work with what they say."""
    network, findings = read_network(arguments.network)
    if network is not None:
        findings = (*findings, *examine(network))
        say(f"{network.name}: {', '.join(_counts(network))}")
    code = say_findings(findings)
    if not findings:
        say("no problem found")
    return code


def show_network(arguments: Namespace) -> int:
    """List shops with what they do and sell."""
    network, findings = read_network(arguments.network)
    if network is not None:
        say(f"{network.name}, {network.as_of}, in {network.currency}", ", ".join(_counts(network)), "")
        head = ("shop", "name", "country", "position", "does", "offers", "smallest order", "queue")
        say(*lay_out(head, _shop_rows(network), "     rrr"))
    return say_findings(findings, remarks=arguments.verbose)


def _counts(network: Network) -> Iterator[str]:
    pools: Mapping[str, int] = {
        "shops": len(network.shops),
        "machines": sum(machine.count for machine in network.machines.values()),
        "people": sum(worker.count for worker in network.workers.values()),
        "tools": len(network.tools),
        "offers": len(network.offers),
        "lanes of its own": len(network.lanes),
    }
    return (f"{count} {name}" for name, count in pools.items())


def _shop_rows(network: Network) -> Iterator[tuple[str, ...]]:
    for shop in network.shops.values():
        place = network.places[shop.place]
        skills = {
            capability.process: None
            for machine in machines_of(network, shop.id)
            for capability in machine.capabilities
        }
        offers = sum(offer.seller == shop.id for offer in network.offers.values())
        yield (
            shop.id,
            shop.name,
            place.country,
            f"{place.latitude:.3f},{place.longitude:.3f}",
            ", ".join(skills) or "sells",
            str(offers or ""),
            f"{shop.smallest_order:g}" if shop.smallest_order else "",
            f"{shop.queue_days:g} d" if shop.queue_days else "",
        )


def machines_of(network: Network, shop: ShopId) -> list[Machine]:
    """The machines that stand at a shop."""
    return [machine for machine in network.machines.values() if machine.shop == shop]


def examine(network: Network) -> Iterator[Finding]:
    """What the tables cannot know by themselves: unknown processes, words, coefficients, countries."""
    yield from Market(network).check()
    for shop in network.shops.values():
        machines = machines_of(network, shop.id)
        if machines:
            yield from _check_rates(shop, network)
            yield from _check_names(str(shop.id), shop.coefficients, _modelled(machines))
        for machine in machines:
            yield from _check_names(str(machine.id), machine.coefficients, _modelled([machine]))


def _check_rates(shop: Shop, network: Network) -> Iterator[Finding]:
    try:
        shop_rates(network, shop)
    except FindingsError as trouble:
        for finding in trouble.findings:
            yield replace(finding, where=f"{shop.id}: {finding.where}")


def _modelled(machines: Iterable[Machine]) -> tuple[str, ...]:
    """Processes of machines that there is a model for."""
    named = {canonical(one.process) for machine in machines for one in machine.capabilities}
    return tuple(process for process in processes() if process in named)


def _check_names(where: str, own: Mapping[str, float], able: tuple[str, ...]) -> Iterator[Finding]:
    """A coefficient needs to mean something to one of the processes, and a sensible value there.

    Names of manufacturability limits mean something too: what the shop takes as it is drawn.
    """
    limited = {limit.name for limit in limits()}
    own = {name: value for name, value in own.items() if name not in limited}
    strange = [set(unknown_coefficients(process, own)) for process in able]
    nowhere = set.intersection(*strange) if strange else set()
    for process in able:
        for finding in check_coefficients(process, own, where):
            if finding.code != "processes.coefficient.unknown":
                yield finding
    for process in able[:1]:
        yield from check_coefficients(process, {name: own[name] for name in own if name in nowhere}, where)
