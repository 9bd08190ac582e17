"""One part in several files: a solid as STEP and STL, a sheet as DXF and SVG, a bent part with its flat."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files as resources
from typing import Generic, TypeVar

from manyworks.files.board_views import is_view_of_board
from manyworks.files.found import Found
from manyworks.files.parts import slug
from manyworks.files.pieces import DesignFile
from manyworks.files.registry import resolve
from manyworks.model import Design, Finding, GarmentDesign, SheetDesign, SolidDesign, info, warning

# Formats whose solids are exact come before meshes; drawings with units before those without.
_BEST_FIRST = (".step", ".stp", ".3mf", ".stl", ".obj", ".ply", ".amf", ".json", ".dxf", ".svg")
# Two drawings of one sheet may differ by how curves are written as chords.
_SAME_SHEET = 0.01
_SAME_FLAT = 0.03
# Files of one name in folders that do not tell are one part where their sizes agree so well.
_SAME_SIZE = 0.02
# A file name like Fan_Mount_x2.stl says how many are needed.
_TIMES = re.compile(r"[ _-]x(\d{1,3})$", re.IGNORECASE)

D = TypeVar("D", bound=Design)


@dataclass(frozen=True, slots=True)
class _Seen(Generic[D]):
    """A design file with its design's kind known."""

    file: DesignFile[Design]
    design: D

    @property
    def name(self) -> str:
        return self.file.source.name

    @property
    def ending(self) -> str:
        return _ending(self.file)


def times_in(title: str) -> tuple[str, float]:
    """A file's name without the number of pieces at its end, and that number; 1 where there is none."""
    match = _TIMES.search(title)
    if match is None or not int(match[1]):
        return title, 1.0
    return title[: match.start()], float(match[1])


def merge_twins(found: Found) -> list[DesignFile[Design]]:
    """Designs with the files that show the same part merged into one; every difference is told.

    Models and drawings of a board that is there as a board are attached to it.
    """
    groups: dict[tuple[str, str], list[DesignFile[Design]]] = {}
    for design in found.designs:
        if not is_view_of_board(design, found):
            groups.setdefault((_folder(design), _plain_name(design)), []).append(design)
    merged: list[DesignFile[Design]] = []
    for group in _join_folders(groups):
        merged += _settle(sorted(group, key=_rank), found)
    return merged


def _plain_name(design: DesignFile[Design]) -> str:
    return slug(times_in(design.title)[0])


def _folder(design: DesignFile[Design]) -> str:
    """The folder a design is in, without the folders and archives that only sort by format."""
    parts = design.source.name.split("/")[:-1]
    return "/".join(part for part in parts if not _sorts_by_format(part))


def _sorts_by_format(folder: str) -> bool:
    return re.sub(r"[^a-z0-9]", "", folder.lower().removesuffix(".zip")) in _format_folders()


