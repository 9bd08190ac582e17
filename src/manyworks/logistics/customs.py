"""What falls due where goods cross a customs border: duty, value added tax, entry fees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from manyworks.logistics.geography import ANYWHERE, countries, customs_territory
from manyworks.logistics.tables import Row, read_table
from manyworks.model import Finding, info, warning

Basis = Literal["cif", "fob", "none"]
_FEWEST_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What importing an item costs in duty.

    Parameters
    ----------
    rate
        Share of the customs value.
    basis
        Customs value: ``cif`` (goods, insurance and freight to the border), ``fob`` (goods at the
        port of export) or ``none`` (no border crossed, or no rule known).
    freight_dutiable
        Whether freight to the border is part of the customs value.
    source
        Where the rate comes from.
    finding
        What somebody should look at: a missing or short commodity code, a duty not computed.
    relief_below
        Value of a consignment up to which no duty is asked, in the network's currency; None where
        there is no such relief on the day. It is not applied in ``rate``.
    """

    rate: float
    basis: Basis
    freight_dutiable: bool
    source: str
    finding: Finding | None
    relief_below: float | None = None
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vat:
    """Standard rate of value added tax on imports and sales, as a share."""

    rate: float
    source: str
    finding: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffRate:
    """One line of a customs tariff: goods whose code starts with ``code``."""

    code: str
    goods: str
    rate: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """Value of a consignment up to which no duty is asked, and what is known of its future."""

    below: float
    currency: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFee:
    """What the customs entry of one consignment costs, in US dollars."""

    usd: float
    assumptions: tuple[str, ...] = ()


NO_FEE = EntryFee(usd=0.0)
NO_DUTY = Duty(rate=0.0, basis="none", freight_dutiable=False, source="no customs border", finding=None)


@cache
def _tariff_lines(table: str) -> Mapping[str, TariffRate]:
    return {
        row["code"]: TariffRate(
            code=row["code"], goods=row["goods"], rate=float(row["rate"]), source=row["source"]
        )
        for row in read_table(table)
    }


def _longest_prefix(code: str, lines: Mapping[str, TariffRate]) -> TariffRate | None:
    prefixes = (code[:length] for length in range(len(code), 1, -1))
    return next((lines[prefix] for prefix in prefixes if prefix in lines), None)


def _default(
    code: str, message: str, hint: str, lines: Mapping[str, TariffRate]
) -> tuple[TariffRate, Finding]:
    line = lines[ANYWHERE]
    text = f"{message}; {line.rate:.1%} of the customs value is assumed ({line.source})"
    return line, warning("logistics.duty.assumed", code or "commodity code", text, hint)


def _heading(code: str, lines: Mapping[str, TariffRate]) -> tuple[TariffRate, Finding | None] | None:
    """The highest rate of a code's heading where the code itself is shorter or newer than the table."""
    below = [line for line in lines.values() if line.code.startswith(code)]
    heading = below or [line for line in lines.values() if line.code.startswith(code[:_FEWEST_DIGITS])]
    if not heading:
        return None
    highest = max(heading, key=lambda line: line.rate)
    if len({line.rate for line in heading}) == 1:
        return highest, None
    why = "is too short to tell its duty" if below else "is not in the table"
    text = f"commodity code {code} {why}; the highest rate of its heading, {highest.rate:.1%}, is taken"
    return highest, info("logistics.duty.highest", code, text, "give the eight digits of the customs tariff")


def find_rate(code: str | None, table: str) -> tuple[TariffRate, Finding | None]:
    """Line of a customs tariff for a commodity code (digits; blanks and dots are passed over).

    The longest line that the code starts with wins. Where the code is shorter than the lines, the
    highest of them; where nothing is known, the table's default. Everything but a plain match is
    said in a finding.
    """
    lines = _tariff_lines(table)
    digits = (code or "").replace(" ", "").replace(".", "")
    if not digits:
        return _default("", "the item has no commodity code", "give its Harmonised System code", lines)
    if not (digits.isascii() and digits.isdigit()) or len(digits) < _FEWEST_DIGITS:
        return _default(digits, f"{digits!r} is no commodity code", "give at least six digits", lines)
    line = _longest_prefix(digits, lines)
    if line is not None:
        return line, None
    found = _heading(digits, lines)
    if found is not None:
        return found
    return _default(digits, f"no duty is known for commodity code {digits}", "check the tariff", lines)


