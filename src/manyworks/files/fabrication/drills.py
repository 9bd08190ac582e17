"""All drill files of a set -> openings with plating and span, each hole once."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from manyworks.files.boards.contours import Point
from manyworks.files.fabrication.drill_header import Tool
from manyworks.files.fabrication.excellon import Cut, Drilling, possible_digits, read_excellon
from manyworks.files.fabrication.kinds import Kind
from manyworks.files.fabrication.limits import LAYER_BYTES
from manyworks.files.fabrication.members import Member
from manyworks.files.fabrication.naming import words_of
from manyworks.files.fabrication.pads import Pads, has_pad
from manyworks.files.fabrication.picture import Box
from manyworks.files.fabrication.plotter import TooMuchError
from manyworks.files.fabrication.sidecars import DrillFacts, Facts
from manyworks.files.fabrication.stack import Stack
from manyworks.files.fabrication.vocabulary import Patterns, vocabulary
from manyworks.model import Finding, error, info, warning

# Holes of a board lie on it; a few may sit on its very edge or on tooling strips beside it.
_BESIDE_MM = 1.0
_ON_BOARD = 0.9
# Coordinates of one hole in two files differ by rounding only.
_SAME_MM = 0.005
# Without a word of it, holes end at the layers where all but a few have pads, if an outer layer lacks many
# of them; some pads there belong to other vias in the same place.
_MOST = 0.95
_FEW = 0.7
_SAMPLE = 500


@dataclass(frozen=True, slots=True)
class Bore:
    """An opening as the board has it."""

    cut: Cut
    plated: bool
    span: tuple[int, int] | None

    @property
    def radius(self) -> float:
        """Half the tool's diameter in mm."""
        return self.cut.diameter_mm / 2


@dataclass(slots=True)
class _File:
    """A drill file with what is known of its holes as a whole."""

    member: Member
    cuts: list[Cut]
    plated: bool | None
    span: tuple[int, int] | None
    span_known: bool
    keys: Counter[tuple[int, ...]] = field(default_factory=Counter)
    by_pads: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What helps to understand drill files: reports, the copper stack, the board's box, pads by layer."""

    facts: Facts
    stack: Stack
    box: Box | None
    pads: Sequence[Pads]


def read_drills(members: Iterable[Member], around: Surroundings, findings: list[Finding]) -> list[Bore]:
    """All openings. Files that repeat the holes of others are left out, with a finding."""
    files = []
    for member in members:
        if member.role.role == "drill" and not member.remark:
            file = _read(member, around, findings)
            if file is not None:
                files.append(file)
    kept = _once(files, findings)
    bores: list[Bore] = []
    for index, file in enumerate(kept):
        file.member.used = True
        findings.extend(_without_shared(file, kept[:index]))
        if file.by_pads and file.span is not None:
            findings.append(_span_said_aloud(file.member, file.span))
        bores += _bores(file, around, findings)
    return bores


def _read(member: Member, around: Surroundings, findings: list[Finding]) -> _File | None:
    facts = around.facts.drills.get(member.base, DrillFacts())
    if member.kind is Kind.GERBER:
        cuts: list[Cut] | None = _from_gerber(member, findings)
    else:
        cuts = _from_excellon(member, facts, around.box, findings)
    if cuts is None:
        return None
    span, known = _span(member, facts, around.stack)
    plated = _plating(member, facts)
    by_pads = not known and plated is not False
    if by_pads:
        span, known = _span_by_pads(cuts, around.pads)
    file = _File(member, cuts, plated, span, known, by_pads=by_pads and known)
    file.keys = Counter(map(_key, cuts))
    return file


def _key(cut: Cut) -> tuple[int, ...]:
    ends = sorted([_grid(cut.start), _grid(cut.end)])
    return (*ends[0], *ends[1], round(cut.diameter_mm / _SAME_MM / 2))


def _grid(point: Point) -> tuple[int, int]:
    return round(point[0] / _SAME_MM), round(point[1] / _SAME_MM)


