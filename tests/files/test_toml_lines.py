"""TOML texts: content or a line to look at, and where keys stand."""

from __future__ import annotations

import pytest

from manyworks.files.toml_text import KeyLines, TomlError, parse_toml

TEXT = """name = "x"  # 1

[[item]]    # 3
id = "a"
[[ item ]]
id = "b"    # 6
"mass_kg" = 2
[exchange.rates] # 8
USD = 1
list = [
  ["a", "b"],
]
"""


@pytest.mark.parametrize(
    ("table", "index", "key", "line"),
    [("", 0, "name", 1), ("item", 0, "", 3), ("item", 1, "id", 6), ("item", 1, "mass_kg", 7),
     ("item", 1, "no", 5), ("exchange.rates", 0, "USD", 9), ("exchange.rates", 0, "list", 10),
     ("no", 0, "no", 0)],
)  # fmt: skip
def test_keys_and_tables_are_found(table: str, index: int, key: str, line: int) -> None:
    assert KeyLines(TEXT).find(table, index, key) == line


def test_a_key_may_be_the_name_of_a_table() -> None:
    assert KeyLines(TEXT).find_key("item") == 3
    assert KeyLines(TEXT).find_key("nothing", "item", 1) == 5


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\nb = \n", 2), ("a = 1\na = 2\n", 2), ("a = " + "[" * 5000, 0), ("a = " + "9" * 5000, 0)],
)
def test_what_is_no_toml_says_its_line(text: str, line: int) -> None:
    with pytest.raises(TomlError) as told:
        parse_toml(text)
    assert told.value.line == line
    assert "at line" not in str(told.value)


def test_a_line_of_blanks_takes_no_time() -> None:
    KeyLines("[" + " " * 1_000_000 + "x")
    KeyLines("[" + "a " * 500_000)
