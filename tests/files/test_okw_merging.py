"""The same facility in several tables is one, and what was left open is completed and told."""

from __future__ import annotations

from collections import Counter
from math import isnan
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.files.network.cells import countries
from manyworks.files.network.clocks import principal_town, time_zone
from manyworks.files.open_know import Facilities, read_okw
from manyworks.files.open_know.completing import Completed, complete_facilities
from manyworks.files.open_know.merging import merge_facilities
from manyworks.files.sources import Source
from manyworks.model import Finding, Place, PlaceId

HEAD = "name,brand,class_1,lab,city,country_code,latitude,longitude,qty\n"
WORDS = "name,city,country_code,latitude,longitude,capabilities,activity_status\n"


def table(text: str, name: str = "a.csv") -> Facilities:
    found, findings = read_okw(Source(path=Path(name), name=name, data=text.encode()))
    assert found is not None, findings
    return found


def codes(findings: tuple[Finding, ...]) -> Counter[str]:
    return Counter(one.code.rpartition(".")[2] for one in findings)


class TestMerging:
    """Facilities and machines told twice."""

    def test_one_table_stays_as_it_is(self) -> None:
        part = table(HEAD + "a,x,laser,L,T,GB,51,0,\nb,x,laser,L,T,GB,51,0,\n")
        merged, findings = merge_facilities([part])
        assert (merged.shops, merged.machines, merged.places) == (part.shops, part.machines, part.places)
        assert findings == ()

    def test_a_machine_told_in_two_tables_is_one_and_the_larger_number_counts(self) -> None:
        parts = [table(HEAD + f"Zing 24,epilog,laser,L,T,GB,51,0,{n}\n", f"{n}.csv") for n in (1, 3)]
        merged, findings = merge_facilities(parts)
        assert [machine.count for machine in merged.machines] == [3]
        assert codes(findings) == {"merged-facility": 1, "merged-machine": 1}
        assert "1.csv:row 2" in findings[-1].message
        assert findings[-1].where == "3.csv:row 2"

    def test_two_of_one_kind_in_one_table_stay_two(self) -> None:
        row = "Zing 24,epilog,laser,L,T,GB,51,0,\n"
        merged, _ = merge_facilities([table(HEAD + row + row), table(HEAD + row, "b.csv")])
        assert len(merged.machines) == 2

    def test_a_make_said_twice_does_not_make_another_machine(self) -> None:
        parts = [
            table(HEAD + "epilog zing 24,epilog,laser,L,T,GB,51,0,\n"),
            table(HEAD + "Zing-24,Epilog,laser,L,T,GB,51,0,\n", "b.csv"),
        ]
        assert len(merge_facilities(parts)[0].machines) == 1

    def test_one_name_in_two_towns_is_two_facilities(self) -> None:
        parts = [
            table(HEAD + "a,,laser,Fab Lab,Cardiff,GB,51.5,-3.2,\n"),
            table(HEAD + "a,,laser,Fab Lab,Leeds,GB,53.8,-1.5,\n", "b.csv"),
        ]
        assert len(merge_facilities(parts)[0].shops) == 2

    def test_one_name_nearby_is_one_facility_however_its_town_is_spelled(self) -> None:
        parts = [
            table(HEAD + "a,,laser,Fab Lab,Sao Paulo,BR,-23.55,-46.63,\n"),
            table(HEAD + "b,,laser,FabLab,S?o Paulo,BR,-23.56,-46.64,\n", "b.csv"),
        ]
        merged, _ = merge_facilities(parts)
        assert len(merged.shops) == 1
        assert {machine.shop for machine in merged.machines} == {merged.shops[0].id}

    def test_almost_one_name_at_one_door_is_one_facility(self) -> None:
        parts = [
            table(HEAD + "a,,laser,Fablab Torino,Torino,IT,45.0500,7.6700,\n"),
            table(HEAD + "b,,laser,Fab Lab Torino!,Turin,IT,45.0500,7.6700,\n", "b.csv"),
        ]
        assert len(merge_facilities(parts)[0].shops) == 1

    def test_a_position_one_table_lacks_comes_from_the_other(self) -> None:
        parts = [
            table("name,brand,class_1,lab,city,country_code\na,,laser,L,T,GB\n"),
            table(HEAD + "b,,laser,L,T,GB,51,1,\n", "b.csv"),
        ]
        merged, _ = merge_facilities(parts)
        assert [(place.latitude, place.longitude) for place in merged.places] == [(51.0, 1.0)]

    def test_a_word_goes_where_a_machine_says_so_already(self) -> None:
        parts = [
            table(HEAD + "Zing 24,epilog,laser,L,T,GB,51,0,\n"),
            table(WORDS + "L,T,GB,51,0,laser|vinyl_cutting,active\n", "b.csv"),
        ]
        merged, findings = merge_facilities(parts)
        assert [machine.name for machine in merged.machines] == ["Zing 24", "vinyl cutting"]
        assert codes(findings)["merged-word"] == 1

    @given(
        st.lists(
            st.lists(
                st.tuples(
                    st.sampled_from("abcd"), st.sampled_from("LMN"), st.sampled_from(["laser", "sewing"])
                ),
                min_size=1,
                max_size=6,
            ),
            min_size=1,
            max_size=3,
        )
    )
    def test_every_machine_is_kept_or_named(self, rows: list[list[tuple[str, str, str]]]) -> None:
        parts = [
            table(HEAD + "".join(f"{n},,{kind},{lab},T,GB,51,0,\n" for n, lab, kind in part), f"{i}.csv")
            for i, part in enumerate(rows)
        ]
        merged, findings = merge_facilities(parts)
        told = sum(len(part.machines) for part in parts)
        gone = codes(findings)["merged-machine"] + codes(findings)["merged-word"]
        assert len(merged.machines) + gone == told
        assert len({machine.id for machine in merged.machines}) == len(merged.machines)
        assert {machine.shop for machine in merged.machines} <= {shop.id for shop in merged.shops}


