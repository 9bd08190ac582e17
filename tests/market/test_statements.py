"""Requirements and shops as JSON: units, troubles told at once, and never a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.market.scoring import VERDICTS, answer_statement
from manyworks.market.statement_fields import MACHINE, REQUIREMENT, SHOP, known_names
from manyworks.market.statements import read_json, read_requirement, read_shop
from manyworks.model import errors

MILL = {"machines": [{"process": "CNC milling"}]}


def requirement(**stated: Any) -> Any:
    asked, findings = read_requirement({"process": "CNC milling", **stated}, "r.json")
    assert asked is not None, findings
    return asked.requirement


def verdict(asked: dict[str, Any], machine: dict[str, Any], **shop: Any) -> str:
    process = asked.get("process", "CNC milling")
    machines = [{"process": process, **machine}]
    return answer_statement({"process": process, **asked}, {"machines": machines, **shop}).verdict


@pytest.mark.parametrize(
    ("stated", "field", "value"),
    [
        ({"size_in": [1, 2, 3]}, "size_mm", (25.4, 50.8, 76.2)),
        ({"size_cm": [1, 2]}, "size_mm", (10.0, 20.0)),
        ({"tolerance_in": 0.001}, "tolerance_mm", 0.0254),
        ({"tolerance_um": 5}, "tolerance_mm", 0.005),
        ({"min_trace_mil": 4}, "min_track_mm", 0.1016),
        ({"copper_oz": 2}, "copper_um", 70.0),
        ({"finish_ra_uin": 20}, "finish_ra_um", 0.508),
        ({"finish_ra_uin": 32}, "finish_ra_um", 0.8),
        ({"finish": "N7"}, "finish_ra_um", 1.6),
        ({"weight_g": 1500}, "weight_kg", 1.5),
        ({"clamp_force_kn": 980.665}, "clamp_force_t", 100.0),
        ({"it_grade": "H7"}, "it_grade", 7),
        ({"it_grade": "IT01"}, "it_grade", -1),
        ({"iso_class": "Class 100,000"}, "iso_class", 8),
        ({"colors": 3}, "colours", 3),
        ({"material": ["ABS", "PC"]}, "materials", ("ABS", "PC")),
        ({"size_mm": None}, "size_mm", None),
    ],
)
def test_a_field_is_read_in_its_unit(stated: dict[str, Any], field: str, value: Any) -> None:
    assert getattr(requirement(**stated), field) == (
        pytest.approx(value) if isinstance(value, float | tuple) and field != "materials" else value
    )


@pytest.mark.parametrize(
    ("stated", "named", "hint"),
    [
        ({"size": [1, 2, 3]}, "size", "did you mean size_mm?"),
        ({"tolerence_mm": 1}, "tolerence_mm", "did you mean tolerance_mm?"),
        ({"size_mm": [1, -2, 3]}, "size_mm", ""),
        ({"size_mm": "10x10"}, "size_mm", ""),
        ({"tolerance_mm": float("nan")}, "tolerance_mm", ""),
        ({"tolerance_mm": "0.1"}, "tolerance_mm", "without quotes"),
        ({"layers": 2.5}, "layers", ""),
        ({"layers": True}, "layers", "without quotes"),
        ({"quantity": 0}, "quantity", ""),
        ({"quantity": 10**400}, "quantity", ""),
        ({"iso_class": 100_000}, "iso_class", "Class 100,000"),
        ({"iso_class": "GMP grade B"}, "iso_class", "at rest"),
        ({"it_grade": 19}, "it_grade", ""),
        ({"needed_on": "May"}, "needed_on", ""),
        ({"budget": {"amount": 5, "coin": "GBP"}}, "budget", ""),
        ({"process": ""}, "process", ""),
        ({"size_mm": [1, 2, 3], "size_in": [1, 2, 3]}, "size_in", "one unit"),
    ],
)
def test_a_statement_that_cannot_be_read_is_one_finding_and_the_answer_unknown(
    stated: dict[str, Any], named: str, hint: str
) -> None:
    answer = answer_statement({"process": "CNC milling", **stated}, MILL)
    (finding,) = errors(answer.findings)
    assert named in finding.message
    assert hint in finding.hint
    assert answer.verdict == "unknown"


def test_all_troubles_are_told_at_once_with_their_place() -> None:
    asked, _ = read_requirement({"process": "CNC milling"}, "r")
    assert asked is not None
    shop = {"machines": [{"procces": "x"}, {"best_ra_um": -1}], "status": 3, "min_lot": "many"}
    network, findings = read_shop(shop, asked, "s")
    assert network is None
    assert [(f.where, f.code) for f in findings] == [
        ("s", "market.statement.value"),
        ("s", "market.statement.value"),
        ("s machine 1", "market.statement.unknown"),
        ("s machine 2", "market.statement.value"),
    ]


def test_a_requirement_without_a_process_is_told() -> None:
    asked, findings = read_requirement({"size_mm": [1, 2]}, "r")
    assert asked is None
    assert "no process" in findings[0].message


def test_a_name_of_two_processes_asks_for_both() -> None:
    laser = {"machines": [{"process": "laser cutting"}]}
    both = {"machines": [{"process": "laser cutting and powder coating"}]}
    assert answer_statement({"process": "laser cutting and powder coating"}, laser).verdict == "no_match"
    assert answer_statement({"process": "laser cutting and powder coating"}, both).verdict == "match"


TABLE = {"materials": ["steel", "aluminium"], "max_thickness_mm": {"steel": 20, "304": 10, "aluminium": 8}}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"material": "S355", "thickness_mm": 15}, "match"),
        ({"material": "1.4301", "thickness_mm": 15}, "no_match"),
        ({"material": "1.4301", "thickness_mm": 10}, "match"),
        ({"material": "6082", "thickness_mm": 9}, "no_match"),
        ({"material": ["S355", "6082"], "thickness_mm": 8}, "match"),
        ({"material": ["S355", "6082"], "thickness_mm": 9}, "no_match"),
        ({"thickness_mm": 8}, "match"),
        ({"thickness_mm": 9}, "unknown"),
        ({"thickness_mm": 21}, "no_match"),
        ({"material": "S355"}, "match"),
    ],
)
def test_a_table_of_thicknesses_counts_by_the_narrowest_entry_that_covers_the_material(
    asked: dict[str, Any], expected: str
) -> None:
    assert verdict({"process": "laser cutting", **asked}, TABLE) == expected


def test_a_material_that_a_table_of_thicknesses_leaves_out_is_asked_for() -> None:
    table = {"materials": ["steel", "copper"], "max_thickness_mm": {"steel": 20}}
    asked = {"process": "laser cutting", "material": "copper", "thickness_mm": 2}
    assert verdict(asked, table) == "unknown"


def test_a_budget_in_another_currency_cannot_be_judged() -> None:
    least = {"amount": 75, "currency": "GBP"}
    assert verdict({"budget": {"amount": 500, "currency": "USD"}}, {}, min_order_value=least) == "unknown"
    assert verdict({"budget": {"amount": 75, "currency": "GBP"}}, {}, min_order_value=least) == "match"
    assert verdict({"budget": {"amount": 74, "currency": "GBP"}}, {}, min_order_value=least) == "no_match"
    assert verdict({}, {}, min_order_value=least) == "match"


def test_what_fails_for_the_whole_shop_wins_over_what_is_not_said() -> None:
    assert verdict({"size_mm": [1, 2, 3]}, {}, status="closed") == "no_match"
    assert verdict({"size_mm": [1, 2, 3], "quantity": 5}, {}, min_lot=10) == "no_match"


def test_a_shop_wide_statement_counts_for_machines_that_make_none() -> None:
    shop = {"machines": [{"process": "CNC milling"}], "materials": ["aluminium"], "iso_class": 7}
    asked = {"process": "CNC milling", "material": "6061", "iso_class": 7}
    assert answer_statement(asked, shop).verdict == "match"


def test_a_model_narrows_what_a_machine_says_in_wider_words() -> None:
    form = {"process": "3D printing", "make": "Formlabs", "model": "Form 3"}
    assert answer_statement({"process": "SLA"}, {"machines": [form]}).verdict == "match"
    assert answer_statement({"process": "SLS"}, {"machines": [form]}).verdict == "no_match"


def test_a_certificate_that_begins_later_is_not_held_yet() -> None:
    held = [{"name": "ISO 9001", "valid_from": "2026-06-01", "valid_to": "2029-05-31"}]
    asked = {"certificate": "ISO 9001"}
    assert verdict({**asked, "needed_on": "2026-05-01"}, {}, certificates=held) == "no_match"
    assert verdict({**asked, "needed_on": "2026-06-01"}, {}, certificates=held) == "match"


def test_a_key_stated_twice_is_told() -> None:
    found, findings = read_json('{"process": "SLS", "process": "FDM"}', "r.json")
    assert found is not None
    assert [finding.message for finding in findings] == ["process is stated twice"]


@pytest.mark.parametrize("fields", [REQUIREMENT, MACHINE, SHOP])
def test_no_name_is_written_for_two_fields(fields: Any) -> None:
    written = [name for field in fields for name in known_names((field,))]
    assert len(written) == len(set(written))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
asked_names = st.sampled_from(sorted(known_names(REQUIREMENT)))
shop_names = st.sampled_from(sorted(known_names(SHOP)))
machine_names = st.sampled_from(sorted(known_names(MACHINE)))


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(asked_names, json_values, max_size=4),
    st.dictionaries(shop_names, json_values, max_size=3),
    st.lists(st.dictionaries(machine_names, json_values, max_size=3), max_size=2),
)
def test_whatever_is_stated_is_answered(
    asked: dict[str, Any], shop: dict[str, Any], machines: list[dict[str, Any]]
) -> None:
    answer = answer_statement({"process": "CNC milling", **asked}, {"machines": machines, **shop})
    assert answer.verdict in VERDICTS
    assert answer.reason
    json.dumps(answer.reason)
