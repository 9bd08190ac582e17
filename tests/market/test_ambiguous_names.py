"""Words for a process that may mean another, stand within others, or name one kind of it."""

from __future__ import annotations

import pytest

from manyworks.market.lexicon import Lexicon
from manyworks.market.scoring import answer_statement
from manyworks.market.tables import toml_table
from manyworks.market.taxonomy import (
    canonical,
    is_kind_of,
    known_processes,
    may_mean,
    met_by,
    processes_named,
    processes_of_machine,
)


def verdict(asked: str, offered: str) -> str:
    return answer_statement({"process": asked}, {"machines": [{"process": offered}]}).verdict


@pytest.mark.parametrize(
    ("offered", "asked"),
    [
        ("spinning", "metal spinning"),
        ("spinning", "yarn spinning"),
        ("drawing", "wire drawing"),
        ("winding", "coil winding"),
        ("焊接", "wave soldering"),
        ("galvanising", "zinc plating"),
        ("etching", "photo etching"),
    ],
)
def test_a_shop_whose_word_may_mean_the_process_is_asked(offered: str, asked: str) -> None:
    assert verdict(asked, offered) == "unknown"


@pytest.mark.parametrize("asked", ["CNC milling", "weaving", "powder coating"])
def test_a_word_of_two_meanings_never_stands_for_a_third(asked: str) -> None:
    assert verdict(asked, "spinning") == "no_match"


def test_an_ambiguous_word_with_a_usual_meaning_still_means_that() -> None:
    assert verdict("welding", "焊接") == "match"
    assert verdict("TIG welding", "焊接") == "unknown"


def test_a_machine_with_a_known_model_is_not_ambiguous() -> None:
    shop = {"machines": [{"make": "Haas", "model": "VF-2", "process": "spinning"}]}
    assert answer_statement({"process": "yarn spinning"}, shop).verdict == "no_match"


@pytest.mark.parametrize(
    ("one", "other", "plain"),
    [
        ("fibre laser cutting", "CO2 laser cutting", "laser cutting"),
        ("慢走丝", "快走丝", "wire EDM"),
        ("aluminium die casting", "zinc die casting", "die casting"),
        ("iron foundry", "aluminium foundry", "metal casting"),
    ],
)
def test_the_plain_name_serves_for_either_of_two_brothers_but_neither_for_the_other(
    one: str, other: str, plain: str
) -> None:
    assert [verdict(one, plain), verdict(other, plain)] == ["match", "match"]
    assert [verdict(one, other), verdict(other, one)] == ["no_match", "no_match"]
    assert verdict(plain, one) == "match"


def test_what_a_process_is_met_by_is_in_the_table() -> None:
    for slug in known_processes():
        assert set(met_by(slug)) <= set(known_processes())
        assert slug not in met_by(slug)


def test_what_a_name_may_mean_is_in_the_table_and_not_what_it_means_anyway() -> None:
    for name, slugs in toml_table("processes.toml")["may"].items():
        assert set(slugs) <= set(known_processes())
        assert canonical(name) not in may_mean(name)


@pytest.mark.parametrize(
    ("name", "process"),
    [
        ("quilting of mattress panels", "quilting"),
        ("insert moulding of threaded bushes", "insert moulding"),
        ("CNC turning up to 65 mm", "CNC turning"),
        ("200 t injection moulding", "injection moulding"),
        ("automated tube bending", "tube bending"),
    ],
)
def test_what_is_made_and_how_large_does_not_hide_the_process(name: str, process: str) -> None:
    assert canonical(name) == canonical(process)


@pytest.mark.parametrize(
    "name", ["turning of bowls", "cutting of hair", "moulding of opinions", "printing of money"]
)
def test_a_group_named_of_something_is_not_guessed_at(name: str) -> None:
    assert canonical(name) is None


def test_of_names_another_process_where_the_table_has_it() -> None:
    assert canonical("sintering of nylon by laser") != canonical("sintering")
    assert not is_kind_of("injection moulding of metal", "plastic injection moulding")


def test_processes_joined_by_with_are_both_named() -> None:
    assert processes_named("CNC turning with knurling") == ("cnc-turning", "knurling")
    assert processes_named("CNC turning with a smile") == ()


def test_the_longer_beginning_of_a_model_decides_between_the_two_tables() -> None:
    assert processes_of_machine("3D Systems", "ProJet 6000") == ("sla-printing",)
    assert processes_of_machine("3D Systems", "ProJet MJP 2500") == ("material-jetting",)


def test_masked_stereolithography_is_stereolithography_but_not_light_projection() -> None:
    machine = {"make": "Formlabs", "model": "Form 4"}
    asked = {
        name: answer_statement({"process": name}, {"machines": [machine]}).verdict for name in ("SLA", "DLP")
    }
    assert asked == {"SLA": "match", "DLP": "no_match"}


def test_words_that_only_help_a_name_are_left_out_only_where_it_is_not_known_with_them() -> None:
    table = {
        "dropped": [],
        "dropped_endings": [],
        "helping": ["cnc"],
        "thing": {
            "milling": {"en": []},
            "cnc-milling": {"parents": ["milling"], "en": []},
            "bending": {"en": []},
        },
    }
    lexicon = Lexicon(table, "thing")
    assert [lexicon.find(name) for name in ("CNC milling", "CNC bending", "CNC")] == [
        "cnc-milling",
        "bending",
        None,
    ]
