"""The market of one network: an index over its machines and offers that answers questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from manyworks.market.answers import Candidate, Match, OfferMatch, PriceEstimate, Refusal
from manyworks.market.check import check_words
from manyworks.market.limits import Outcome, judge, lot_trouble
from manyworks.market.offers import OfferIndex
from manyworks.market.parts import estimate_price
from manyworks.market.stand import Stand, Truths, build_stand
from manyworks.market.taxonomy import (
    canonical,
    is_kind_of,
    nearest_process,
    process_of_machine,
    wider_processes,
)
from manyworks.model import Capability, Finding, Item, Machine, Network, Requirement, error


def declines(candidate: Candidate, quantity: float) -> Refusal | None:
    """Refusal of a candidate whose lot range does not hold ``quantity``; None where it does."""
    reason = lot_trouble(candidate.capability, quantity)
    if not reason:
        return None
    code = "market.match.lot"
    return Refusal(
        shop=candidate.shop,
        machine=candidate.machine,
        verdict="no_match",
        code=code,
        reason=reason,
        codes=(code,),
    )


def process_of(machine: Machine, capability: Capability) -> str | None:
    """Canonical process of a capability: by its name, or else by the machine's make and model."""
    return canonical(capability.process) or process_of_machine(machine.make, machine.model)


class Market:
    """Index over a network's machines and offers.

    Parameters
    ----------
    network
        The snapshot; it is not changed.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._stands: dict[str, Stand] = {}

    def match(self, requirement: Requirement, *, quantity: float | None = None, on: str = "") -> Match:
        """Machines that can do what is asked, and why the others of the process cannot.

        Every limit holds on one machine and its shop.

        Parameters
        ----------
        requirement
            What is asked; its process under any name.
        quantity
            Size of the lot; None leaves lot ranges aside (see `declines`).
        on
            ISO date on which certificates must be valid; empty: the network's day.
        """
        process = canonical(requirement.process)
        shops = len(self.network.shops)
        if process is None:
            return Match((), tuple, without_process=shops, findings=(_unknown(requirement),))
        stand = self._stand(process)
        outcomes = list(judge(stand, requirement, quantity, on or self.network.as_of))
        holds = ~_any([o.fails for o in outcomes], stand) & ~_any([o.unsaid for o in outcomes], stand)
        return Match(
            tuple(_distinct(stand, np.flatnonzero(holds).tolist())),
            lambda: tuple(_refuse(stand, outcomes, holds)),
            without_process=shops - len(stand.shops),
        )

    def offers_for(self, item: Item) -> OfferMatch:
        """Offers that sell an item: by part number, else by value and package, else by name.

        A plain chip resistor or capacitor whose named part nobody offers may be replaced by one
        of the same value, package and ratings; the note says so. Substitutes that a bill names
        are items of their own.
        """
        return self._offers.find(item)

    def estimate_price(self, item: Item, quantity: float = 100.0) -> PriceEstimate:
        """Range of what a part may cost that nobody offers, in USD each when ``quantity`` are bought."""
        return estimate_price(item, quantity)

    def check(self) -> tuple[Finding, ...]:
        """What in the network's words the market cannot read: names of processes, materials, packages."""
        return check_words(self.network)

    @cached_property
    def _offers(self) -> OfferIndex:
        return OfferIndex(self.network.offers.values(), self.network.shops, self.network.as_of)

    def _stand(self, process: str) -> Stand:
        if process not in self._stands:
            kinds = {slug: False for slug in self._machines if is_kind_of(slug, process)}
            kinds |= dict.fromkeys(wider_processes(process), True)
            self._stands[process] = build_stand(process, kinds, self._machines, self.network.shops)
        return self._stands[process]

    @cached_property
    def _machines(self) -> dict[str, list[tuple[int, Candidate]]]:
        index: dict[str, list[tuple[int, Candidate]]] = {}
        for at, machine in enumerate(self.network.machines.values()):
            if machine.shop not in self.network.shops:
                continue
            for process, capability in _abilities(machine):
                candidate = Candidate(shop=machine.shop, machine=machine.id, capability=capability)
                index.setdefault(process, []).append((at, candidate))
        return index


def _abilities(machine: Machine) -> Iterator[tuple[str, Capability]]:
    """Capabilities with their canonical process; a machine that states none is judged by its model."""
    for capability in machine.capabilities or (Capability(process=""),):
        if process := process_of(machine, capability):
            yield process, capability


def _unknown(requirement: Requirement) -> Finding:
    near = nearest_process(requirement.process)
    return error(
        "market.process.unknown",
        requirement.process or "requirement",
        f"the process '{requirement.process}' is not in the taxonomy",
        f"did you mean {near}?" if near else "name it by a canonical process",
    )


def _any(columns: Sequence[Truths], stand: Stand) -> Truths:
    found = np.zeros(len(stand), dtype=bool)
    for column in columns:
        found |= column
    return found


def _distinct(stand: Stand, rows: Sequence[int]) -> Iterator[Candidate]:
    """One candidate for each machine and lot range."""
    if not stand.repeats:
        yield from (stand.rows[row].candidate for row in rows)
        return
    seen = set()
    for row in rows:
        candidate = stand.rows[row].candidate
        key = (candidate.machine, candidate.capability.min_lot, candidate.capability.max_lot)
        if key not in seen:
            seen.add(key)
            yield candidate


def _refuse(stand: Stand, outcomes: Sequence[Outcome], holds: Truths) -> Iterator[Refusal]:
    """One refusal for each machine of which no row holds: by the row that comes nearest."""
    taken = {stand.rows[row].candidate.machine for row in np.flatnonzero(holds).tolist()}
    count = np.zeros(len(stand))
    for outcome in outcomes:
        count += outcome.fails * outcome.weight * len(outcomes) + (outcome.unsaid & ~outcome.fails)
    nearest: dict[str, int] = {}
    for row in np.flatnonzero(~holds).tolist():
        machine = stand.rows[row].candidate.machine
        if machine not in taken and (machine not in nearest or count[row] < count[nearest[machine]]):
            nearest[machine] = row
    for row in nearest.values():
        yield _word(stand, outcomes, row)


def _word(stand: Stand, outcomes: Sequence[Outcome], row: int) -> Refusal:
    failing = [o for o in outcomes if o.fails[row]]
    unsaid = [o for o in outcomes if o.unsaid[row] and not o.fails[row]]
    reasons = [o.tell(row) for o in failing] + [o.tell_unsaid(row) for o in unsaid]
    codes = tuple(dict.fromkeys(o.code for o in (*failing, *unsaid)))
    candidate = stand.rows[row].candidate
    return Refusal(
        shop=candidate.shop,
        machine=candidate.machine,
        verdict="no_match" if failing else "unknown",
        code=codes[0],
        reason="; ".join(reasons),
        codes=codes,
    )
