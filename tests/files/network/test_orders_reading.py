"""An orders file becomes orders, or everything that is wrong with it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manyworks import files
from manyworks.files import FilesError
from manyworks.files.network import read_orders
from manyworks.model import Order, Severity

TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=200)
ONE = '[[order]]\nid = "A"\nproduct = "badge"\nquantity = 50\nship_to = "Cardiff, GB"\n'


@pytest.fixture
def orders_file(tmp_path):
    (tmp_path / "badge").mkdir()
    (tmp_path / "badge" / "product.toml").write_text("")
    (tmp_path / "board.kicad_pcb").write_text("")

    def write(text: str) -> Path:
        path = tmp_path / "orders.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_front_door_looks_at_due_days_too(orders_file):
    path = orders_file(ONE + "due = 2026-01-02\n")
    assert files.read_orders(path)[1] == ()
    (finding,) = files.read_orders(path, as_of="2026-11-20")[1]
    assert finding.code == "files.orders.due"


def test_every_key(orders_file):
    text = ONE + 'due = 2026-12-20\noption = "fastest"\nweight = 2\ncustomer = "Beach festival"\n'
    orders, findings = read_orders(orders_file(text))
    assert findings == ()
    assert orders == (
        Order(
            id="A",
            product="badge",
            source="badge",
            quantity=50,
            ship_to="Cardiff, GB",
            due="2026-12-20",
            option="fastest",
            weight=2.0,
            customer="Beach festival",
        ),
    )


def test_defaults(orders_file):
    orders, _ = read_orders(orders_file(ONE))
    assert (orders[0].due, orders[0].option, orders[0].weight, orders[0].customer) == (
        "",
        "cheapest",
        1.0,
        "",
    )


def test_orders_keep_the_files_order(orders_file):
    orders, _ = read_orders(orders_file(ONE.replace('"A"', '"Z"') + "\n" + ONE))
    assert [order.id for order in orders] == ["Z", "A"]


@pytest.mark.parametrize(
    ("source", "product"),
    [("badge", "badge"), ("badge/product.toml", "badge"), ("board.kicad_pcb", "board")],
)
def test_product_is_named_after_its_file_or_folder(orders_file, source, product):
    orders, _ = read_orders(orders_file(ONE.replace('"badge"', f'"{source}"')))
    assert (orders[0].product, orders[0].source) == (product, source)


MISTAKES = [
    ("quantity = 50", 'quantity = "50"', 4, "write it without quotes"),
    ("quantity = 50", 'quantity = "fifty"', 4, "a whole number, not text"),
    ("quantity = 50", "quantity = 0", 4, "at least 1"),
    ("quantity = 50", "quantity = -3", 4, "at least 1"),
    ("quantity = 50", "quantity = 2.5", 4, "a whole number"),
    ("quantity = 50", "quantity = true", 4, "not true or false"),
    ("quantity = 50", "quantity = 2000000000", 4, "at most"),
    ("quantity = 50", "quantity = 0x" + "f" * 5000, 4, "fewer digits"),
    ("quantity = 50", "", 1, "quantity is empty"),
    ('product = "badge"', 'product = "budge"', 3, "no such file or folder"),
    ('product = "badge"', "product = 5", 3, "text in quotes"),
    ('product = "badge"', 'product = " "', 3, "product is empty"),
    ('ship_to = "Cardiff, GB"', "", 1, "ship_to is empty"),
    ('ship_to = "Cardiff, GB"', 'ship_to = "Cardiff"\ndue = "soon"', 6, "a date such as"),
    ('ship_to = "Cardiff, GB"', 'ship_to = "Cardiff"\ndue = 2026-11-20T10:00:00', 6, "a date or time"),
    ('ship_to = "Cardiff, GB"', 'ship_to = "Cardiff"\noption = "fast"', 6, "did you mean 'fastest'?"),
    ('ship_to = "Cardiff, GB"', 'ship_to = "Cardiff"\nweight = 0', 6, "above 0"),
    ('ship_to = "Cardiff, GB"', 'ship_to = "Cardiff"\nweight = nan', 6, "a number"),
    ('ship_to = "Cardiff, GB"', 'ship_to = "Cardiff"\nprodukt = "x"', 6, "did you mean 'product'?"),
    ('ship_to = "Cardiff, GB"', 'ship_to = "Cardiff"\n[order.due]\nday = 1', 1, "not a table"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), MISTAKES, ids=[m[1][-40:] for m in MISTAKES])
def test_mistake_is_told_at_its_line(orders_file, old, new, line, words):
    orders, findings = read_orders(orders_file(ONE.replace(old, new)))
    assert orders is None
    assert [f.where for f in findings] == [f"orders.toml:{line}"]
    assert words in f"{findings[0].message} | {findings[0].hint}"


def test_all_mistakes_at_once(orders_file):
    text = ONE.replace("50", "0") + ONE.replace("badge", "gone").replace('"A"', '"B"')
    _, findings = read_orders(orders_file(text))
    assert [f.where for f in findings] == ["orders.toml:4", "orders.toml:8"]


def test_same_id_twice(orders_file):
    _, findings = read_orders(orders_file(ONE + ONE))
    assert [(f.where, f.message) for f in findings] == [
        ("orders.toml:6", "id 'A' is already used at orders.toml:1")
    ]


def test_due_before_the_networks_day_is_a_warning(orders_file):
    orders, findings = read_orders(orders_file(ONE + "due = 2026-11-19\n"), as_of="2026-11-20")
    assert orders is not None
    assert [(f.where, f.severity) for f in findings] == [("orders.toml:6", Severity.WARNING)]


def test_due_on_the_networks_day_is_fine(orders_file):
    assert read_orders(orders_file(ONE + "due = 2026-11-20\n"), as_of="2026-11-20")[1] == ()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "orders.toml"),
        ("order = 3", "orders.toml:1"),
        ("[order]\nid = 'A'", "orders.toml:1"),
        ("[[order", "orders.toml"),
    ],
)
def test_no_orders(orders_file, text, where):
    orders, findings = read_orders(orders_file(text))
    assert orders is None
    assert [f.where for f in findings] == [where]


def test_unknown_table(orders_file):
    _, findings = read_orders(orders_file(ONE + "[[oder]]\nid = 'B'\n"))
    assert [(f.where, f.hint) for f in findings] == [("orders.toml:6", "did you mean 'order'?")]


def test_file_that_is_not_there(tmp_path):
    orders, findings = read_orders(tmp_path / "orders.toml")
    assert orders is None
    assert [f.code for f in findings] == ["files.orders.file"]


def test_strict_raises_every_finding(orders_file):
    path = orders_file(ONE.replace("50", "0"))
    with pytest.raises(FilesError) as caught:
        read_orders(path, strict=True)
    assert caught.value.findings == read_orders(path)[1]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
    cut=st.integers(0, len(ONE)),
)
def test_no_bytes_make_the_reader_fall_over(orders_file, data, cut):
    path = orders_file("")
    path.write_bytes(ONE[:cut].encode() + data + ONE[cut:].encode())
    read_orders(path)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("due = 9999-12-31", "1970 to 2200"),
        ("due = 0001-01-01", "1970 to 2200"),
        ("weight = 1e300", "at most"),
    ],
)
def test_days_of_no_calendar_and_weights_beyond_reason(orders_file, line, words):
    orders, (finding,) = read_orders(orders_file(ONE + line + "\n"))
    assert orders is None
    assert finding.where == "orders.toml:6"
    assert words in finding.message
