"""Machines of others' tables get what their model, class or name stands for, and every assumption is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.market.catalogue import find_model
from manyworks.market.enrolment import Enrolled, enrol
from manyworks.model import Capability, Machine, MachineId, Severity, ShopId


def machine(
    name: str = "", make: str = "", *stated: Capability, model: str = "", number: int = 1, **fields: object
) -> Machine:
    return Machine(
        id=MachineId(f"m{number}"),
        shop=ShopId("s"),
        name=name,
        make=make,
        model=model,
        capabilities=stated,
        **fields,  # type: ignore[arg-type]
    )


def one(found: Enrolled) -> Machine:
    (only,) = found.machines
    return only


def told(found: Enrolled) -> dict[str, str]:
    return {finding.code.rpartition(".")[2]: finding.message for finding in found.findings}


ADDITIVE = Capability(process="additive-manufacturing")
KIND = {MachineId("m1"): "three_d_printer"}


def test_a_model_of_the_catalogue_brings_process_size_and_price() -> None:
    found = enrol([machine("ultimaker 2", "ultimaker", ADDITIVE)], KIND)
    row = find_model("ultimaker", "2")
    assert row is not None
    assert one(found).capabilities == row.capabilities
    assert one(found).capital == row.capital_usd
    assert one(found).coefficients == {"bed_x_mm": 223.0, "bed_y_mm": 223.0}
    assert {"model", "figures", "capital", "power", "coefficients"} == {*told(found)}
    assert found.understood == {"model": 1}


def test_the_price_is_told_in_the_networks_currency() -> None:
    found = enrol([machine("ultimaker 2", "ultimaker", ADDITIVE)], KIND, dollar=0.5)
    assert one(found).capital == 1250.0
    assert "1250 (USD 2500 in 2013)" in told(found)["capital"]


def test_the_mean_power_is_less_than_the_rated() -> None:
    found = enrol([machine("ultimaker 2", "ultimaker", ADDITIVE)], KIND)
    row = find_model("ultimaker", "2")
    assert row is not None
    assert row.rated_kw is not None
    assert 0 < (one(found).power_kw or 0) < row.rated_kw


def test_what_the_table_states_stays() -> None:
    stated = Capability(process="additive-manufacturing", envelope_mm=(100.0, 90.0, 80.0), materials=("wax",))
    own = machine(
        "ultimaker 2", "ultimaker", stated, capital=99.0, power_kw=0.5, coefficients={"bed_x_mm": 95.0}
    )
    kept = one(enrol([own], KIND))
    assert kept.capabilities[0].envelope_mm == (100.0, 90.0, 80.0)
    assert kept.capabilities[0].materials == ("wax",)
    assert (kept.capital, kept.power_kw, kept.coefficients["bed_x_mm"]) == (99.0, 0.5, 95.0)


def test_a_stated_process_is_not_overruled_by_the_model() -> None:
    found = enrol([machine("ultimaker 2", "ultimaker", Capability(process="cnc-milling"))])
    assert one(found).capabilities == (Capability(process="cnc-milling"),)
    assert found.understood == {"stated": 1}
    assert found.findings == ()


def test_a_stated_process_that_the_model_does_gets_its_figures() -> None:
    found = enrol([machine("ultimaker 2", "ultimaker", Capability(process="fdm-printing"))])
    assert one(found).capabilities[0].envelope_mm == (223.0, 223.0, 205.0)
    assert "223" in told(found)["figures"]


def test_a_model_outweighs_a_wrong_class() -> None:
    found = enrol([machine("formbox", "mayku", ADDITIVE)], KIND)
    assert one(found).capabilities[0].process == "vacuum-forming"


def test_a_make_alone_does_not_outweigh_a_class() -> None:
    laser = {MachineId("m1"): "laser"}
    found = enrol([machine("mystery", "qidi", Capability(process="laser-cutting"))], laser)
    assert one(found).capabilities == (Capability(process="laser-cutting"),)
    assert found.understood == {"class": 1}


def test_a_class_alone_gives_its_process_and_nothing_else() -> None:
    found = enrol([machine("homemade", "", ADDITIVE)], KIND)
    assert one(found).capabilities == (ADDITIVE,)
    assert "by its class 'three_d_printer' alone" in told(found)["class"]


def test_certain_words_of_a_name_outweigh_a_vague_class() -> None:
    kind = {MachineId("m1"): "cnc_milling"}
    found = enrol([machine("wood lathe", "", Capability(process="cnc-routing"))], kind)
    assert one(found).capabilities[0].process == "wood-turning"


def test_plain_words_do_not_outweigh_a_class() -> None:
    kind = {MachineId("m1"): "cnc_milling"}
    found = enrol([machine("milling machine", "", Capability(process="cnc-routing"))], kind)
    assert one(found).capabilities[0].process == "cnc-routing"


def test_a_name_tells_where_the_class_does_not() -> None:
    found = enrol([machine("vacuum forming", "")], {MachineId("m1"): "other"})
    assert one(found).capabilities[0].process == "vacuum-forming"
    assert found.understood == {"words": 1}


@pytest.mark.parametrize(
    ("name", "make"), [("kinect v1", "microsoft"), ("form wash", "formlabs"), ("oscilloscope", "")]
)
def test_what_makes_nothing_is_left_out_and_told(name: str, make: str) -> None:
    found = enrol([machine(name, make)], {MachineId("m1"): "other"})
    assert found.machines == ()
    assert len(found.idle_things) == 1
    assert "nothing" in told(found)


def test_what_nobody_understands_is_kept_without_a_capability_and_counted_by_name() -> None:
    found = enrol([machine("zx9", number=n) for n in (1, 2)])
    assert [own.capabilities for own in found.machines] == [(), ()]
    assert found.unknown == {"zx9": 2}


def test_a_machine_that_does_not_work_is_asked_for_nothing() -> None:
    found = enrol([machine("ultimaker 2", "ultimaker")], idle=frozenset({MachineId("m1")}))
    assert one(found).capabilities == ()
    assert found.understood == {"idle": 1}


def test_the_price_of_a_placer_is_not_that_of_its_line() -> None:
    found = enrol([machine("RS-1R", "Juki")])
    assert one(found).capital is None
    assert one(found).coefficients["nameplate_placements_per_hour"] == 47000
    assert "capital" not in told(found)


def test_every_assumption_is_a_remark_about_its_machine_with_a_source() -> None:
    found = enrol([machine("VF-2", "Haas")])
    for finding in found.findings:
        assert finding.severity is Severity.INFO
        assert finding.where == "m1"
        assert finding.hint


names = st.text(max_size=25) | st.sampled_from(
    ["ultimaker 2", "kinect", "laser", "zing 24", "3d printer", "x"]
)
tables = st.lists(
    st.tuples(names, names, st.sampled_from(["", "laser", "other", "three_d_printer"])), max_size=8
)


@given(tables, st.floats(0.01, 100))
def test_no_machine_is_lost_and_all_are_counted(rows: list[tuple[str, str, str]], dollar: float) -> None:
    park = [machine(name, make, number=number) for number, (name, make, _) in enumerate(rows)]
    kinds = {own.id: kind for own, (_, _, kind) in zip(park, rows, strict=True) if kind}
    found = enrol(park, kinds, dollar=dollar)
    assert sorted(own.id for own in (*found.machines, *found.idle_things)) == sorted(own.id for own in park)
    assert sum(found.understood.values()) == len(park)
    assert sum(found.unknown.values()) == found.understood.get("unknown", 0)
    able = {own.id for own in found.machines if own.capabilities}
    assert able <= {finding.where for finding in found.findings}


@given(tables)
def test_enrolling_twice_changes_nothing(rows: list[tuple[str, str, str]]) -> None:
    park = [machine(name, make, number=number) for number, (name, make, _) in enumerate(rows)]
    first = enrol(park)
    able = [own for own in first.machines if own.capabilities]
    assert list(enrol(able).machines) == able
