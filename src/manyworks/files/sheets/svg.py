"""SVG drawings -> lines, texts, layers, unit: groups, uses, styles and transforms written out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from manyworks.files.sheets.conventions import meaning_of
from manyworks.files.sheets.drawing import Drawing, Stroke, TooMuchError, finite, layer_name
from manyworks.files.sheets.dxf_entities import CHORDS, chords_for
from manyworks.files.sheets.limits import COORDINATE, DEPTH, DRAWING_BYTES, ENTITIES, PATHS_CHARACTERS
from manyworks.files.sheets.svg_shapes import (
    Matrix,
    NotAShapeError,
    both,
    matrix_of,
    outlines_of,
    parse_number,
    shift,
)
from manyworks.files.sheets.svg_sizes import settle_size
from manyworks.files.sheets.svg_styles import Look, StyleSheet, hex_of
from manyworks.files.sources import Source
from manyworks.model import Finding, error, info, warning

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ROOT = re.compile(rb"<(?:\w+:)?svg[\s>]", re.IGNORECASE)
_INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"
_LINK = "{http://www.w3.org/1999/xlink}href"
# Depth of elements in the file itself; deeper ones are no drawing.
_NESTED = 200
_PIECE_BYTES = 1 << 20
_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
_GROUPS = frozenset({"g", "a", "svg", "switch"})
_LEFT_OUT = {
    "image": "a picture: engraved point by point, if at all",
    "foreignObject": "an object of another kind",
    "video": "a film",
}
# Names that programs give to groups when nobody does.
_NO_NAME = re.compile(
    r"(g|group|layer|path|svg|use|symbol|text|rect|surface|figure|patch|axes)[-_]?\d*([-_]\d+)*", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where and how an element is drawn."""

    matrix: Matrix
    look: Look
    layer: str = ""
    depth: int = 0
    uses: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Page:
    """What drawing needs to know about the whole file."""

    drawing: Drawing
    styles: StyleSheet
    by_id: dict[str, Element] = field(default_factory=dict)
    room: int = ENTITIES
    path_room: int = PATHS_CHARACTERS
    chords: int = CHORDS


def looks_like_svg(data: bytes) -> bool:
    """Whether bytes begin as an SVG file does."""
    return _ROOT.search(data[:8192]) is not None


def read_svg(source: Source) -> Drawing | list[Finding]:
    """Everything that an SVG file draws, or why it cannot be read."""
    root = _parse(source)
    if isinstance(root, Finding):
        return [root]
    drawing = Drawing(kind="svg")
    try:
        _draw_all(root, source, drawing)
    except (TooMuchError, RecursionError) as trouble:
        text = f"the drawing holds {trouble}"
        return [*drawing.findings, error("files.sheet.too-much", source.name, text, "simplify it")]
    except Exception as trouble:
        text = f"the SVG file contradicts itself: {str(trouble)[:200] or type(trouble).__name__}"
        return [
            *drawing.findings,
            error("files.sheet.malformed", source.name, text, "export the drawing again"),
        ]
    return drawing


class _Stream(io.BytesIO):
    """Hands over long pieces: the parser looks at an unfinished attribute anew with each piece it gets."""

    def read(self, size: int | None = -1, /) -> bytes:
        """At least a megabyte, where there is that much left."""
        return super().read(max(size, _PIECE_BYTES) if size is not None and size >= 0 else size)


