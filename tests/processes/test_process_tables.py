"""The room's reference data is complete, plausible, and told."""

import math
from importlib.resources import files
from pathlib import Path

import pytest

from manyworks.processes import check_coefficients, processes, unknown_coefficients
from manyworks.processes.plastics import _plastics
from manyworks.processes.tables import ProcessesError, defaults, process_table, read_data, read_figures

FIGURES = [
    (f"{process}.{figure.name}", figure)
    for process in processes()
    for table in (process_table(process).coefficients, process_table(process).machine)
    for figure in table.values()
]
FIGURES += [(f"route.{name}", figure) for name, figure in defaults().items()]
FIGURES += [
    (f"{country}.{name}", figure)
    for book in ("rate_book", "rate_book_world")
    for country, rows in read_data(book).items()
    for name, figure in read_figures(rows).items()
]


@pytest.mark.parametrize(("name", "figure"), FIGURES, ids=[name for name, _ in FIGURES])
def test_every_figure_lies_in_its_range_and_names_its_source(name, figure):
    assert figure.low <= figure.value <= figure.high
    assert figure.unit
    assert len(figure.source) > 3
    assert 1990 <= figure.year <= 2030
    assert figure.confidence in ("low", "medium", "high")
    assert not figure.positive or figure.low > 0.0


def test_every_process_states_its_error():
    for process in processes():
        table = process_table(process)
        assert 0.05 <= table.own_sigma <= 1.0
        assert 0.05 <= table.shared_sigma <= 1.0


def test_every_data_file_is_read_by_something():
    room = Path(str(files("manyworks.processes")))
    sources = "".join(path.read_text("utf-8") for path in room.rglob("*.py"))
    named = {path.stem for path in (room / "data").glob("*.toml") if f'read_data("{path.stem}")' in sources}
    by_rule = {process.replace("-", "_") for process in processes()}
    by_rule |= {path.stem for path in (room / "data").glob("route*.toml")}
    assert {path.stem for path in (room / "data").glob("*.toml")} == named | by_rule


def test_plastics_cool_from_melt_to_ejection():
    for plastic in _plastics().values():
        assert plastic.melt > plastic.eject > plastic.mould > 0
        assert 850 < plastic.density < 1600


def test_an_unknown_process_is_refused_with_those_known():
    with pytest.raises(ProcessesError) as caught:
        process_table("levitation")
    assert "smt-assembly" in caught.value.findings[0].hint


def test_names_of_coefficients_are_checked():
    assert unknown_coefficients("smt-assembly", ["efficiency", "effishency"]) == ("effishency",)


def test_a_name_may_carry_its_process():
    names = ["smt-assembly.efficiency", "hand-assembly.place_seconds", "smt-assembly.nonsense"]
    assert unknown_coefficients("smt-assembly", names) == ("smt-assembly.nonsense",)


@pytest.mark.parametrize("value", [0.0, -1.0, 1.5, math.nan, math.inf])
def test_impossible_coefficients_are_found(value):
    findings = check_coefficients("smt-assembly", {"efficiency": value}, where="machines.csv:row 3")
    assert [finding.code for finding in findings] == ["processes.coefficient.value"]
    assert findings[0].where == "machines.csv:row 3"


def test_all_faults_of_a_machine_are_found_at_once():
    findings = check_coefficients("packing", {"piece_seconds": -1.0, "colour": 3.0, "pack_seconds": 20.0})
    assert {finding.code for finding in findings} == {
        "processes.coefficient.value",
        "processes.coefficient.unknown",
    }
