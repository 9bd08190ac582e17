"""Processes are called what the rest of the house calls them."""

from __future__ import annotations

import pytest

from manyworks.manufacturability import limits
from manyworks.market import known_processes

NAMES = sorted({process for limit in limits() for process in limit.processes})


@pytest.mark.parametrize("name", NAMES)
def test_every_process_of_a_limit_is_one_that_shops_can_have(name: str) -> None:
    assert name in known_processes()
