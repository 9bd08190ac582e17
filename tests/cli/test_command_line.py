"""The door itself: help, version, usage, interruption, defects, terminals and pipes."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from pathlib import Path

import pytest

from manyworks import __version__
from manyworks.cli import main
from manyworks.cli.arguments import build_parser

PROGRAM = [sys.executable, "-c", "import sys; from manyworks.cli import main; sys.exit(main())"]


def start(*arguments, **more):
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60, **more
    )


def test_the_version_is_told(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"manyworks {__version__}\n"


def test_help_names_every_verb(capsys):
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(verb in said for verb in ("read", "network", "quote", "plan", "check"))


def test_help_loads_nothing_heavy():
    code = (
        "import sys\nfrom manyworks.cli import main\nassert main(['--help']) == 0\n"
        "heavy = {'numpy', 'rich', 'jinja2', 'numba', 'highspy', 'trimesh', 'searoute', 'holidays'}\n"
        "sys.exit(','.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_help_is_quick():
    start("--help")
    took = []
    for _ in range(5):
        before = time.perf_counter()
        start("--help")
        took.append(time.perf_counter() - before)
    assert min(took) < 0.3


USAGE = {
    "no verb": ([], "VERB"),
    "an unknown verb": (["make"], "make"),
    "no path": (["read"], "PATH"),
    "an unknown flag": (["read", "x", "--fast"], "--fast"),
    "no network verb": (["network"], "VERB"),
    "no place": (["quote", "x", "--network", "n", "--quantity", "5"], "--to"),
    "text as quantity": (["quote", "x", "--network", "n", "--to", "y", "--quantity", "abc"], "'abc'"),
    "text among quantities": (["quote", "x", "--network", "n", "--to", "y", "-q", "50,many,5"], "'many'"),
    "a fraction as quantity": (["quote", "x", "--network", "n", "--to", "y", "-q", "2.5"], "'2.5'"),
    "an empty quantity": (["quote", "x", "--network", "n", "--to", "y", "-q", "50,"], "''"),
    "a wrong day": (["quote", "x", "--network", "n", "--to", "y", "-q", "5", "--by", "soon"], "'soon'"),
    "a seed below 0": (["quote", "x", "--network", "n", "--to", "y", "-q", "5", "--seed", "-1"], "'-1'"),
    "an abbreviated flag": (["quote", "x", "--net", "n", "--to", "y", "-q", "5"], "--network"),
    "no folder for a plan": (["plan", "orders.toml", "--network", "n"], "--out"),
}


@pytest.mark.parametrize(("arguments", "named"), USAGE.values(), ids=USAGE.keys())
def test_wrong_usage_ends_with_2_and_names_what_is_wrong(arguments, named, capsys):
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert named in said.splitlines()[-1]


def test_quantities_may_be_given_in_one_or_in_several():
    parser = build_parser()
    asked = parser.parse_args(
        ["quote", "x", "--network", "n", "--to", "y", "-q", "5, 50", "--quantity", "500"]
    )
    assert asked.quantity == [5, 50, 500]


def test_ctrl_c_ends_with_130_and_one_word(monkeypatch, capsys):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("manyworks.cli.reading.read_design", interrupted)
    assert main(["read", "x"]) == 130
    assert capsys.readouterr().err == "\nstopped\n"


def test_a_program_stopped_from_outside_says_so_and_ends_with_130():
    code = (
        "import os, signal, sys, time\n"
        "from manyworks.cli import main, reading\n"
        "reading.read_design = lambda _: (os.kill(os.getpid(), signal.SIGINT), time.sleep(20))\n"
        "sys.exit(main(['read', 'x']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=15
    )
    assert done.returncode == 130
    assert done.stderr.split() == ["stopped"]


def test_a_defect_of_our_own_is_one_line_that_names_the_place(monkeypatch, capsys):
    def broken(_):
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr("manyworks.cli.reading.read_design", broken)
    assert main(["read", "x"]) == 1
    first, count = capsys.readouterr().err.splitlines()
    assert "ZeroDivisionError" in first
    assert "test_command_line" in first
    assert first.endswith("[cli.defect]")
    assert count == "1 error"


def test_it_runs_as_a_program_of_its_own(product):
    done = start("read", product)
    assert done.returncode == 0
    assert "Keyring with tag" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_installed_script_is_the_same(product):
    script = Path(sys.executable).with_name("manyworks")
    if not script.exists():
        pytest.skip("the package is not installed with its script")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=False)
    assert done.stdout == f"manyworks {__version__}\n"


def test_a_terminal_that_knows_few_letters_gets_question_marks(monkeypatch, product):
    text = (
        (product / "product.toml")
        .read_text(encoding="utf-8")
        .replace("Keyring with", "Schlüsselanhänger 鑰匙")
    )
    (product / "product.toml").write_text(text, encoding="utf-8")
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["read", str(product)]) == 0
    assert b"Schl?sselanh?nger ??" in stream.buffer.getvalue()


def test_a_reader_that_has_enough_is_no_trouble(product):
    with subprocess.Popen(
        [*PROGRAM, "read", str(product)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        running.stdout.close()
        said = running.stderr.read()
    assert "Traceback" not in said
    assert "Exception ignored" not in said


def test_control_characters_of_a_hostile_file_do_not_reach_the_terminal(product, capsys):
    text = (product / "product.toml").read_text(encoding="utf-8")
    hostile = text.replace("Keyring with", "Keyring\\u001b[2J with").replace(
        'parent = "', 'parent = "\\u001b[31m'
    )
    (product / "product.toml").write_text(hostile, encoding="utf-8")
    main(["read", str(product)])
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    assert said.err
