"""Numbers, money, times and names as people read them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime

from manyworks.model import Spread
from manyworks.report.check_rows import CheckPlace
from manyworks.report.tables import index_table

UNKNOWN = "\N{EM DASH}"
MINUS = "\N{MINUS SIGN}"
THIN = "\N{NARROW NO-BREAK SPACE}"
TO = "\N{EN DASH}"
TIMES = "\N{MULTIPLICATION SIGN}"


def format_number(value: float, decimals: int = 0) -> str:
    """``1,234.5`` with a real minus sign; a dash for what is no number."""
    if not math.isfinite(value):
        return UNKNOWN
    text = f"{abs(value):,.{decimals}f}"
    negative = value < 0 and any(digit in text for digit in "123456789")
    return f"{MINUS}{text}" if negative else text


def format_significant(value: float, digits: int = 3) -> str:
    """A measured value with about ``digits`` meaningful digits, never in powers of ten."""
    if not math.isfinite(value):
        return UNKNOWN
    if value == 0:
        return "0"
    decimals = min(max(digits - 1 - math.floor(math.log10(abs(value))), 0), 9)
    text = format_number(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_count(value: float) -> str:
    """Pieces, kilograms or metres: whole where they are whole, else three meaningful digits."""
    return format_number(value) if float(value).is_integer() else format_significant(value)


def format_exact(value: float, decimals: int = 3) -> str:
    """A number with the decimals it has, but no more than ``decimals`` of them."""
    text = format_number(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_decimals(currency: str) -> int:
    """Decimals of the currency's smaller unit (two where the code is not listed)."""
    row = index_table("currencies", "code").get(currency)
    return int(row["decimals"]) if row else 2


def money_symbol(currency: str) -> str:
    """What is printed before an amount: a symbol, or the code and a blank."""
    row = index_table("currencies", "code").get(currency)
    return row["symbol"] if row else f"{currency} "


def format_money(value: float, currency: str, decimals: int | None = None) -> str:
    """``£1,234.50``: always with the currency's decimals unless told otherwise."""
    if not math.isfinite(value):
        return UNKNOWN
    text = format_number(value, money_decimals(currency) if decimals is None else decimals)
    sign, digits = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return f"{sign}{money_symbol(currency)}{digits}"


def format_unit_price(value: float, currency: str) -> str:
    """A price of one piece: more decimals where the piece costs less than one unit of money."""
    usual = money_decimals(currency)
    if not math.isfinite(value) or value == 0 or abs(value) >= 1:
        return format_money(value, currency)
    return format_money(value, currency, max(usual, min(usual + 4, 2 - math.floor(math.log10(abs(value))))))


def format_days(value: float) -> str:
    """Days, with a decimal below ten."""
    if not math.isfinite(value):
        return UNKNOWN
    text = format_number(value, 1 if abs(value) < 9.95 else 0).removesuffix(".0")
    return f"{text} day" if text == "1" else f"{text} days"


def format_mass(value: float) -> str:
    """Kilograms, grams below one of them, tonnes from ten thousand on."""
    if 0 < abs(value) < 0.0001:
        return "under 0.1 g"
    if 0 < abs(value) < 0.9995:
        return f"{format_significant(value * 1000, 2 if abs(value) < 0.1 else 3)} g"
    if abs(value) >= 10_000:
        return f"{format_significant(value / 1000)} t"
    return f"{format_significant(value)} kg"


