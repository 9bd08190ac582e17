"""The header of a drill file: units, number format, tools, plating.

Sources: Excellon CNC-7 programming manual (header commands); Ucamco, XNC Format Specification 2021.11;
comment conventions of Altium (``;FILE_FORMAT``, ``;TYPE``), KiCad (``; FORMAT``, ``; #@!``) and Allegro
(``; Holesize``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from manyworks.files.fabrication.limits import ATTRIBUTE_CHARACTERS, ATTRIBUTES, DRILL_TOOLS
from manyworks.files.fabrication.numbers import INCH_MM

_TOOL = re.compile(r"T0*(\d{1,6})(?=[A-Z])((?:[A-Z][+-]?[\d.]*)*)\s*(?:;.*)?$")
_SIZE = re.compile(r"C([+-]?[\d.]+)")
_UNIT = re.compile(r"(METRIC|INCH|M71|M72)((?:,[A-Z0-9.]+)*)$")
_ALTIUM = re.compile(r"FILE_FORMAT\s*=\s*(\d)[:.](\d)", re.IGNORECASE)
_KICAD = re.compile(r"FORMAT\s*=\s*\{\s*([\d-])\s*:\s*([\d-])\s*/([^}]*)\}", re.IGNORECASE)
_TYPE = re.compile(r"TYPE\s*=\s*(NON[_ -]?)?PLATED", re.IGNORECASE)
_ALLEGRO = re.compile(
    r"Holesize\s+(\d+)\.?\s*=\s*([\d.]+).*?(?:(NON[_ -]?PLATED)|(OPTIONAL)|(PLATED))?\s*"
    r"\b(MILS|MM|INCH(?:ES)?|MICRONS?)\b",
    re.IGNORECASE,
)
_ALLEGRO_UNITS = {"mils": 0.0254, "mm": 1.0, "inch": INCH_MM, "inches": INCH_MM, "micron": 0.001}
_LONGEST = 400


@dataclass(slots=True)
class Tool:
    """A drill bit: its size in mm where known, whether its holes are plated where told, what for."""

    diameter_mm: float | None = None
    plated: bool | None = None
    function: str = ""


@dataclass(slots=True)
class Header:
    """What a header tells; None for what it does not."""

    unit_mm: float | None = None
    trailing_omitted: bool | None = None
    whole: int | None = None
    decimals: int | None = None
    tools: dict[int, Tool] = field(default_factory=dict)
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    plated: bool | None = None
    function: str = ""

    def see(self, line: str) -> bool:
        """Take in a line of the header, or a comment or tool further down; False where it is neither."""
        if line.startswith(";"):
            self._comment(line[1:].strip()[:_LONGEST])
            return True
        match = _UNIT.match(line)
        if match:
            self._unit(match[1], match[2].split(","))
            return True
        match = _TOOL.match(line)
        if match and _SIZE.search(match[2]):
            self._tool(int(match[1]), match[2])
            return True
        return False

    def _unit(self, word: str, options: list[str]) -> None:
        self.unit_mm = 1.0 if word in ("METRIC", "M71") else INCH_MM
        for option in options:
            if option in ("LZ", "TZ"):
                # The word names the zeros that are kept.
                self.trailing_omitted = option == "LZ"
            elif re.fullmatch(r"0+\.0+", option):
                whole, _, decimals = option.partition(".")
                self.whole, self.decimals = len(whole), len(decimals)

    def _tool(self, number: int, text: str) -> None:
        if len(self.tools) >= DRILL_TOOLS:
            raise ValueError("more tools than any board has")
        size = _SIZE.search(text)
        unit = self.unit_mm if self.unit_mm is not None else INCH_MM
        diameter = float(size[1]) * unit if size else None
        if diameter is not None and not 0 <= diameter < 1000:
            raise ValueError(f"a tool of {diameter:g} mm")
        self.tools[number] = Tool(diameter, self.plated, self.function)

    def _comment(self, text: str) -> None:
        if len(self.comments) < ATTRIBUTES:
            self.comments.append(text)
        if text.startswith("#@!"):
            self._attribute(text[3:].strip())
            return
        if match := _ALTIUM.search(text):
            self.whole, self.decimals = int(match[1]), int(match[2])
        if match := _KICAD.search(text):
            self._kicad_format(match[1], match[2], match[3])
        if match := _TYPE.search(text):
            self.plated = match[1] is None
        if match := _ALLEGRO.search(text):
            self._allegro_tool(match)

    def _kicad_format(self, whole: str, decimals: str, rest: str) -> None:
        if whole.isdecimal() and decimals.isdecimal():
            self.whole, self.decimals = int(whole), int(decimals)
        if "metric" in rest or "inch" in rest:
            self.unit_mm = 1.0 if "metric" in rest else INCH_MM
        if "suppress leading" in rest:
            self.trailing_omitted = False
        elif "suppress trailing" in rest:
            self.trailing_omitted = True

    def _allegro_tool(self, match: re.Match[str]) -> None:
        unit = _ALLEGRO_UNITS.get(match[6].lower().removesuffix("s") if match[6] != "MILS" else "mils", 1.0)
        plated = False if match[3] else True if match[5] else None
        if len(self.tools) < DRILL_TOOLS:
            self.tools[int(match[1])] = Tool(float(match[2]) * unit, plated)

    def _attribute(self, text: str) -> None:
        kind, (name, _, values) = text[:2], text[2:].partition(",")
        if kind == "TF" and len(self.attributes) < ATTRIBUTES:
            self.attributes[name] = tuple(v.strip() for v in values[:ATTRIBUTE_CHARACTERS].split(","))
        elif kind == "TA" and name == ".AperFunction":
            self.function = values[:ATTRIBUTE_CHARACTERS]
            first = values.partition(",")[0].strip().lower()
            self.plated = {"plated": True, "nonplated": False}.get(first, self.plated)
        elif kind == "TD":
            self.function = ""


def read_header(lines: list[str]) -> tuple[Header, int]:
    """The header and the number of the line after it; files without one begin with the first hit."""
    header = Header()
    for index, line in enumerate(lines):
        if line in ("%", "M95") and index:
            return header, index + 1
        if header.see(line):
            continue
        if re.match(r"(G\d|X|Y|T0*\d+$|M30)", line) and line not in ("G90", "G05"):
            return header, index
    return header, len(lines)
