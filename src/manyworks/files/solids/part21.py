"""What a STEP file says of itself, checked before the modelling kernel sees it (ISO 10303-21)."""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING, TypeAlias

from manyworks.files.solids.limits import STEP_DEPTH, STEP_ENTITIES, STEP_REFERENCES
from manyworks.files.sources import Source
from manyworks.model import Finding, error

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers: TypeAlias = NDArray[np.int64]

_HEAD_BYTES = 100_000
_SCHEMA = re.compile(rb"FILE_SCHEMA\s*\(\s*\(([^()]{0,2000})\)", re.IGNORECASE)
# Texts and comments, whichever begins first; one that is never closed takes all the rest, and nothing is
# given back (``+`` after a repeat), so that no file makes this look twice or remember where it has been.
_ASIDE = rb"'[^']*+(?:''[^']*+)*+(?:'|\Z)|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)"
# An entity's number is at most 18 digits here; a longer one is cut and matches nothing.
_NUMBER = re.compile(_ASIDE + rb"|#\s*+(\d{1,18})\s*+(=?)")
# Names of schemas by the application protocol they belong to (ISO 10303-203, -214, -242).
_PROTOCOLS = {
    "CONFIG_CONTROL_DESIGN": "AP203",
    "AP203": "AP203",
    "CONFIG_CONTROL_3D_DESIGN": "AP203",
    "AUTOMOTIVE_DESIGN": "AP214",
    "AP242": "AP242",
    "AP214": "AP214",
}


def look_over(source: Source) -> str | Finding:
    """The schema a STEP file is written in, as people call it; a finding where it is no sane STEP file.

    Refuses what has no header, too many entities, or entities that contain themselves.
    """
    data, name = source.data, source.name
    if b"ISO-10303-21" not in data[:1000]:
        text = "this is no STEP file: it does not begin with ISO-10303-21"
        return error("files.solid.malformed", name, text, "export the part anew")
    if b"DATA" not in data:
        return error(
            "files.solid.malformed", name, "the STEP file has no data section", "export the part anew"
        )
    return _tangled(data, name) or _schema(data)


def _schema(data: bytes) -> str:
    found = _SCHEMA.search(data[:_HEAD_BYTES])
    text = found[1].decode("ascii", "replace") if found else ""
    names = [part.split("{")[0].strip().upper() for part in re.findall(r"'([^']*)'", text)]
    for name in names:
        for begin, protocol in _PROTOCOLS.items():
            if name.startswith(begin):
                return protocol
    return names[0][:60] if names else ""


def _tangled(data: bytes, name: str) -> Finding | None:
    """An error where entities are too many, contain themselves or nest without end."""
    owners, targets = _references(data)
    if owners is None or targets is None:
        text = f"more than {STEP_ENTITIES:,} entities, or too many references and texts"
        return error("files.solid.too-large", name, text, "export its bodies one by one")
    stuck = _stuck(owners, targets)
    if stuck:
        text = f"entity #{stuck} contains itself, or nests more than {STEP_DEPTH:,} deep"
        return error("files.solid.self-referring", name, text, "export the part anew")
    return None


def _references(data: bytes) -> tuple[Integers | None, Integers | None]:
    """Which entity refers to which: two columns of equal length; None where there are too many."""
    import numpy as np

    numbers, defines = array("q"), bytearray()
    for count, match in enumerate(_NUMBER.finditer(data)):
        if count > STEP_REFERENCES:
            return None, None
        if match[1] is not None:
            numbers.append(int(match[1]))
            defines.append(bool(match[2]))
    number, defined = np.array(numbers, dtype=np.int64), np.array(defines, dtype=bool)
    if defined.sum() > STEP_ENTITIES:
        return None, None
    # Every reference belongs to the last entity defined before it.
    at = np.cumsum(defined) - 1
    inside = ~defined & (at >= 0)
    return number[defined][at[inside]], number[inside]


def _stuck(owners: Integers, targets: Integers) -> int:
    """An entity on a circle of references, or 0: peel off, layer by layer, what nothing refers to."""
    import numpy as np

    names, places = np.unique(np.concatenate([owners, targets]), return_inverse=True)
    owner, target = places[: len(owners)], places[len(owners) :]
    order = np.argsort(owner, kind="stable")
    target = target[order]
    starts = np.searchsorted(owner[order], np.arange(len(names) + 1))
    waiting = np.bincount(target, minlength=len(names))
    layer = np.flatnonzero(waiting == 0)
    left = len(names) - len(layer)
    for _ in range(STEP_DEPTH):
        if not left or not len(layer):
            break
        reached = target[_spans(starts[layer], starts[layer + 1])]
        np.subtract.at(waiting, reached, 1)
        layer = np.unique(reached[waiting[reached] == 0])
        left -= len(layer)
    return int(names[np.flatnonzero(waiting > 0)[0]]) if left else 0


def _spans(begin: Integers, end: Integers) -> Integers:
    """All numbers of several half-open ranges."""
    import numpy as np

    sizes = end - begin
    offsets = np.repeat(begin - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
    return offsets + np.arange(int(sizes.sum()))
