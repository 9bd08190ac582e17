"""The badge example quoted once for every test that looks at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from manyworks.files import read, read_network
from manyworks.quoting import prepare, quote_prepared

ROOT = Path(__file__).resolve().parents[2]
ASKED = (5, 500, 10_000)


@pytest.fixture(scope="session")
def network():
    found, _ = read_network(ROOT / "examples" / "network", strict=True)
    return found


@pytest.fixture(scope="session")
def badge():
    found, _ = read(ROOT / "examples" / "badge", strict=True)
    return found


@pytest.fixture(scope="session")
def cardiff(network):
    from manyworks.logistics import find_place

    return find_place("Cardiff, GB", network)


@pytest.fixture(scope="session")
def prepared(badge, network, cardiff):
    return prepare(badge, network, cardiff)


@pytest.fixture(scope="session")
def quotes(prepared, network):
    return quote_prepared(prepared, network, quantities=ASKED)
