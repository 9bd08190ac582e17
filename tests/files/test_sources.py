"""Bytes of a file -> text, whatever program wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.files import read, read_network, read_orders
from manyworks.files.sources import decode
from manyworks.model import errors

WESTERN = [
    "Équipe",
    "Ö",
    "Größe;Menge",
    "Niño",
    "Créée à Évry",
    "10µF ±5 %",
    "Æsop;Ångström",
    "déjà vu",
    "Ñandú",
]
CHINESE = ["深圳", "电阻,10k,数量", "位号;封装;厂家", "立创商城 0402 贴片电阻", "（备注）"]  # fmt: skip


@pytest.mark.parametrize("text", WESTERN)
def test_western_accents_are_not_taken_for_chinese(text: str) -> None:
    assert decode(f"Name,Qty\n{text},1\n".encode("cp1252"))[0] == f"Name,Qty\n{text},1\n"


@pytest.mark.parametrize("text", CHINESE)
def test_chinese_is_read_as_such(text: str) -> None:
    assert decode(f"Name,Qty\n{text},1\n".encode("gb18030"))[0] == f"Name,Qty\n{text},1\n"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00\ufeff")))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode())[0] == text


@given(st.binary(max_size=200))
def test_any_bytes_give_some_text(data: bytes) -> None:
    assert isinstance(decode(data)[0], str)


@pytest.mark.parametrize("name", ["a" * 300, "a\0b", "a/" * 3000])
def test_names_no_disk_can_hold_are_simply_absent(tmp_path: Path, name: str) -> None:
    for reader in (read, read_network, read_orders):
        thing, findings = reader(tmp_path / name)
        assert thing is None
        assert errors(findings)


def test_a_product_of_an_order_under_a_name_no_disk_can_hold(tmp_path: Path) -> None:
    text = f'[[order]]\nid = "A"\nproduct = "{"a" * 300}"\nquantity = 5\nship_to = "Cardiff, GB"\n'
    (tmp_path / "orders.toml").write_text(text)
    (finding,) = read_orders(tmp_path / "orders.toml")[1]
    assert (finding.code, finding.where) == ("files.orders.product", "orders.toml:3")
