"""``manyworks network import``: others' tables become a network that can be checked, matched and quoted."""

from __future__ import annotations

import csv
import tempfile
from argparse import Namespace
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.cli.network_import import ASSUMPTIONS, TablesError, import_network, make_network
from manyworks.cli.networks import check_network
from manyworks.cli.outputs import OutputError
from manyworks.files import read_network
from manyworks.files.network.writing import write_network
from manyworks.market import Market
from manyworks.model import FindingsError, Requirement, errors

OKW = Path(__file__).parents[3] / "shared" / "data" / "okw"
DAY = date(2026, 11, 22)
HEAD = "name,brand,class_1,lab,city,country_code,latitude,longitude,qty,working\n"
LAB = HEAD + (
    "ultimaker 2,ultimaker,three_d_printer,Lab,Cardiff,GB,51.5,-3.2,2,\n"
    "kinect v1,microsoft,scanner,Lab,Cardiff,GB,51.5,-3.2,,\n"
    "zx9,,other,Lab,Cardiff,GB,51.5,-3.2,,\n"
    "old mill,,cnc_milling,Lab,Cardiff,GB,51.5,-3.2,,FALSE\n"
    "laser,,laser,Elsewhere,,,,,,\n"
)


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    path = tmp_path / "lab.csv"
    path.write_text(LAB, encoding="utf-8")
    return path