@cache
def _bases() -> Mapping[str, Row]:
    return {row["territory"]: row for row in read_table("customs_basis")}


def _basis(row: Row | None) -> Basis:
    if row is None:
        return "none"
    return "fob" if row["basis"] == "fob" else "cif"


def _not_computed(origin: str, territory: str, row: Row | None) -> Duty:
    name = countries()[territory].name if territory in countries() else territory
    finding = warning(
        "logistics.duty.not-computed",
        territory,
        f"duty into {name} on goods from {origin or 'an unknown origin'} is not computed and not in the cost",
        "ask a customs broker for the rate",
    )
    return Duty(
        rate=0.0,
        basis=_basis(row),
        freight_dutiable=_basis(row) == "cif",
        source=row["source"] if row else "no customs tariff in the table",
        finding=finding,
        assumptions=(f"cost without duty into {territory}",),
    )


@lru_cache(maxsize=65536)
def find_duty(code: str | None, origin_country: str, sent_from: str, to_country: str) -> Duty:
    """Duty on an item made in ``origin_country`` sent between two countries (ISO alpha-2).

    No preference of origin is claimed, no anti-dumping or additional duty added.
    """
    territory = customs_territory(to_country)
    if customs_territory(sent_from) == territory:
        return NO_DUTY
    row = _bases().get(territory)
    if row is None or not row["tariff"]:
        return _not_computed(origin_country, territory, row)
    line, finding = find_rate(code, row["tariff"].removesuffix(".csv"))
    goods = f"{line.code} {line.goods}".replace(f"{ANYWHERE} ", "")
    return Duty(
        rate=line.rate,
        basis=_basis(row),
        freight_dutiable=_basis(row) == "cif",
        source=line.source,
        finding=finding,
        assumptions=(
            f"duty into {territory} {line.rate:.1%} on {goods} ({line.source}); "
            "no preference of origin claimed, no anti-dumping duty",
        ),
    )


def find_relief(to_country: str, day: str) -> Relief | None:
    """Relief from duty for small consignments into a country on an ISO day; None where there is none."""
    for row in read_table("relief"):
        valid = row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
        if valid and row["territory"] == customs_territory(to_country):
            return Relief(below=float(row["below"]), currency=row["currency"], note=row["note"])
    return None


@lru_cache(maxsize=1024)
def find_entry_fee(to_country: str, mode: str) -> EntryFee:
    """Customs entry and handling of one consignment into a country by a mode of transport.

    A territory the table does not hold takes the figures for anywhere; a mode it does not hold
    takes the road's.
    """
    rows = {(row["territory"], row["mode"]): row for row in read_table("customs_entry")}
    territory = customs_territory(to_country)
    keys = ((territory, mode), (territory, ANYWHERE), (ANYWHERE, mode), (ANYWHERE, "road"))
    row = next(rows[key] for key in keys if key in rows)
    text = (
        f"customs entry into {territory} by {mode}: USD {row['likely']} a consignment, "
        f"{row['low']} to {row['high']} likely ({row['source']}; {row['confidence']} confidence)"
    )
    return EntryFee(usd=float(row["likely"]), assumptions=(text,))


@cache
def vat(to_country: str) -> Vat:
    """Standard rate of value added tax in a country; a finding where the table has none."""
    row = next((row for row in read_table("vat") if row["country"] == to_country), None)
    if row is None:
        text = f"no rate of value added tax is known for {to_country}; none is added"
        finding = warning("logistics.vat.unknown", to_country, text, "ask a customs broker for the rate")
        return Vat(rate=0.0, source="no rate in the table", finding=finding)
    note = f" ({row['note']})" if row["note"] else ""
    return Vat(rate=float(row["rate"]), source=f"{row['source']}, {row['year']}{note}")
