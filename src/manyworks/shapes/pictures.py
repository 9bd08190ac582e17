"""Grey pictures as PNG files (ISO/IEC 15948), small and always the same for the same picture."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY = 0
_FILTER_SUB, _FILTER_UP = 1, 2


def encode_png(grey: NDArray[np.uint8]) -> bytes:
    """A picture of shape (height, width) as PNG; 0 is transparent, 1 to 255 are black to white.

    Each row is stored as differences, to its left or to the row above, whichever are smaller.
    """
    height, width = grey.shape
    beside = np.zeros_like(grey)
    beside[:, 1:] = grey[:, :-1]
    above = np.zeros_like(grey)
    above[1:] = grey[:-1]
    sub, up = grey - beside, grey - above
    takes_up = _weight(up) < _weight(sub)
    rows = np.empty((height, width + 1), dtype=np.uint8)
    rows[:, 0] = np.where(takes_up, _FILTER_UP, _FILTER_SUB)
    rows[:, 1:] = np.where(takes_up[:, None], up, sub)
    header = struct.pack(">IIBBBBB", width, height, 8, _GREY, 0, 0, 0)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", header)
        + _chunk(b"tRNS", struct.pack(">H", 0))
        + _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9))
        + _chunk(b"IEND", b"")
    )


def _weight(differences: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How much a row of differences holds, taken as signed bytes."""
    return np.asarray(np.abs(differences.view(np.int8).astype(np.int64)).sum(axis=1))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
