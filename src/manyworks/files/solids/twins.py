"""One part in two files: whether both hold the same solid."""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.model import Body, Finding, SolidDesign, Vector, info, warning

# Chords of a mesh take away some of the volume of round parts: 0.1 % at usual settings.
_SAME_VOLUME = 0.001
# ... and shorten round parts by up to the chord's height.
_SAME_SIZE_MM = 0.02
_SAME_SIZE = 0.002
_UNITS = {25.4: "inches", 10.0: "centimetres", 1000.0: "metres", 304.8: "feet", 0.001: "micrometres"}


def compare_twins(first: SolidDesign, second: SolidDesign, names: tuple[str, str]) -> tuple[Finding, ...]:
    """Say whether two files of one name hold the same part.

    Compared are the box (its sides sorted, since exports may turn the part), the volume and the
    number of bodies. Where one file holds only some body of the other, that is said.

    Parameters
    ----------
    first, second
        The first is the one that is used.
    names
        What findings call the two files.

    Returns
    -------
    One finding: information where they agree, a warning where they differ.
    """
    odd = list(_differences(first, second))
    if not odd:
        text = f"{names[0]} and {names[1]} hold the same part ({_off(first, second)})"
        return (info("files.solid.twins", names[0], text),)
    reason = (
        _part_of(first, second, names)
        or _part_of(second, first, (names[1], names[0]))
        or _other_unit(first, second, names)
        or "another revision?"
    )
    text = f"{names[0]} and {names[1]} bear one name but differ: {'; '.join(odd)}; the first is used"
    return (warning("files.solid.twins-differ", names[0], text, reason),)


def _off(first: SolidDesign, second: SolidDesign) -> str:
    share = 100 * (second.volume_mm3 / first.volume_mm3 - 1)
    return f"volumes {share:+.3f} % apart"


def _differences(first: SolidDesign, second: SolidDesign) -> Iterator[str]:
    if not _same_volume(first.volume_mm3, second.volume_mm3):
        yield f"volume {first.volume_mm3:.6g} and {second.volume_mm3:.6g} mm3"
    if not _same_size(first.size_mm, second.size_mm):
        yield f"size {_sides(first.size_mm)} and {_sides(second.size_mm)} mm"
    if first.bodies != second.bodies:
        yield f"{first.bodies} and {second.bodies} bodies"


def _sides(size: Vector) -> str:
    return " x ".join(f"{side:.5g}" for side in size)


def _same_volume(a: float, b: float) -> bool:
    return abs(a - b) <= _SAME_VOLUME * max(a, b)


def _same_size(a: Vector, b: Vector) -> bool:
    pairs = zip(sorted(a), sorted(b), strict=True)
    return all(abs(x - y) <= _SAME_SIZE_MM + _SAME_SIZE * max(a) for x, y in pairs)


def _part_of(whole: SolidDesign, part: SolidDesign, names: tuple[str, str]) -> str:
    """What to say where one file holds only one body of the other; empty where it does not."""
    if whole.bodies <= part.bodies or part.bodies != 1:
        return ""
    number = 1
    for body in whole.details:
        if _same_volume(body.volume_mm3, part.volume_mm3) and _same_size(body.size_mm, part.size_mm):
            return f"{names[1]} holds only body {number} of {whole.bodies}{_called(body)} of {names[0]}"
        number += body.copies
    return ""


def _called(body: Body) -> str:
    return f" ({body.name})" if body.name else ""


def _other_unit(first: SolidDesign, second: SolidDesign, names: tuple[str, str]) -> str:
    """What to say where one is the other in another unit; empty where it is not."""
    for factor, unit in _UNITS.items():
        for one, other, name in ((first, second, names[1]), (second, first, names[0])):
            x, y, z = (side * factor for side in other.size_mm)
            if _same_size(one.size_mm, (x, y, z)) and _same_volume(
                one.volume_mm3, other.volume_mm3 * factor**3
            ):
                return f"{name} is the same part in {unit}"
    return ""
