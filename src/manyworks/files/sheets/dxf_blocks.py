"""What a DXF layout draws, blocks written out: mirrored, scaled, repeated, with their layers and colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from manyworks.files.sheets.drawing import Drawing, TooMuchError, layer_name
from manyworks.files.sheets.limits import DEPTH, ENTITIES

if TYPE_CHECKING:
    from ezdxf.document import Drawing as Document

_BY_BLOCK, _BY_LAYER = 0, 256
# AutoCAD colour 7 is black on paper and white on the screen.
_BLACK = "#000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One thing where it is drawn: its layer, colour (``#rrggbb``) and kind of line, all resolved."""

    entity: Any
    layer: str
    colour: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pen:
    layer: str
    colour: str
    line: str


def each_drawn(document: Document, things: Iterable[Any], drawing: Drawing) -> Iterator[Drawn]:
    """Everything drawn, block by block.

    Raises
    ------
    TooMuchError
        Where blocks lie too deep in each other, or all of it together is too much.
    """
    looks = _Looks(document)
    yield from _each(things, None, 0, looks, drawing, [ENTITIES])


def _each(
    things: Iterable[Any],
    parent: _Pen | None,
    depth: int,
    looks: _Looks,
    drawing: Drawing,
    room: list[int],
) -> Iterator[Drawn]:
    if depth > DEPTH:
        raise TooMuchError(f"blocks more than {DEPTH} deep in each other")
    for entity in things:
        room[0] -= 1
        if room[0] < 0:
            raise TooMuchError(f"more than {ENTITIES:,} things, blocks written out")
        pen = looks.pen(entity, parent)
        if entity.dxftype() == "INSERT":
            yield from _inside(entity, pen, depth, looks, drawing, room)
        elif entity.dxf.get("invisible", 0):
            drawing.count(pen.layer)
            drawing.leave_out(pen.layer, entity.dxftype(), "invisible in the file")
        else:
            yield Drawn(entity=entity, layer=pen.layer, colour=pen.colour, line=pen.line)


def _inside(
    insert: Any, pen: _Pen, depth: int, looks: _Looks, drawing: Drawing, room: list[int]
) -> Iterator[Drawn]:
    if insert.block() is None:
        drawing.count(pen.layer)
        drawing.leave_out(pen.layer, "INSERT", "its block is not in the file")
        return
    yield from _each(insert.attribs, pen, depth + 1, looks, drawing, room)
    for one in insert.multi_insert() if insert.mcount > 1 else (insert,):

        def skip(entity: Any, reason: str) -> None:
            drawing.count(pen.layer)
            drawing.leave_out(pen.layer, entity.dxftype(), "cannot be drawn inside a block")

        yield from _each(
            one.virtual_entities(skipped_entity_callback=skip), pen, depth + 1, looks, drawing, room
        )


def count_ahead(document: Document, things: Iterable[Any]) -> int:
    """How many things there are with blocks written out, found without doing it.

    Raises
    ------
    TooMuchError
        Where that is too many.
    """
    known: dict[str, int] = {}

    def size(block: str, depth: int) -> int:
        key = block.lower()
        if depth > DEPTH:
            raise TooMuchError(f"blocks more than {DEPTH} deep in each other")
        if key not in known:
            layout = document.blocks.get(block)
            known[key] = total(layout, depth + 1) if layout is not None else 0
        return known[key]

    def total(entities: Iterable[Any], depth: int) -> int:
        count = 0
        for entity in entities:
            count += 1
            if entity.dxftype() == "INSERT":
                count += max(1, entity.mcount) * size(entity.dxf.get("name", ""), depth)
            if count > ENTITIES:
                raise TooMuchError(f"more than {ENTITIES:,} things, blocks written out")
        return count

    return total(things, 0)


class _Looks:
    """Layers, colours and kinds of line as things inherit them from layers and blocks."""

    def __init__(self, document: Document) -> None:
        self.layers = {layer.dxf.name.lower(): layer for layer in document.layers}

    def pen(self, entity: Any, parent: _Pen | None) -> _Pen:
        layer = layer_name(entity.dxf.get("layer", "0"))
        if parent is not None and layer == "0":
            layer = parent.layer  # the rule of blocks: layer 0 is where the block is put
        return _Pen(
            layer=layer, colour=self._colour(entity, layer, parent), line=self._line(entity, layer, parent)
        )

    def _colour(self, entity: Any, layer: str, parent: _Pen | None) -> str:
        if entity.dxf.hasattr("true_color"):
            return f"#{entity.dxf.true_color & 0xFFFFFF:06x}"
        number = entity.dxf.get("color", _BY_LAYER)
        if number == _BY_BLOCK and parent is not None:
            return parent.colour
        if number in (_BY_LAYER, _BY_BLOCK):
            row = self.layers.get(layer.lower())
            if row is not None and row.dxf.hasattr("true_color"):
                return f"#{row.dxf.true_color & 0xFFFFFF:06x}"
            number = abs(row.dxf.get("color", 7)) if row is not None else 7
        return _hex(number)

    def _line(self, entity: Any, layer: str, parent: _Pen | None) -> str:
        name = str(entity.dxf.get("linetype", "BYLAYER"))
        if name.upper() == "BYBLOCK":
            return parent.line if parent is not None else ""
        if name.upper() == "BYLAYER":
            row = self.layers.get(layer.lower())
            name = str(row.dxf.get("linetype", "")) if row is not None else ""
        return "" if name.upper() == "CONTINUOUS" else name


def _hex(number: int) -> str:
    from ezdxf.colors import aci2rgb

    if number == 7 or not 1 <= number <= 255:
        return _BLACK
    red, green, blue = aci2rgb(number)
    return f"#{red:02x}{green:02x}{blue:02x}"
