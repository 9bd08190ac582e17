"""STL files, binary and plain text: what they claim is checked before anything is built from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from manyworks.files.limits import COORDINATE_MM, SOLID_BYTES, SOLID_TRIANGLES
from manyworks.files.solids.measures import measure
from manyworks.files.sources import Source, open_source
from manyworks.model import Finding, SolidDesign, error

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Triangles = NDArray[np.float64]

_HEADER = 84
_FACET = 50
_NUMBER = rb"([-+0-9.eEinfaINFA]+)"
_VERTEX = re.compile(rb"\bvertex\s+" + _NUMBER + rb"\s+" + _NUMBER + rb"\s+" + _NUMBER)


@dataclass(frozen=True, slots=True, kw_only=True)
class SolidFile:
    """A solid as its file has it."""

    design: SolidDesign
    source: Source


def read_solid(path: Path, name: str) -> tuple[SolidFile | None, tuple[Finding, ...]]:
    """Read a binary or plain-text STL file; its numbers are taken for mm, since STL states no unit.

    Returns
    -------
    The solid (mm, mm2, mm3), or None with at least one error finding.
    """
    source = open_source(path, name, SOLID_BYTES)
    if isinstance(source, Finding):
        return None, (source,)
    triangles = _triangles(source)
    if isinstance(triangles, Finding):
        return None, (triangles,)
    trouble = _senseless(triangles, name)
    if trouble is not None:
        return None, (trouble,)
    design, findings = measure(triangles, name)
    if design is None:
        return None, findings
    return SolidFile(design=design, source=source), findings


def _triangles(source: Source) -> Triangles | Finding:
    """Corners of all triangles, shape (n, 3, 3), mm; the size a file claims is checked first."""
    data = source.data
    claimed = int.from_bytes(data[80:84], "little") if len(data) >= _HEADER else -1
    if claimed >= 0 and len(data) == _HEADER + _FACET * claimed:
        return _binary(data, claimed, source.name)
    if data[:400].lstrip()[:5].lower() == b"solid" and b"facet" in data[:4000]:
        return _plain_text(data, source.name)
    if claimed >= 0:
        return error(
            "files.solid.size-claim",
            source.name,
            f"the header promises {claimed:,} triangles ({_HEADER + _FACET * claimed:,} bytes), "
            f"the file has {len(data):,} bytes",
            "export the part anew",
        )
    return error("files.solid.malformed", source.name, "this is no STL file: too short for a header")


def _too_many(count: int, name: str) -> Finding:
    return error(
        "files.solid.too-large",
        name,
        f"{count:,} triangles; at most {SOLID_TRIANGLES:,} are read",
        "export it coarser",
    )


def _binary(data: bytes, count: int, name: str) -> Triangles | Finding:
    import numpy as np

    if count > SOLID_TRIANGLES:
        return _too_many(count, name)
    facets = np.frombuffer(data, dtype=np.uint8, offset=_HEADER).reshape(count, _FACET)
    corners = np.ascontiguousarray(facets[:, 12:48]).view("<f4").reshape(count, 3, 3)
    return corners.astype(np.float64)


def _plain_text(data: bytes, name: str) -> Triangles | Finding:
    import numpy as np

    count = data.count(b"vertex")
    if count > 3 * SOLID_TRIANGLES:
        return _too_many(count // 3, name)
    found = _VERTEX.findall(data)
    if len(found) != count or count % 3 or not count:
        return error(
            "files.solid.malformed", name, f"{count} corners, of which {len(found)} have three numbers"
        )
    try:
        return np.array(found, dtype=np.float64).reshape(-1, 3, 3)
    except ValueError:
        return error("files.solid.malformed", name, "a corner is not made of three numbers")


def _senseless(triangles: Triangles, name: str) -> Finding | None:
    import numpy as np

    if not len(triangles):
        return error("files.solid.empty", name, "the solid has no triangles")
    if not np.isfinite(triangles).all():
        return error(
            "files.solid.not-finite", name, "corners that are infinite or no number", "export the part anew"
        )
    if np.abs(triangles).max() > COORDINATE_MM:
        return error(
            "files.solid.too-far", name, f"corners further than {COORDINATE_MM:g} mm from the origin"
        )
    return None
