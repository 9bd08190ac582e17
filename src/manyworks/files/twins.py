"""One part in several files: a solid as STEP and STL, a sheet as DXF and SVG, a bent part with its flat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar

from manyworks.files.found import Found
from manyworks.files.parts import slug
from manyworks.files.pieces import DesignFile
from manyworks.files.registry import resolve
from manyworks.model import Design, Finding, SheetDesign, SolidDesign, info, warning

# Formats whose solids are exact come before meshes; drawings with units before those without.
_BEST_FIRST = (".step", ".stp", ".3mf", ".stl", ".obj", ".ply", ".amf", ".dxf", ".svg")
# Two drawings of one sheet may differ by how curves are written as chords.
_SAME_SHEET = 0.01
_SAME_FLAT = 0.03


_File: TypeAlias = DesignFile[Design]
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
        return self.file.source.path.suffix.lower()


def merge_twins(found: Found) -> list[DesignFile[Design]]:
    """Designs with the files that show the same part merged into one; every difference is told."""
    groups: dict[tuple[str, str], list[DesignFile[Design]]] = {}
    for design in found.designs:
        groups.setdefault((_folder(design), slug(design.title)), []).append(design)
    merged: list[DesignFile[Design]] = []
    for group in _join_folders(groups):
        ranked = sorted(group, key=_rank)
        solids = [_Seen(d, d.design) for d in ranked if isinstance(d.design, SolidDesign)]
        sheets = [_Seen(d, d.design) for d in ranked if isinstance(d.design, SheetDesign)]
        others = [d for d in group if not isinstance(d.design, SolidDesign | SheetDesign)]
        merged += [*_settle(solids, sheets, found), *others]
    return merged


def _folder(design: DesignFile[Design]) -> str:
    return design.source.name.rpartition("/")[0]


def _join_folders(
    groups: dict[tuple[str, str], list[DesignFile[Design]]],
) -> Iterator[list[DesignFile[Design]]]:
    """Groups of one name in different folders are one where they hold different formats (STEP/, STL/)."""
    by_name: dict[str, list[list[_File]]] = {}
    for (_, name), group in groups.items():
        by_name.setdefault(name, []).append(group)
    for several in by_name.values():
        endings = [d.source.path.suffix.lower() for group in several for d in group]
        if len(set(endings)) == len(endings):
            yield [d for group in several for d in group]
        else:
            yield from several


def _rank(design: DesignFile[Design]) -> int:
    ending = design.source.path.suffix.lower()
    return _BEST_FIRST.index(ending) if ending in _BEST_FIRST else len(_BEST_FIRST)


def _settle(
    solids: Sequence[_Seen[SolidDesign]], sheets: Sequence[_Seen[SheetDesign]], found: Found
) -> list[DesignFile[Design]]:
    """The first of each kind stands for the others; a solid stands for the drawing of its name."""
    same_format = [one.file for one in solids[1:] if one.ending == solids[0].ending]
    for twin in solids[1:]:
        if twin.file not in same_format:
            compare = resolve("solids:compare_twins")
            found.findings.extend(compare(solids[0].design, twin.design, (solids[0].name, twin.name)))
            found.attach(solids[0].name, twin.file.sources, "twin")
    for other in sheets[1:]:
        found.findings.extend(_compare_sheets(sheets[0], other))
        found.attach(sheets[0].name, other.file.sources, "twin")
    if not solids:
        return [one.file for one in sheets[:1]]
    if sheets:
        _attach_drawing(solids[0], sheets[0], found)
    return [solids[0].file, *same_format]


def _attach_drawing(solid: _Seen[SolidDesign], sheet: _Seen[SheetDesign], found: Found) -> None:
    found.findings.append(_drawing_of(solid, sheet))
    found.attach(solid.name, sheet.file.sources, "drawing")
    moved = found.attached.pop(sheet.name, [])
    found.attached[solid.name].extend(replace(reference, role="drawing") for reference in moved)


def _compare_sheets(first: _Seen[SheetDesign], second: _Seen[SheetDesign]) -> Iterator[Finding]:
    pairs = (
        ("area in mm2", first.design.area_mm2, second.design.area_mm2),
        ("length to cut in mm", first.design.cut_mm, second.design.cut_mm),
        ("pieces", float(first.design.pieces), float(second.design.pieces)),
    )
    odd = [f"{what} {a:.6g} and {b:.6g}" for what, a, b in pairs if abs(a - b) > _SAME_SHEET * max(a, b)]
    names = f"{first.name} and {second.name}"
    if odd:
        text = f"{names} bear one name but differ: {'; '.join(odd)}; the first is used"
        yield warning("files.sheet.twins-differ", first.name, text, "which one is up to date?")
    else:
        yield info("files.sheet.twins", first.name, f"{names} show the same sheet")


def _drawing_of(solid: _Seen[SolidDesign], sheet: _Seen[SheetDesign]) -> Finding:
    """What a drawing of a solid's name is: its flat pattern where the areas agree."""
    flats = [body.sheet.flat_area_mm2 for body in solid.design.details if body.sheet is not None]
    area = sheet.design.area_mm2
    if not flats:
        text = f"taken for a drawing of {solid.name}, which is used"
        return info("files.sheet.drawing", sheet.name, text)
    if abs(sum(flats) - area) <= _SAME_FLAT * max(sum(flats), area):
        text = f"the flat pattern of {solid.name}; the areas agree"
        return info("files.sheet.flat-pattern", sheet.name, text)
    text = f"a drawing of {solid.name} by its name: {area:.6g} mm2, unfolded {sum(flats):.6g} mm2"
    return warning(
        "files.sheet.flat-differs", sheet.name, text, "is it the flat pattern of another revision?"
    )
