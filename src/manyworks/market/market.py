"""The market of one network: an index over its machines and offers that answers questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from manyworks.market.answers import Candidate, Match, OfferMatch, PriceEstimate, Refusal
from manyworks.market.check import check_words
from manyworks.market.limits import Outcome, Terms, judge, lot_near, lot_trouble
from manyworks.market.offers import OfferIndex
from manyworks.market.parts import estimate_price
from manyworks.market.stand import Stand, Truths, build_stand
from manyworks.market.taxonomy import (
    axes_named,
    axes_of,
    canonical,
    is_kind_of,
    may_mean,
    met_by,
    nearest_process,
    plain_process,
    processes,
    processes_named,
    processes_of_machine,
    wider_processes,
)
from manyworks.model import Capability, Finding, Item, Machine, Network, Requirement, error

SILENT = "?"
"""Key of machines that do not say what they do; before the words of a process no lexicon knows."""

MAYBE = "~"
"""Before the slug of a process that a machine's word for what it does may mean."""

ORDINARY_AXES = 3
"""Axes of any mill: a request that names no more asks for nothing special."""


def declines(candidate: Candidate, quantity: float) -> Refusal | None:
    """Refusal of a candidate whose lot range does not hold ``quantity``; None where it does."""
    reason = lot_trouble(candidate.capability, quantity)
    if not reason:
        return None
    near = lot_near(candidate.capability, quantity)
    code = "market.match.lot"
    return Refusal(
        shop=candidate.shop,
        machine=candidate.machine,
        verdict="no_match",
        code=code,
        reason=_with_near(reason, near),
        codes=(code,),
        would_match=near,
    )


class Market:
    """Index over a network's machines and offers.

    Parameters
    ----------
    network
        The snapshot; it is not changed.
    ask_silent
        Whether machines that do not say what they do, by process nor by a known model, count among
        those that have to be asked.
    """

    def __init__(self, network: Network, *, ask_silent: bool = False) -> None:
        self.network = network
        self._ask_silent = ask_silent
        self._stands: dict[str, Stand] = {}

    def match(
        self,
        requirement: Requirement,
        *,
        quantity: float | None = None,
        budget: float | None = None,
        on: str = "",
    ) -> Match:
        """Machines that can do what is asked, and why the others of the process cannot.

        Every limit holds on one machine and its shop.

        Parameters
        ----------
        requirement
            What is asked; its process under any name.
        quantity
            Size of the lot; None leaves lot ranges aside (see `declines`).
        budget
            The most the order may cost in all (network's currency): below a shop's smallest order it
            is refused; None leaves that aside.
        on
            ISO date on which certificates must be valid; empty: the network's day.
        """
        process = canonical(requirement.process) or self._same_words(requirement.process)
        shops = len(self.network.shops)
        if process is None:
            return Match((), tuple, without_process=shops, findings=(_unknown(requirement),))
        process, requirement = _with_axes(process, requirement)
        stand = self._stand(process)
        terms = Terms(quantity=quantity, budget=budget, on=on or self.network.as_of)
        outcomes = list(judge(stand, requirement, terms))
        holds = ~_any([o.fails for o in outcomes], stand) & ~_any([o.unsaid for o in outcomes], stand)
        return Match(
            stand.distinct(np.flatnonzero(holds)),
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
            named = [slug for slug in self._machines if not slug.startswith(MAYBE)]
            kinds = {slug: False for slug in named if slug == process or is_kind_of(slug, process)}
            kinds |= dict.fromkeys(wider_processes(process), True)
            kinds |= dict.fromkeys(met_by(process), False)
            kinds |= {MAYBE + slug: True for slug in (process, *kinds) if MAYBE + slug in self._machines}
            if self._ask_silent:
                kinds[SILENT] = True
            self._stands[process] = build_stand(process, kinds, self._machines, self.network.shops)
        return self._stands[process]

    def _same_words(self, process: str) -> str | None:
        """A process no lexicon knows, where a machine of the network names it in the very same words."""
        own = _own_words(process)
        return own if own in self._machines and own != SILENT else None

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
    """Capabilities by canonical process; a machine that states none is judged by its model.

    A name of several processes counts for each; one that no lexicon knows stands for its own words.
    """
    built_for = processes_of_machine(machine.make, machine.model) if machine.make or machine.model else None
    for capability in machine.capabilities or (Capability(process=""),):
        for process in _known(capability.process, built_for):
            yield process, capability
        if built_for is None:
            yield from ((MAYBE + process, capability) for process in may_mean(capability.process))


def _known(said: str, built_for: tuple[str, ...] | None) -> tuple[str, ...]:
    """What a machine does: as it says, narrowed by its model; by its model alone where it does not say."""
    named = processes_named(said)
    if named:
        narrowed = [slug for slug in built_for or () if len(named) == 1 and is_kind_of(slug, named[0])]
        return tuple(narrowed) or named
    if built_for is None and said:
        make, _, model = said.partition(" ")
        built_for = processes_of_machine(make, model)
    return (_own_words(said),) if built_for is None else built_for


def _own_words(process: str) -> str:
    """Key of a process that no lexicon knows: its folded words, never the slug of another."""
    return SILENT + " ".join(processes().key(process))


def _with_axes(process: str, requirement: Requirement) -> tuple[str, Requirement]:
    """Milling in five axes is milling on a machine of five axes, whatever the machine calls itself.

    Three axes are what every mill has; more of them, where only the name of the process says so, are asked.
    """
    named = axes_of(process) or axes_named(requirement.process) or 0
    if named > ORDINARY_AXES:
        requirement = replace(requirement, axes=max(named, requirement.axes or 0))
    return plain_process(process), requirement


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
    near = [o.would(row) for o in failing]
    reasons = [_with_near(o.tell(row), at) for o, at in zip(failing, near, strict=True)]
    reasons += [o.tell_unsaid(row) for o in unsaid]
    codes = tuple(dict.fromkeys(o.code for o in (*failing, *unsaid)))
    candidate = stand.rows[row].candidate
    return Refusal(
        shop=candidate.shop,
        machine=candidate.machine,
        verdict="no_match" if failing else "unknown",
        code=codes[0],
        reason="; ".join(reasons),
        codes=codes,
        would_match="" if unsaid or not all(near) else " and ".join(near),
    )


def _with_near(reason: str, at: str) -> str:
    return f"{reason} (near miss: would match at {at})" if at else reason