@cache
def _format_folders() -> frozenset[str]:
    text = resources("manyworks.files").joinpath("data/folder_words.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["formats"])


def _join_folders(
    groups: dict[tuple[str, str], list[DesignFile[Design]]],
) -> Iterator[list[DesignFile[Design]]]:
    """Groups of one name in different folders are one where they hold one part in different formats."""
    by_name: dict[str, list[list[DesignFile[Design]]]] = {}
    for (_, name), group in groups.items():
        by_name.setdefault(name, []).append(group)
    for several in by_name.values():
        joined = [design for group in several for design in group]
        endings = [_ending(design) for design in joined]
        if len(set(endings)) == len(endings) and _same_sizes(joined):
            yield joined
        else:
            yield from several


def _same_sizes(designs: Sequence[DesignFile[Design]]) -> bool:
    """Whether designs of one kind are of one size, however they are turned."""
    sizes = [sorted(d.design.size_mm) for d in designs if isinstance(d.design, SolidDesign | SheetDesign)]
    if len(sizes) < len(designs) or len({type(d.design) for d in designs}) > 1:
        return len(designs) <= 1
    return all(
        abs(a - b) <= _SAME_SIZE * max(a, b)
        for other in sizes[1:]
        for a, b in zip(sizes[0], other, strict=True)
    )


def _ending(design: DesignFile[Design]) -> str:
    return design.source.path.suffix.lower()


def _rank(design: DesignFile[Design]) -> int:
    ending = _ending(design)
    return _BEST_FIRST.index(ending) if ending in _BEST_FIRST else len(_BEST_FIRST)


def _settle(group: Sequence[DesignFile[Design]], found: Found) -> list[DesignFile[Design]]:
    """The first of each kind stands for the others; a solid or garment stands for the drawing of its name."""
    solids = [_Seen(d, d.design) for d in group if isinstance(d.design, SolidDesign)]
    garments = [_Seen(d, d.design) for d in group if isinstance(d.design, GarmentDesign)]
    sheets = [_Seen(d, d.design) for d in group if isinstance(d.design, SheetDesign)]
    kept: list[_Seen[SolidDesign] | _Seen[GarmentDesign]] = [
        *_stand_for(solids, found, _compare_solids),
        *_stand_for(garments, found, _compare_garments),
    ]
    drawings = _stand_for(sheets, found, _compare_sheets)
    for drawing in drawings if kept else ():
        _attach_drawing(kept[0], drawing, found)
    others = [d for d in group if not isinstance(d.design, SolidDesign | GarmentDesign | SheetDesign)]
    return [*(one.file for one in kept or drawings), *others]


def _stand_for(
    seen: Sequence[_Seen[D]], found: Found, compare: Callable[[_Seen[D], _Seen[D]], Iterable[Finding]]
) -> list[_Seen[D]]:
    """The first file for those of other formats and for its copies; others of its format stay."""
    kept = list(seen[:1])
    for other in seen[1:]:
        first = next((one for one in kept if one.file.source.data == other.file.source.data), None)
        if first is not None:
            found.attach(first.name, other.file.sources, "copy")
            text = f"the same file as {first.name}; taken as one part"
            found.findings.append(info("files.folder.copy", other.name, text))
        elif other.ending == kept[0].ending:
            kept.append(other)
        else:
            found.findings.extend(compare(kept[0], other))
            found.attach(kept[0].name, other.file.sources, "twin")
    return kept


def _compare_solids(first: _Seen[SolidDesign], second: _Seen[SolidDesign]) -> Iterable[Finding]:
    compare = resolve("solids:compare_twins")
    told: Iterable[Finding] = compare(first.design, second.design, (first.name, second.name))
    return told


def _attach_drawing(
    whole: _Seen[SolidDesign] | _Seen[GarmentDesign], sheet: _Seen[SheetDesign], found: Found
) -> None:
    found.findings.append(_drawing_of(whole, sheet))
    found.attach(whole.name, sheet.file.sources, "drawing")
    moved = found.attached.pop(sheet.name, [])
    found.attached[whole.name].extend(replace(reference, role="drawing") for reference in moved)


def _compare_sheets(first: _Seen[SheetDesign], second: _Seen[SheetDesign]) -> Iterator[Finding]:
    figures = (
        ("area in mm2", first.design.area_mm2, second.design.area_mm2),
        ("length to cut in mm", first.design.cut_mm, second.design.cut_mm),
        ("pieces", float(first.design.pieces), float(second.design.pieces)),
    )
    yield _compared("sheet", first.name, second.name, figures)


def _compare_garments(first: _Seen[GarmentDesign], second: _Seen[GarmentDesign]) -> Iterator[Finding]:
    figures = (
        ("area in mm2", first.design.area_mm2, second.design.area_mm2),
        ("pieces", float(first.design.pieces), float(second.design.pieces)),
    )
    yield _compared("garment", first.name, second.name, figures)


def _compared(kind: str, first: str, second: str, figures: Iterable[tuple[str, float, float]]) -> Finding:
    odd = [f"{what} {a:.6g} and {b:.6g}" for what, a, b in figures if abs(a - b) > _SAME_SHEET * max(a, b)]
    if odd:
        text = f"{first} and {second} bear one name but differ: {'; '.join(odd)}; the first is used"
        return warning(f"files.{kind}.twins-differ", first, text, "which one is up to date?")
    return info(f"files.{kind}.twins", first, f"{first} and {second} show the same {kind}")


def _drawing_of(whole: _Seen[SolidDesign] | _Seen[GarmentDesign], sheet: _Seen[SheetDesign]) -> Finding:
    """What a drawing of a solid's name is: its flat pattern where the areas agree."""
    solid = whole.design
    details = solid.details if isinstance(solid, SolidDesign) else ()
    flats = [body.sheet.flat_area_mm2 for body in details if body.sheet is not None]
    area = sheet.design.area_mm2
    if not flats:
        text = f"taken for a drawing of {whole.name}, which is used"
        return info("files.sheet.drawing", sheet.name, text)
    if abs(sum(flats) - area) <= _SAME_FLAT * max(sum(flats), area):
        text = f"the flat pattern of {whole.name}; the areas agree"
        return info("files.sheet.flat-pattern", sheet.name, text)
    text = f"a drawing of {whole.name} by its name: {area:.6g} mm2, unfolded {sum(flats):.6g} mm2"
    return warning(
        "files.sheet.flat-differs", sheet.name, text, "is it the flat pattern of another revision?"
    )