def ask(files: list[Path], out: Path, **more: object) -> Namespace:
    given = {"as_of": DAY, "currency": "USD", "verbose": False} | more
    return Namespace(files=[str(file) for file in files], out=str(out), **given)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_table_becomes_a_network_without_an_error(lab: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "net"
    assert import_network(ask([lab], out)) == 0
    said = capsys.readouterr().out
    assert "1 shops in 1 countries, 2026-11-22" in said
    assert "5 machines told in 1 files, 3 in the network" in said
    network, findings = read_network(out)
    assert network is not None, findings
    assert check_network(Namespace(network=str(out))) == 0
    printer = next(machine for machine in network.machines.values() if machine.make == "ultimaker")
    assert printer.capabilities[0].process == "fdm-printing"
    assert printer.capabilities[0].envelope_mm == (223.0, 223.0, 205.0)
    assert printer.count == 2


def test_every_row_is_a_machine_or_named(lab: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "net"
    import_network(ask([lab], out))
    told = rows(out / ASSUMPTIONS)
    kinds = Counter(row["kind"] for row in told)
    assert kinds["nothing"] == 1
    assert kinds["idle"] == 1
    assert kinds["nowhere"] == 1
    assert any("zx9 x 1" in row["what"] for row in told)
    machines = {row["name"] for row in rows(out / "machines.csv")}
    assert machines == {"ultimaker 2", "zx9", "old mill"}
    assert "zx9" in capsys.readouterr().out


def test_assumptions_say_what_about_which_machine_from_where(lab: Path, tmp_path: Path) -> None:
    out = tmp_path / "net"
    import_network(ask([lab], out))
    figures = next(row for row in rows(out / ASSUMPTIONS) if row["kind"] == "figures")
    assert figures["told_in"] == "lab.csv:row 2"
    assert "envelope_mm 223 x 223 x 205" in figures["what"]
    assert "confidence" in figures["source_or_advice"]


def test_a_requirement_is_matched_to_what_was_imported(lab: Path) -> None:
    network = make_network([str(lab)], as_of=DAY).network
    small = Requirement(process="3D printing FDM", size_mm=(200.0, 200.0, 200.0))
    large = Requirement(process="3D printing FDM", size_mm=(300.0, 200.0, 200.0))
    assert len(Market(network).match(small).candidates) == 1
    assert Market(network).match(large).candidates == ()


def test_prices_are_in_the_networks_currency(lab: Path) -> None:
    network = make_network([str(lab)], as_of=DAY, currency="GBP", dollar=0.8).network
    printer = next(machine for machine in network.machines.values() if machine.make == "ultimaker")
    assert printer.capital == pytest.approx(2000.0)
    assert network.exchange == {"GBP": 1.0, "USD": 0.8}


def test_another_currency_needs_the_worth_of_a_dollar(lab: Path, tmp_path: Path) -> None:
    with pytest.raises(TablesError) as caught:
        import_network(ask([lab], tmp_path / "net", currency="GBP"))
    assert [one.code for one in caught.value.findings if one.code.startswith("cli.")] == [
        "cli.import.currency"
    ]
    assert not (tmp_path / "net").exists()


@pytest.mark.parametrize("currency", ["pounds", "", "£"])
def test_a_currency_that_is_none_is_refused(lab: Path, tmp_path: Path, currency: str) -> None:
    if currency:
        with pytest.raises(FindingsError):
            import_network(ask([lab], tmp_path / "net", currency=currency, usd=1.0))
    else:
        assert import_network(ask([lab], tmp_path / "net", currency=currency)) == 0


def test_all_files_that_are_wrong_are_told_at_once(lab: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(TablesError) as caught:
        make_network([str(lab), str(other), str(tmp_path / "absent.csv")], as_of=DAY)
    assert {"files.okw.unknown", "files.file.unreadable"} <= {one.code for one in caught.value.findings}


def test_what_is_no_table_in_a_folder_is_only_told(lab: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    made = make_network([str(tmp_path)], as_of=DAY)
    assert len(made.network.machines) == 3
    assert any(one.code == "files.okw.unknown" for one in made.findings)


def test_a_folder_without_any_table_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TablesError, match="no table of facilities"):
        make_network([str(tmp_path)], as_of=DAY)


def test_a_network_made_otherwise_is_not_replaced(lab: Path, tmp_path: Path) -> None:
    out = tmp_path / "net"
    out.mkdir()
    (out / "network.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError):
        import_network(ask([lab], out))
    assert (out / "network.toml").read_text(encoding="utf-8") == "mine"


def test_importing_again_replaces_the_former_import(lab: Path, tmp_path: Path) -> None:
    out = tmp_path / "net"
    import_network(ask([lab], out))
    first = (out / "machines.csv").read_text(encoding="utf-8")
    assert import_network(ask([lab], out)) == 0
    assert (out / "machines.csv").read_text(encoding="utf-8") == first


@pytest.mark.parametrize("out", ["lab.csv", "lab.csv/net"])
def test_a_folder_that_cannot_be_made_is_told(lab: Path, tmp_path: Path, out: str) -> None:
    with pytest.raises(OutputError):
        import_network(ask([lab], tmp_path / out))


def test_a_facility_file_brings_its_words_and_machines(tmp_path: Path) -> None:
    path = tmp_path / "shop.yml"
    path.write_text(
        "title: Sew\nlatitude: 51.5\nlongitude: -3.2\ncountry: GB\n"
        "tool-list-atoms:\n - description: sewing machine\nprocesses:\n - description: skirts\n",
        encoding="utf-8",
    )
    network = make_network([str(path)], as_of=DAY).network
    (shop,) = network.shops.values()
    (machine,) = network.machines.values()
    assert "says it makes: skirts" in shop.description
    assert machine.capabilities[0].process == "sewing"


@pytest.mark.parametrize("data", [b"", b"\x00" * 500, b"\xff\xfe" + b"a" * 99, b'"', b"lab\n" * 9])
def test_hostile_bytes_are_refused_with_findings(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(FindingsError) as caught:
        make_network([str(path)], as_of=DAY)
    assert caught.value.findings


def test_formulas_and_commands_in_names_stay_text(tmp_path: Path, capsys) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + '"=cmd|x",,laser,"\x1b[2JLab","a,b\n",GB,51,0,,\n', encoding="utf-8")
    assert import_network(ask([path], tmp_path / "net")) == 0
    assert "\x1b" not in capsys.readouterr().out
    assert "\x1b" not in (tmp_path / "net" / "shops.csv").read_text(encoding="utf-8")
    assert [row["name"] for row in rows(tmp_path / "net" / "machines.csv")] == ["=cmd|x"]


cells = st.text(max_size=12) | st.sampled_from(
    ["1e400", "-1", "nan", "#", ";", "=", "a;b", "\x07", "laser", "zing 24"]
)


@given(st.lists(st.tuples(cells, cells, cells, cells, cells, cells, cells), min_size=1, max_size=4))
@settings(max_examples=15)
def test_any_cells_make_a_network_that_can_be_written(told: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(
                ("name", "brand", "process", "materials", "x_mm", "y_mm", "qty", "lab", "lat", "lon")
            )
            writer.writerows((*row, f"Lab {row[0]}", "51.5", "-3.2") for row in told)
        made = make_network([str(path)], as_of=DAY)
        assert errors(write_network(made.network)[1]) == []
        assert import_network(ask([path], Path(folder) / "net")) == 0


@pytest.fixture(scope="module")
def made():
    if not OKW.is_dir():
        pytest.skip("the published tables are not beside the repository")
    return make_network([str(OKW / "iop-geomachines.csv")], as_of=DAY)


class TestPublishedTables:
    """The tables of real workshops."""

    def test_all_of_2248_machines_are_accounted_for(self, made) -> None:
        assert made.told == 2248
        gone = len(made.enrolled.idle_things) + len(made.completed.left_machines)
        merged = sum(one.code.startswith("files.okw.merged-machine") for one in made.findings)
        assert len(made.network.machines) + gone + merged == 2248
        assert not any(one.code == "cli.import.lost" for one in made.findings)

    def test_nearly_all_facilities_are_on_the_map(self, made) -> None:
        assert len(made.network.shops) >= 420
        assert len({place.country for place in made.network.places.values()}) == 87

    def test_nearly_all_machines_that_make_something_are_understood(self, made) -> None:
        understood = made.enrolled.understood
        making = sum(understood.values()) - understood["nothing"]
        assert understood["unknown"] <= 0.01 * making
        assert understood["model"] + understood["make"] >= 0.8 * making

    def test_no_machine_stands_where_no_wage_is_known(self, made) -> None:
        assert not any(one.code == "cli.import.rates" for one in made.findings)

    def test_all_tables_together_are_checked_without_an_error(self, tmp_path: Path, capsys) -> None:
        if not OKW.is_dir():
            pytest.skip("the published tables are not beside the repository")
        out = tmp_path / "net"
        assert import_network(ask([OKW], out)) == 0
        assert check_network(Namespace(network=str(out))) == 0
        network, _ = read_network(out)
        assert network is not None
        labs = Counter(shop.name.casefold() for shop in network.shops.values())
        assert labs["zbis"] == 1  # in three of the tables
