"""What the market says: who can, who cannot, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from manyworks.model import Capability, Finding, MachineId, Offer, OfferId, ShopId, Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A machine that can do what is asked, as far as its shop says."""

    shop: ShopId
    machine: MachineId
    capability: Capability


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a shop, or one of its machines or offers, is not taken.

    Parameters
    ----------
    shop, machine, offer
        Who; ``machine`` is None for an offer of a part, which ``offer`` names.
    verdict
        ``no_match``: something asked does not hold. ``unknown``: nothing fails, but the shop does
        not say all that is needed, so it has to be asked.
    code
        Dotted name of the first reason; ``codes`` holds all of them.
    reason
        One plain sentence with the numbers of all reasons.
    would_match
        What it would match at (``±0.02 mm``), where every limit that fails is missed by little and
        nothing has to be asked; empty otherwise.
    """

    shop: ShopId
    machine: MachineId | None
    verdict: str
    code: str
    reason: str
    codes: tuple[str, ...] = ()
    offer: OfferId | None = None
    would_match: str = ""


class Match:
    """Answer to a requirement.

    Attributes
    ----------
    candidates
        Machines that can, in the order of the network.
    without_process
        Number of shops that have no machine of the process, in no wider sense either; they are not
        listed one by one.
    findings
        Errors in the question itself (a process nobody knows).
    """

    def __init__(
        self,
        candidates: tuple[Candidate, ...],
        refuse: Callable[[], tuple[Refusal, ...]],
        *,
        without_process: int = 0,
        findings: tuple[Finding, ...] = (),
    ) -> None:
        self.candidates = candidates
        self.without_process = without_process
        self.findings = findings
        self._refuse = refuse

    @cached_property
    def refusals(self) -> tuple[Refusal, ...]:
        """Machines of the process that cannot, each with all its reasons; written when first read."""
        return self._refuse()

    def __repr__(self) -> str:
        return f"Match({len(self.candidates)} candidates, {self.without_process} shops without the process)"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCandidate:
    """An offer that sells the item, found ``by`` ``mpn``, ``parameters`` or ``name``."""

    offer: Offer
    by: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMatch:
    """Offers that sell an item, and near ones that do not, each with its reason."""

    offers: tuple[OfferCandidate, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEstimate:
    """What a part that nobody offers may cost: one unit in USD, and the assumption in a sentence."""

    unit_price_usd: Spread
    basis: str