def format_duration(seconds: float) -> str:
    """Working time: ``45 s``, ``12 min``, ``3 h 05``."""
    if not math.isfinite(seconds):
        return UNKNOWN
    if seconds < 90:
        return f"{format_number(seconds)} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    return f"{format_number(minutes // 60)} h {minutes % 60:02d}"


def format_share(value: float) -> str:
    """A share as a percentage."""
    if 0 < value < 0.0005:
        return f"<{THIN}0.1 %"
    return f"{format_number(value * 100, 1)} %"


def format_date(text: str) -> str:
    """An ISO date as ``20 Nov 2026``; other text as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%b %Y}"


def format_moment(moment: datetime | None) -> str:
    """A point in time as ``Fri 4 Dec 14:30``; a dash for none."""
    return UNKNOWN if moment is None else f"{moment:%a} {moment.day} {moment:%b %H:%M}"


def describe_mode(mode: str) -> str:
    """A mode of transport in words."""
    row = index_table("modes", "mode").get(mode)
    return row["words"] if row else humanise(mode)


def name_country(code: str) -> str:
    """Short name of a country, its code where it is not listed."""
    row = index_table("countries", "code").get(code)
    return row["name"] if row else code


def format_range(low: str, high: str) -> str:
    """Two printed numbers as a range, or one where both read the same."""
    return low if low == high else f"{low} {TO} {high}"


def format_money_range(spread: Spread, currency: str, times: float = 1.0) -> str:
    """From the 10th to the 90th percentile of a price."""
    show = format_unit_price if times == 1.0 else format_money
    return format_range(show(spread.p10 * times, currency), show(spread.p90 * times, currency))


def format_days_range(spread: Spread) -> str:
    """From the 10th to the 90th percentile of a time in days."""
    low, high = format_days(spread.p10), format_days(spread.p90)
    return low if low == high else f"{low.split()[0]} {TO} {high}"


def format_mass_range(spread: Spread) -> str:
    """From the 10th to the 90th percentile of a mass, both in one unit."""
    low, high = format_mass(spread.p10), format_mass(spread.p90)
    if low.endswith(" kg") and high.endswith(" t"):
        low = f"{format_significant(spread.p10 / 1000)} t"
    return format_range(low, high)


def humanise(slug: str) -> str:
    """``smt-assembly`` as ``SMT assembly``."""
    written = index_table("words", "word")
    words = slug.replace("_", " ").replace("-", " ").split()
    return " ".join(written[word]["written"] if word in written else word for word in words)


def capitalise(text: str) -> str:
    """First letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def write_chemistry(text: str) -> str:
    """``CO2e`` with the small 2 that the rest of a page writes."""
    return text.replace("CO2", "CO\N{SUBSCRIPT TWO}")


def count_words(number: int, one: str, many: str = "") -> str:
    """``1 shop``, ``3 shops``."""
    return f"{format_number(number)} {one if number == 1 else many or one + 's'}"


def join_words(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def split_source(text: str) -> tuple[str, str]:
    """An assumption and the remark in brackets at its end, which says where it is from."""
    main, _, source = text.partition(" (")
    return (main, f"({source}") if source.endswith(")") else (text, "")


def write_anchor(name: str) -> str:
    """An id as the anchor of a place on a page: letters, digits and hyphens."""
    return "item-" + "".join(letter if letter.isalnum() else f"-{ord(letter):x}-" for letter in name)


def write_place(place: CheckPlace) -> str:
    """Where on a part: ``R7 R_0603 (12.3, 4.5 mm)``."""
    at = ", ".join(f"{value:.1f}" for value in place.at_mm)
    return " ".join(filter(None, (place.words, f"({at} mm)" if at else "")))


def round_to_sum(amounts: Sequence[float], total: float, decimals: int) -> list[float]:
    """Round amounts so that what is shown adds up to the rounded total (largest remainders first).

    Where the amounts do not add up to the total in the first place (by more than rounding can
    explain), each is rounded on its own and the difference stays visible.
    """
    unit = 10.0**-decimals
    floors = [math.floor(amount / unit) for amount in amounts]
    missing = round(total / unit) - sum(floors)
    if not 0 <= missing <= len(amounts):
        return [round(amount, decimals) for amount in amounts]
    order = sorted(range(len(amounts)), key=lambda i: (floors[i] - amounts[i] / unit, i))
    for i in order[:missing]:
        floors[i] += 1
    return [round(count * unit, decimals) for count in floors]
