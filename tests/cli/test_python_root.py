"""``import manyworks``: everything from one place, nothing loaded before it is asked for."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import manyworks as mw


def test_every_name_can_be_had():
    assert all(getattr(mw, name) is not None for name in mw.__all__)


def test_names_are_sorted_and_few():
    assert list(mw.__all__) == sorted(mw.__all__)
    assert len(mw.__all__) <= 40
    assert set(mw.__all__) <= set(dir(mw))


def test_type_checkers_are_told_of_the_same_names():
    tree = ast.parse(Path(mw.__file__).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    told = {(alias.name, node.module) for node in guarded.body for alias in node.names}
    assert {name for name, _ in told} | {"__version__"} == set(mw.__all__)
    for name, room in told:
        assert getattr(sys.modules[room], name) is getattr(mw, name)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nonsense"):
        mw.nonsense  # noqa: B018


def test_importing_it_loads_nothing_else():
    code = "import sys, manyworks; print([m for m in sys.modules if m.startswith(('manyworks.', 'numpy'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_same_steps_as_on_the_command_line(product, network):
    thing, _ = mw.read(product)
    town, _ = mw.read_network(network)
    quotes = mw.quote(thing, town, quantities=[5, 50], ship_to="Cardiff, GB")
    assert [quote.quantity for quote in quotes.quotes] == [5, 50]
    order = mw.Order(id="o", product=thing.root, source="", quantity=5, ship_to="Cardiff, GB")
    made = mw.plan([(order, thing)], town)
    assert mw.check(made.workload, made.schedule) == ()
    assert mw.plan_to_json(made, town)["orders"][0]["id"] == "o"
