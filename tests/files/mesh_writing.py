"""Writers of small mesh files in the dialects of the formats."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence

Point = tuple[float, float, float]
Face = Sequence[int]

CUBE: list[Point] = [(x, y, z) for z in (0.0, 1.0) for y in (0.0, 1.0) for x in (0.0, 1.0)]
QUADS: list[Face] = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
THREES: list[Face] = [t for a, b, c, d in QUADS for t in ((a, b, c), (a, c, d))]
IDENTITY = "1 0 0 0 1 0 0 0 1 0 0 0"
CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
PRODUCTION = "http://schemas.microsoft.com/3dmanufacturing/production/2015/06"
RELATION = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"


def brick(x: float, y: float, z: float, at: Point = (0, 0, 0)) -> list[Point]:
    """Corners of a brick, in the order of `CUBE`."""
    return [(a * x + at[0], b * y + at[1], c * z + at[2]) for a, b, c in CUBE]


def obj(points: Iterable[Point], faces: Iterable[Face], start: int = 1) -> str:
    """Lines of an OBJ file."""
    lines = [f"v {x} {y} {z}" for x, y, z in points]
    return "\n".join([*lines, *("f " + " ".join(str(i + start) for i in face) for face in faces)]) + "\n"


def ply(
    points: list[Point], faces: list[Face], form: str, extra: str = "", names: str = "vertex_indices"
) -> bytes:
    """A PLY file in one of the three forms, with a colour on each corner."""
    head = (
        f"ply\nformat {form} 1.0\ncomment made here\n{extra}element vertex {len(points)}\n"
        "property float x\nproperty float y\nproperty float z\nproperty uchar red\n"
        f"element face {len(faces)}\nproperty list uchar int {names}\nend_header\n"
    ).encode()
    if form == "ascii":
        rows = [" ".join(map(str, (*p, 200))) for p in points]
        rows += [" ".join(map(str, (len(f), *f))) for f in faces]
        return head + "\n".join(rows).encode() + b"\n"
    order = "<" if form == "binary_little_endian" else ">"
    body = b"".join(struct.pack(order + "3fB", *p, 200) for p in points)
    return head + body + b"".join(struct.pack(f"{order}B{len(f)}i", len(f), *f) for f in faces)


def mesh_xml(points: Iterable[Point], faces: Iterable[Face] = THREES) -> str:
    """The mesh of a 3MF object."""
    vertices = "".join(f'<vertex x="{x}" y="{y}" z="{z}"/>' for x, y, z in points)
    triangles = "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in faces)
    return f"<mesh><vertices>{vertices}</vertices><triangles>{triangles}</triangles></mesh>"


def model_xml(resources: str, build: str, unit: str = "millimeter") -> str:
    """A model part of a 3MF archive."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><model unit="{unit}" xmlns="{CORE}" xmlns:p="{PRODUCTION}">'
        f"<resources>{resources}</resources><build>{build}</build></model>"
    )


def archive(parts: dict[str, str | bytes]) -> bytes:
    """A zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return file.getvalue()


def threemf(
    resources: str, build: str, unit: str = "millimeter", main: str = "3D/3dmodel.model", **more: str
) -> bytes:
    """A 3MF file of one model part and further ones."""
    relations = f'<Relationships><Relationship Target="/{main}" Id="r" Type="{RELATION}"/></Relationships>'
    return archive({"_rels/.rels": relations, main: model_xml(resources, build, unit), **more})


def amf(objects: str, unit: str = "millimeter") -> str:
    """An AMF file."""
    return f'<?xml version="1.0" encoding="utf-8"?><amf unit="{unit}">{objects}</amf>'


def amf_object(number: int, points: Iterable[Point], faces: Iterable[Face] = THREES) -> str:
    """An object of an AMF file."""
    vertices = "".join(
        f"<vertex><coordinates><x>{x}</x><y>{y}</y><z>{z}</z></coordinates></vertex>" for x, y, z in points
    )
    triangles = "".join(f"<triangle><v1>{a}</v1><v2>{b}</v2><v3>{c}</v3></triangle>" for a, b, c in faces)
    mesh = f"<mesh><vertices>{vertices}</vertices><volume>{triangles}</volume></mesh>"
    return f'<object id="{number}"><metadata type="name">brick {number}</metadata>{mesh}</object>'
