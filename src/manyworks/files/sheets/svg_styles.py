"""What SVG elements look like: presentation attributes, style attributes and simple style sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from manyworks.files.sheets.limits import STYLE_RULES

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]{1,2000})\{([^{}]{0,5000})\}")
_SELECTOR = re.compile(r"([a-zA-Z]+|\*)?((?:[.#][\w-]+)*)")
_INHERITED = ("stroke", "fill", "color", "visibility", "stroke-dasharray", "stroke-opacity", "fill-opacity")
_OWN = ("display", "opacity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How an element is painted; SVG's defaults where nothing is said."""

    stroke: str = "none"
    fill: str = "black"
    colour: str = "black"
    dashed: bool = False
    hidden: bool = False
    stroke_shows: bool = True
    fill_shows: bool = True

    @property
    def stroked(self) -> bool:
        """Whether its line is painted."""
        return _paints(self.stroke) and self.stroke_shows

    @property
    def filled(self) -> bool:
        """Whether its inside is painted."""
        return _paints(self.fill) and self.fill_shows


def _paints(paint: str) -> bool:
    return paint not in ("none", "transparent", "")


class StyleSheet:
    """Rules with simple selectors: tags, classes, ids; ``ignored`` counts the others."""

    def __init__(self, text: str) -> None:
        self.rules: list[tuple[tuple[str, frozenset[str]], int, dict[str, str]]] = []
        self.ignored = 0
        for match in _RULE.finditer(_COMMENT.sub("", text)):
            for selector in match[1].split(","):
                self._add(selector.strip(), dict(_declarations(match[2])))

    def _add(self, selector: str, values: dict[str, str]) -> None:
        match = _SELECTOR.fullmatch(selector)
        if match is None or not selector or len(self.rules) >= STYLE_RULES:
            self.ignored += 1
            return
        marks = frozenset(re.findall(r"[.#][\w-]+", match[2]))
        weight = sum(100 if mark[0] == "#" else 10 for mark in marks) + bool(match[1] and match[1] != "*")
        self.rules.append((((match[1] or "*"), marks), weight, values))

    def look_of(self, tag: str, attributes: Mapping[str, str], parent: Look) -> Look:
        """How an element looks inside its parent."""
        values = {key: attributes[key] for key in (*_INHERITED, *_OWN) if key in attributes}
        values.update(self._matching(tag, attributes))
        values.update(_declarations(attributes.get("style", "")))
        return _painted(values, parent) if values else parent

    def _matching(self, tag: str, attributes: Mapping[str, str]) -> dict[str, str]:
        if not self.rules:
            return {}
        marks = {"." + name for name in attributes.get("class", "").split()}
        marks.add("#" + attributes.get("id", ""))
        hits = [
            (weight, values)
            for (wanted, needs), weight, values in self.rules
            if wanted in ("*", tag) and needs <= marks
        ]
        result: dict[str, str] = {}
        for _, values in sorted(hits, key=lambda hit: hit[0]):
            result.update(values)
        return result


def _declarations(text: str) -> Iterator[tuple[str, str]]:
    for part in text[:20_000].split(";"):
        key, colon, value = part.partition(":")
        if colon:
            yield key.strip().lower(), value.replace("!important", "").strip()


def _painted(values: Mapping[str, str], parent: Look) -> Look:
    look = replace(
        parent,
        stroke=_taken(values.get("stroke"), parent.stroke),
        fill=_taken(values.get("fill"), parent.fill),
        colour=_taken(values.get("color"), parent.colour),
    )
    dashes = values.get("stroke-dasharray")
    if dashes is not None:
        look = replace(look, dashed=dashes.strip().lower() not in ("none", "", "0", "inherit"))
    if _is_zero(values.get("stroke-opacity")):
        look = replace(look, stroke_shows=False)
    if _is_zero(values.get("fill-opacity")):
        look = replace(look, fill_shows=False)
    gone = values.get("display", "").lower() == "none" or _is_zero(values.get("opacity"))
    unseen = values.get("visibility", "").lower()
    if gone or unseen in ("hidden", "collapse"):
        look = replace(look, hidden=True)
    return look


def _taken(value: str | None, inherited: str) -> str:
    if value is None or value.strip().lower() in ("inherit", ""):
        return inherited
    return value.strip()[:100]


def _is_zero(value: str | None) -> bool:
    try:
        return value is not None and float(value.rstrip("%")) == 0.0
    except ValueError:
        return False


def hex_of(paint: str, look: Look) -> str:
    """A paint as ``#rrggbb``; empty for gradients, patterns and names that are no colour."""
    from svgelements import Color

    if paint.lower() == "currentcolor":
        paint = look.colour
    if paint.lower().startswith("url"):
        return ""
    try:
        colour = Color(paint)
        red, green, blue = colour.red, colour.green, colour.blue
    except (ValueError, TypeError, AttributeError):
        return ""
    if red is None or green is None or blue is None:
        return ""
    return f"#{int(red):02x}{int(green):02x}{int(blue):02x}"
