"""How the house is kept: sizes, names, layers, what an import costs, what a table must say."""

from __future__ import annotations

import ast
import csv
import importlib
import json
import re
import statistics
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from time import perf_counter

import pytest

import manyworks

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "manyworks"
BIN = Path(sys.executable).parent

LONGEST_FILE = 600
LONGEST_FUNCTION = 80
MEDIAN_FUNCTION = 10
NINE_IN_TEN_FUNCTIONS = 30
MOST_NAMES = 40
NO_ROOM = {"utils", "util", "common", "helpers", "helper", "core", "manager", "misc", "tools", "lib"}
HEAVY = ("numpy", "numba", "highspy", "trimesh", "holidays", "searoute", "jinja2", "rich")

SOURCES = sorted(PACKAGE.rglob("*.py"))
KEPT = [
    *SOURCES,
    *(path for name in ("tests", "benchmarks", "examples", "docs") for path in (ROOT / name).rglob("*.py")),
]
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
TABLES = sorted(PACKAGE.glob("*/data/*.csv"))
DOCUMENTS = sorted(PACKAGE.glob("*/data/*.toml"))


def name_of(path):
    return str(path.relative_to(ROOT))


@cache
def functions():
    """Every function of the package: (place, lines without decorators and docstring)."""
    return [
        (f"{name_of(path)}:{node.lineno} {node.name}", lines_of(node))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def lines_of(function):
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function, clean=False) is None:
        return lines
    text = function.body[0]
    return lines - (text.end_lineno - text.lineno + 1)


def run(*command, **more):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120, **more)


# ---- sizes and names ---------------------------------------------------------------------------


def test_no_file_is_too_long():
    long = {
        name_of(path): lines
        for path in KEPT
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_function_is_too_long():
    assert {place: lines for place, lines in functions() if lines > LONGEST_FUNCTION} == {}


def test_most_functions_are_small():
    sizes = sorted(lines for _, lines in functions())
    assert statistics.median(sizes) < MEDIAN_FUNCTION
    assert sizes[len(sizes) * 9 // 10] <= NINE_IN_TEN_FUNCTIONS


def test_nothing_is_named_after_odds_and_ends():
    parts = {part for path in SOURCES for part in path.relative_to(PACKAGE).with_suffix("").parts}
    assert parts & NO_ROOM == set()


def test_names_of_files_are_lower_snake_case():
    names = {name_of(path) for path in SOURCES if not re.fullmatch(r"[a-z][a-z0-9_]*|__\w+__", path.stem)}
    assert names == set()


# ---- rooms -------------------------------------------------------------------------------------


def test_rooms_import_downwards_only():
    done = run(str(BIN / "lint-imports"), "--no-cache")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_offers_what_it_names(room):
    module = importlib.import_module(f"manyworks.{room}")
    names = getattr(module, "__all__", [])
    assert list(names) == sorted(set(names))
    assert [name for name in names if not hasattr(module, name)] == []
    assert module.__doc__


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "cli"])
def test_what_a_room_offers_is_explained(room):
    module = importlib.import_module(f"manyworks.{room}")
    offered = [getattr(module, name) for name in getattr(module, "__all__", [])]
    made_here = [
        one for one in offered if callable(one) and getattr(one, "__module__", "").startswith("manyworks")
    ]
    assert [one.__name__ for one in made_here if not one.__doc__] == []


# ---- the root ----------------------------------------------------------------------------------


def test_the_root_offers_what_it_names_and_no_more_than_a_page_of_it():
    names = manyworks.__all__
    assert list(names) == sorted(set(names))
    assert len(names) <= MOST_NAMES
    assert [name for name in names if getattr(manyworks, name, None) is None] == []


def test_the_root_offers_every_verb():
    verbs = {"read", "read_network", "read_orders", "find_place", "quote", "plan", "check"}
    assert verbs <= set(manyworks.__all__)
    assert [verb for verb in sorted(verbs) if not callable(getattr(manyworks, verb))] == []


def test_everything_the_root_offers_is_on_the_page_about_python():
    page = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    rooms = [importlib.import_module(name) for name in re.findall(r"automodule:: ([\w.]+)", page)]
    shown = {id(getattr(room, name)) for room in rooms for name in getattr(room, "__all__", dir(room))}
    named = [name for name in manyworks.__all__ if not name.startswith("_")]
    assert [
        n for n in named if id(getattr(manyworks, n)) not in shown and not re.search(rf"\b{n}\b", page)
    ] == []


def test_unknown_names_of_the_root_are_attribute_errors():
    with pytest.raises(AttributeError, match="no_such_name"):
        manyworks.no_such_name  # noqa: B018


