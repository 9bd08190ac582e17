"""PLY files (Stanford polygon format), plain text and binary of either byte order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from manyworks.files.limits import SOLID_TRIANGLES
from manyworks.files.solids.contents import SolidContents
from manyworks.files.solids.limits import FACE_CORNERS, PLY_HEADER_BYTES
from manyworks.files.solids.meshes import Piece, build_bodies, too_many
from manyworks.files.solids.polygons import Faces, cut_faces
from manyworks.files.sources import Source
from manyworks.model import Finding, error, info

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_KINDS = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2",
    "ushort": "u2", "uint16": "u2", "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4",
    "float": "f4", "float32": "f4", "double": "f8", "float64": "f8",
}  # fmt: skip
_WORD = re.compile(rb"\S+")
_ORDERS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
_CORNERS = ("vertex_indices", "vertex_index")


class _MalformedError(Exception):
    """What is wrong with the file."""


@dataclass(frozen=True, slots=True)
class _Property:
    """A column; lists have the kind of number that counts them."""

    name: str
    kind: str
    counter: str = ""


@dataclass(slots=True)
class _Element:
    name: str
    count: int
    properties: list[_Property]


def read_ply(source: Source) -> tuple[SolidContents | None, tuple[Finding, ...]]:
    """Read a PLY file; its numbers are taken for mm, since PLY states no unit.

    Returns
    -------
    The bodies, or None with an error finding.
    """
    try:
        order, elements, at = _header(source.data)
        trouble = _too_large(elements, source.name)
        if trouble is not None:
            return None, (trouble,)
        points, faces = _Body(source.data, at, order).read(elements)
        triangles = points[cut_faces(points, faces)]
    except (_MalformedError, ValueError, IndexError, KeyError, OverflowError) as trouble:
        text = f"the PLY file cannot be understood: {str(trouble)[:200]}"
        return None, (error("files.solid.malformed", source.name, text, "export the part anew"),)
    text = "PLY states no unit; its numbers are taken for mm"
    said = info("files.solid.unit", source.name, text, "export it as STEP or 3MF to be sure")
    contents, findings = build_bodies([Piece(triangles=triangles)], source.name, "PLY states no unit")
    return contents, (said, *findings)


def _header(data: bytes) -> tuple[str, list[_Element], int]:
    """Byte order (empty for plain text), elements, and where the figures begin."""
    end = data.find(b"end_header", 0, PLY_HEADER_BYTES)
    if not data.startswith(b"ply") or end < 0:
        raise _MalformedError("it has no header")
    begin = data.index(b"\n", end) + 1
    order: str | None = None
    elements: list[_Element] = []
    for line in data[:end].decode("latin-1").splitlines()[1:]:
        words = line.split()
        if words[:1] == ["format"] and len(words) >= 2:
            order = _ORDERS.get(words[1])
        elif words[:1] == ["element"] and len(words) == 3:
            elements.append(_Element(words[1], int(words[2]), []))
        elif words[:1] == ["property"] and elements:
            elements[-1].properties.append(_property(words[1:]))
    if order is None:
        raise _MalformedError("its header names no format")
    return order, elements, begin


def _property(words: list[str]) -> _Property:
    if len(words) == 4 and words[0] == "list" and words[1] in _KINDS and words[2] in _KINDS:
        return _Property(words[3], _KINDS[words[2]], _KINDS[words[1]])
    if len(words) == 2 and words[0] in _KINDS:
        return _Property(words[1], _KINDS[words[0]])
    raise _MalformedError(f"its header has a property {' '.join(words)!r}")


def _too_large(elements: list[_Element], name: str) -> Finding | None:
    count = max((element.count for element in elements), default=0)
    return too_many(count, name) if count > 3 * SOLID_TRIANGLES else None


class _Body:
    """The figures after the header, element after element."""

    def __init__(self, data: bytes, at: int, order: str) -> None:
        self.data = data
        self.at = at
        self.order = order
        # One after another: a list of all words takes ten times the memory of the text.
        self.words = (match[0] for match in _WORD.finditer(data, at)) if not order else iter(())

    def read(self, elements: list[_Element]) -> tuple[Floats, Faces]:
        import numpy as np

        points, faces = np.zeros((0, 3)), Faces()
        for element in elements:
            if element.count < 0:
                raise _MalformedError(f"{element.count} rows of {element.name}")
            lists = [one for one in element.properties if one.counter]
            if lists:
                self._read_lists(element, faces if element.name == "face" else Faces())
            else:
                rows = self._read_rows(element)
                if element.name == "vertex":
                    points = np.column_stack([rows[axis].astype(np.float64) for axis in ("x", "y", "z")])
        return points, faces

    def _read_rows(self, element: _Element) -> Any:
        """Rows of single figures, by the names of their columns."""
        import numpy as np

        names = [one.name for one in element.properties]
        if self.order:
            row = np.dtype([(one.name, self.order + one.kind) for one in element.properties])
            rows = np.frombuffer(self.data, dtype=row, count=element.count, offset=self.at)
            self.at += row.itemsize * element.count
            return rows
        wanted = element.count * len(names)
        figures = np.array(
            [word for _, word in zip(range(wanted), self.words, strict=False)], dtype=np.float64
        )
        if len(figures) < wanted:
            raise _MalformedError("it ends too soon")
        table = figures.reshape(element.count, len(names))
        return {name: table[:, column] for column, name in enumerate(names)}

    def _read_lists(self, element: _Element, faces: Faces) -> None:
        if self.order and len(element.properties) == 1 and self._read_alike(element, faces):
            return
        for _ in range(element.count):
            for one in element.properties:
                if not one.counter:
                    self._numbers(one.kind, 1)
                    continue
                size = int(self._numbers(one.counter, 1)[0])
                if not 0 <= size <= FACE_CORNERS:
                    raise _MalformedError(f"a face with {size} corners")
                corners = self._numbers(one.kind, size)
                if one.name in _CORNERS and size >= 3:
                    faces.add([_natural(corner) for corner in corners])

    def _read_alike(self, element: _Element, faces: Faces) -> bool:
        """All faces at once where all have three corners, or all four; whether that was so."""
        import numpy as np

        one = element.properties[0]
        size = int(self._peek(one.counter)) if element.count else 0
        row = np.dtype([("size", self.order + one.counter), ("corners", self.order + one.kind, (size,))])
        room = len(self.data) - self.at
        if one.name not in _CORNERS or size not in (3, 4) or room < row.itemsize * element.count:
            return False
        rows = np.frombuffer(self.data, dtype=row, count=element.count, offset=self.at)
        if (rows["size"] != size).any():
            return False
        if (rows["corners"] < 0).any():
            raise _MalformedError("a face with a corner below 0")
        (faces.threes if size == 3 else faces.fours).frombytes(rows["corners"].astype(np.int64).tobytes())
        self.at += row.itemsize * element.count
        return True

    def _peek(self, kind: str) -> float:
        """The next figure, which stays to be read."""
        begin = self.at
        figure = self._numbers(kind, 1)[0]
        self.at = begin
        return float(figure)

    def _numbers(self, kind: str, count: int) -> Any:
        import numpy as np

        if not self.order:
            words = list(islice(self.words, count))
            if len(words) < count:
                raise _MalformedError("it ends too soon")
            return [float(word) for word in words]
        numbers = np.frombuffer(self.data, dtype=self.order + kind, count=count, offset=self.at)
        self.at += numbers.nbytes
        return numbers


def _natural(corner: float) -> int:
    number = int(corner)
    if number < 0:
        raise _MalformedError("a face with a corner below 0")
    return number
