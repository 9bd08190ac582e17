"""Facilities and machine tables of others, read and written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.files.open_know import Facilities, read_okw, write_okw
from manyworks.files.sources import Source
from manyworks.model import (
    Capability,
    Certificate,
    Finding,
    Machine,
    MachineId,
    Place,
    PlaceId,
    Severity,
    Shift,
    Shop,
    ShopId,
)


def source(text: str, name: str = "a.csv") -> Source:
    return Source(path=Path(name), name=name, data=text.encode())


def facilities(text: str, name: str = "a.csv") -> tuple[Facilities, dict[str, Finding]]:
    found, findings = read_okw(source(text, name))
    assert found is not None, findings
    return found, {f.code: f for f in findings}


class TestCorpus:
    """Published tables and files."""

    @pytest.mark.parametrize(
        ("name", "shops", "machines"),
        [
            ("iop-geomachines.csv", 425, 2248),
            ("iop-mvp-machinery.csv", 63, 288),
            ("he-ChairParts.okw.yml", 1, 0),
            ("he-DevhawkEngineering.okw.yml", 1, 3),
            ("he-RobTestOKWForSewing.okw.yml", 1, 6),
            ("he-RobsArduinoShop.okw.yml", 1, 1),
        ],
    )
    def test_every_machine_is_there(self, shared: Path, name: str, shops: int, machines: int) -> None:
        path = shared / "data" / "okw" / name
        found, _ = read_okw(Source(path=path, name=name, data=path.read_bytes()))
        assert found is not None
        assert (len(found.shops), len(found.machines)) == (shops, machines)
        assert len({m.id for m in found.machines}) == machines

    def test_machines_and_rows_left_out_make_up_the_table(self, shared: Path) -> None:
        path = shared / "data" / "okw" / "iop-ima-machines.csv"
        found, findings = read_okw(Source(path=path, name=path.name, data=path.read_bytes()))
        assert found is not None
        (left,) = [f for f in findings if f.code == "files.okw.rows"]
        assert len(found.machines) + int(left.message.split()[0]) == 68

    def test_travel_becomes_the_envelope(self, shared: Path) -> None:
        path = shared / "data" / "okw" / "iop-ima-machines.csv"
        found, _ = read_okw(Source(path=path, name=path.name, data=path.read_bytes()))
        assert found is not None
        prusa = next(m for m in found.machines if m.model == "i3 mk3")
        assert prusa.capabilities[0].envelope_mm == pytest.approx((248.92, 210.82, 210.82))
        assert prusa.capabilities[0].process == "fdm-printing"
        assert prusa.count == 3

    def test_the_schema_itself_is_no_facility(self, shared: Path) -> None:
        path = shared / "data" / "okw" / "okw_v1_schema.json"
        found, findings = read_okw(Source(path=path, name=path.name, data=path.read_bytes()))
        assert found is None
        assert findings[-1].code == "files.okw.schema"

    def test_nobody_s_address_is_carried_over(self, shared: Path) -> None:
        for path in (shared / "data" / "okw").iterdir():
            if path.suffix in (".yml", ".csv"):
                found, _ = read_okw(Source(path=path, name=path.name, data=path.read_bytes()))
                assert "@example" not in repr(found)


class TestTables:
    """What rows may hold."""

    HEAD = "name,brand,model,class_1,lab,city,country_code,latitude,longitude,x_travel,y_travel,working\n"

    def test_a_class_nobody_knows_keeps_its_machine_without_a_capability(self) -> None:
        found, told = facilities(self.HEAD + "thing,,,weird,L,,,1,1,,,\n")
        assert found.machines[0].capabilities == ()
        assert "weird x 1" in told["files.okw.class-unknown"].message

    def test_a_scanner_makes_nothing_and_that_is_no_trouble(self) -> None:
        found, told = facilities(self.HEAD + "eye,,,scanner,L,,,1,1,,,\n")
        assert found.machines[0].capabilities == ()
        assert "files.okw.class-unknown" not in told

    def test_a_machine_that_does_not_work_gets_no_capability(self) -> None:
        found, told = facilities(self.HEAD + "a,,,laser,L,,,1,1,,,FALSE\n")
        assert found.machines[0].capabilities == ()
        assert "row 2" in told["files.okw.not-working"].message

    def test_a_travel_without_a_unit_is_left_open_and_told(self) -> None:
        found, told = facilities(self.HEAD + "a,,,laser,L,,,1,1,200,300mm,\n")
        assert found.machines[0].capabilities[0].envelope_mm is None
        assert "row 2" in told["files.okw.travel"].message

    def test_inches_are_turned_into_mm(self) -> None:
        found, _ = facilities(self.HEAD + "a,,,laser,L,,,1,1,10in,20in,\n")
        assert found.machines[0].capabilities[0].envelope_mm == (254.0, 508.0)

    @pytest.mark.parametrize("at", ["0,0", "95,10", "x,y", ","])
    def test_a_place_that_is_none_is_told(self, at: str) -> None:
        _, told = facilities(self.HEAD + f"a,,,laser,L,,,{at},,,\n")
        assert "files.okw.place" in told

    def test_machines_of_one_name_stay_apart(self) -> None:
        found, _ = facilities(self.HEAD + "a,,,laser,L,,,1,1,,,\na,,,laser,L,,,1,1,,,\n")
        assert len({machine.id for machine in found.machines}) == 2

    def test_rows_without_a_facility_are_named(self) -> None:
        found, told = facilities(self.HEAD + "a,,,laser,,,,1,1,,,\na,,,laser,L,,,1,1,,,\n")
        assert len(found.machines) == 1
        assert told["files.okw.rows"].message.endswith("2")

    def test_capabilities_in_words_become_machines(self) -> None:
        text = (
            "name,city,country_code,latitude,longitude,capabilities\nLab,Here,GB,1,1,laser|three_d_printing\n"
        )
        found, _ = facilities(text)
        assert [m.capabilities[0].process for m in found.machines] == [
            "laser-cutting",
            "additive-manufacturing",
        ]

    def test_another_table_is_refused(self) -> None:
        found, findings = read_okw(source("a,b\n1,2\n"))
        assert found is None
        assert findings[0].code == "files.okw.unknown"


MACHINES = st.lists(
    st.tuples(
        st.sampled_from(["laser-cutting", "fdm-printing"]),
        st.sampled_from([None, (200.0, 300.0), (1.0, 2.0, 3.5)]),
        st.integers(1, 9),
    ),
    max_size=4,
)


@given(machines=MACHINES, as_json=st.booleans(), name=st.sampled_from(["A shop", "Siop Gaerdydd", "深圳"]))
def test_what_is_written_is_read_back(
    machines: list[tuple[str, tuple[float, ...] | None, int]], as_json: bool, name: str
) -> None:
    shop = Shop(id=ShopId("s"), name=name, place=PlaceId("s"), certificates=(Certificate(name="ISO 9001"),))
    own = [
        Machine(
            id=MachineId(f"s-m{n}"),
            shop=shop.id,
            name=f"m{n}",
            capabilities=(Capability(process=process, envelope_mm=envelope),),
            make="Acme",
            count=count,
        )
        for n, (process, envelope, count) in enumerate(machines)
    ]
    place = Place(id=PlaceId("s"), name="Cardiff", country="GB", latitude=51.5, longitude=-3.2)
    text, lost = write_okw(shop, own, place, as_json=as_json)
    found, findings = read_okw(source(text, "a.json" if as_json else "a.yml"))
    assert lost == ()
    assert findings == ()
    assert found is not None
    assert (found.shops, found.places, list(found.machines)) == ((shop,), (place,), own)


def test_what_the_format_has_no_place_for_is_told() -> None:
    shop = Shop(
        id=ShopId("s"),
        name="s",
        place=PlaceId("s"),
        shifts=(Shift(weekdays=(0,), start_min=0, end_min=60),),
    )
    machine = Machine(
        id=MachineId("m"), shop=shop.id, name="m", capabilities=(Capability(process="x", tolerance_mm=0.1),)
    )
    _, lost = write_okw(shop, [machine])
    assert any("tolerance_mm" in f.message for f in lost)
    assert any("shifts" in f.message for f in lost)


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.yml", "a.json"]))
def test_any_bytes_end_in_findings(data: bytes, name: str) -> None:
    found, findings = read_okw(Source(path=Path(name), name=name, data=data))
    assert (found is None) == any(f.severity is Severity.ERROR for f in findings)
