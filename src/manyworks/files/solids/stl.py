"""STL files, binary and plain text: what they claim is checked before anything is built from it."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from manyworks.files.limits import SOLID_TRIANGLES
from manyworks.files.solids.contents import SolidContents
from manyworks.files.solids.meshes import Piece, build_bodies, too_many
from manyworks.files.sources import Source
from manyworks.model import Finding, error

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Triangles = NDArray[np.float64]

_HEADER = 84
_FACET = 50
_BLOCK = 100_000
_NUMBER = rb"([-+0-9.eEinfaINFA]+)"
_VERTEX = re.compile(rb"\bvertex\s+" + _NUMBER + rb"\s+" + _NUMBER + rb"\s+" + _NUMBER)
_UNIT = "STL states no unit"


def read_stl(source: Source) -> tuple[SolidContents | None, tuple[Finding, ...]]:
    """Read a binary or plain-text STL file; its numbers are taken for mm, since STL states no unit.

    Returns
    -------
    The bodies, or None with an error finding.
    """
    triangles = _triangles(source)
    if isinstance(triangles, Finding):
        return None, (triangles,)
    return build_bodies([Piece(triangles=triangles)], source.name, _UNIT)


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


def _binary(data: bytes, count: int, name: str) -> Triangles | Finding:
    import numpy as np

    if count > SOLID_TRIANGLES:
        return too_many(count, name)
    facets = np.frombuffer(data, dtype=np.uint8, offset=_HEADER).reshape(count, _FACET)
    corners = np.ascontiguousarray(facets[:, 12:48]).view("<f4").reshape(count, 3, 3)
    return corners.astype(np.float64)


def _plain_text(data: bytes, name: str) -> Triangles | Finding:
    import numpy as np

    count = data.count(b"vertex")
    if count > 3 * SOLID_TRIANGLES:
        return too_many(count // 3, name)
    matches = _VERTEX.finditer(data)
    blocks = [np.zeros((0, 3))]
    try:
        # In blocks: all words of a large file at once take ten times its memory.
        while block := [match.groups() for match in islice(matches, _BLOCK)]:
            blocks.append(np.array(block, dtype=np.float64))
    except ValueError:
        return error("files.solid.malformed", name, "a corner is not made of three numbers")
    found = np.concatenate(blocks)
    if len(found) != count or count % 3 or not count:
        text = f"{count} corners, of which {len(found)} have three numbers"
        return error("files.solid.malformed", name, text)
    return found.reshape(-1, 3, 3)
