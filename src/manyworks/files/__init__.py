"""Read what designers and shop owners have: boards, solids, parts lists, product files, network tables.

Every reader returns ``(thing, findings)``: the thing is None exactly where a finding is an error.
With ``strict=True`` it raises `FilesError` carrying all findings instead.
"""

from __future__ import annotations

from pathlib import Path

from manyworks.files.doors import FilesError
from manyworks.files.reading import read
from manyworks.model import Finding, Network, Order

__all__ = ["FilesError", "read", "read_network", "read_orders"]


def read_network(directory: str | Path, strict: bool = False) -> tuple[Network | None, tuple[Finding, ...]]:
    """Read a network's tables; see `manyworks.files.network`."""
    from manyworks.files import network

    return network.read_network(directory, strict=strict)


def read_orders(
    path: str | Path, strict: bool = False, *, as_of: str = ""
) -> tuple[tuple[Order, ...] | None, tuple[Finding, ...]]:
    """Read an orders file; see `manyworks.files.network`."""
    from manyworks.files import network

    return network.read_orders(path, strict=strict, as_of=as_of)
