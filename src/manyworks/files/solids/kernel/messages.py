"""What goes between the worker and the process that asks: a head in JSON, then bytes.

A message is two lengths of eight bytes each (big end first), the head and the body. A request's body
is the file as it is; an answer's body is a NumPy archive without pickled objects.
"""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[np.float64] | NDArray[np.int64] | NDArray[np.bool_]]

LENGTHS = struct.Struct(">QQ")


def pack(head: Mapping[str, Any], body: bytes) -> bytes:
    """A message as bytes."""
    text = json.dumps(head).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def receive(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next message of a stream; None where it ends."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    text, body = (stream.read(length) for length in LENGTHS.unpack(lengths))
    return json.loads(text), body


def store(arrays: Mapping[str, Any]) -> bytes:
    """Arrays as a NumPy archive."""
    import numpy as np

    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def load(body: bytes) -> Arrays:
    """Arrays of a NumPy archive; objects are refused.

    Raises
    ------
    ValueError, OSError, KeyError, zipfile.BadZipFile
        Where the bytes are no such archive.
    """
    import numpy as np

    with np.load(io.BytesIO(body), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
