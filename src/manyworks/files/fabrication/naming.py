"""Which layer a file is by its attributes and by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from manyworks.files.fabrication.vocabulary import Patterns, vocabulary

_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z])(?=[A-Z][a-z])")
_SEPARATORS = re.compile(r"[^0-9A-Za-z]+")
# Endings that say nothing about the layer.
_GENERAL = frozenset({"txt", ""})
TOP_PLACE, BOTTOM_PLACE = 0, 1_000
_SIDED = ("copper", "mask", "paste", "silkscreen", "drawing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a file is taken for.

    Parameters
    ----------
    role
        As in `BoardLayer`, or ``mechanical``, ``keepout`` where its content decides.
    side
        ``top``, ``bottom``, ``inner`` or empty.
    place
        Where copper stands in the stack: any numbers that grow downwards; None where not told.
    placed
        The place is all that is known: first and last decide the sides.
    plane
        An inner layer counted apart from the others.
    why
        How it was found.
    sure
        Said by the file itself.
    """

    role: str
    side: str = ""
    place: int | None = None
    placed: bool = False
    plane: bool = False
    why: str = ""
    sure: bool = False


UNKNOWN = Role(role="unknown", why="neither attributes nor name tell what it is")


def from_function(values: Sequence[str], why: str) -> Role | None:
    """Role by the words of ``.FileFunction``; None where they are not known."""
    if not values or not values[0]:
        return None
    role = vocabulary().functions.get(values[0].casefold())
    if role is None:
        return None
    words = [value.casefold() for value in values[1:]]
    side = next((full for short, full in _FUNCTION_SIDES.items() if short in words), "")
    layer = next((re.fullmatch(r"l(\d{1,3})", word) for word in words if word.startswith("l")), None)
    place = int(layer[1]) if role == "copper" and layer else None
    if role == "copper" and not side and place == 1:
        side = "top"
    return Role(role=role, side=side, place=place, why=why, sure=True)


_FUNCTION_SIDES = {"top": "top", "bot": "bottom", "bottom": "bottom", "inr": "inner"}


def from_ending(ending: str) -> Role | None:
    """Role by the file's ending; None for the general ones."""
    low = ending.lower().lstrip(".")
    for known in vocabulary().endings:
        match = known.pattern.match(low)
        if match:
            return Role(
                role=known.role,
                side=known.side,
                place=_place(known.role, known.side, match.groupdict().get("number")),
                plane=known.plane,
                why=f"name *.{ending.lstrip('.')}",
            )
    return None


def _place(role: str, side: str, number: str | None) -> int | None:
    if role != "copper":
        return None
    return int(number) if number else {"top": TOP_PLACE, "bottom": BOTTOM_PLACE}.get(side)


def from_words(text: str, whole: str, why: str) -> Role | None:
    """Role by the words of a name or a description.

    Parameters
    ----------
    text
        The words (see `words_of`) without what all files of the set begin with.
    whole
        All words; they tell the side where ``text`` does not.
    why
        Said of the role.
    """
    for word in vocabulary().words:
        match = _first(word.patterns, text)
        if match is None:
            continue
        side = "inner" if word.inner else ""
        if not word.placed and not word.inner and word.role in _SIDED:
            side = _side(text) or _side(whole)
        groups = match.groupdict()
        if groups.get("layer"):
            side = "top" if int(groups["layer"]) == 1 else "bottom"
        place = _place(word.role, side, groups.get("number"))
        return Role(role=word.role, side=side, place=place, placed=word.placed, why=why)
    return None


def _first(patterns: Patterns, text: str) -> re.Match[str] | None:
    return next((match for match in (pattern.search(text) for pattern in patterns) if match), None)


def _side(text: str) -> str:
    known = vocabulary()
    if _first(known.top, text):
        return "top"
    return "bottom" if _first(known.bottom, text) else ""


def words_of(name: str) -> str:
    """Words of a file's name without its ending: ``Gerber_TopLayer.GTL`` gives ``gerber top layer``."""
    stem = name.rpartition("/")[2]
    head, dot, ending = stem.rpartition(".")
    stem = head if dot and len(ending) <= 8 else stem
    return _SEPARATORS.sub(" ", _CAPITALS.sub(" ", stem)).strip().lower()


def ending_of(name: str) -> str:
    """The ending of a file's name without the point, as written."""
    return name.rpartition("/")[2].rpartition(".")[2] if "." in name.rpartition("/")[2] else ""


def shared_start(names: Sequence[str]) -> int:
    """Number of first words that all names share: the name of the board.

    At least one word of every name is left, and nothing is shared by fewer than three.
    """
    split = [words_of(name).split() for name in names]
    split = [words for words in split if words]
    if len(split) < 3:
        return 0
    count = 0
    for column in zip(*split, strict=False):
        if len(set(column)) > 1:
            break
        count += 1
    return min([count, *(len(words) - 1 for words in split)])


def from_name(name: str, shared: int = 0) -> Role:
    """Role by a file's name: a particular ending first, then words without the board's name, then all."""
    ending = ending_of(name)
    whole = words_of(name)
    by_words = None
    for text in dict.fromkeys([" ".join(whole.split()[shared:]), whole]):
        by_words = by_words or from_words(text, whole, f"name {name.rpartition('/')[2]!r}")
    by_ending = from_ending(ending) if ending.lower() not in _GENERAL else None
    if by_ending is None:
        return by_words or UNKNOWN
    vague = by_ending.role in ("mechanical", "keepout")
    if vague and by_words is not None and by_words.role in ("outline", "drawing"):
        return by_words
    return by_ending