def _parse(source: Source) -> Element | Finding:
    """The root element; declared entities, foreign files and too deep nesting are refused."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    if len(source.data) > DRAWING_BYTES:
        text = f"the drawing has {len(source.data):,} bytes; at most {DRAWING_BYTES:,} are read"
        return error("files.sheet.too-large", source.name, text, "remove what is not to be cut")
    root: Element | None = None
    depth = 0
    try:
        for event, element in iterparse(_Stream(source.data), events=("start", "end"), forbid_dtd=False):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            if depth > _NESTED:
                raise TooMuchError(f"elements more than {_NESTED} deep in each other")
    except TooMuchError as trouble:
        return error("files.sheet.too-much", source.name, f"the drawing holds {trouble}", "simplify it")
    except DefusedXmlException:
        text = "the file declares entities, which can blow it up without end; that is not read"
        return error("files.sheet.entities", source.name, text, "save it again as plain SVG")
    except Exception as trouble:
        text = f"this is no well-formed SVG file: {str(trouble)[:200]}"
        return error("files.sheet.malformed", source.name, text, "export the drawing again")
    return root if root is not None else error("files.sheet.malformed", source.name, "the file is empty")


def _tag(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _draw_all(root: Element, source: Source, drawing: Drawing) -> None:
    styles = StyleSheet("\n".join(one.text or "" for one in root.iter() if _tag(one) == "style"))
    page = _Page(drawing=drawing, styles=styles)
    for element in root.iter():
        name = element.get("id")
        if name is not None:
            page.by_id.setdefault(name, element)
    size = _size_of(root, page.by_id, {})
    page.chords = chords_for(size)
    if size > ENTITIES:
        raise TooMuchError(f"more than {ENTITIES:,} things, uses written out")
    matrix = settle_size(root, source, drawing)
    look = styles.look_of(_tag(root), root.attrib, Look())
    place = _Place(matrix=matrix, look=look)
    for child in root:
        _draw(child, place, page)
    drawing.findings.extend(_remarks(root, page, source.name))


def _size_of(element: Element, by_id: dict[str, Element], known: dict[str, int]) -> int:
    """Number of elements below one with its uses written out; stops counting where it is far too many."""
    total = 1
    for child in element:
        total += _size_of(child, by_id, known)
        link = _link_of(child) if _tag(child) == "use" else ""
        if link in by_id:
            if link not in known:
                known[link] = 0  # while it is being counted: a circle is cut off later on
                known[link] = _size_of(by_id[link], by_id, known)
            total += known[link]
    return min(total, 10 * ENTITIES)


def _link_of(element: Element) -> str:
    link = (element.get("href") or element.get(_LINK) or "").strip()
    return link[1:] if link.startswith("#") else ""


def _remarks(root: Element, page: _Page, where: str) -> Iterator[Finding]:
    if page.styles.ignored:
        text = f"{page.styles.ignored} style rules are not understood; colours may be wrong"
        yield warning("files.sheet.styles", where, text, "save with presentation attributes")
    clipped = sum(1 for one in root.iter() if one.get("clip-path") or one.get("mask"))
    if clipped:
        text = f"{clipped} things are clipped or masked; their lines are taken whole"
        yield warning("files.sheet.clipped", where, text, "cut them where they are clipped")
    words = sum(n for (_, kind, _), n in page.drawing.left_out.items() if kind == "text")
    if words:
        text = f"{words} texts are text and not lines: they are not made"
        yield warning("files.sheet.text", where, text, "convert texts to paths if they are to be engraved")
    hidden = sum(n for (_, _, reason), n in page.drawing.left_out.items() if reason == "hidden")
    if hidden:
        yield info("files.sheet.hidden", where, f"{hidden} things are hidden in the file: not used")


def _draw(element: Element, place: _Place, page: _Page) -> None:
    tag = _tag(element)
    if tag in _SHAPES or tag in _GROUPS or tag in ("use", "text") or tag in _LEFT_OUT:
        page.room -= 1
        if page.room < 0:
            raise TooMuchError(f"more than {ENTITIES:,} things, uses written out")
        here = _step(element, place, page)
        if here.look.hidden:
            _skip(element, here, page, "hidden")
        elif tag in _SHAPES:
            _draw_shape(element, tag, here, page)
        elif tag == "use":
            _draw_use(element, here, page)
        elif tag in _GROUPS:
            _draw_group(element, tag, here, page)
        else:
            _skip(element, here, page, _LEFT_OUT.get(tag, "text, not lines"))


def _step(element: Element, place: _Place, page: _Page) -> _Place:
    """The place of an element inside that of its parent."""
    if place.depth > DEPTH * 4:
        raise TooMuchError(f"groups more than {DEPTH * 4} deep in each other")
    transform = element.get("transform")
    matrix = place.matrix if transform is None else both(matrix_of(transform), place.matrix)
    look = page.styles.look_of(_tag(element), element.attrib, place.look)
    layer = _layer(element) or place.layer
    return replace(place, matrix=matrix, look=look, layer=layer, depth=place.depth + 1)


def _layer(element: Element) -> str:
    """The name of a layer that a group is: its label, or an id that somebody chose."""
    if _tag(element) != "g":
        return ""
    label = element.get(_INKSCAPE + "label") or element.get("data-name") or ""
    if label and (element.get(_INKSCAPE + "groupmode") == "layer" or meaning_of(label).role):
        return layer_name(label)
    name = element.get("id") or ""
    return layer_name(name) if name and not _NO_NAME.fullmatch(name) and meaning_of(name).role else ""


def _shown(place: _Place) -> str:
    return place.layer or "drawing"


def _skip(element: Element, place: _Place, page: _Page, reason: str) -> None:
    """Name everything drawn below an element that is not used."""
    for one in element.iter():
        tag = _tag(one)
        if tag in _SHAPES or tag in ("text", "use") or tag in _LEFT_OUT:
            page.drawing.count(_shown(place))
            page.drawing.leave_out(_shown(place), tag, reason)
        if tag == "text":
            page.drawing.write(_shown(place), " ".join(one.itertext()))


def _draw_group(element: Element, tag: str, place: _Place, page: _Page) -> None:
    if tag == "svg":
        corner = shift(parse_number(element.get("x")), parse_number(element.get("y")))
        place = replace(place, matrix=both(corner, place.matrix))
    for child in element:
        _draw(child, place, page)


def _draw_use(element: Element, place: _Place, page: _Page) -> None:
    link = _link_of(element)
    target = page.by_id.get(link)
    if target is None or link in place.uses:
        page.drawing.count(_shown(place))
        reason = "it uses itself" if link in place.uses else "what it uses is not in the file"
        page.drawing.leave_out(_shown(place), "use", reason)
        return
    corner = shift(parse_number(element.get("x")), parse_number(element.get("y")))
    inner = replace(place, matrix=both(corner, place.matrix), uses=(*place.uses, link))
    if len(inner.uses) > DEPTH:
        raise TooMuchError(f"uses more than {DEPTH} deep in each other")
    if _tag(target) == "symbol":
        for child in target:
            _draw(child, inner, page)
    else:
        _draw(target, inner, page)


def _draw_shape(element: Element, tag: str, place: _Place, page: _Page) -> None:
    layer = _shown(place)
    page.drawing.count(layer)
    look = place.look
    if not look.stroked and not look.filled:
        page.drawing.leave_out(layer, tag, "painted neither along its line nor inside")
        return
    page.path_room -= len(element.get("d", ""))
    if page.path_room < 0:
        raise TooMuchError(f"paths of more than {PATHS_CHARACTERS:,} characters, uses written out")
    try:
        lines = list(outlines_of(tag, element.attrib, place.matrix, page.chords))
    except NotAShapeError as reason:
        page.drawing.leave_out(layer, tag, str(reason))
        return
    drawn = 0
    for points, diameter in lines:
        if len(points) > 1 and finite(points, COORDINATE) and any(p != points[0] for p in points):
            colour = hex_of(look.stroke if look.stroked else look.fill, look)
            stroke = Stroke(
                points=points,
                layer=layer,
                colour=colour,
                line="dashed" if look.dashed else "",
                filled=not look.stroked,
                diameter=diameter,
            )
            page.drawing.draw(stroke)
            drawn += 1
    if drawn == 0:
        page.drawing.leave_out(layer, tag, "it has no length, or lies out of all bounds")
    # A path of several lines is one thing drawn; its further lines count as further things.
    page.drawing.counts[layer] += max(0, drawn - 1)
