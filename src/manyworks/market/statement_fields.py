"""Every field in which a requirement or a shop may be stated, with its unit in the name (``size_in``).

One list behind the reader, its findings and its reference: the field's names, what it measures and
where it goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from manyworks.market.tables import toml_table


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedField:
    """One thing that can be stated.

    Parameters
    ----------
    names
        Names it goes by, without unit; the first is the usual one.
    into
        Field of `manyworks.model.Requirement` or `Capability`, or a word of its own.
    kind
        ``number``, ``whole``, ``sides`` (two or three lengths), ``text``, ``texts``, ``flag``, ``grade``,
        ``class``, ``finish``, ``money``, ``day``, ``thickness``, ``certificates``, ``machines`` or ``noted``
        (read by people only).
    dimension
        Table of `data/units.toml` whose units the name must end in; empty: no unit.
    """

    names: tuple[str, ...]
    into: str
    kind: str = "number"
    dimension: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A name as written: its field, and the unit it ends in with its worth."""

    field: StatedField
    unit: str = ""
    factor: float = 1.0


def _length(into: str, *names: str, kind: str = "number") -> StatedField:
    return StatedField(names=names, into=into, kind=kind, dimension="length")


REQUIREMENT = (
    StatedField(names=("process",), into="process", kind="text"),
    StatedField(names=("processes",), into="processes", kind="texts"),
    StatedField(names=("one_shop",), into="one_shop", kind="flag"),
    StatedField(names=("lang",), into="lang", kind="noted"),
    StatedField(names=("id", "name", "description", "note", "notes"), into="note", kind="noted"),
    _length("size_mm", "size", kind="sides"),
    _length("diameter_mm", "diameter"),
    _length("length_mm", "length"),
    _length("bend_length_mm", "bend_length"),
    _length("thickness_mm", "thickness"),
    _length("tolerance_mm", "tolerance"),
    _length("nominal_mm", "nominal"),
    _length("min_track_mm", "min_trace", "min_track"),
    _length("min_drill_mm", "min_drill"),
    _length("min_pitch_mm", "min_pitch"),
    StatedField(names=("it_grade",), into="it_grade", kind="grade"),
    StatedField(names=("finish_ra", "ra"), into="finish_ra_um", dimension="roughness"),
    StatedField(names=("finish",), into="finish_ra_um", kind="finish"),
    StatedField(names=("iso_class", "clean_room", "cleanroom"), into="iso_class", kind="class"),
    StatedField(names=("layers",), into="layers", kind="whole"),
    StatedField(names=("axes",), into="axes", kind="whole"),
    StatedField(names=("colours", "colors"), into="colours", kind="whole"),
    StatedField(names=("copper",), into="copper_um", dimension="copper"),
    StatedField(names=("weight",), into="weight_kg", dimension="mass"),
    StatedField(names=("clamp_force", "clamp"), into="clamp_force_t", dimension="force"),
    StatedField(names=("shot",), into="shot_g", dimension="shot"),
    StatedField(names=("smallest_package",), into="smallest_package", kind="text"),
    StatedField(names=("material", "materials"), into="materials", kind="texts"),
    StatedField(names=("certificate", "certificates"), into="certificates", kind="texts"),
    StatedField(names=("needed_on",), into="needed_on", kind="day"),
    StatedField(names=("quantity",), into="quantity"),
    StatedField(names=("budget",), into="budget", kind="money"),
)

MACHINE = (
    StatedField(names=("process",), into="process", kind="text"),
    StatedField(names=("processes",), into="processes", kind="texts"),
    StatedField(names=("make", "maker", "brand"), into="make", kind="text"),
    StatedField(names=("model",), into="model", kind="text"),
    StatedField(
        names=("id", "name", "lang", "description", "note", "notes", "count"), into="note", kind="noted"
    ),
    StatedField(names=("material", "materials"), into="materials", kind="texts"),
    _length("envelope_mm", "envelope", kind="sides"),
    _length("max_diameter_mm", "max_diameter"),
    _length("max_length_mm", "max_length"),
    _length("max_bend_length_mm", "max_bend_length", "bend_length"),
    _length("max_thickness_mm", "max_thickness", kind="thickness"),
    _length("tolerance_mm", "best_tolerance", "tolerance"),
    StatedField(names=("best_it_grade", "it_grade"), into="it_grade", kind="grade"),
    StatedField(names=("best_ra", "finish_ra", "best_finish_ra"), into="finish_ra_um", dimension="roughness"),
    StatedField(names=("best_finish", "finish"), into="finish_ra_um", kind="finish"),
    StatedField(names=("iso_class", "clean_room", "cleanroom"), into="iso_class", kind="class"),
    StatedField(names=("max_layers", "layers"), into="max_layers", kind="whole"),
    StatedField(names=("axes", "max_axes"), into="axes", kind="whole"),
    StatedField(names=("max_colours", "max_colors", "colours", "colors"), into="max_colours", kind="whole"),
    StatedField(names=("max_copper",), into="max_copper_um", dimension="copper"),
    StatedField(names=("max_weight",), into="max_weight_kg", dimension="mass"),
    StatedField(names=("clamp", "clamp_force", "max_clamp", "max_clamp_force"), into="clamp_force_t",
                dimension="force"),
    StatedField(names=("max_shot", "shot"), into="shot_g", dimension="shot"),
    _length("min_track_mm", "min_trace", "min_track"),
    _length("min_drill_mm", "min_drill"),
    _length("min_pitch_mm", "min_pitch"),
    StatedField(names=("smallest_package",), into="smallest_package", kind="text"),
    StatedField(names=("min_lot",), into="min_lot"),
    StatedField(names=("max_lot",), into="max_lot"),
)  # fmt: skip

SHOP = (
    StatedField(names=("machines",), into="machines", kind="machines"),
    StatedField(names=("certificates", "certificate"), into="certificates", kind="certificates"),
    StatedField(names=("status",), into="status", kind="text"),
    StatedField(names=("min_order_value", "smallest_order"), into="smallest_order", kind="money"),
    StatedField(
        names=("country", "city", "town", "address", "place", "url", "website", "email", "currency",
               "latitude", "longitude", "timezone", "queue_days"),
        into="note",
        kind="noted",
    ),
    *(field for field in MACHINE if field.into not in {"process", "processes", "make", "model"}),
)  # fmt: skip
"""Fields of the shop; those of a machine count for every machine that does not state its own."""


def known_names(fields: tuple[StatedField, ...]) -> Mapping[str, Reading]:
    """Every name under which these fields may be written, units included."""
    return _known(fields)


@cache
def _known(fields: tuple[StatedField, ...]) -> Mapping[str, Reading]:
    return {written: reading for field in fields for written, reading in _written(field)}


def _written(field: StatedField) -> Iterator[tuple[str, Reading]]:
    units = toml_table("units.toml")[field.dimension] if field.dimension else {}
    for name in field.names:
        for unit, factor in units.items():
            yield f"{name}_{unit}", Reading(field=field, unit=unit, factor=factor)
        if not units:
            yield name, Reading(field=field)
