"""Set-up families: shared by orders of one product, told apart where two products have items of one id."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.cli.small_shop import write_product

from manyworks.files import read
from manyworks.model import Network, Product
from manyworks.planning.works import Roster
from manyworks.processes import typical_operation


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return read(write_product(tmp_path_factory.mktemp("p") / "keyring"), strict=True)[0]


@pytest.fixture
def roster():
    return Roster(network=Network(name="n", currency="USD", as_of="2026-01-01"), intervals={})


def family(name):
    return replace(typical_operation("injection-moulding"), setup_family=name)


def other(product):
    """Another product with items of the same ids."""
    items = {name: replace(item, revision="B") for name, item in product.items.items()}
    return Product(root=product.root, items=items, source="elsewhere")


def test_orders_of_one_product_share_a_set_up(roster, product):
    again = Product(root=product.root, items=dict(product.items), source="again")
    assert roster.family(family("mill tag"), product) == roster.family(family("mill tag"), again)


def test_items_of_two_products_with_one_id_do_not(roster, product):
    names = {roster.family(family("mill tag"), one) for one in (product, other(product))}
    assert names == {"mill tag", "mill tag (2)"}


@pytest.mark.parametrize("name", ["", "stencil", "print PLA red", "mill tagliatelle"])
def test_a_family_that_is_not_named_after_an_item_is_shared_by_all(roster, product, name):
    assert roster.family(family(name), product) == roster.family(family(name), other(product)) == name
