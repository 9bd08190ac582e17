"""Every process's module carries an example, and the examples of the whole room say what they show."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import manyworks.processes
from manyworks.processes import processes

MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(manyworks.processes.__path__, "manyworks.processes.")
    if not found.ispkg
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_come_true(name):
    assert doctest.testmod(import_module(name)).failed == 0


@pytest.mark.parametrize("process", processes())
def test_every_process_shows_an_example_and_says_where_its_formula_is_from(process):
    module = import_module(f"manyworks.processes.models.{process.replace('-', '_')}")
    text = module.__doc__ or ""
    assert ">>> " in text
    assert "`" in text