NOWHERE = Place(id=PlaceId("t"), name="Town", country="GB", latitude=50.0, longitude=-1.0)


def complete(text: str, **towns: Place) -> Completed:
    return complete_facilities(
        table(text),
        find_town=lambda name, country: towns.get(f"{name or 'largest'}"),
        find_land=lambda _, __: "GB",
    )


class TestCompleting:
    """Country, position, clock and hours."""

    def test_a_stated_position_stays(self) -> None:
        done = complete(HEAD + "a,,laser,L,T,GB,51.5,-3.2,\n")
        assert (done.facilities.places[0].latitude, done.facilities.places[0].longitude) == (51.5, -3.2)
        assert codes(done.findings) == {"assumed-timezone": 1, "assumed-shifts": 1}

    def test_another_facility_in_the_town_tells_where_it_is(self) -> None:
        done = complete(HEAD + "a,,laser,L,T,GB,51.5,-3.2,\na,,laser,M,T,GB,,,\n", T=NOWHERE)
        assert done.facilities.places[1].latitude == 51.5
        assert codes(done.findings)["assumed-position"] == 1

    def test_else_the_town_is_looked_up(self) -> None:
        done = complete(HEAD + "a,,laser,M,T,GB,,,\n", T=NOWHERE)
        assert done.facilities.places[0].latitude == 50.0

    def test_else_the_largest_town_of_the_country_stands_for_it(self) -> None:
        done = complete(HEAD + "a,,laser,M,T,GB,,,\n", largest=NOWHERE)
        assert done.facilities.places[0].longitude == -1.0
        told = next(one for one in done.findings if one.code.endswith("assumed-position"))
        assert "largest town" in told.message

    def test_else_the_town_of_its_time_zone(self) -> None:
        done = complete(HEAD + "a,,laser,M,T,RE,,,\n")
        assert done.facilities.places[0].latitude == pytest.approx(-20.87, abs=0.01)

    def test_a_country_that_is_not_stated_follows_from_the_position(self) -> None:
        done = complete(HEAD + "a,,laser,M,T,,51.5,-3.2,\n")
        assert done.facilities.places[0].country == "GB"
        assert codes(done.findings)["assumed-country"] == 1

    def test_a_country_that_is_none_is_told(self) -> None:
        done = complete(HEAD + "a,,laser,M,T,ZZ,51.5,-3.2,\n")
        assert codes(done.findings)["country"] == 1
        assert done.facilities.places[0].country == "GB"

    def test_a_facility_nowhere_is_left_out_with_its_machines_and_named(self) -> None:
        done = complete(HEAD + "a,,laser,M,T,,,,\nb,,laser,L,T,GB,51,0,\n")
        assert [shop.name for shop in done.left_out] == ["M"]
        assert [machine.name for machine in done.left_machines] == ["a"]
        assert len(done.facilities.shops) == len(done.facilities.machines) == 1
        assert any("'M'" in one.message and one.code == "files.okw.nowhere" for one in done.findings)

    def test_clock_and_hours_are_assumed(self) -> None:
        (shop,) = complete(HEAD + "a,,laser,L,T,GB,51.5,-3.2,\n").facilities.shops
        assert shop.timezone == "Europe/London"
        assert shop.shifts


