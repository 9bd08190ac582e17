"""A festival's badges, made in Shenzhen and Wales: quotes and a plan as other rooms write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from manyworks.model import (
    Assignment,
    BillLine,
    BoardDesign,
    BreakEven,
    CostLine,
    Item,
    ItemId,
    Link,
    Machine,
    MachineId,
    Mode,
    Move,
    Network,
    Offer,
    OfferId,
    OperationId,
    Option,
    Order,
    OrderId,
    Place,
    PlaceId,
    Placement,
    PlannedOrder,
    PriceBreak,
    Product,
    Purchase,
    Quote,
    QuoteSet,
    Resource,
    ResourceId,
    RoutingId,
    RunnerUp,
    Schedule,
    Shop,
    ShopId,
    SolidDesign,
    Spread,
    Step,
    Work,
    WorkId,
    Workload,
    error,
    info,
    warning,
)

SITES = [
    ("bright-board", "Bright Board House", "Bao'an, Shenzhen", "CN", 22.66, 113.83),
    ("mei-smt", "Mei SMT", "Bao'an, Shenzhen", "CN", 22.70, 113.87),
    ("lucky-stencil", "Lucky Stencil", "Longgang, Shenzhen", "CN", 22.72, 114.25),
    ("soft-moulds", "Soft Moulds & Co", "Longgang, Shenzhen", "CN", 22.69, 114.19),
    ("stall-3c", "Stall 3C cut pieces", "Huaqiangbei, Shenzhen", "CN", 22.543, 114.086),
    ("stall-9f", "Stall 9F reclaimed by weight", "Huaqiangbei, Shenzhen", "CN", 22.544, 114.087),
    ("merthyr-makers", "Merthyr Makerspace", "Merthyr Tydfil", "GB", 51.748, -3.378),
    ("valley-press", "Valley Press Moulding", "Ebbw Vale", "GB", 51.778, -3.205),
    ("bay-pack", "Bay Pack Room", "Cardiff", "GB", 51.466, -3.166),
    ("dragon-parts", "Dragon Parts", "Cardiff", "GB", 51.49, -3.15),
    ("formosa-chips", "Formosa Chips", "Hsinchu", "TW", 24.80, 120.97),
]
TITLE = {
    "badge": "Blinking badge",
    "badge-board": "Badge board",
    "case-front": "Case front",
    "case-back": "Case back",
}
PARTS = [
    ("led-0805-red", "LED red 0805", "Everbright", "EB-0805-R", 12),
    ("r-0603-330", "Resistor 330 Ω 0603", "", "", 12),
    ("c-0603-100n", "Capacitor 100 nF 0603", "", "", 3),
    ("attiny1616", "Microcontroller", "Microchip", "ATTINY1616-SNR", 1),
    ("cr2032", "Coin cell CR2032", "", "", 1),
    ("holder-cr2032", "Coin-cell holder", "Keystone", "3034", 1),
    ("lanyard", "Printed lanyard", "", "", 1),
    ("box", "Folding carton", "", "", 1),
]
KINDS = {
    "material": 21.4,
    "part": 61.73,
    "set-up": 44.1,
    "machine": 12.8,
    "labour": 74.25,
    "energy": 1.9,
    "consumables": 3.2,
    "administration": 18.6,
    "margin": 22.35,
    "minimum charge": 9.0,
    "order fee": 6.5,
    "freight": 41.17,
    "customs entry": 12.0,
    "duty": 3.6,
}


def spread(mean: float, wide: float = 0.15) -> Spread:
    return Spread(mean=mean, p10=mean * (1 - wide), p50=mean * 0.99, p90=mean * (1 + wide * 1.3))


def make_product() -> Product:
    parts = [
        Item(id=ItemId(i), name=name, manufacturer=maker, mpn=mpn, value="" if mpn else name, footprint="")
        for i, name, maker, mpn, _ in PARTS
    ]
    outline = tuple((x, y) for x, y in [(0, 8), (8, 0), (72, 0), (80, 8), (80, 52), (40, 60), (0, 52)])
    placements = tuple(
        Placement(
            designator=f"D{n}",
            value="red",
            footprint="0805",
            side="top" if n % 5 else "bottom",
            x_mm=6.0 + 5.5 * n,
            y_mm=20.0 + (n % 3) * 8,
            rotation_deg=0.0,
            surface_pads=2,
            through_pads=0,
        )
        for n in range(12)
    )
    board = BoardDesign(
        width_mm=80,
        height_mm=60,
        area_mm2=4500,
        copper_layers=2,
        thickness_mm=1.6,
        plated_holes=44,
        nonplated_holes=4,
        slots=1,
        min_track_mm=0.2,
        min_space_mm=0.2,
        min_drill_mm=0.3,
        placements=placements,
        footprints_total=34,
        outline_mm=(outline, ((36.0, 4.0), (44.0, 4.0), (44.0, 8.0), (36.0, 8.0))),
    )
    case = SolidDesign(size_mm=(84.0, 64.0, 7.0), volume_mm3=11_200.0, surface_mm2=14_000.0, wall_mm=1.8)
    lines = tuple(
        BillLine(item=ItemId(i), quantity=float(n), designators=(f"X{n}",)) for i, _, _, _, n in PARTS
    )
    made = [
        Item(id=ItemId("badge-board"), name="Badge board", design=board, bill=lines[:6]),
        Item(id=ItemId("case-front"), name="Case front", design=case, material="ABS", mass_kg=0.012),
        Item(id=ItemId("case-back"), name="Case back", design=case, material="ABS", mass_kg=0.012),
    ]
    bill = (*(BillLine(item=item.id, quantity=1.0) for item in made), *lines[6:])
    root = Item(id=ItemId("badge"), name="Blinking badge", bill=bill, mass_kg=0.06)
    return Product(
        root=root.id, items={item.id: item for item in [root, *made, *parts]}, source="examples/badge"
    )


def make_network() -> Network:
    places = {
        PlaceId(i): Place(id=PlaceId(i), name=town, country=country, latitude=lat, longitude=lon)
        for i, _, town, country, lat, lon in SITES
    }
    places[PlaceId("Cardiff, GB")] = Place(
        id=PlaceId("Cardiff, GB"), name="Cardiff", country="GB", latitude=51.48, longitude=-3.18
    )
    shops = {
        ShopId(i): Shop(
            id=ShopId(i),
            name=name,
            place=PlaceId(i),
            timezone="Europe/London" if country == "GB" else "Asia/Shanghai",
        )
        for i, name, _, country, _, _ in SITES
    }
    machines = {
        MachineId(f"{shop}/{n}"): Machine(
            id=MachineId(f"{shop}/{n}"),
            shop=shop,
            name=f"{shops[shop].name.split()[0]} machine {n}",
            capabilities=(),
        )
        for shop in shops
        for n in (1, 2)
    }
    offers = {
        OfferId(f"offer-{i}"): Offer(
            id=OfferId(f"offer-{i}"),
            seller=ShopId("stall-9f") if n == 1 else ShopId("stall-3c"),
            breaks=(PriceBreak(min_quantity=1, unit_price=0.01),),
            name=name,
            unit="kg" if n == 1 else "piece",
        )
        for n, (i, name, _, _, _) in enumerate(PARTS)
    }
    return Network(
        name="Shenzhen and the valleys",
        currency="GBP",
        as_of="2026-11-20",
        places=places,
        shops=shops,
        machines=machines,
        offers=offers,
        exchange={"GBP": 1.0},
    )


def make_step(
    item: str, step: str, process: str, shop: str, quantity: float, price: float, why: str = ""
) -> Step:
    return Step(
        item=ItemId(item),
        routing=RoutingId(f"{item}/{process}"),
        operation=OperationId(f"{item}/{process}/{step}"),
        process=process,
        shop=ShopId(shop),
        machine=MachineId(f"{shop}/1"),
        quantity=quantity,
        starts=quantity + 2,
        setup_s=1800,
        run_s=quantity * 95,
        attended_s=quantity * 60,
        queue_days=1.5,
        price=price,
        why=why,
    )


def make_move(
    origin: str, destination: str, mode: str, items: tuple[str, ...], km: float, days: float
) -> Move:
    return Move(
        origin=PlaceId(origin),
        destination=PlaceId(destination),
        operation=None,
        items=tuple(ItemId(item) for item in items),
        mode=mode,
        lane=f"{mode}-lane",
        mass_kg=1.8,
        volume_m3=0.01,
        chargeable_kg=2.0,
        distance_km=km,
        freight=km / 400 + 2,
        entry_fee=12.0 if km > 3000 else 0.0,
        duty=3.6 if km > 3000 else 0.0,
        transit_days=spread(days),
        co2e_kg=km * 0.0011,
    )


def make_lines(total: float) -> tuple[CostLine, ...]:
    scale = total / sum(KINDS.values())
    wheres = ["mei-smt", "bay-pack", "stall-3c"]
    return tuple(
        CostLine(
            kind=kind,
            what="badge-board" if n else "badge/final-assembly/close-case",
            where=wheres[(n + len(kind)) % 3],
            amount=amount * scale * share,
            visible_to="buyer" if kind in {"part", "freight"} else wheres[(n + len(kind)) % 3],
        )
        for kind, amount in KINDS.items()
        for n, share in enumerate((0.6, 0.4))
    )


def make_steps(quantity: float, wales: bool) -> tuple[Step, ...]:
    smt = "merthyr-makers" if wales else "mei-smt"
    return (
        make_step(
            "badge-board/bare",
            "fabricate",
            "pcb-fabrication",
            "bright-board",
            quantity,
            38.0,
            "cheapest of 4",
        ),
        make_step("badge-board/stencil", "cut", "stencil-cutting", "lucky-stencil", 1, 9.5),
        make_step(
            "badge-board",
            "place",
            "hand-assembly" if wales else "smt-assembly",
            smt,
            quantity,
            92.0,
            "£18 less than Valley Press though the parts travel further: no minimum charge",
        ),
        make_step("badge-board", "test", "board-test", smt, quantity, 14.0),
        make_step(
            "case-front",
            "print",
            "fdm-printing",
            "merthyr-makers",
            quantity,
            41.0,
            "mould pays from 390 pieces",
        ),
        make_step("case-back", "print", "fdm-printing", "merthyr-makers", quantity, 41.0),
        make_step("badge", "close-case", "final-assembly", "bay-pack", quantity, 31.0),
        make_step("badge", "pack", "packing", "bay-pack", quantity, 12.0),
    )


def make_purchases(quantity: float) -> tuple[Purchase, ...]:
    sellers = [
        "stall-3c",
        "stall-9f",
        "stall-3c",
        "formosa-chips",
        "dragon-parts",
        None,
        "dragon-parts",
        "dragon-parts",
    ]
    return tuple(
        Purchase(
            item=ItemId(i),
            operation=OperationId("badge-board/smt-assembly/place"),
            offer=OfferId(f"offer-{i}") if seller else None,
            seller=ShopId(seller) if seller else None,
            units=0.42 if seller == "stall-9f" else quantity * n,
            pieces=quantity * n,
            unit_price=0.0031 * (k + 1) ** 3,
            amount=quantity * n * 0.0031 * (k + 1) ** 3,
            condition="reclaimed" if seller == "stall-9f" else "new",
            lead_days=float(k),
        )
        for k, ((i, _, _, _, n), seller) in enumerate(zip(PARTS, sellers, strict=True))
    )


def make_moves(wales: bool) -> tuple[Move, ...]:
    board = ("badge-board/bare",)
    home = [
        make_move("bright-board", "mei-smt", "road", board, 9, 0.5),
        make_move("lucky-stencil", "mei-smt", "hand", ("badge-board/stencil",), 42, 0.5),
        make_move("stall-3c", "mei-smt", "hand", ("led-0805-red", "c-0603-100n", "attiny1616"), 31, 0.3),
        make_move("stall-9f", "mei-smt", "hand", ("r-0603-330",), 31, 0.3),
        make_move("formosa-chips", "mei-smt", "air", ("attiny1616",), 760, 3),
        make_move("mei-smt", "bay-pack", "express", ("badge-board",), 9640, 6),
    ]
    away = [
        make_move("bright-board", "merthyr-makers", "express", board, 9640, 6),
        make_move("stall-3c", "merthyr-makers", "sea", ("led-0805-red", "c-0603-100n"), 18200, 38),
        make_move("merthyr-makers", "bay-pack", "road", ("badge-board",), 38, 1),
    ]
    return (
        *(away if wales else home),
        make_move("merthyr-makers", "bay-pack", "parcel", ("case-front", "case-back"), 38, 1),
        make_move("dragon-parts", "bay-pack", "hand", ("cr2032", "lanyard", "box"), 4, 0.2),
        make_move("bay-pack", "Cardiff, GB", "road", ("badge",), 6, 0.5),
    )


def make_option(label: str, quantity: int, unit: float, days: float, co2e: float, wales: bool) -> Option:
    total = unit * quantity
    return Option(
        label=label,
        total=total,
        unit_price=spread(unit),
        lead_time_days=spread(days, 0.2),
        co2e_kg=spread(co2e, 0.25),
        lines=make_lines(total),
        steps=make_steps(quantity, wales),
        purchases=make_purchases(quantity),
        moves=make_moves(wales),
        assumptions=(
            "Packed mass of Badge board taken as 18 g: board area times 1.6 mm of glass laminate.",
            "Wage in CN 3.9 USD an hour (ILO, 2024, medium confidence), in GB 21.4 USD an hour.",
            "Scrap in hand assembly 2 % (medium confidence).",
            "Sea freight at 0.016 kg CO₂e per tonne-kilometre (UK conversion factors 2025).",
        ),
        runner_up=RunnerUp(
            difference="boards placed by hand in Merthyr Tydfil",
            total=total * 1.046,
            why_lost="labour costs £31 more and freight only £16 less",
        ),
        gap=0.004 if label == "cheapest" else None,
    )


def make_quote(quantity: int) -> Quote:
    unit = 6.65 * (quantity / 50) ** -0.28
    options = (
        make_option("cheapest", quantity, unit, 23.0, 4.1, wales=False),
        make_option("fastest", quantity, unit * 1.52, 9.5, 11.8, wales=True),
        make_option("cleanest", quantity, unit * 1.22, 41.0, 2.4, wales=True),
        make_option("balanced", quantity, unit * 1.08, 18.0, 4.9, wales=False),
    )
    return Quote(
        product=ItemId("badge"),
        quantity=quantity,
        ship_to=PlaceId("Cardiff, GB"),
        currency="GBP",
        as_of="2026-11-20",
        valid_until="2026-12-20",
        incoterm="DDP",
        network_hash="3f9ac1d2e4b5a697",
        product_hash="77ab12cd34ef5601",
        options=options,
        findings=(
            warning(
                "quoting.part.no-offer", "holder-cr2032", "Nobody offers Keystone 3034.", "Name a substitute."
            ),
        ),
    )


def make_quote_set(quantities: tuple[int, ...] = (10, 50, 200, 1000)) -> QuoteSet:
    quotes = tuple(make_quote(quantity) for quantity in quantities)
    return QuoteSet(
        product=ItemId("badge"),
        currency="GBP",
        network_hash="3f9ac1d2e4b5a697",
        quotes=quotes,
        break_evens=(
            BreakEven(
                item=ItemId("case-front"), before="FDM printing", after="moulded, soft tool", quantity=390
            ),
            BreakEven(item=ItemId("badge-board"), before="hand assembly", after="SMT assembly", quantity=120),
        ),
        findings=(info("files.board.read", "badge.kicad_pcb", "34 footprints read."),),
    )


EPOCH = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
HOUR, DAY = 3600, 86_400


def make_calendar(start_hour: int) -> tuple[tuple[int, int], ...]:
    """Monday to Friday, eight hours with a break; the epoch is a Friday."""
    days = [day for day in range(150) if (day + 4) % 7 < 5]
    halves = [(start_hour, start_hour + 4), (start_hour + 5, start_hour + 9)]
    return tuple((day * DAY + a * HOUR, day * DAY + b * HOUR) for day in days for a, b in halves)


def make_workload(orders: int) -> Workload:
    works = []
    for n in range(orders):
        before: tuple[Link, ...] = ()
        for k, step in enumerate(make_steps(50, wales=n % 3 == 1)):
            machine = ResourceId(f"{step.shop}/{1 + n % 2}")
            work = Work(
                id=WorkId(f"order-{n}/{k}"),
                order=OrderId(f"order-{n}"),
                item=step.item,
                operation=step.operation,
                name=step.process.replace("-", " ").capitalize(),
                process=step.process,
                quantity=50.0,
                modes=(
                    Mode(machine=machine, duration_s=(3 + k % 3) * HOUR, setup_s=HOUR, family=step.process),
                ),
                links=before,
                due_s=(12 + 3 * n) * DAY,
            )
            before = (Link(before=work.id, lag_s=DAY),)
            works.append(work)
    machines = {mode.machine for work in works for mode in work.modes}
    resources = {
        machine: Resource(
            id=machine,
            name=f"Machine {machine.rpartition('/')[2]} of {machine.partition('/')[0]}",
            kind="machine",
            shop=ShopId(machine.partition("/")[0]),
            intervals=make_calendar(9 if "p" in machine else 1),
        )
        for machine in sorted(machines)
    }
    return Workload(epoch=EPOCH, works=tuple(works), resources=resources)


def work_through(intervals: tuple[tuple[int, int], ...], start: int, seconds: int) -> list[tuple[int, int]]:
    segments = []
    for begin, b in intervals:
        a = max(begin, start)
        if a < b and seconds > 0:
            segments.append((a, min(b, a + seconds)))
            seconds -= segments[-1][1] - a
    return segments


def make_schedule(workload: Workload) -> Schedule:
    free: dict[ResourceId, int] = {}
    ends: dict[WorkId, int] = {}
    assignments = []
    for work in workload.works:
        mode = work.modes[0]
        ready = max([free.get(mode.machine, 0), *(ends[link.before] + link.lag_s for link in work.links)])
        segments = work_through(
            workload.resources[mode.machine].intervals, ready, mode.duration_s + mode.setup_s
        )
        free[mode.machine] = ends[work.id] = segments[-1][1]
        assignments.append(
            Assignment(
                work=work.id,
                mode=0,
                start_s=segments[0][0],
                end_s=segments[-1][1],
                setup_s=mode.setup_s,
                segments=tuple(segments),
            )
        )
    return Schedule(
        epoch=workload.epoch,
        assignments=tuple(assignments),
        objective=0.0,
        makespan_s=max(ends.values(), default=0),
        bound=0.0,
        bound_kind="weighted tardiness",
        status="feasible",
        checked=True,
    )


def make_farm(
    units: int, orders: int = 1, shop: str = "mei-smt", machine: str = "printer"
) -> tuple[Workload, Schedule]:
    """Each unit prints one lot for each order, one after another, two hours each, an hour later per unit."""
    works, placed, resources = [], [], {}
    for unit in range(units):
        key = ResourceId(f"{machine}/{unit + 1}")
        resources[key] = Resource(id=key, name=f"Printer {unit + 1}", kind="machine", shop=ShopId(shop))
        for order in range(orders):
            start = (unit + 2 * order) * HOUR
            work = Work(
                id=WorkId(f"order-{order}/{unit}"),
                order=OrderId(f"order-{order}"),
                item=ItemId("case-front"),
                operation=OperationId("case-front/fdm/print"),
                name="Print",
                process="fdm-printing",
                quantity=1.0,
                modes=(Mode(machine=key, duration_s=2 * HOUR),),
            )
            works.append(work)
            placed.append(
                Assignment(
                    work=work.id,
                    mode=0,
                    start_s=start,
                    end_s=start + 2 * HOUR,
                    setup_s=0,
                    segments=((start, start + 2 * HOUR),),
                )
            )
    schedule = Schedule(
        epoch=EPOCH,
        assignments=tuple(placed),
        objective=0.0,
        makespan_s=0,
        bound=0.0,
        bound_kind="none",
        status="feasible",
    )
    return Workload(epoch=EPOCH, works=tuple(works), resources=resources), schedule


def make_orders(number: int) -> list[PlannedOrder]:
    orders = []
    for n in range(number):
        quote = make_quote(50)
        finish = EPOCH + timedelta(days=11 + 4 * n, hours=15)
        order = Order(
            id=OrderId(f"order-{n}"),
            product=ItemId("badge"),
            source="examples/badge",
            quantity=50,
            ship_to=PlaceId("Cardiff, GB"),
            due=(EPOCH + timedelta(days=12 + 3 * n)).date().isoformat(),
            customer=["Beach festival", "Robot club", "Museum"][n % 3],
        )
        orders.append(
            PlannedOrder(
                order=order,
                product=make_product(),
                quote=quote,
                option=quote.options[n % 3],
                finish=finish,
                delivered=finish + timedelta(days=1),
                late_days=max(0.0, n - 0.4),
            )
        )
    return orders


def make_empty_quote() -> Quote:
    missing = error(
        "market.match.nobody", "badge-board", "No shop makes boards of 12 layers.", "Ask for 6 layers."
    )
    return replace(make_quote(50), options=(), findings=(missing,))
