"""Members of a zip archive, never more of them than is honest."""

from __future__ import annotations

import io
import zipfile
from typing import IO

from manyworks.files.solids.limits import PACKED_BYTES, PACKED_FILES

_STEP = 1 << 16
_DIRECTORY_ENTRY = b"PK\x01\x02"


class UnpackError(Exception):
    """What is wrong with an archive."""


class Zip:
    """A zip archive read with a bound on everything that is unpacked from it."""

    def __init__(self, data: bytes) -> None:
        count = data.count(_DIRECTORY_ENTRY)
        if count > PACKED_FILES:
            raise UnpackError(f"about {count:,} files in one archive; at most {PACKED_FILES:,} are read")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except Exception as trouble:  # a dozen kinds, from the archive's and the packers' modules
            raise UnpackError(f"it is no zip archive ({str(trouble)[:80]})") from trouble
        names = self._archive.namelist()
        # Names of parts do not differ by case alone (Open Packaging Conventions).
        self._names = {name.replace("\\", "/").lstrip("/").casefold(): name for name in names}
        self._room = _Room()

    def has(self, name: str) -> bool:
        """Whether there is such a member (names do not differ by case alone)."""
        return name.casefold() in self._names

    def only(self, ending: str) -> str:
        """The first member with an ending, in the order of names.

        Raises
        ------
        UnpackError
            Where there is none.
        """
        found = sorted(name for name in self._names if name.endswith(ending))
        if not found:
            raise UnpackError(f"it holds no {ending} file")
        return found[0]

    def stream(self, name: str) -> BoundedStream:
        """A member's bytes as they are unpacked.

        Raises
        ------
        UnpackError
            Where it is not there, broken or locked; and while reading, where all members together
            unpack to more than what is read.
        """
        known = self._names.get(name.casefold())
        if known is None:
            raise UnpackError(f"it has no {name[:80]!r}")
        try:
            return BoundedStream(self._archive.open(known), self._room)
        except Exception as trouble:  # as above
            raise UnpackError(f"{name[:80]!r} cannot be unpacked ({str(trouble)[:80]})") from trouble


class _Room:
    """Bytes that may still be unpacked."""

    def __init__(self) -> None:
        self.left = PACKED_BYTES


class BoundedStream:
    """A file to read from, up to a bound that several share."""

    def __init__(self, file: IO[bytes], room: _Room) -> None:
        self._file = file
        self._room = room

    def read(self, size: int = -1) -> bytes:
        """The next bytes; few at a time, whatever is asked for."""
        try:
            data = self._file.read(min(size, _STEP) if size >= 0 else _STEP)
        except Exception as trouble:  # as above
            raise UnpackError(f"it cannot be unpacked ({str(trouble)[:80]})") from trouble
        self._room.left -= len(data)
        if self._room.left < 0:
            raise UnpackError(f"it unpacks to more than {PACKED_BYTES:,} bytes")
        return data
