"""Connectors of a harness file: their positions, and what they are bought as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from manyworks.files.harnesses.limits import POSITIONS
from manyworks.files.harnesses.products import Product, product_of
from manyworks.files.harnesses.words import kind_of_end, plain_text, says_yes, text_list, text_of

Attributes = Mapping[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """A connector as defined: a thing, or the template of several.

    ``pins`` are its positions by name, ``labels`` beside them (empty where there are none); a
    ``simple`` one has a single position, whatever else the file lists for it;
    ``anew`` says that every mention in a list of connections is another piece, ``counted`` that the file
    says how many positions there are, ``pins_shown`` that parts lists tell their number,
    ``dropped`` how many positions a simple one lists beyond its only one.
    """

    name: str
    type: str
    subtype: str
    pins: tuple[str, ...]
    labels: tuple[str, ...]
    simple: bool
    anew: bool
    colour: str
    loops: tuple[tuple[str, ...], ...]
    product: Product
    line: int
    counted: bool
    pins_shown: bool
    dropped: int

    @property
    def size(self) -> int:
        """Number of positions."""
        return len(self.pins)

    @property
    def kind(self) -> str:
        """``connector``, or what a thing of one position is by its type."""
        return kind_of_end(f"{self.type} {self.subtype}", len(self.pins))

    def position(self, wanted: object) -> str:
        """Name of the position that a pin number or label means.

        Raises
        ------
        ValueError
            None of its positions, or more than one.
        """
        text = text_of(wanted)
        if text in self.pins:
            labelled = [pin for pin, label in zip(self.pins, self.labels, strict=False) if label == text]
            if labelled and labelled != [text] and not text.isdigit():
                raise ValueError(f"{text!r} is both a pin and the label of another pin of {self.name}")
            return text
        found = [pin for pin, label in zip(self.pins, self.labels, strict=False) if label == text]
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueError(f"{self.name} has {len(found)} pins with the label {text!r}; use their numbers")
        raise ValueError(f"{self.name} has no pin {text!r}")


def read_connector(name: str, given: Attributes, line: int) -> Connector:
    """A connector by its attributes.

    Raises
    ------
    ValueError
        Positions that do not fit together, or a loop between pins it does not have.
    """
    simple = text_of(given.get("style")) == "simple"
    labels = text_list(given, "pinlabels", POSITIONS) or text_list(given, "pinout", POSITIONS)
    pins, counted = _pins(given, labels, simple)
    shown = given.get("show_pincount")
    connector = Connector(
        name=name,
        type=plain_text(given.get("type")),
        subtype=plain_text(given.get("subtype", given.get("gender"))),
        pins=pins,
        labels=() if simple else tuple(labels),
        simple=simple,
        anew=says_yes(given.get("autogenerate")),
        colour=text_of(given.get("color")),
        loops=(),
        product=product_of(given),
        line=line,
        counted=counted,
        dropped=max(1, len(labels), len(text_list(given, "pins", POSITIONS))) - 1 if simple else 0,
        pins_shown=counted and (not simple if shown is None else says_yes(shown)),
    )
    return replace(connector, loops=tuple(_loops(connector, given)))


def _loops(connector: Connector, given: Attributes) -> Iterator[tuple[str, ...]]:
    """Pins joined within the connector: pairs without a name, or groups by their names."""
    for loop in given.get("loops") or ():
        if not isinstance(loop, list) or len(loop) != 2:
            raise ValueError("a loop takes exactly two pins, as in [1, 2]")
        yield tuple(map(connector.position, loop))
    for short in given.get("shorts") or ():
        for pins in short.values() if isinstance(short, Mapping) else [short]:
            if not isinstance(pins, list):
                raise ValueError("a short takes a list of pins, as in [1, 5, 7]")
            yield tuple(map(connector.position, pins[:POSITIONS]))


def _pins(given: Attributes, labels: Sequence[str], simple: bool) -> tuple[tuple[str, ...], bool]:
    """Positions by name, and whether the file says how many there are."""
    pins = text_list(given, "pins", POSITIONS)
    stated = given.get("pincount")
    most = max(len(pins), len(labels), len(text_list(given, "pincolors", POSITIONS)))
    if stated is not None:
        if isinstance(stated, bool) or not isinstance(stated, int) or not 0 < stated <= POSITIONS:
            raise ValueError(f"pincount {text_of(stated)!r}, expected a whole number from 1 to {POSITIONS:,}")
        if pins and len(pins) != stated:
            raise ValueError(f"{len(pins)} pins are listed, pincount is {stated}")
        most = max(most, stated)
    if len(set(pins)) != len(pins):
        raise ValueError("two pins have the same name")
    if not pins:
        pins = [str(number) for number in range(1, (most or int(simple)) + 1)]
    return tuple(pins[:1] if simple else pins), bool(pins)