def _from_excellon(
    member: Member, facts: DrillFacts, box: Box | None, findings: list[Finding]
) -> list[Cut] | None:
    try:
        if len(member.source.data) > LAYER_BYTES:
            raise TooMuchError(f"more than {LAYER_BYTES:,} bytes")
        text = member.text
        drilling = read_excellon(text, sizes=facts.tools)
        if box is not None and drilling.cuts and not drilling.decimal:
            drilling = _fitted(drilling, text, facts.tools, box, member, findings)
    except (TooMuchError, ValueError) as trouble:
        member.remark = f"not read: {trouble}"
        findings.append(error("files.fabrication.too-large", member.name, str(trouble)[:200]))
        return None
    findings.extend(_trouble(drilling, member, box))
    member.attributes = {**member.attributes, **drilling.header.attributes}
    return drilling.cuts


def _fitted(
    drilling: Drilling,
    text: str,
    sizes: dict[int, Tool],
    box: Box,
    member: Member,
    findings: list[Finding],
) -> Drilling:
    """The file read with the number format that puts its holes on the board."""
    if _share_on(drilling.cuts, box) >= _ON_BOARD and (drilling.certain or _fills(drilling.cuts, box)):
        if not drilling.certain:
            findings.append(_assumed(drilling, member))
        return drilling
    best, mark = drilling, _mark(drilling.cuts, box)
    for digits in possible_digits(drilling.header):
        other = read_excellon(text, digits, sizes)
        if (fit := _mark(other.cuts, box)) > mark:
            best, mark = other, fit
    if best is drilling and drilling.certain:
        return drilling
    findings.append(_assumed(best, member))
    return best


def _assumed(drilling: Drilling, member: Member) -> Finding:
    text = f"the file does not tell its number format; {drilling.digits} puts the holes on the board"
    return info("files.fabrication.drill-format", member.name, text, "write drill files with decimal points")


def _share_on(cuts: Sequence[Cut], box: Box) -> float:
    left, low, right, high = box
    on = sum(
        left - _BESIDE_MM <= cut.start[0] <= right + _BESIDE_MM
        and low - _BESIDE_MM <= cut.start[1] <= high + _BESIDE_MM
        for cut in cuts
    )
    return on / max(1, len(cuts))


def _mark(cuts: Sequence[Cut], box: Box) -> tuple[float, float]:
    """How well holes fit a board: on it first, then spread over it."""
    return round(_share_on(cuts, box), 2), _spread(cuts, box)


def _spread(cuts: Sequence[Cut], box: Box) -> float:
    xs, ys = [cut.start[0] for cut in cuts], [cut.start[1] for cut in cuts]
    wide, tall = max(box[2] - box[0], 1e-6), max(box[3] - box[1], 1e-6)
    return min(1.0, max((max(xs) - min(xs)) / wide, (max(ys) - min(ys)) / tall)) if xs else 0.0


def _fills(cuts: Sequence[Cut], box: Box) -> bool:
    """Whether holes spread over a good part of the board; a factor of ten too small shows here."""
    return _spread(cuts, box) > 0.15 or len(cuts) < 3


def _trouble(drilling: Drilling, member: Member, box: Box | None) -> Iterable[Finding]:
    if drilling.malformed:
        count = sum(drilling.malformed.values())
        first = "; ".join(text for text, _ in drilling.malformed.most_common(3))
        yield warning("files.fabrication.malformed", member.name, f"{count} lines not understood: {first}")
    if drilling.header.unit_mm is None and drilling.cuts:
        text = f"the file tells no unit; {drilling.digits} is taken"
        yield warning("files.fabrication.guessed", member.name, text, "write METRIC or INCH into the header")
    if drilling.unsized:
        tools = ", ".join(f"T{tool} ({count} holes)" for tool, count in list(drilling.unsized.items())[:10])
        text = f"tools without a diameter: {tools}"
        yield warning(
            "files.fabrication.tool-size", member.name, text, "add the drill report or a full header"
        )
    if box is not None and drilling.cuts and _share_on(drilling.cuts, box) < 0.5:
        share = 1 - _share_on(drilling.cuts, box)
        text = f"{share:.0%} of the holes lie beside the board"
        yield warning("files.fabrication.drill-beside", member.name, text, "use one origin for all files")


