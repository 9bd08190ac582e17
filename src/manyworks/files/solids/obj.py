"""OBJ files (Wavefront): corners and faces; what bounds no solid is counted and said."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from manyworks.files.limits import SOLID_TRIANGLES
from manyworks.files.solids.contents import SolidContents
from manyworks.files.solids.limits import FACE_CORNERS, OBJ_BYTES
from manyworks.files.solids.meshes import Piece, build_bodies, oversized, too_many
from manyworks.files.solids.polygons import Faces, cut_faces
from manyworks.files.solids.units import MM_PER_UNIT
from manyworks.files.sources import Source
from manyworks.model import Finding, error, info, warning

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Programs that state the unit do it in a comment ("# File units = millimeters").
_UNIT = re.compile(rb"^[ \t]*#.{0,40}?\bunits?\b[ \t]*(?:[:=]|is|are|in)?[ \t]*([a-zA-Z]+)", re.MULTILINE)
_HEAD_BYTES = 10_000
_IGNORED = {
    b"vn",
    b"vt",
    b"vp",
    b"g",
    b"s",
    b"usemtl",
    b"mtllib",
    b"usemap",
    b"maplib",
    b"lod",
    b"shadow_obj",
}
_NOT_SOLID = {
    b"l": "lines",
    b"p": "points",
    b"curv": "curves",
    b"curv2": "curves",
    b"surf": "free-form surfaces",
}


class _MalformedError(Exception):
    """A line that cannot be understood."""


@dataclass(slots=True)
class _Object:
    name: str
    faces: Faces = field(default_factory=Faces)


@dataclass(slots=True)
class _Scene:
    numbers: array[float] = field(default_factory=lambda: array("d"))
    objects: list[_Object] = field(default_factory=lambda: [_Object("")])
    left_out: Counter[str] = field(default_factory=Counter)
    triangles: int = 0


def read_obj(source: Source) -> tuple[SolidContents | None, tuple[Finding, ...]]:
    """Read an OBJ file; its numbers are taken for mm unless a comment names a unit.

    Faces of more than three corners are cut into triangles. Objects (``o``) are bodies of their
    own where each is closed, else one skin.

    Returns
    -------
    The bodies, or None with an error finding.
    """
    if len(source.data) > OBJ_BYTES:
        return None, (oversized(source, OBJ_BYTES),)
    scene = _Scene()
    try:
        _read_lines(source.data, scene)
    except _MalformedError as trouble:
        return None, (error("files.solid.malformed", source.name, str(trouble), "export the part anew"),)
    if scene.triangles > SOLID_TRIANGLES:
        return None, (too_many(scene.triangles, source.name),)
    factor, said = _unit(source.data, source.name)
    pieces = _pieces(scene, factor)
    contents, findings = build_bodies(pieces, source.name, "OBJ states no unit")
    return contents, (*said, *_left_out(scene, source.name), *findings)


def _read_lines(data: bytes, scene: _Scene) -> None:
    for number, line in enumerate(_lines(data), 1):
        words = line.split()
        if not words or words[0].startswith(b"#"):
            continue
        word = words[0]
        try:
            if word == b"v":
                x, y, z = words[1:4]
                scene.numbers.extend((float(x), float(y), float(z)))
            elif word in (b"f", b"fo"):
                _read_face(words[1:], scene)
            elif word == b"o":
                scene.objects.append(_Object(b" ".join(words[1:]).decode("utf-8", "replace")[:200]))
            elif word not in _IGNORED:
                scene.left_out[_NOT_SOLID.get(word, "lines of an unknown kind")] += 1
        except (ValueError, IndexError) as trouble:
            shown = line[:60].decode("latin-1")
            raise _MalformedError(f"line {number}: {shown!r} cannot be understood") from trouble
        if scene.triangles > SOLID_TRIANGLES:
            return


def _lines(data: bytes) -> Iterator[bytes]:
    """Lines, with those that end in a backslash joined to the next."""
    if b"\\" in data:
        data = re.sub(rb"\\[ \t]*\r?\n", b" ", data)
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    return iter(BytesIO(data))


def _read_face(words: list[bytes], scene: _Scene) -> None:
    """One face: numbers from 1, or from the end where negative; what stands behind slashes is not shape."""
    count = len(scene.numbers) // 3
    corners: list[int] = []
    for word in words[: FACE_CORNERS + 1]:
        at = int(word.partition(b"/")[0])
        at = at - 1 if at > 0 else count + at
        if not 0 <= at < count or word.startswith(b"0"):
            raise IndexError
        corners.append(at)
    if not 3 <= len(corners) <= FACE_CORNERS:
        raise ValueError
    scene.objects[-1].faces.add(corners)
    scene.triangles += len(corners) - 2


def _unit(data: bytes, name: str) -> tuple[float, tuple[Finding, ...]]:
    found = _UNIT.search(data[:_HEAD_BYTES])
    word = found[1].decode("ascii").lower() if found else ""
    factor = MM_PER_UNIT.get(word)
    if factor is None:
        text = "OBJ states no unit; its numbers are taken for mm"
        return 1.0, (info("files.solid.unit", name, text, "export it as STEP or 3MF to be sure"),)
    return factor, (info("files.solid.unit", name, f"a comment says lengths are in {word}; read as such"),)


def _pieces(scene: _Scene, factor: float) -> list[Piece]:
    import numpy as np

    points = np.array(scene.numbers, dtype=np.float64).reshape(-1, 3) * factor
    filled = [one for one in scene.objects if one.faces]
    pieces = [Piece(triangles=points[cut_faces(points, one.faces)], name=one.name) for one in filled]
    if len(pieces) < 2 or all(_closes(piece.triangles) for piece in pieces):
        return pieces
    return [Piece(triangles=np.concatenate([piece.triangles for piece in pieces]))]


def _closes(triangles: Floats) -> bool:
    """Whether the triangles' areas, as arrows, cancel out, as they do on every closed skin."""
    import numpy as np

    with np.errstate(invalid="ignore", over="ignore"):
        arrows = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
        total, sizes = np.linalg.norm(arrows.sum(axis=0)), np.linalg.norm(arrows, axis=1).sum()
    return bool(total <= 1e-6 * sizes)


def _left_out(scene: _Scene, name: str) -> Iterator[Finding]:
    if scene.left_out:
        said = ", ".join(f"{count:,} {what}" for what, count in sorted(scene.left_out.items()))
        yield warning("files.solid.left-out", name, f"not used, since they bound no solid: {said}")
