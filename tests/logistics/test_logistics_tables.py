import csv
from importlib.resources import files

import pytest

from manyworks.logistics.customs import find_rate
from manyworks.logistics.geography import countries
from manyworks.logistics.tables import constant, explain_constant, read_table

DATA = files("manyworks.logistics").joinpath("data")
TABLES = sorted(entry.name.removesuffix(".csv") for entry in DATA.iterdir() if entry.name.endswith(".csv"))


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_as_wide_as_its_head(table):
    text = DATA.joinpath(f"{table}.csv").read_text(encoding="utf-8")
    widths = {len(row) for row in csv.reader(text.splitlines())}
    assert len(widths) == 1


@pytest.mark.parametrize("table", TABLES)
def test_every_figure_names_source_year_and_confidence(table):
    for row in read_table(table):
        assert row["source"], row
        assert 2000 <= int(row["year"]) <= 2026, row
        assert row["confidence"] in ("low", "medium", "high"), row


def test_lanes_run_between_zones_that_exist():
    known = {"*", *(row["zone"] for row in read_table("zones"))}
    for country in countries().values():
        known |= {country.code, country.territory, country.region}
    for row in read_table("lanes"):
        assert {row["from_zone"], row["to_zone"]} <= known, row["id"]


def test_lane_ids_are_unique():
    ids = [row["id"] for row in read_table("lanes")]
    assert len(ids) == len(set(ids))


def test_the_two_emission_sets_are_kept_apart():
    assert {row["source"] for row in read_table("co2e_uk_2025")}.isdisjoint(
        row["source"] for row in read_table("co2e_glec")
    )
    assert all("well-to-wheel" in row["scope"] for row in read_table("co2e_glec"))


def test_towns_and_hubs_lie_in_known_countries():
    for row in (*read_table("places"), *read_table("hubs")):
        assert row["country"] in countries()
        assert abs(float(row["latitude"])) <= 90
        assert abs(float(row["longitude"])) <= 180


def test_every_constant_can_be_explained():
    for row in read_table("constants"):
        assert str(row["value"]) in explain_constant(row["name"])
        assert constant(row["name"]) >= 0


def test_every_line_of_the_tariff_finds_itself():
    for row in read_table("duty_gb"):
        if row["code"] != "*":
            assert find_rate(row["code"], "duty_gb")[0].code == row["code"]