def test_importing_the_package_loads_nothing_heavy():
    code = f"import sys, json, manyworks; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    done = run(sys.executable, "-c", code)
    assert json.loads(done.stdout) == [], done.stderr


def test_help_loads_nothing_heavy():
    code = (
        "import sys, json, contextlib, io, manyworks.cli\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        "    manyworks.cli.main(['--help'])\n"
        f"print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    )
    done = run(sys.executable, "-c", code)
    assert json.loads(done.stdout) == [], done.stderr


def test_help_is_there_at_once():
    took = []
    for _ in range(5):
        start = perf_counter()
        done = run(str(BIN / "manyworks"), "--help")
        took.append(perf_counter() - start)
        assert done.returncode == 0, done.stderr
    # 0.3 s on an idle machine (see benchmarks); here other tests run at the same time.
    assert statistics.median(took) <= 1.0


def test_the_version_is_the_one_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert manyworks.__version__ == project["version"]


def test_types_are_published():
    assert (PACKAGE / "py.typed").is_file()


# ---- tables ------------------------------------------------------------------------------------

SAYS_WHERE_FROM = re.compile(r"\bsources?\b|\bours\b|by the authors", re.IGNORECASE)
ORIGIN = ("source", "year", "confidence")


def heading(path):
    """The comment a data file begins with."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line)
    return "\n".join(lines)


def figures(table, inherited, place=""):
    """Every table with a number as its ``value``, with the origin it states or inherits."""
    origin = inherited | {key for key in ORIGIN if table.get(key) not in (None, "")}
    if isinstance(table.get("value"), int | float):
        yield place, origin
    for key, one in table.items():
        for at, below in enumerate(one if isinstance(one, list) else [one]):
            if isinstance(below, dict):
                yield from figures(
                    below, origin, f"{place}/{key}" + (f"[{at}]" if isinstance(one, list) else "")
                )


@pytest.mark.parametrize("path", TABLES, ids=name_of)
def test_every_row_of_a_table_says_where_it_is_from(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    assert rows
    if "source" not in rows[0]:
        words_only = not any(re.fullmatch(r"-?[\d.]+", cell or "") for row in rows for cell in row.values())
        assert heading(path)
        assert words_only or SAYS_WHERE_FROM.search(heading(path))
        return
    kept = [key for key in ORIGIN if key in rows[0]]
    assert [at for at, row in enumerate(rows, 2) if not all((row[key] or "").strip() for key in kept)] == []


@pytest.mark.parametrize("path", TABLES, ids=name_of)
def test_every_row_of_a_table_has_as_many_cells_as_its_head(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    head, *rows = csv.reader(lines)
    assert [at for at, row in enumerate(rows, 2) if len(row) != len(head)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_figure_of_a_document_says_where_it_is_from(path):
    said = set(ORIGIN) if SAYS_WHERE_FROM.search(heading(path)) else set()
    found = figures(tomllib.loads(path.read_text(encoding="utf-8")), said)
    assert {place: sorted(set(ORIGIN) - origin) for place, origin in found if set(ORIGIN) - origin} == {}


# ---- what is committed -------------------------------------------------------------------------


def committed():
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    if listed.returncode:
        return [
            path for path in ROOT.rglob("*") if path.is_file() and not {".venv", ".git"} & set(path.parts)
        ]
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


@cache
def texts():
    found = {}
    for path in committed():
        data = path.read_bytes()
        if b"\0" not in data[:4096]:
            found[name_of(path)] = data.decode("utf-8", "replace")
    return found


# Written so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    r"py[p]i\.org|pythonhoste[d]\.org|npmj[s]\.(?:org|com)|registry[.]|crate[s]\.io|/simpl[e]/?\b"
)
PLACES_OF_ONE_MACHINE = re.compile(r"(?<![\w.:/-])/(?:wor[k]|hom[e]|roo[t]|User[s]|opt/wheel[s])/")


def test_no_file_names_a_package_registry():
    assert [name for name, text in texts().items() if REGISTRIES.search(text)] == []


def test_no_file_names_a_place_on_one_machine():
    assert [name for name, text in texts().items() if PLACES_OF_ONE_MACHINE.search(text)] == []


def test_constraints_are_exact_and_sorted():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins == sorted(pins)
    assert [pin for pin in pins if not re.fullmatch(r"[a-z0-9-]+==[0-9][\w.+!]*", pin)] == []


def test_every_dependency_is_constrained():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [
        *project["dependencies"],
        *(one for some in project["optional-dependencies"].values() for one in some),
    ]
    names = {re.match(r"[\w-]+", one).group().lower() for one in asked}
    pins = {line.split("==")[0] for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()}
    assert names - pins == set()
