"""What in a network's words the market cannot read: each would hide a shop or an offer."""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.market.materials import each_material, materials
from manyworks.market.packages import find_package
from manyworks.market.part_numbers import part_numbers
from manyworks.market.taxonomy import nearest_process, processes_named, processes_of_machine
from manyworks.model import Capability, Finding, Machine, Network, Offer, Worker, warning


def check_words(network: Network) -> tuple[Finding, ...]:
    """Findings for process, material and package names not known, and offers that name nothing."""
    return (
        *(finding for machine in network.machines.values() for finding in _machine(machine)),
        *(finding for worker in network.workers.values() for finding in _worker(worker)),
        *(finding for offer in network.offers.values() for finding in _offer(offer)),
    )


def _machine(machine: Machine) -> Iterator[Finding]:
    for capability in machine.capabilities or (Capability(process=""),):
        named = processes_named(capability.process)
        built_for = processes_of_machine(machine.make, machine.model)
        # A machine that the catalogue knows to make nothing (a scanner) needs no process.
        if not named and (built_for is None or (not built_for and capability.process)):
            yield _unknown_process(machine.id, capability.process)
        for material in (name for entry in capability.materials for name in each_material(entry)):
            if materials().find(material) is None:
                yield _unknown_material(machine.id, material)
        if capability.smallest_package and find_package(capability.smallest_package) is None:
            yield warning(
                "market.package.unknown",
                machine.id,
                f"the package '{capability.smallest_package}' is not in the package table",
                "name a chip code such as 0402; until then the shop has to be asked",
            )


def _worker(worker: Worker) -> Iterator[Finding]:
    return (
        _unknown_process(worker.id, process) for process in worker.processes if not processes_named(process)
    )


def _offer(offer: Offer) -> Iterator[Finding]:
    if not (part_numbers(offer.mpn) or offer.name.strip() or offer.value.strip()):
        yield warning(
            "market.offer.nameless",
            offer.where or offer.id,
            "the offer states no part number, no value and no name, so nobody can find it",
            "state at least one of mpn, value with package, or name",
        )


def _unknown_process(where: str, process: str) -> Finding:
    near = nearest_process(process)
    said = f"the process '{process}' is not in the taxonomy" if process else "no process is stated"
    return warning(
        "market.process.unknown",
        where,
        f"{said}, so nothing is matched to it",
        f"did you mean {near}?" if near else "name the process by a name in the taxonomy",
    )


def _unknown_material(where: str, material: str) -> Finding:
    near = materials().nearest(material)
    return warning(
        "market.material.unknown",
        where,
        f"the material '{material}' is not known, so it only matches the very same words",
        f"did you mean {near}?" if near else "use a trade name or a standard designation",
    )
