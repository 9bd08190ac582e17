"""Compiled functions: how they call each other, and when what is kept on disk is believed."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from manyworks.scheduling.engine import keeping
from manyworks.scheduling.engine.compiling import compiled, inlined, inner, lean

RUN = """
import sys
from pathlib import Path
from manyworks.scheduling.engine import keeping
keeping.SOURCES = Path(sys.argv[1])
sys.path.insert(0, sys.argv[1])
from outer import price
{before}
print(price(20), sum(price._cache_hits.values()))
"""
INNER = """from manyworks.scheduling.engine.compiling import inlined

@inlined
def factor(value):
    return value * {times}
"""
OUTER = """from inner import factor
from manyworks.scheduling.engine.compiling import compiled

@compiled
def price(value):
    return factor(value) + 1
"""


@inlined
def _first(values: np.ndarray, place: int) -> int:
    return int(values[place]) + 1


@inner
def _second(values: np.ndarray, place: int) -> int:
    return _first(values, place) * _first(values, place + 1)


@lean
def _third(values: np.ndarray, place: int) -> int:
    return _second(values, place) - _first(values, place)


@compiled
def _whole(values: np.ndarray) -> int:
    total = 0
    for place in range(len(values) - 1):
        total += _third(values, place) + _second(values, place)
    return total


@compiled
def _made_in_a_part(count: int) -> float:
    return float(_many(count).sum())


@compiled
def _many(count: int) -> np.ndarray:
    return np.arange(count) * 2


def _run(folder: Path, before: str = "") -> list[int]:
    """What a fresh process answers, and how often it found the answer's code on disk."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder / "kept")}
    command = [sys.executable, "-c", RUN.format(before=before), str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return [int(word) for word in done.stdout.split()]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Two files, of which one calls the other."""
    (tmp_path / "inner.py").write_text(INNER.format(times=2))
    (tmp_path / "outer.py").write_text(OUTER)
    return tmp_path


def test_a_tree_of_calls_answers_as_python_does() -> None:
    values = np.array([4, 7, 1, 9, 3])
    more = [value + 1 for value in values.tolist()]
    products = [a * b for a, b in pairwise(more)]
    assert _whole(values) == 2 * sum(products) - sum(more[:-1])


def test_python_may_call_every_compiled_function() -> None:
    values = np.array([4, 7, 1])
    assert (_first(values, 0), _second(values, 0), _third(values, 0)) == (5, 40, 35)


def test_a_part_may_make_arrays() -> None:
    assert _made_in_a_part(5) == 20.0


def test_a_change_in_a_called_file_is_noticed_and_what_is_unchanged_is_loaded(sources: Path) -> None:
    assert _run(sources) == [41, 0]
    assert _run(sources) == [41, 1]
    (sources / "inner.py").write_text(INNER.format(times=3))
    assert _run(sources) == [61, 0]
    assert len(list((sources / "kept").rglob("outer.price*.nbc"))) == 1


def test_code_of_sources_that_changed_meanwhile_is_not_kept(sources: Path) -> None:
    assert _run(sources, "(Path(sys.argv[1]) / 'inner.py').write_text('changed = 1')") == [41, 0]
    assert not list((sources / "kept").rglob("outer.price*.nbc"))


def test_a_fingerprint_knows_contents_and_names_but_not_times(sources: Path) -> None:
    before = keeping.fingerprint(sources)
    os.utime(sources / "inner.py", (1, 1))
    assert keeping.fingerprint(sources) == before
    (sources / "inner.py").rename(sources / "other.py")
    renamed = keeping.fingerprint(sources)
    (sources / "other.py").write_text(INNER.format(times=4))
    assert len({before, renamed, keeping.fingerprint(sources)}) == 3


def test_all_sources_that_are_compiled_are_looked_at() -> None:
    assert Path(keeping.__file__).is_relative_to(keeping.SOURCES)
    assert (keeping.SOURCES / "bounds_heads.py").is_file()
