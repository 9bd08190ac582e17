"""The bytes of an instance file: a regular file, unpacked, of bounded size, and text."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import IO

from manyworks.model import error
from manyworks.scheduling.instances.faults import refuse

MOST_BYTES = 192 * 2**20
"""Largest text accepted, unpacked: room for ten million operations."""
_CHUNK = 2**20
_GZIP = b"\x1f\x8b"
_MARK = b"\xef\xbb\xbf"


def read_bytes(path: Path) -> bytes:
    """Read a file, gzipped or not, to its end.

    Parameters
    ----------
    path
        A regular file.

    Returns
    -------
    bytes
        Its text, without byte order mark.

    Raises
    ------
    SchedulingError
        No such file, not readable, damaged, beyond `MOST_BYTES` unpacked, or not text.
    """
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "is no file"
            hint = "give the file of an instance"
            raise refuse(error("scheduling.instance.file", str(path), what, hint))
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            data = _read_all(gzip.GzipFile(fileobj=raw) if packed else raw, path)
    except (OSError, EOFError, zlib.error, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or str(trouble) or "it is damaged"
        message = f"cannot be read: {reason}"
        raise refuse(
            error("scheduling.instance.file", str(path), message, "give a readable file")
        ) from trouble
    return data.removeprefix(_MARK)


def _read_all(stream: IO[bytes] | gzip.GzipFile, path: Path) -> bytes:
    """Read piece by piece, so that neither a bomb nor an endless device fills the memory."""
    pieces: list[bytes] = []
    total = 0
    while piece := stream.read(_CHUNK):
        total += len(piece)
        if b"\0" in piece:
            message = "is not text: it holds bytes of value 0"
            raise refuse(error("scheduling.instance.text", str(path), message, "give a text file"))
        if total > MOST_BYTES:
            message = f"holds more than {MOST_BYTES // 2**20} MiB of text"
            raise refuse(error("scheduling.instance.size", str(path), message, "split the problem"))
        pieces.append(piece)
    return b"".join(pieces)
