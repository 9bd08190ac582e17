"""Links behind the cells of a spreadsheet (.xlsx, .xlsm), which its cells' texts do not show."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from manyworks.files.tables.limits import WORKBOOK_SHEETS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Links = dict[int, tuple[str, ...]]

# A workbook's own lists of parts are small; sheets are searched as bytes and never taken apart.
_LIST_BYTES = 2_000_000
_LINKS_BYTES = 5_000_000
_MOST = 20_000
_ELEMENT_BYTES = 4_000
_BEGIN = re.compile(rb"<(?:\w{1,20}:)?hyperlinks\b")
_PLACE = re.compile(rb'\bref="[A-Z]{1,3}(\d{1,7})')
_TARGET = re.compile(rb'\b\w+:id="([^"]{1,200})"')
_WEB = ("http://", "https://")


def read_hyperlinks(data: bytes) -> dict[str, Links]:
    """Web addresses behind the cells of each sheet, by row as the program numbers it.

    Nothing for a file that is no such spreadsheet or is damaged: links are an extra, the cells are
    read without them.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            return {name: links for name, path in _sheets(container) if (links := _links(container, path))}
    except (
        zipfile.BadZipFile,
        zlib.error,
        ParseError,
        DefusedXmlException,
        KeyError,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ):
        return {}


def _sheets(container: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Names of the sheets and their members in the container."""
    members = set(container.namelist())
    if "xl/workbook.xml" not in members:
        return
    targets = _relations(container, "xl/workbook.xml", "/worksheet")
    asked: set[str] = set()
    for element in _parse(container, "xl/workbook.xml").iter():
        if element.tag.rpartition("}")[2] == "sheet":
            own = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            path = posixpath.normpath(posixpath.join("xl", targets.get(own, ""))).lstrip("/")
            if path in members and path not in asked and len(asked) < WORKBOOK_SHEETS:
                asked.add(path)
                yield element.attrib.get("name", ""), path


def _relations(container: zipfile.ZipFile, path: str, kind: str) -> dict[str, str]:
    """Targets of a member's relations of one kind, by their ids; none where it has no such list."""
    folder, name = posixpath.split(path)
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in container.namelist():
        return {}
    found = (e.attrib for e in _parse(container, listed) if e.attrib.get("Type", "").endswith(kind))
    return {one.get("Id", ""): one.get("Target", "") for one in found}


def _parse(container: zipfile.ZipFile, path: str) -> Element:
    from defusedxml.ElementTree import fromstring

    with container.open(path) as member:
        root: Element = fromstring(member.read(_LIST_BYTES))
    return root


def _links(container: zipfile.ZipFile, path: str) -> Links:
    targets = _relations(container, path, "/hyperlink")
    if not any(target.startswith(_WEB) for target in targets.values()):
        return {}
    found: dict[int, list[str]] = {}
    for element in _elements(_end(container, path)):
        place, target = _PLACE.search(element), _TARGET.search(element)
        url = targets.get(target[1].decode("utf-8", "replace"), "") if target else ""
        if place and url.startswith(_WEB):
            found.setdefault(int(place[1]), []).append(url[:2000])
    return {row: tuple(dict.fromkeys(urls)) for row, urls in found.items()}


def _elements(text: bytes) -> list[bytes]:
    """The single elements of a sheet's list of links, as they stand."""
    begin = _BEGIN.search(text)
    if begin is None:
        return []
    block = text[begin.end() : text.find(b"hyperlinks>", begin.end())]
    return [piece[-_ELEMENT_BYTES:] for piece in block.split(b">", _MOST)[1:-1]]


def _end(container: zipfile.ZipFile, path: str) -> bytes:
    """The last stretch of a sheet, where its links are listed."""
    tail = b""
    with container.open(path) as member:
        while part := member.read(_LINKS_BYTES):
            tail = (tail + part)[-_LINKS_BYTES:]
    return tail