def _from_gerber(member: Member, findings: list[Finding]) -> list[Cut] | None:
    """Holes as flashes and slots as strokes of a Gerber file."""
    layer = member.draw(findings)
    if layer is None:
        return None
    cuts = []
    for flash in layer.picture.flashes:
        plated = {"plated": True, "nonplated": False}.get(flash.function.partition(",")[0].lower())
        wide, tall = flash.size
        long = abs(wide - tall) / 2
        x, y = flash.centre
        if flash.aperture.round or long < _SAME_MM:
            path: tuple[Point, ...] = (flash.centre,)
        else:
            angle = math.radians(flash.turn.degrees + flash.aperture.angle + (0 if wide > tall else 90))
            dx, dy = long * math.cos(angle), long * math.sin(angle)
            path = ((x - dx, y - dy), (x + dx, y + dy))
        cuts.append(Cut(path, min(wide, tall), plated, 0))
    for stroke in layer.picture.strokes:
        plated = {"plated": True, "nonplated": False}.get(stroke.function.partition(",")[0].lower())
        cuts.append(Cut(tuple(stroke.points), stroke.width, plated, 0))
    if layer.picture.regions:
        text = f"{len(layer.picture.regions)} filled areas in a drill file are not counted as holes"
        findings.append(warning("files.fabrication.drill-areas", member.name, text))
    return cuts


def _plating(member: Member, facts: DrillFacts) -> bool | None:
    first = (member.attributes.get(".FileFunction") or ("",))[0].lower()
    if first in ("plated", "nonplated"):
        return first == "plated"
    words = words_of(member.base)
    if _found(vocabulary().nonplated, words):
        return False
    if _found(vocabulary().plated, words):
        return True
    return facts.plated


def _found(patterns: Patterns, text: str) -> re.Match[str] | None:
    return next((match for match in (pattern.search(text) for pattern in patterns) if match), None)


def _span(member: Member, facts: DrillFacts, stack: Stack) -> tuple[tuple[int, int] | None, bool]:
    """First and last layer of a file's holes (None: all), and whether anything tells."""
    values = member.attributes.get(".FileFunction", ())
    if len(values) > 2 and all(value.isdecimal() and len(value) < 4 for value in values[1:3]):
        return _shorten((int(values[1]), int(values[2])), stack), True
    first, last = stack.number_of(facts.first), stack.number_of(facts.last)
    if facts.first and first and last:
        return _shorten((first, last), stack), True
    words = words_of(member.base)
    if match := _found(vocabulary().span, words):
        first, last = stack.number_of(match["from"]), stack.number_of(match["to"])
        if first and last:
            return _shorten((first, last), stack), True
    if match := _found(vocabulary().counted, words):
        first, last = int(match["from"]), int(match["to"])
        if first < last and (first, last) != (1, vocabulary().lowest) and last <= stack.count:
            return _shorten((first, last), stack), True
    return None, False


