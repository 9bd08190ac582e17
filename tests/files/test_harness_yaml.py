"""YAML text: what it means, where things stand in it, and that no text can harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.files.yaml_text import YAML_DEPTH, YamlList, YamlMapping, load_yaml

PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text("abcXYZ 09.:-#é", max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=4),
    ),
    max_leaves=20,
)


def _load(text: str) -> object:
    thing, findings = load_yaml(text, "f.yml")
    assert not findings
    return thing


def _code(text: str) -> str:
    thing, findings = load_yaml(text, "f.yml")
    assert thing is None
    return findings[0].code


class TestMeaning:
    @given(PLAIN)
    def test_what_is_written_with_quotes_is_read_back(self, thing: object) -> None:
        import json

        assert _load(json.dumps(thing)) == thing

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("true", True), ("False", False), ("~", None), ("null", None), ("", None), ("12", 12), ("-3", -3),
            ("1.50", 1.5), (".5", 0.5), ("1e-3", 0.001), ("2.5E+3", 2500.0), ("0", 0), ("'12'", "12"),
            ("NO", "NO"), ("yes", "yes"), ("off", "off"), ("0123", "0123"), ("1:30", "1:30"), ("1E5", "1E5"),
            ("2020-01-02", "2020-01-02"), ("0x1F", "0x1F"), ("1_000", "1_000"), (".inf", ".inf"),
            ("1-6", "1-6"),
            ("!!str 12", "12"), ("9" * 40, "9" * 40), ("=", "="),
        ],
    )  # fmt: skip
    def test_only_plain_numbers_and_words_have_a_meaning(self, text: str, value: object) -> None:
        found = _load(f"a: {text}")
        assert found == {"a": value}
        assert isinstance(found, dict)
        assert type(found["a"]) is type(value)

    def test_own_keys_win_over_merged_ones_and_the_first_merge_over_the_second(self) -> None:
        text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  c: 3\n  <<: [*x, *y]\nw:\n  <<: *y\n  <<: *x\n"
        found = _load(text)
        assert isinstance(found, dict)
        assert found["z"] == {"c": 3, "a": 1, "b": 1}
        assert found["w"] == {"b": 2, "c": 2, "a": 1}

    def test_things_know_their_lines(self) -> None:
        found = _load("a: 1\nb:\n  - x\n  - y\nc: {d: 1,\n  e: 2}\n")
        assert isinstance(found, YamlMapping)
        assert (found.line_of("b"), found["c"].line_of("e"), found["b"].line_of(1)) == (2, 6, 4)
        assert isinstance(found["b"], YamlList)


class TestTrouble:
    def test_a_key_that_stands_twice_is_a_warning(self) -> None:
        thing, findings = load_yaml("a: 1\nb: 2\na: 3\n", "f.yml")
        assert thing == {"a": 3, "b": 2}
        assert [(f.code, f.where) for f in findings] == [("files.yaml.key-twice", "f.yml:3")]

    def test_further_documents_are_named(self) -> None:
        thing, findings = load_yaml("a: 1\n---\nb: 2\n", "f.yml")
        assert thing == {"a": 1}
        assert findings[0].code == "files.yaml.documents"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("a: [", "files.yaml.malformed"),
            ("a: b: c", "files.yaml.malformed"),
            ("\ta: 1", "files.yaml.malformed"),
            ("a: \x00", "files.yaml.malformed"),
            ("a: \ud800", "files.yaml.malformed"),
            ("a: *nobody", "files.yaml.malformed"),
            ("a: !!python/object/apply:os.system [x]", "files.yaml.tag"),
            ("a: !secret x", "files.yaml.tag"),
            ("a: !!set {x}", "files.yaml.tag"),
            ("? [1, 2]\n: x", "files.yaml.key"),
            ("a: &a [*a]", "files.yaml.endless"),
            ("a: &a {b: *a}", "files.yaml.endless"),
            ("a:\n  <<: 3", "files.yaml.merge"),
            ("[" * (YAML_DEPTH + 1), "files.yaml.too-deep"),
            ("- " * 5000, "files.yaml.too-deep"),
            ("x" * 3_000_000, "files.yaml.too-large"),
        ],
    )
    def test_what_is_no_plain_data_is_one_finding(self, text: str, code: str) -> None:
        assert _code(text) == code

    def test_aliases_cannot_multiply_beyond_bounds(self) -> None:
        laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
        )
        assert _code(laughs) == "files.yaml.too-large"

    def test_chains_of_aliases_cannot_nest_beyond_bounds(self) -> None:
        chain = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 500))
        assert _code(chain) == "files.yaml.too-large"

    def test_a_few_aliases_are_fine(self) -> None:
        assert _load("a: &a [1, 2]\nb: [*a, *a]\n") == {"a": [1, 2], "b": [[1, 2], [1, 2]]}

    @given(st.text(max_size=200))
    def test_no_text_breaks_the_reader(self, text: str) -> None:
        load_yaml(text, "f")

    @given(st.text("abc:-[]{}&*!<>|'\"\n ,?#%@`1", max_size=80))
    def test_no_marks_break_the_reader(self, text: str) -> None:
        thing, findings = load_yaml(text, "f")
        assert thing is None or not any(f.severity == "error" for f in findings)
