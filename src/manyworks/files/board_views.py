"""Models and drawings that CAD programs export of a board: they show it and are no parts of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from manyworks.files.found import Found
from manyworks.files.parts import slug
from manyworks.files.pieces import DesignFile
from manyworks.model import BoardDesign, Design, SheetDesign, SolidDesign, info

# Exported outlines differ by the pen's width at most, models also by what overhangs the edge.
_SAME_MM = 1.0
_OVERHANG_MM = 25.0
# What KiCad adds to a board's name when it plots a layer. Other words (badge-top) may name a cover.
_LAYER = re.compile(
    r"([fb]-(cu|mask|silks|silkscreen|paste|fab|crtyd|courtyard|adhes|adhesive)|in\d+-cu|edge-cuts"
    r"|margin|(user|dwgs|cmts|eco\d)-[a-z0-9]+)\Z"
)


def is_view_of_board(design: DesignFile[Design], found: Found) -> bool:
    """Whether a design shows a board that is there as a board; it is then attached to it, and said so.

    A file of the board's name is one where its size is the board's, a drawing also where its name
    goes on with that of a layer (``badge-F_Cu.svg``).
    """
    name = slug(design.source.stem)
    for board, file, titles in _boards(found):
        kind = _shows(design, board, name, titles)
        if kind:
            found.attach(file, design.sources, kind)
            text = f"taken for a {kind} of the board {file}, which is used"
            found.findings.append(info("files.board.view", design.source.name, text))
            return True
    return False


def _boards(found: Found) -> Iterator[tuple[BoardDesign, str, set[str]]]:
    for board in found.boards:
        yield board.design, board.source.name, {slug(board.source.stem)}
    attached = {reference.path for references in found.attached.values() for reference in references}
    for one in found.sets:
        if one.source.name not in attached:
            yield one.design, one.source.name, {slug(one.title)}


def _shows(design: DesignFile[Design], board: BoardDesign, name: str, titles: set[str]) -> str:
    shape = design.design
    if isinstance(shape, SolidDesign):
        return "model" if name in titles and _covers(shape, board) else ""
    if not isinstance(shape, SheetDesign):
        return ""
    if name in titles:
        return "drawing" if _outlines(shape, board) else ""
    rest = next((name[len(title) + 1 :] for title in titles if name.startswith(f"{title}-")), "")
    return "drawing" if _LAYER.match(rest) else ""


def _covers(solid: SolidDesign, board: BoardDesign) -> bool:
    """Whether the two longest sides of a solid are the board's, with what overhangs it."""
    long, middle, _ = sorted(solid.size_mm, reverse=True)
    sides = sorted((board.width_mm, board.height_mm), reverse=True)
    return all(
        -_SAME_MM <= given - side <= _OVERHANG_MM for given, side in zip((long, middle), sides, strict=True)
    )


def _outlines(sheet: SheetDesign, board: BoardDesign) -> bool:
    sides = sorted((board.width_mm, board.height_mm))
    return all(abs(a - b) <= _SAME_MM for a, b in zip(sorted(sheet.size_mm), sides, strict=True))