class TestClocks:
    """Time zones by country and position."""

    @pytest.mark.parametrize(
        ("country", "at", "zone"),
        [
            ("GB", (51.5, -3.2), "Europe/London"),
            ("US", (34.05, -118.24), "America/Los_Angeles"),
            ("US", (40.7, -74.0), "America/New_York"),
            ("BR", (-23.55, -46.63), "America/Sao_Paulo"),
            ("IN", (12.97, 77.59), "Asia/Kolkata"),
            ("AU", (-31.95, 115.86), "Australia/Perth"),
            ("FR", (48.85, 2.35), "Europe/Paris"),
            ("FJ", (-17.0, -179.9), "Pacific/Fiji"),  # beyond the date line
        ],
    )
    def test_the_nearest_zone_of_the_country(self, country: str, at: tuple[float, float], zone: str) -> None:
        assert time_zone(country, *at) == zone

    def test_a_country_without_a_zone_has_none(self) -> None:
        assert time_zone("ZZ", 0.0, 0.0) == ""
        assert principal_town("ZZ") is None

    def test_every_zone_is_one_the_computer_knows_and_every_town_is_on_earth(self) -> None:
        known = [country for country in countries() if principal_town(country)]
        assert len(known) > 240
        for country in known:
            name, latitude, longitude = principal_town(country) or ("", 0.0, 0.0)
            assert name
            assert abs(latitude) <= 90
            assert abs(longitude) <= 180
            assert ZoneInfo(time_zone(country, latitude, longitude))

    @given(st.sampled_from(["US", "RU", "BR"]), st.floats(-90, 90), st.floats(-180, 180))
    def test_any_position_has_a_zone_of_its_country(
        self, country: str, latitude: float, longitude: float
    ) -> None:
        assert ZoneInfo(time_zone(country, latitude, longitude))


class TestReading:
    """What the reader of tables tells beside the machines."""

    def test_a_row_that_names_no_machine_is_told(self) -> None:
        found, findings = read_okw(
            Source(path=Path("a.csv"), name="a.csv", data=(HEAD + ",,,L,T,GB,51,0,\n").encode())
        )
        assert found is not None
        assert found.machines == ()
        assert any("1 rows name a facility and no machine" in one.message for one in findings)

    def test_a_machine_of_which_only_the_make_is_told_is_kept(self) -> None:
        assert [machine.make for machine in table(HEAD + ",Haas,,L,T,GB,51,0,\n").machines] == ["Haas"]

    def test_other_spellings_of_columns_and_other_delimiters_are_read(self) -> None:
        head = "Machine;Make;Process;Facility;Lat;Lon;X mm;Y mm;Quantity"
        text = f"{head}\nVF;Haas;cnc-milling;L;51;0;7in;400;2\n"
        (machine,) = table(text).machines
        assert (machine.make, machine.count, machine.capabilities[0].process) == ("Haas", 2, "cnc-milling")
        assert machine.capabilities[0].envelope_mm == pytest.approx((177.8, 400.0))

    def test_two_names_in_foreign_letters_are_two_facilities(self) -> None:
        found = table(HEAD + "a,,laser,深圳 Lab,,CN,22,114,\na,,laser,北京 Lab,,CN,39,116,\n")
        assert len({shop.id for shop in found.shops}) == 2

    def test_ids_are_short_enough_for_a_table_and_differ(self) -> None:
        long = "x" * 200
        found = table(
            HEAD
            + f"{long},,laser,{long},T,GB,51,0,\n{long},,laser,{long}y,T,GB,51,0,\n"
            + "a,,laser,L,,,,,\na,,laser,L,,,,,\na 2,,laser,L,,,,,\n"
        )
        ids = [str(machine.id) for machine in found.machines]
        assert len(set(ids)) == len(ids) == 5
        assert max(map(len, ids)) <= 100

    def test_where_each_machine_stands_is_told(self) -> None:
        found = table(HEAD + "a,,laser,L,T,GB,51,0,\n")
        assert found.origins[found.machines[0].id] == "a.csv:row 2"
        assert found.classes == {found.machines[0].id: "laser"}

    def test_columns_and_remarks_that_are_not_used_are_told(self) -> None:
        text = "name,lab,country,colour,info\nlaser,L,GB,red,60 W tube\n"
        _, findings = read_okw(Source(path=Path("a.csv"), name="a.csv", data=text.encode()))
        told = {one.code: one.message for one in findings}
        assert told["files.okw.columns"] == "columns not used: colour"
        assert "60 W tube" in told["files.okw.remark"]

    def test_counts_that_are_none_are_told(self) -> None:
        found, findings = read_okw(
            Source(path=Path("a.csv"), name="a.csv", data=(HEAD + "a,,laser,L,T,GB,51,0,lots\n").encode())
        )
        assert found is not None
        assert found.machines[0].count == 1
        assert any(one.code == "files.okw.count" for one in findings)

    def test_a_table_beyond_all_bounds_is_cut_and_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("manyworks.files.open_know.machine_tables.TABLE_ROWS", 4)
        rows = "a,,laser,L,T,GB,51,0,\n" * 10
        found, findings = read_okw(Source(path=Path("a.csv"), name="a.csv", data=(HEAD + rows).encode()))
        assert found is not None
        assert len(found.machines) == 3
        (told,) = [one for one in findings if one.code == "files.okw.too-many"]
        assert "7 more are not" in told.message

    def test_no_position_stays_no_number(self) -> None:
        (place,) = table(HEAD + "a,,laser,L,T,GB,,,\n").places
        assert isnan(place.latitude)
