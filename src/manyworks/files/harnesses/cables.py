"""Cables and bundles of a harness file: their cores, lengths and gauges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from manyworks.files.harnesses.limits import CORES
from manyworks.files.harnesses.products import Product, product_of
from manyworks.files.harnesses.words import (
    code_names,
    colours_of_code,
    gauge_mm2,
    gauge_text,
    length_mm,
    plain_text,
    says_yes,
    text_list,
    text_of,
)

SHIELD = "s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """One core: its number from 1 as text, label, colour and gauge."""

    name: str
    label: str
    colour: str
    gauge: str
    gauge_mm2: float | None
    product: Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Cable:
    """A cable, or a bundle of single wires, as defined: a thing, or the template of several."""

    name: str
    type: str
    bundle: bool
    cores: tuple[Core, ...]
    gauge: str
    gauge_mm2: float | None
    length_mm: float | None
    shielded: bool
    colour: str
    anew: bool
    product: Product
    line: int

    @property
    def size(self) -> int:
        """Number of cores."""
        return len(self.cores)

    def core(self, wanted: object) -> str:
        """Name of the core that a number, label or colour means; ``s`` is the shield.

        Raises
        ------
        ValueError
            None of its cores, or more than one.
        """
        text = text_of(wanted)
        if text.casefold() == SHIELD and self.shielded:
            return SHIELD
        if any(core.name == text for core in self.cores):
            return text
        for what in ("label", "colour"):
            found = [core.name for core in self.cores if getattr(core, what) == text]
            if len(found) == 1:
                return found[0]
            if found:
                raise ValueError(f"{self.name} has {len(found)} cores with the {what} {text!r}")
        shield = "; it has no shield" if text.casefold() == SHIELD else ""
        raise ValueError(f"{self.name} has no core {text!r}{shield}")


def read_cable(name: str, given: Mapping[Any, Any], line: int) -> Cable:
    """A cable by its attributes.

    Raises
    ------
    ValueError
        A number of cores, length or gauge that is none.
    """
    colours, labels = text_list(given, "colors", CORES), text_list(given, "wirelabels", CORES)
    count = _count(given, colours, labels)
    gauges = given.get("gauge")
    unit = text_of(given.get("gauge_unit"))
    # The first versions of the format had the word where the type stands now.
    bundle = "bundle" in (text_of(given.get("category")).casefold(), text_of(given.get("type")).casefold())
    each = gauges if isinstance(gauges, list) else None
    colours = _spread(given, colours, count)
    cores = tuple(
        Core(
            name=str(index + 1),
            label=labels[index] if index < len(labels) else "",
            colour=colours[index],
            gauge=gauge_text(_entry(each, gauges, index), unit),
            gauge_mm2=gauge_mm2(_entry(each, gauges, index), unit),
            product=product_of(given, index if bundle else None),
        )
        for index in range(count)
    )
    stated = given.get("length")
    length = None if stated is None else length_mm(stated, text_of(given.get("length_unit")))
    return Cable(
        name=name,
        type="" if text_of(given.get("type")).casefold() == "bundle" else plain_text(given.get("type")),
        bundle=bundle,
        cores=cores,
        gauge="" if each is not None else gauge_text(gauges, unit),
        gauge_mm2=None if each is not None else gauge_mm2(gauges, unit),
        length_mm=length or None,
        shielded=_shielded(given.get("shield")),
        colour=text_of(given.get("color")),
        anew=says_yes(given.get("autogenerate")),
        product=product_of(given),
        line=line,
    )


def _entry(each: list[Any] | None, one: object, index: int) -> object:
    if each is None:
        return one
    return each[index] if index < len(each) else None


def _shielded(value: object) -> bool:
    """A shield may be told by a yes or by its colour."""
    return says_yes(value) or text_of(value).casefold() not in ("", "false", "no", "off", "n", "0")


def _count(given: Mapping[Any, Any], colours: Sequence[str], labels: Sequence[str]) -> int:
    """Number of cores: stated, else as many as there are colours or labels."""
    stated = given.get("wirecount")
    if stated is None:
        count = len(colours) or len(labels)
        if not count:
            raise ValueError("it does not say how many cores it has: wirecount or colors is missing")
        return count
    if isinstance(stated, bool) or not isinstance(stated, int) or not 0 < stated <= CORES:
        raise ValueError(f"wirecount {text_of(stated)!r}, expected a whole number from 1 to {CORES:,}")
    return stated


def _spread(given: Mapping[Any, Any], colours: Sequence[str], count: int) -> list[str]:
    """A colour for each core: those listed, else those of the code, repeated as often as needed."""
    code = text_of(given.get("color_code"))
    if not colours and code:
        colours = colours_of_code(code)
        if not colours:
            raise ValueError(f"the colour code {code!r} is none of {', '.join(code_names())}")
    return [colours[index % len(colours)] if colours else "" for index in range(count)]
