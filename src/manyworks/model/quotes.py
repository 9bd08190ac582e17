"""The promise for one product at one quantity."""

from __future__ import annotations

from dataclasses import dataclass, field

from manyworks.model.findings import Finding
from manyworks.model.ids import ItemId, MachineId, OfferId, OperationId, PlaceId, RoutingId, ShopId
from manyworks.model.quantities import Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One line of a quote, an expected value in the network's currency.

    Parameters
    ----------
    kind
        ``material``, ``set-up``, ``machine``, ``labour``, ``energy``, ``tool wear``, ``consumables``,
        ``administration``, ``margin``, ``minimum charge``, ``order fee``, ``part``, ``freight``,
        ``customs entry``, ``duty`` or ``estimate`` (parametric price of a part nobody offers).
    what
        The item, operation or consignment.
    where
        The shop, seller or lane.
    shared, own_sigma
        Source of common uncertainty (``country:CN``, ``shop:mei-smt``, ``lane:cn-gb-air``) with
        its sigma, and the line's own sigma (both of the logarithm).
    visible_to
        Who may see the line: ``buyer`` for all, or the id of the shop whose rates it shows.
    """

    kind: str
    what: str
    where: str
    amount: float
    shared: str = ""
    shared_sigma: float = 0.0
    own_sigma: float = 0.0
    visible_to: str = "buyer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operation placed at one shop: ``quantity`` good units out of ``starts`` started.

    ``setup_s``, ``run_s`` and ``attended_s`` (labour) are for the whole lot, in seconds;
    ``queue_days`` is the shop's usual wait. ``why`` says in one sentence why this shop.
    """

    item: ItemId
    routing: RoutingId
    operation: OperationId
    process: str
    shop: ShopId
    machine: MachineId
    quantity: float
    starts: float
    setup_s: float
    run_s: float
    attended_s: float
    queue_days: float
    price: float
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A buy: ``units`` sold units of ``offer`` for ``item``, consumed by ``operation``.

    ``pieces`` is what is expected to be good of it; ``offer`` is None for a parametric estimate.
    """

    item: ItemId
    operation: OperationId
    offer: OfferId | None
    seller: ShopId | None
    units: float
    pieces: float
    unit_price: float
    amount: float
    condition: str = "new"
    lead_days: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A consignment: what one place sends for one operation (or to the buyer) travels together.

    ``duty`` and ``entry_fee`` fall due where it crosses a customs border; ``transit_days`` is door
    to door. ``operation`` is None for the last move to the buyer.
    """

    origin: PlaceId
    destination: PlaceId
    operation: OperationId | None
    items: tuple[ItemId, ...]
    mode: str
    lane: str
    mass_kg: float
    volume_m3: float
    chargeable_kg: float
    distance_km: float
    freight: float
    entry_fee: float
    duty: float
    transit_days: Spread
    co2e_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerUp:
    """The next best plan that differs in who makes what, and what it would have cost."""

    difference: str
    total: float
    why_lost: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One non-dominated way to get the quantity.

    ``lines`` sum to ``total``; ``gap`` is how far above a proven lower bound the total may be, as
    a share of the total (None where no bound was computed: only the cheapest option has one).
    """

    label: str
    total: float
    unit_price: Spread
    lead_time_days: Spread
    co2e_kg: Spread
    lines: tuple[CostLine, ...]
    steps: tuple[Step, ...]
    purchases: tuple[Purchase, ...]
    moves: tuple[Move, ...]
    assumptions: tuple[str, ...]
    runner_up: RunnerUp | None = None
    gap: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """All sensible ways to get ``quantity`` of a product to ``ship_to``.

    ``options`` hold the cheapest first; ``findings`` say what nobody can make or sell.
    """

    product: ItemId
    quantity: int
    ship_to: PlaceId
    currency: str
    as_of: str
    valid_until: str
    incoterm: str
    network_hash: str
    product_hash: str
    options: tuple[Option, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """The quantity from which ``after`` is cheaper than ``before`` for making ``item``."""

    item: ItemId
    before: str
    after: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSet:
    """Quotes of one product over several quantities."""

    product: ItemId
    currency: str
    network_hash: str
    quotes: tuple[Quote, ...]
    break_evens: tuple[BreakEven, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