def _span_by_pads(cuts: Sequence[Cut], layers: Sequence[Pads]) -> tuple[tuple[int, int] | None, bool]:
    """First and last layer with pads around most holes, where an outer layer has next to none."""
    if len(layers) <= 2 or not cuts:
        return None, False
    sample = cuts[:: max(1, len(cuts) // _SAMPLE)]
    shares = [
        sum(bool(has_pad(_middle(cut), cut.diameter_mm, [pads])) for cut in sample) / len(sample)
        for pads in layers
    ]
    through = [number for number, share in enumerate(shares, start=1) if share >= _MOST]
    if len(through) < 2 or min(shares[0], shares[-1]) > _FEW:
        return None, False
    return (through[0], through[-1]), True


def _middle(cut: Cut) -> Point:
    return cut.path[len(cut.path) // 2]


def _shorten(span: tuple[int, int], stack: Stack) -> tuple[int, int] | None:
    low, high = min(span), max(span)
    return None if low <= 1 and high >= stack.count else (low, high)


def _once(files: list[_File], findings: list[Finding]) -> list[_File]:
    """Files without those whose holes are all in other files (round holes with and without plating)."""
    kept = [file for file in files if file.cuts]
    for file in files:
        if not file.cuts:
            file.member.used = True
            file.member.remark = "holds no holes"
    for file in sorted(kept, key=_vagueness, reverse=True):
        others: Counter[tuple[int, ...]] = Counter()
        for other in kept:
            if other is not file and _compatible(file, other):
                others |= other.keys
        if all(others[key] for key in file.keys):
            kept.remove(file)
            file.member.remark = "its holes are all in other drill files"
            text = f"its {len(file.cuts)} holes are all in other drill files; counted once"
            findings.append(info("files.fabrication.drill-repeats", file.member.name, text))
    return kept


def _span_said_aloud(member: Member, span: tuple[int, int]) -> Finding:
    text = f"its holes are taken to go from layer {span[0]} to {span[1]}, where they have pads"
    hint = "add the drill report, or write drill files with attributes"
    return info("files.fabrication.span-by-pads", member.name, text, hint)


def _without_shared(file: _File, before: Sequence[_File]) -> Iterable[Finding]:
    """Take the holes out of a file that files before it have too."""
    known = {key for other in before if _compatible(file, other) for key in other.keys}
    own = [cut for cut in file.cuts if _key(cut) not in known]
    if len(own) < len(file.cuts):
        text = f"{len(file.cuts) - len(own)} of its holes are in another drill file too; counted once"
        yield info("files.fabrication.drill-repeats", file.member.name, text)
        file.cuts = own


def _vagueness(file: _File) -> tuple[bool, bool, int, str]:
    """The less a file tells and the more it holds, the sooner it is the one left out."""
    return file.plated is None, not file.span_known, len(file.cuts), file.member.name


def _compatible(a: _File, b: _File) -> bool:
    return not (a.span_known and b.span_known) or a.span == b.span


def _bores(file: _File, around: Surroundings, findings: list[Finding]) -> Iterable[Bore]:
    # A hole that ends inside the board is made to connect layers.
    plated = True if file.plated is None and file.span is not None else file.plated
    told = [cut.plated if plated is None else plated for cut in file.cuts]
    plating = _by_pads(file, told, around, findings) if None in told else map(bool, told)
    for cut, coated in zip(file.cuts, plating, strict=True):
        yield Bore(cut, coated, file.span)


def _by_pads(
    file: _File, told: list[bool | None], around: Surroundings, findings: list[Finding]
) -> list[bool]:
    """Holes of one tool are plated where most of them have a pad around them."""
    votes: dict[int, list[bool]] = defaultdict(list)
    for cut, plated in zip(file.cuts, told, strict=True):
        pad = has_pad(_middle(cut), cut.diameter_mm, around.pads) if plated is None else None
        if pad is not None:
            votes[cut.tool].append(pad)
    decided = {tool: sum(said) * 2 >= len(said) for tool, said in votes.items()}
    basis = "by the pads around them" if votes else "for want of anything that tells"
    result = [
        decided.get(cut.tool, True) if plated is None else plated
        for cut, plated in zip(file.cuts, told, strict=True)
    ]
    taken = sum(now for now, was in zip(result, told, strict=True) if was is None)
    text = (
        f"the file does not tell which holes are plated; {taken} of {told.count(None)} "
        f"are taken as plated {basis}"
    )
    hint = "write plated and unplated holes to two files"
    findings.append(info("files.fabrication.plating", file.member.name, text, hint))
    return result
