"""What the lines of a drawing are for: by the names of their layers, kinds of line, and colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from manyworks.files.sheets.conventions import (
    NameMeaning,
    Palette,
    line_meaning,
    meaning_of,
    near_colour,
    palettes,
)
from manyworks.files.sheets.drawing import Drawing, Point, Stroke
from manyworks.files.sheets.limits import FINDINGS_PER_KIND
from manyworks.model import Finding, info, warning
from manyworks.shapes.contour_sets import box_of

_MACHINED = frozenset({"cut", "engrave", "score", "fold", "pocket", "drill"})


@dataclass(frozen=True, slots=True)
class Pen:
    """Lines that look alike: same layer, colour, kind of line, filled or not."""

    layer: str
    colour: str
    line: str
    filled: bool


@dataclass(frozen=True, slots=True)
class Role:
    """What a pen is taken for, and why; ``told`` where the drawing says so itself."""

    name: str
    why: str
    told: bool = True


def pen_of(stroke: Stroke) -> Pen:
    """The pen that a line is drawn with."""
    return Pen(stroke.layer, stroke.colour, stroke.line, stroke.filled)


def settle_roles(drawing: Drawing, where: str, findings: list[Finding]) -> dict[Pen, Role]:
    """A role for every pen of a drawing; what is guessed is said aloud."""
    pens = list(dict.fromkeys(map(pen_of, drawing.strokes)))
    meanings = {layer: meaning_of(layer) for layer in dict.fromkeys(pen.layer for pen in pens)}
    others_cut = any(
        meaning.role == "cut" for layer, meaning in meanings.items() if layer not in drawing.hidden
    )
    roles: dict[Pen, Role] = {}
    for pen in pens:
        role = _by_name(pen, meanings[pen.layer], drawing, others_cut)
        if role is not None:
            roles[pen] = role
    rest = [pen for pen in pens if pen not in roles]
    roles.update(_by_colour(rest, roles, drawing, where, findings))
    _name_unknown(roles, meanings, where, findings)
    return roles


def _by_name(pen: Pen, meaning: NameMeaning, drawing: Drawing, others_cut: bool) -> Role | None:
    """What the layer tells; None where it tells nothing and colours may."""
    if pen.layer in drawing.hidden:
        return Role("ignore", f"the layer is {drawing.hidden[pen.layer]}")
    if meaning.role == "sheet" and not others_cut:
        return Role("cut", f"{meaning.why}; nothing else is drawn for cutting, so its lines are the parts")
    if meaning.role:
        return Role(meaning.role, meaning.why)
    by_line = line_meaning(pen.line) if pen.line else None
    if by_line is not None:
        return Role(by_line[0], f"{by_line[1]} (linetype {pen.line[:40]!r})")
    strange = "the layer's name is not understood, and other layers are named for cutting"
    return Role("note", strange) if others_cut and not meaning.known else None


def _by_colour(
    pens: Sequence[Pen],
    settled: dict[Pen, Role],
    drawing: Drawing,
    where: str,
    findings: list[Finding],
) -> dict[Pen, Role]:
    if not pens:
        return {}
    outlined = [pen for pen in pens if not pen.filled]
    cuts = any(role.name == "cut" for role in settled.values())
    colours = list(dict.fromkeys(pen.colour for pen in outlined if pen.colour))
    roles = {pen: _plain_role(pen, bool(outlined) or cuts) for pen in pens}
    if len(colours) < 2:
        return roles
    outermost = _outermost_colour(drawing, set(outlined))
    palette = _palette_for(colours, outermost, drawing.program)
    if palette is None:
        names = ", ".join(colours[:8])
        text = f"lines in {len(colours)} colours ({names}) on layers whose names say nothing: all are cut"
        findings.append(warning("files.sheet.colours", where, text, "name the layers cut, engrave, fold"))
        return roles
    text = f"colours are read as {palette.name!r}: the outermost lines are {outermost}"
    findings.append(warning("files.sheet.colours", where, text, "name the layers if that is wrong"))
    for pen in outlined:
        roles[pen] = _palette_role(pen, palette) or roles[pen]
    return roles


def _plain_role(pen: Pen, others: bool) -> Role:
    if pen.filled and others:
        return Role("engrave", "an area painted without a line around it, beside lines that are cut")
    return Role(
        "cut", "neither its layer's name nor its colour says what it is for: taken as cut", told=False
    )


def _palette_role(pen: Pen, palette: Palette) -> Role | None:
    for role, listed in (("cut", palette.cut), ("engrave", palette.engrave), ("note", palette.note)):
        if pen.colour and near_colour(pen.colour, listed):
            return Role(role, f"colour {pen.colour}, by the convention {palette.name!r}")
    return None


def _palette_for(colours: Sequence[str], outermost: str, program: str) -> Palette | None:
    """The convention of the drawing's program; else the first whose cut colour the outlines have.

    Of several the one that knows most of the colours; none where it knows only one of them.
    """
    if not outermost:
        return None
    own = [one for one in palettes() if one.program and one.program == program]
    common = [one for one in palettes() if not one.program]
    fitting = [one for one in own or common if near_colour(outermost, one.cut)]

    def known(palette: Palette) -> int:
        listed = palette.cut + palette.engrave + palette.note
        return sum(near_colour(colour, listed) for colour in colours)

    best = max(fitting, key=known, default=None)
    return best if best is not None and known(best) > 1 else None


def _outermost_colour(drawing: Drawing, pens: set[Pen]) -> str:
    """The colour of the lines that reach farthest: the parts must be cut out of something."""
    reach: dict[str, list[Point]] = {}
    for stroke in drawing.strokes:
        if pen_of(stroke) in pens and stroke.colour:
            x0, y0, x1, y1 = box_of(stroke.points)
            reach.setdefault(stroke.colour, []).extend(((x0, y0), (x1, y1)))
    return max(reach, key=lambda colour: _size(reach[colour]), default="")


def _size(corners: Sequence[Point]) -> float:
    x0, y0, x1, y1 = box_of(corners)
    return (x1 - x0) + (y1 - y0)


def _name_unknown(
    roles: dict[Pen, Role], meanings: dict[str, NameMeaning], where: str, findings: list[Finding]
) -> None:
    strange = [
        layer
        for layer, meaning in meanings.items()
        if not meaning.role
        and not meaning.known
        and any(pen.layer == layer and role.name == "note" for pen, role in roles.items())
    ]
    for layer in strange[:FINDINGS_PER_KIND]:
        text = f"the layer {layer!r} is not understood and left out, since other layers are named for cutting"
        hint = "rename it (cut, engrave, fold, note)"
        findings.append(warning("files.sheet.layer-unknown", where, text, hint))
    if len(strange) > FINDINGS_PER_KIND:
        text = f"{len(strange) - FINDINGS_PER_KIND} further layers are not understood"
        findings.append(warning("files.sheet.layer-unknown", where, text))
    findings.extend(_guessed(roles, where))


def _guessed(roles: dict[Pen, Role], where: str) -> Iterable[Finding]:
    cut = [role for role in roles.values() if role.name == "cut"]
    if cut and not any(role.told for role in cut):
        text = "nothing says which lines are cut; all lines on layers without a telling name are taken as cut"
        yield info("files.sheet.all-cut", where, text, "name a layer 'cut' to be sure")


def is_machined(role: str) -> bool:
    """Whether something is done to the sheet along lines of a role."""
    return role in _MACHINED
