"""Every table and column a network may be written in: the one list behind reader and reference page."""

from __future__ import annotations

from dataclasses import dataclass, fields

from manyworks.files.network.cells import (
    BRACKETS,
    BREAKS,
    CERTIFICATES,
    COUNTRY,
    CURRENCY,
    DATE,
    FLAG,
    HOLIDAYS,
    ID,
    LIST,
    NUMBER,
    PAIRS,
    PROCESS,
    PROCESSES,
    SIZE,
    TEXT,
    TIMEZONE,
    WHOLE,
    Kind,
)
from manyworks.model import RateCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column (or TOML key).

    Parameters
    ----------
    kind, unit, meaning
        How it is written, in what, and what it says.
    required
        Whether every row must fill it.
    default
        What an empty cell stands for, written as it would be in the cell; empty: not stated.
    least, above, most
        Bounds of a number: not below, above, not above.
    choices
        The only words allowed.
    refers
        Table whose id it must name.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = False
    default: str = ""
    least: float | None = None
    above: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    refers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One file: what a row is, whether it must be there, and its columns."""

    name: str
    about: str
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def file(self) -> str:
        """Name of the file that holds the table."""
        return f"{self.name}.csv"

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


def _id(what: str) -> Column:
    return Column(
        name="id", kind=ID, required=True, meaning=f"Name of {what} in all other tables; never used twice."
    )


def _refers(name: str, table: str, meaning: str) -> Column:
    return Column(name=name, kind=ID, required=True, refers=table, meaning=meaning)


def _text(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name=name, kind=TEXT, required=required, meaning=meaning)


def _amount(name: str, unit: str, meaning: str, default: str = "") -> Column:
    return Column(name=name, kind=NUMBER, unit=unit, least=0, default=default, meaning=meaning)


def _measure(name: str, unit: str, meaning: str, default: str = "") -> Column:
    return Column(name=name, kind=NUMBER, unit=unit, above=0, default=default, meaning=meaning)


def _count(what: str) -> Column:
    return Column(
        name="count", kind=WHOLE, least=1, most=100_000, default="1", meaning=f"How many such {what}."
    )


def _currency(of_what: str) -> Column:
    return Column(
        name="currency",
        kind=CURRENCY,
        meaning=f"Currency of {of_what}; empty: the network's. Needs a rate under `[exchange]`.",
    )


def _position(*, required: bool) -> tuple[Column, ...]:
    return (
        Column(name="country", kind=COUNTRY, required=required, meaning="Country it stands in."),
        Column(
            name="latitude",
            kind=NUMBER,
            unit="degrees north",
            least=-90,
            most=90,
            required=required,
            meaning="Where on the map.",
        ),
        Column(
            name="longitude",
            kind=NUMBER,
            unit="degrees east",
            least=-180,
            most=180,
            required=required,
            meaning="Where on the map.",
        ),
        _text("zone", "Tariff zone for lanes; empty: found from the country and the position."),
    )


_COEFFICIENTS = "The shop's own values for coefficients of the process models"

HEAD = Table(
    name="network",
    about="`network.toml` says what the network is called and which money it reckons in.",
    required=True,
    columns=(
        _text("name", "Name for people.", required=True),
        Column(
            name="currency",
            kind=CURRENCY,
            required=True,
            meaning="Currency of every price that names no other.",
        ),
        Column(name="as_of", kind=DATE, required=True, meaning="Day on which all of this was true."),
    ),
)

PLACES = Table(
    name="places",
    about="Places shops share, or that stand alone. Optional: a shop may state its own position.",
    columns=(
        _id("the place"),
        _text("name", "Name for people.", required=True),
        *_position(required=True),
        Column(name="kind", kind=ID, default="site", meaning="`site`, `hub`, `customer` or any other word."),
    ),
)

SHOPS = Table(
    name="shops",
    about="One row for each micro-factory, bench, distributor or market stall.",
    required=True,
    columns=(
        _id("the shop"),
        _text("name", "Name for people.", required=True),
        Column(name="status", kind=ID, default="open", meaning="Only `open` shops are asked."),
        Column(
            name="place",
            kind=ID,
            refers="places",
            meaning="Where it stands; otherwise fill country, latitude and longitude.",
        ),
        *_position(required=False),
        Column(name="timezone", kind=TIMEZONE, default="UTC", meaning="Clock its shifts are told in."),
        Column(
            name="shifts",
            kind=TEXT,
            meaning="A pattern of `calendars.toml`, or the hours themselves; empty: open day and night.",
        ),
        Column(
            name="holidays",
            kind=HOLIDAYS,
            meaning="Country, or part of one, whose public holidays it keeps; empty: works through.",
        ),
        Column(
            name="certificates",
            kind=CERTIFICATES,
            meaning="What it is certified for, with scope and last day.",
        ),
        Column(
            name="certificates_complete",
            kind=FLAG,
            default="no",
            meaning="Whether it holds no others: `yes` beside no certificate says that it holds none.",
        ),
        _amount("smallest_order", "currency", "Value below which it declines an operation.", "0"),
        _amount("minimum_charge", "currency", "What an order placed with it costs at least.", "0"),
        _amount("order_fee", "currency", "Charged once for every order placed with it.", "0"),
        _currency("smallest_order, minimum_charge, order_fee and the money in rates"),
        Column(
            name="queue_days",
            kind=NUMBER,
            unit="calendar days",
            least=0,
            most=3650,
            default="0",
            meaning="How long a new job usually waits before it starts.",
        ),
        Column(
            name="rates",
            kind=PAIRS,
            meaning="Its own values for fields of the rate card (see below); the rest is the rate book's.",
        ),
        Column(name="coefficients", kind=PAIRS, meaning=f"{_COEFFICIENTS}, for all its machines."),
        _text("description", "Anything people should know."),
    ),
)

MACHINES = Table(
    name="machines",
    about="One row for each machine, line or bench. What it can do stands in `capabilities.csv`.",
    columns=(
        _id("the machine"),
        _refers("shop", "shops", "Shop it stands in."),
        _text("name", "Name for people.", required=True),
        _text("make", "Who built it."),
        _text("model", "Type designation."),
        _count("machines stand there"),
        _amount("capital", "currency", "Price when bought; empty: the process's usual price."),
        _currency("capital"),
        _amount("power_kw", "kW", "Mean power while running; empty: the process's usual value."),
        _amount("floor_m2", "m2", "Floor it takes; empty: the process's usual value."),
        _measure(
            "life_years", "years", "Years over which it is written off; empty: the process's usual value."
        ),
        Column(name="coefficients", kind=PAIRS, meaning=f"{_COEFFICIENTS}, for this machine."),
    ),
)

CAPABILITIES = Table(
    name="capabilities",
    about=(
        "One row for each process a machine can do. An empty cell means that the shop does not say: "
        "unknown, not unlimited."
    ),
    columns=(
        _refers("machine", "machines", "Machine that can do it."),
        Column(
            name="process",
            kind=PROCESS,
            required=True,
            meaning="Name of the process, such as `smt-assembly`, or a synonym.",
        ),
        Column(name="materials", kind=LIST, meaning="What it can work; empty: not stated."),
        Column(name="envelope_mm", kind=SIZE, unit="mm", meaning="Largest workpiece, board or sheet."),
        _measure("tolerance_mm", "mm", "Finest tolerance it holds, plus and minus."),
        Column(
            name="it_grade",
            kind=WHOLE,
            least=-1,
            most=18,
            meaning="Finest tolerance grade of ISO 286-1 it holds: `7` for IT7, `0` for IT0, `-1` for IT01.",
        ),
        _measure("finish_ra_um", "um", "Finest surface roughness Ra."),
        Column(
            name="iso_class",
            kind=WHOLE,
            least=1,
            most=9,
            meaning="Clean-room class by ISO 14644-1 (smaller is cleaner).",
        ),
        Column(name="max_layers", kind=WHOLE, least=1, most=200, meaning="Most copper layers."),
        _measure(
            "max_thickness_mm",
            "mm",
            "Thickest board, sheet or wall; where it differs by material, give each material a row.",
        ),
        _measure("max_diameter_mm", "mm", "Largest diameter it turns."),
        _measure("max_length_mm", "mm", "Longest piece it turns."),
        _measure("max_bend_length_mm", "mm", "Longest bend."),
        Column(name="axes", kind=WHOLE, least=1, most=20, meaning="Axes it moves."),
        Column(name="max_colours", kind=WHOLE, least=1, most=50, meaning="Most colours it prints."),
        _measure("max_copper_um", "um", "Thickest copper (1 oz is 35 um)."),
        _measure("max_weight_kg", "kg", "Heaviest piece it takes."),
        _measure("min_track_mm", "mm", "Finest track and space."),
        _measure("min_drill_mm", "mm", "Smallest drill."),
        _text("smallest_package", "Smallest part it places, such as `0402`."),
        _measure("min_pitch_mm", "mm", "Finest pad pitch it places or solders."),
        _measure("clamp_force_t", "t", "Clamp force of the press."),
        _measure("shot_g", "g", "Largest shot of the press."),
        _measure("min_lot", "pieces", "Smallest lot it takes; empty: any."),
        _measure("max_lot", "pieces", "Largest lot it takes; empty: any."),
    ),
)

WORKERS = Table(
    name="workers",
    about="One row for each group of people of one shop who can do the same. Optional.",
    columns=(
        _id("the group"),
        _refers("shop", "shops", "Shop they work in."),
        _text("name", "Name for people.", required=True),
        Column(name="processes", kind=PROCESSES, required=True, meaning="Processes they can attend."),
        _count("people"),
    ),
)

TOOLS = Table(
    name="tools",
    about="Moulds, stencils and fixtures that already stand at a shop. Optional.",
    columns=(
        _id("the tool"),
        Column(name="item", kind=ID, required=True, meaning="What it is: the id of the item it was made as."),
        _refers("shop", "shops", "Shop it stands in."),
        _text("owner", "Whose it is."),
        _amount("life_left", "starts", "How many starts it still lasts; empty: no end known."),
    ),
)

OFFERS = Table(
    name="offers",
    about="One row for each thing a shop sells. State at least one of mpn, name and value.",
    columns=(
        _id("the offer"),
        _refers("seller", "shops", "Shop that sells it."),
        _text("mpn", "Manufacturer part number."),
        _text("manufacturer", "Who made it."),
        _text("name", "What it is, in words."),
        _text("value", "Electrical value, such as `100n` or `4k7`."),
        _text("package", "Package or footprint, such as `0603`."),
        Column(
            name="unit",
            kind=ID,
            default="piece",
            meaning="What is sold: `piece`, `reel`, `kg`, `m`, `m2`, `L`.",
        ),
        _measure("units_per", "pieces", "Pieces (or the item's own unit) in one sold unit.", "1"),
        Column(
            name="breaks",
            kind=BREAKS,
            unit="currency",
            required=True,
            meaning="From how many sold units on, at which price a unit; the first is the least sold.",
        ),
        _currency("breaks"),
        _measure("multiple", "units", "Sold in whole multiples of this.", "1"),
        _amount("stock", "units", "How many it has; empty: no limit stated."),
        Column(
            name="lead_days",
            kind=NUMBER,
            unit="calendar days",
            least=0,
            most=3650,
            default="0",
            meaning="Until it is ready to leave.",
        ),
        Column(
            name="condition",
            kind=ID,
            default="new",
            choices=("new", "surplus", "reclaimed"),
            meaning="New, left over unused, or taken from used goods.",
        ),
        _text("grade", "Grade in the seller's words."),
        Column(
            name="expected_yield",
            kind=NUMBER,
            unit="share",
            above=0,
            most=1,
            default="1",
            meaning="Share of the pieces expected to be good.",
        ),
        Column(name="origin", kind=COUNTRY, meaning="Country of origin, for duty; empty: not stated."),
        _amount("mass_kg", "kg", "Of one sold unit; empty: not stated."),
        Column(name="valid_to", kind=DATE, meaning="Last day of the offer; empty: open."),
    ),
)

LANES = Table(
    name="lanes",
    about="One row for each carrier's service between two zones, beside the built-in lanes. Optional.",
    columns=(
        _id("the lane"),
        Column(
            name="mode",
            kind=ID,
            required=True,
            choices=("parcel", "express", "air", "sea", "road", "rail", "hand"),
            meaning="How it moves; `hand` is within a walk.",
        ),
        Column(name="from_zone", kind=ID, required=True, meaning="Zone it leaves from; `*` for any."),
        Column(name="to_zone", kind=ID, required=True, meaning="Zone it goes to; `*` for any."),
        Column(
            name="tariff",
            kind=BRACKETS,
            unit="currency",
            required=True,
            meaning="By chargeable kg: a fixed price and a price per kg in each bracket of weight.",
        ),
        _currency("tariff"),
        Column(
            name="kg_per_m3",
            kind=NUMBER,
            unit="kg/m3",
            above=0,
            required=True,
            meaning="Volumetric factor: chargeable weight is the larger of kg and m3 times this.",
        ),
        Column(
            name="transit_p50_days",
            kind=NUMBER,
            unit="calendar days",
            above=0,
            required=True,
            meaning="Door to door; half of the consignments are faster.",
        ),
        _measure(
            "transit_p10_days", "calendar days", "One in ten is faster than this; empty: as transit_p50_days."
        ),
        _measure(
            "transit_p90_days",
            "calendar days",
            "Nine in ten are faster than this; empty: as transit_p50_days.",
        ),
        Column(
            name="co2e_kg_per_tkm",
            kind=NUMBER,
            unit="kg CO2e per tonne-km",
            least=0,
            required=True,
            meaning="Well-to-wheel, on the main leg.",
        ),
        _text("source", "Where the figures are from."),
        Column(name="valid_from", kind=DATE, meaning="First day; empty: open."),
        Column(name="valid_to", kind=DATE, meaning="Last day; empty: open."),
    ),
)

TABLES = (PLACES, SHOPS, MACHINES, CAPABILITIES, WORKERS, TOOLS, OFFERS, LANES)
"""Every CSV file of a network, in reading order."""

ORDERS = Table(
    name="orders",
    about="`orders.toml` holds one `[[order]]` for each order.",
    columns=(
        _id("the order"),
        Column(
            name="product",
            kind=TEXT,
            required=True,
            meaning="Path of the product's design files, relative to the orders file.",
        ),
        Column(
            name="quantity",
            kind=WHOLE,
            unit="pieces",
            least=1,
            most=1_000_000_000,
            required=True,
            meaning="How many good ones.",
        ),
        _text(
            "ship_to",
            "Where to: a town and country (`Cardiff, GB`), a position, or an id of the network.",
            required=True,
        ),
        Column(name="due", kind=DATE, meaning="Day it must be there; empty: as soon as possible."),
        Column(
            name="option",
            kind=ID,
            default="cheapest",
            choices=("cheapest", "fastest", "cleanest", "balanced"),
            meaning="Which option of the quote was accepted.",
        ),
        Column(
            name="weight",
            kind=NUMBER,
            above=0,
            most=1_000_000,
            default="1",
            meaning="How much a day late hurts beside other orders.",
        ),
        _text("customer", "Who ordered it."),
    ),
)

RATE_FIELDS = tuple(field.name for field in fields(RateCard) if field.name not in ("country", "sources"))
"""Fields of the rate card a shop may state itself."""

RATE_MONEY = ("wage_per_hour", "rent_per_m2_year", "energy_per_kwh")
"""Fields of the rate card that are money; the others are shares, factors and hours."""
