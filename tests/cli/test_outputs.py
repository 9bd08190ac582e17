"""Output files: whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from manyworks.cli.outputs import (
    OutputError,
    as_json,
    check_folder,
    check_outputs,
    is_folder,
    write_outputs,
)


def test_a_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path):
    write_outputs({tmp_path / "a.txt": "one\n"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "one\n"}


def test_an_old_file_stays_as_it_was_where_another_cannot_be_written(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(OutputError) as caught:
        write_outputs({tmp_path / "a.txt": "new", tmp_path / "b.txt": "new"})
    assert [Path(finding.where).name for finding in caught.value.findings] == ["b.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt"]


def test_an_old_file_stays_as_it_was_where_writing_breaks_off(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("old")
    whole = Path.write_text

    def full(self, text, **more):
        whole(self, text[: len(text) // 2], **more)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError, match="No space left"):
        write_outputs({tmp_path / "a.txt": "new and longer"})
    monkeypatch.undo()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "old"}


def test_a_link_keeps_pointing_where_it_did(tmp_path):
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    write_outputs({tmp_path / "link.txt": "new"})
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_a_device_is_written_to_not_replaced():
    write_outputs({os.devnull: "gone"})
    assert not Path(os.devnull).is_file()


def test_a_file_gets_the_usual_rights(tmp_path):
    (tmp_path / "usual").write_text("")
    write_outputs({tmp_path / "made": ""})
    assert (tmp_path / "made").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_folder_a_missing_folder_and_a_name_given_twice_are_told_beforehand(tmp_path):
    names = [str(tmp_path), str(tmp_path / "no" / "a.json"), str(tmp_path / "x"), str(tmp_path / "x")]
    findings = check_outputs(*names, None, "-", "-")
    assert [finding.where for finding in findings] == [names[0], names[1], names[2]]


def test_a_name_no_system_allows_is_told(tmp_path):
    assert check_outputs("a\0b")
    with pytest.raises(OutputError):
        write_outputs({"a\0b": "text"})


def test_json_without_numbers_that_are_none():
    with pytest.raises(ValueError, match="JSON"):
        as_json({"a": float("nan")})


def test_a_folder_that_may_not_be_written_to_is_told_beforehand(tmp_path, monkeypatch):
    # permissions do not bind the superuser, so the system's answer is put in its mouth
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)
    assert check_outputs(str(tmp_path / "a.json"))


def test_what_is_read_is_not_replaced(tmp_path):
    design = tmp_path / "design"
    (design / "case").mkdir(parents=True)
    for name in ("product.toml", "case/front.stl", "old.json"):
        (design / name).write_text("x")
    (tmp_path / "link.stl").symlink_to(design / "case" / "front.stl")

    def refused(output, *inputs):
        return [f.code for f in check_outputs(str(output), inputs=inputs)] == ["cli.output"]

    assert refused(design / "product.toml", design)
    assert refused(design / "case" / ".." / "case" / "front.stl", design)
    assert refused(tmp_path / "link.stl", design)
    assert refused(design / "old.json", design / "old.json")
    assert not refused(design / "old.json", design)
    assert not refused(design / "new.txt", design)
    assert not refused(tmp_path / "out.json", design, tmp_path / "absent")


def test_a_folder_whose_name_is_too_long_is_refused_beforehand(tmp_path):
    assert not is_folder(tmp_path / ("a" * 300))
    for path in (tmp_path / ("a" * 300), tmp_path / ("é" * 200) / "plan"):
        assert [f.code for f in check_folder(path)] == ["cli.output"]
    assert not check_folder(tmp_path / "plan")


def test_a_text_in_pieces_is_written_whole_or_not_at_all(tmp_path, capsys):
    write_outputs({tmp_path / "a.txt": (word for word in ("one ", "two")), "-": iter(["x", "y"])})
    assert (tmp_path / "a.txt").read_text() == "one two"
    assert capsys.readouterr().out == "xy"

    def broken():
        yield "half"
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left"):
        write_outputs({tmp_path / "a.txt": broken()})
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.txt", "one two")]


def _run(closed=None, **streams):
    command = [sys.executable, "-c", "from manyworks.cli import main; raise SystemExit(main(['--version']))"]
    before = None if closed is None else lambda: os.close(closed)
    return subprocess.run(command, preexec_fn=before, text=True, check=False, **streams)


@pytest.mark.skipif(os.name != "posix", reason="closes streams as a shell does")
@pytest.mark.parametrize("closed", [1, 2])
def test_a_stream_that_is_closed_is_written_to_nowhere(closed):
    open_one = {"stderr": subprocess.PIPE} if closed == 1 else {"stdout": subprocess.PIPE}
    done = _run(closed, **open_one)
    assert done.returncode == 0
    assert "Traceback" not in (done.stderr or "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_behind_standard_output_is_told():
    code = "from manyworks.cli import main; raise SystemExit(main(['network', 'check', 'examples/network']))"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert "standard output: cannot be written: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
