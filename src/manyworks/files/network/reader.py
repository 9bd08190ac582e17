"""A folder of tables -> one frozen network, or everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

from manyworks.files.doors import hand_over
from manyworks.files.network.assembly import build_network
from manyworks.files.network.checks import check_sheets
from manyworks.files.network.sheets import HEAD_FILE, read_sheets
from manyworks.files.sources import is_folder
from manyworks.model import Finding, Network, error, errors


def read_network(directory: str | Path, strict: bool = False) -> tuple[Network | None, tuple[Finding, ...]]:
    """Read a network from its folder.

    Parameters
    ----------
    directory
        Folder with ``network.toml`` and the tables (see the reference page on network tables), or
        the path of its ``network.toml``.
    strict
        Raise when there is an error.

    Returns
    -------
    network, findings
        The network with every price in its currency, None where there is an error; all findings
        at once, each at its ``file:row N`` (first line is 1) or ``file:line``.

    Raises
    ------
    FilesError
        If ``strict``; it carries every finding.
    """
    folder = Path(directory)
    folder = folder.parent if folder.name == HEAD_FILE else folder
    if not is_folder(folder):
        hint = f"name the folder that holds {HEAD_FILE}"
        return hand_over(
            None, [error("files.network.file", str(directory), "not a folder", hint)], strict=strict
        )
    sheets, found = read_sheets(folder)
    findings = (*found, *check_sheets(sheets))
    return hand_over(None if errors(findings) else build_network(sheets), findings, strict=strict)
