"""Bytes of a file -> text, whatever program wrote them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.files.sources import decode

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
