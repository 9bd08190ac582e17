"""Zip archives are opened in memory, bounded, and whatever is left out is named."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.files.fabrication_writer import zipped

from manyworks.files import archives
from manyworks.files.archives import expand, is_archive
from manyworks.files.sources import Source
from manyworks.model import Severity


def source(data: bytes, name: str = "set.zip") -> Source:
    return Source(path=Path("/somewhere") / name, name=name, data=data)


def kinds(data: bytes) -> list[str]:
    _, findings = expand(source(data))
    return [finding.code.removeprefix("files.archive.") for finding in findings]


def with_entry(info: zipfile.ZipInfo, data: bytes = b"x") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("good.txt", "good")
        archive.writestr(info, data)
    return stream.getvalue()


def test_members_carry_the_archive_in_their_names() -> None:
    members, findings = expand(source(zipped({"a.gtl": "one", "in/b.gbl": "two"})))
    assert [(m.name, m.path.as_posix(), m.data) for m in members] == [
        ("set.zip/a.gtl", "/somewhere/set.zip/a.gtl", b"one"),
        ("set.zip/in/b.gbl", "/somewhere/set.zip/in/b.gbl", b"two"),
    ]
    assert findings == ()


def test_a_zip_in_a_zip_is_opened_and_one_in_that_is_named() -> None:
    deep = zipped({"deep.txt": "deep"})
    members, findings = expand(source(zipped({"in.zip": zipped({"x.txt": "x", "deep.zip": deep})})))
    assert [member.name for member in members] == ["set.zip/in.zip/x.txt"]
    assert [(f.code, "deep.zip" in f.message) for f in findings] == [("files.archive.too-deep", True)]


def test_what_is_no_zip_is_an_error() -> None:
    members, (finding,) = expand(source(b"this is no zip"))
    assert members == ()
    assert (finding.code, finding.severity) == ("files.archive.malformed", Severity.ERROR)


def test_an_empty_archive_says_so() -> None:
    assert kinds(zipped({})) == ["empty"]


@pytest.mark.parametrize("name", ["../up.txt", "/etc/passwd", "a/../../up", "C:/windows", "..\\up.txt"])
def test_names_that_lead_outside_are_not_read(name: str) -> None:
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    members, findings = expand(source(with_entry(info)))
    assert [member.name for member in members] == ["set.zip/good.txt"]
    assert [finding.code for finding in findings] == ["files.archive.unsafe"]


def test_a_name_with_a_zero_byte_is_not_read() -> None:
    data = zipped({"evil.txtX.exe": "x"}).replace(b"evil.txtX", b"evil.txt\0")
    assert kinds(data) == ["unsafe"]


def test_links_are_not_followed() -> None:
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert kinds(with_entry(info, b"/etc/passwd")) == ["link"]


def test_backslashes_are_read_as_folders() -> None:
    info = zipfile.ZipInfo("placeholder")
    info.filename = "in\\a.gtl"
    members, findings = expand(source(with_entry(info)))
    assert members[1].name == "set.zip/in/a.gtl"
    assert [finding.code for finding in findings] == ["files.archive.backslash"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_of_one_name_the_last_is_read() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "first")
        archive.writestr("a.txt", "last")
    members, findings = expand(source(stream.getvalue()))
    assert [member.data for member in members] == [b"last"]
    assert [finding.code for finding in findings] == ["files.archive.twice"]


def test_rubbish_of_operating_systems_is_named_once() -> None:
    files = {"a.txt": "a", "__MACOSX/._a.txt": "", ".DS_Store": "", "in/Thumbs.db": "", "in/.hidden": ""}
    members, findings = expand(source(zipped(files)))
    assert [member.name for member in members] == ["set.zip/a.txt"]
    assert [(f.code, f.severity) for f in findings] == [("files.archive.rubbish", Severity.INFO)]


def test_locked_members_are_named() -> None:
    data = bytearray(zipped({"a.txt": "secret"}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        offset = data.index(mark) + (6 if mark == b"PK\x03\x04" else 8)
        data[offset : offset + 2] = struct.pack("<H", 1)
    assert kinds(bytes(data)) == ["encrypted"]


def test_damaged_members_are_named_and_the_others_read() -> None:
    data = bytearray(zipped({"good.txt": "good", "bad.txt": "b" * 100}))
    start = data.index(b"bad.txt") + len("bad.txt")
    data[start : start + 4] = b"\xff\xff\xff\xff"
    members, findings = expand(source(bytes(data)))
    assert [member.name for member in members] == ["set.zip/good.txt"]
    assert [finding.code for finding in findings] == ["files.archive.malformed"]


def test_a_bomb_is_not_unpacked() -> None:
    assert kinds(zipped({"bomb.txt": bytes(20_000_000)})) == ["bomb"]


def test_a_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    data = bytearray(zipped({"bomb.txt": bytes(20_000_000)}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(mark) + offset
        data[place : place + 4] = struct.pack("<I", 1000)
    members, _ = expand(source(bytes(data)))
    assert all(len(member.data) <= 1000 for member in members)


def test_what_is_unpacked_is_bounded_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_Reading", lambda: archives_reading(total=1000))
    members, findings = expand(source(zipped({f"{k}.txt": "x" * 300 for k in range(9)})))
    assert sum(len(member.data) for member in members) <= 1000
    assert [finding.code for finding in findings] == ["files.archive.unpacks-too-large"]


def archives_reading(total: int) -> object:
    return _READING(total=total)


_READING = archives._Reading


def test_too_many_members_are_refused() -> None:
    members, (finding,) = expand(source(zipped({f"{k}.txt": "" for k in range(archives.MEMBERS + 1)})))
    assert members == ()
    assert (finding.code, finding.severity) == ("files.archive.too-many", Severity.ERROR)


@pytest.mark.parametrize(
    ("name", "data", "answer"),
    [
        ("a.zip", b"", True),
        ("a.ZIP", b"PK\x03\x04", True),
        ("noending", b"PK\x03\x04", True),
        ("book.xlsx", b"PK\x03\x04", False),
        ("noending", b"text", False),
    ],
)
def test_archives_are_known_by_ending_or_content(name: str, data: bytes, answer: bool) -> None:
    assert is_archive(source(data, name)) is answer


@given(st.binary(max_size=300), st.integers(0, 400), st.binary(max_size=12))
def test_no_bytes_make_it_fail(tail: bytes, place: int, patch: bytes) -> None:
    data = bytearray(zipped({"a.gtl": "G04*", "b.zip": zipped({"c": "c"})}))
    data[place : place + len(patch)] = patch
    for whole in (bytes(data), bytes(data) + tail, tail):
        members, findings = expand(source(whole))
        assert members or findings
