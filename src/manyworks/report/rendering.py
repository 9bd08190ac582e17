"""Filling templates: one Jinja environment, with everything escaped that is not finished markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from manyworks.model import Finding, Severity, Spread
from manyworks.report import formats
from manyworks.report.charts.gantt import define_patterns
from manyworks.report.charts.geography import land_path
from manyworks.report.charts.time_axis import Mark
from manyworks.report.charts.world_map import draw_mode_sample
from manyworks.report.tables import index_table

if TYPE_CHECKING:
    from jinja2 import Environment

_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
HEADINGS = {
    Severity.ERROR: "In the way",
    Severity.WARNING: "Worth a look",
    Severity.INFO: "Understood and assumed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """Prints money of one currency."""

    currency: str

    def amount(self, value: float) -> str:
        """A sum."""
        return formats.format_money(value, self.currency)

    def piece(self, value: float) -> str:
        """A price of one."""
        return formats.format_unit_price(value, self.currency)

    def range(self, spread: Spread, times: float = 1.0) -> str:
        """The 10 % to 90 % range of a price, or of that many times a price."""
        return formats.format_money_range(spread, self.currency, times)

    def axis(self, value: float, decimals: int) -> str:
        """A number beside an axis."""
        return formats.format_money(value, self.currency, decimals)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroup:
    """Findings of one severity."""

    severity: str
    heading: str
    findings: tuple[Finding, ...]


def group_findings(*several: Iterable[Finding]) -> tuple[FindingGroup, ...]:
    """All different findings, the worst first."""
    unique = dict.fromkeys(finding for some in several for finding in some)
    groups = [
        FindingGroup(
            severity=str(severity),
            heading=heading,
            findings=tuple(f for f in unique if f.severity is severity),
        )
        for severity, heading in HEADINGS.items()
    ]
    return tuple(group for group in groups if group.findings)


def fill_template(name: str, **content: Any) -> str:
    """The text of ``templates/<name>`` with its content filled in.

    Control characters and marks that turn the direction of writing, which only names in files hold, are
    shown as what cannot be shown.
    """
    return _UNSHOWN.sub("\ufffd", _environment().get_template(name).render(content))


def mark_finished(markup: str) -> str:
    """Say that some text is finished markup and must not be escaped again."""
    from markupsafe import Markup

    return Markup(markup)  # noqa: S704 - made by our own drawing functions, which escape every word


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("manyworks.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(_filters())
    environment.globals.update(
        modes=tuple(index_table("modes", "mode")),
        land=lambda: mark_finished(land_path()),
        hatching=lambda: mark_finished(define_patterns()),
    )
    return environment


def _filters() -> Mapping[str, Callable[..., object]]:
    return {
        "svg": mark_finished,
        "chemistry": formats.write_chemistry,
        "flag": write_flag,
        "sample": lambda mode: mark_finished(draw_mode_sample(mode)),
        "mode": formats.describe_mode,
        "number": formats.format_number,
        "count": formats.format_count,
        "short": formats.format_significant,
        "days": formats.format_days,
        "days_range": formats.format_days_range,
        "mass": formats.format_mass,
        "mass_range": formats.format_mass_range,
        "duration": formats.format_duration,
        "share": formats.format_share,
        "date": formats.format_date,
        "moment": formats.format_moment,
        "human": formats.humanise,
        "upper_first": formats.capitalise,
        "words": formats.count_words,
        "anchor": formats.write_anchor,
        "place": formats.write_place,
        "split_source": formats.split_source,
    }


def write_flag(marks: Sequence[Mark]) -> str:
    """Due dates that a schedule does not reach: the nearest two and how many more."""
    shown = [mark.short for mark in marks[:2]]
    more = [f"{len(marks) - 2} more"] if len(marks) > 2 else []
    return " \N{MIDDLE DOT} ".join([*shown, *more])


def count_troubles(groups: Sequence[FindingGroup]) -> dict[str, int]:
    """How many findings of each severity there are."""
    return {group.severity: len(group.findings) for group in groups}
