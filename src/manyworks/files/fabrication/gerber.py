"""Gerber layers: RS-274X, X2 and X3, and what older programs write -> what they draw.

Source: Ucamco, The Gerber Layer Format Specification, revision 2024.05 (deprecated commands: chapter 8).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from manyworks.files.fabrication.apertures import NO_APERTURE, read_aperture
from manyworks.files.fabrication.limits import (
    APERTURES,
    ATTRIBUTE_CHARACTERS,
    ATTRIBUTES,
    MACRO_PRIMITIVES,
)
from manyworks.files.fabrication.macros import Macro
from manyworks.files.fabrication.numbers import INCH_MM, Digits
from manyworks.files.fabrication.picture import Aperture, Picture
from manyworks.files.fabrication.plotter import Plotter, TooMuchError, combined
from manyworks.files.limits import COORDINATE_MM

# One operation | a comment | an extended command | any other statement, in the order of how often they come.
_STATEMENT = re.compile(
    r"(?:G0*([123]))?(?:X([+-]?[\d.]+))?(?:Y([+-]?[\d.]+))?(?:I([+-]?[\d.]+))?(?:J([+-]?[\d.]+))?"
    r"(?:D0*([123]))?\*\s*"
    r"|G0*4(?!\d)([^*]*)\*?\s*"
    r"|%([^%]*)%?\s*"
    r"|([^*%]+)(?:\*\s*|(?=%)|$)"
)
_WORD = re.compile(r"([A-Z])([+-]?[\d.]+)")
_FORMAT = re.compile(r"FS([LTD]?)([AI]?)(?:N\d)?(?:G\d)?X(\d)(\d)Y(\d)(\d)")
_UNIT = re.compile(r"%\s*MO(IN|MM)|\bG7([01])\*")
_REPEAT = re.compile(r"SR(?:X(\d+))?(?:Y(\d+))?(?:I([\d.]+))?(?:J([\d.]+))?$")
_STATED = re.compile(r"[A-Z]{2}.*")
_COMMENTS = 60
_SCALE = 1_000.0


@dataclass(slots=True)
class Layer:
    """A Gerber file as read.

    Parameters
    ----------
    picture
        What it draws.
    attributes
        File attributes (``.FileFunction`` and so on) by name, from ``TF`` or comments.
    comments
        The first comments.
    negative
        Whether the file as a whole is drawn in negative (``IPNEG``).
    guessed
        What the file does not tell and had to be assumed.
    malformed
        Statements that could not be understood, and how often.
    """

    picture: Picture
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    negative: bool = False
    guessed: list[str] = field(default_factory=list)
    malformed: Counter[str] = field(default_factory=Counter)


def read_gerber(text: str) -> Layer:
    """Read a Gerber file.

    Raises
    ------
    TooMuchError
        Where it draws more than any board has, or far outside any board.
    """
    reader = _Reader(text)
    reader.run(text)
    picture = reader.plotter.finish()
    if any(not (abs(x) < COORDINATE_MM and abs(y) < COORDINATE_MM) for x, y in picture.points):
        raise TooMuchError(f"something is drawn more than {COORDINATE_MM:g} mm away")
    reader.layer.picture = picture
    return reader.layer


def read_attributes(text: str) -> dict[str, tuple[str, ...]]:
    """File attributes alone, without drawing anything."""
    found: dict[str, tuple[str, ...]] = {}
    for match in _FILE_ATTRIBUTE.finditer(text):
        name, _, values = match[1].strip().partition(",")
        if len(found) < ATTRIBUTES:
            found[name] = tuple(value.strip() for value in values[:ATTRIBUTE_CHARACTERS].split(","))
    return found


_FILE_ATTRIBUTE = re.compile(r"(?:%\s*|#@!\s*)TF(\.[^*%\r\n]+)")


class _Reader:
    """Turns statements into calls to the plotter."""

    def __init__(self, text: str) -> None:
        self.layer = Layer(Picture())
        self.plotter = Plotter()
        self.apertures: dict[int, Aperture] = {}
        self.blocks: dict[int, Picture] = {}
        self.macros: dict[str, Macro] = {}
        self.open_blocks: list[int] = []
        self.mirror, self.degrees, self.scale = "N", 0.0, 1.0
        self.aperture_attributes: dict[str, str] = {}
        self.operation = "2"
        self.incremental = False
        self.unit = self._unit(text)
        self.digits = Digits(whole=2, decimals=4, trailing_omitted=False, unit_mm=self.unit)
        self.digits_y = self.digits
        self.format_seen = False
        self.commands: dict[str, Callable[[str], None]] = {
            "FS": self._format,
            "AD": self._define,
            "AM": self._macro,
            "AB": self._block,
            "SR": self._repeat,
            "LP": self._polarity,
            "LM": self._mirror,
            "LR": self._rotate,
            "LS": self._resize,
            "TF": self._file_attribute,
            "TA": self._aperture_attribute,
            "TO": self._object_attribute,
            "TD": self._delete_attribute,
            "IP": self._image_polarity,
        }

    def _unit(self, text: str) -> float:
        match = _UNIT.search(text)
        if match is None:
            self.layer.guessed.append("no unit; inches assumed")
            return INCH_MM
        return INCH_MM if match[1] == "IN" or match[2] == "0" else 1.0

    def run(self, text: str) -> None:
        """Carry out all statements."""
        for match in _STATEMENT.finditer(text):
            mode, x, y, i, j, operation, comment, extended, other = match.groups()
            try:
                if other is not None:
                    if self._other(other):
                        return
                elif extended is not None:
                    self._extended(extended)
                elif comment is not None:
                    self._comment(comment)
                else:
                    self._operate(mode, x, y, i, j, operation)
            except (ValueError, OverflowError, ZeroDivisionError) as trouble:
                self.layer.malformed[str(trouble)[:120]] += 1

    def _operate(
        self, mode: str | None, x: str | None, y: str | None, i: str | None, j: str | None, code: str | None
    ) -> None:
        plotter = self.plotter
        if mode is not None:
            plotter.mode = int(mode)
        if x is None and y is None and code is None:
            return
        to_x = plotter.x if x is None else self._coordinate(self.digits, x, plotter.x)
        to_y = plotter.y if y is None else self._coordinate(self.digits_y, y, plotter.y)
        if code is None:
            code = self.operation
        else:
            self.operation = code
        if code == "1":
            plotter.draw(
                to_x,
                to_y,
                0.0 if i is None else self.digits.read(i),
                0.0 if j is None else self.digits_y.read(j),
            )
        elif code == "2":
            plotter.move(to_x, to_y)
        else:
            plotter.flash(to_x, to_y)

    def _coordinate(self, digits: Digits, text: str, last: float) -> float:
        if not self.format_seen:
            self.format_seen = True
            self.layer.guessed.append(f"no number format; {digits} assumed")
        value = digits.read(text)
        return last + value if self.incremental else value

    def _comment(self, text: str) -> None:
        text = text.strip()
        if text.startswith("#@!"):
            self._extended(text[3:].strip())
        elif len(self.layer.comments) < _COMMENTS:
            self.layer.comments.append(text[:ATTRIBUTE_CHARACTERS])

    def _extended(self, text: str) -> None:
        text = text.replace("\n", "").replace("\r", "").strip()
        if text.startswith("AM"):
            self._macro(text)
            return
        for statement in filter(None, map(str.strip, text.split("*"))):
            command = self.commands.get(statement[:2])
            if command is not None:
                command(statement)

    def _other(self, text: str) -> bool:
        """A statement of several words, or of a word that is seldom; True at the end of the file."""
        text = "".join(text.split())
        if text in ("M02", "M00", "M2", "M0", "M30"):
            return True
        words = _WORD.findall(text)
        if "".join(letter + number for letter, number in words) != text:
            if not _STATED.match(text):
                raise ValueError(f"statement {text[:40]!r} not understood")
            return False
        self._words(words)
        return False

    def _words(self, words: list[tuple[str, str]]) -> None:
        place: dict[str, str] = {}
        operation = None
        for letter, number in words:
            if letter == "G":
                self._prepare(int(number))
            elif letter == "D" and int(number) >= 10:
                self._select(int(number))
            elif letter == "D":
                operation = str(int(number))
            elif letter in "XYIJ":
                place[letter] = number
        if operation is not None and operation not in "123":
            raise ValueError(f"D{operation} not understood")
        if place or operation:
            self._operate(None, place.get("X"), place.get("Y"), place.get("I"), place.get("J"), operation)

    def _prepare(self, code: int) -> None:
        plotter = self.plotter
        if code in (1, 2, 3):
            plotter.mode = code
        elif code == 36:
            plotter.begin_region()
            plotter.function = self.aperture_attributes.get(".AperFunction", "")
        elif code == 37:
            plotter.end_region()
        elif code in (74, 75):
            plotter.single_quadrant = code == 74
        elif code in (90, 91):
            self.incremental = code == 91
        elif code not in (0, 54, 55, 70, 71, 10, 11, 12):
            raise ValueError(f"G{code:02d} not understood")

    def _select(self, number: int) -> None:
        plotter = self.plotter
        if not plotter.in_region:
            plotter.lift()
        plotter.block = self.blocks.get(number)
        if plotter.block is None and number not in self.apertures:
            plotter.aperture = NO_APERTURE
            raise ValueError(f"aperture D{number} is used but not defined")
        plotter.aperture = self.apertures.get(number, NO_APERTURE)

    def _format(self, text: str) -> None:
        match = _FORMAT.match(text.replace(" ", ""))
        if match is None:
            raise ValueError(f"number format {text[:40]!r} not understood")
        self.format_seen = True
        self.incremental = match[2] == "I"
        trailing = match[1] == "T"
        self.digits = Digits(
            whole=int(match[3]), decimals=int(match[4]), trailing_omitted=trailing, unit_mm=self.unit
        )
        self.digits_y = Digits(
            whole=int(match[5]), decimals=int(match[6]), trailing_omitted=trailing, unit_mm=self.unit
        )

    def _define(self, text: str) -> None:
        if len(self.apertures) >= APERTURES:
            raise TooMuchError("more apertures than any board has")
        function = self.aperture_attributes.get(".AperFunction", "")
        number, aperture = read_aperture(text[2:].lstrip("D "), self.unit, self.macros, function)
        self.apertures[number] = aperture
        self.blocks.pop(number, None)

    def _macro(self, text: str) -> None:
        name, *statements = [part.strip() for part in text[2:].split("*")]
        if len(self.macros) < APERTURES:
            self.macros[name] = Macro(tuple(statements[: MACRO_PRIMITIVES + 1]))

    def _block(self, text: str) -> None:
        number = text[2:].lstrip("D ")
        if number:
            self.plotter.begin_block()
            self.open_blocks.append(int(number))
        elif self.open_blocks:
            block = self.plotter.end_block()
            name = self.open_blocks.pop()
            if block is not None:
                self.blocks[name] = block
                self.apertures[name] = NO_APERTURE

    def _repeat(self, text: str) -> None:
        match = _REPEAT.match(text.replace(" ", ""))
        if match is None:
            raise ValueError(f"repeat {text[:40]!r} not understood")
        if self.plotter.repeating:
            self.plotter.end_block()
        columns, rows = int(match[1] or 1), int(match[2] or 1)
        if (columns, rows) != (1, 1):
            steps = [float(match[3] or 0) * self.unit, float(match[4] or 0) * self.unit]
            self.plotter.begin_block(columns, rows, *steps)

    def _polarity(self, text: str) -> None:
        self.plotter.set_polarity(dark=text[2:3] != "C")

    def _mirror(self, text: str) -> None:
        self.mirror = text[2:]
        self._turn()

    def _rotate(self, text: str) -> None:
        self.degrees = float(text[2:])
        self._turn()

    def _resize(self, text: str) -> None:
        self.scale = float(text[2:])
        self._turn()

    def _turn(self) -> None:
        if not (math.isfinite(self.degrees) and 1 / _SCALE < self.scale < _SCALE):
            self.degrees, self.scale = 0.0, 1.0
            raise ValueError("a turn or scale without a value")
        self.plotter.lift()
        self.plotter.turn = combined(self.mirror, self.degrees, self.scale)

    def _image_polarity(self, text: str) -> None:
        self.layer.negative = text.startswith("IPNEG")

    def _file_attribute(self, text: str) -> None:
        name, _, values = text[2:].partition(",")
        if len(self.layer.attributes) < ATTRIBUTES:
            self.layer.attributes[name] = tuple(
                value.strip() for value in values[:ATTRIBUTE_CHARACTERS].split(",")
            )

    def _aperture_attribute(self, text: str) -> None:
        name, _, value = text[2:].partition(",")
        if len(self.aperture_attributes) < ATTRIBUTES:
            self.aperture_attributes[name] = value[:ATTRIBUTE_CHARACTERS]
            self._tell_function()

    def _object_attribute(self, text: str) -> None:
        name, _, value = text[2:].partition(",")
        if name == ".N":
            self._set_net(value[:ATTRIBUTE_CHARACTERS])

    def _delete_attribute(self, text: str) -> None:
        name = text[2:]
        if name in ("", ".N"):
            self._set_net("")
        if name:
            self.aperture_attributes.pop(name, None)
        else:
            self.aperture_attributes.clear()
        self._tell_function()

    def _set_net(self, net: str) -> None:
        self.plotter.lift()
        self.plotter.net = net

    def _tell_function(self) -> None:
        self.plotter.lift()
        self.plotter.function = self.aperture_attributes.get(".AperFunction", "")
