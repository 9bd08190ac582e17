"""Every limit a machine can state is a column, and a shop may say that its certificates are all it holds."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from manyworks.files import read_network
from manyworks.files.network.vocabulary import CAPABILITIES
from manyworks.model import Capability, MachineId, ShopId

HEAD = 'name = "One shop"\ncurrency = "GBP"\nas_of = 2026-11-20\n\n[exchange]\nUSD = 0.76\n'
SHOPS = "id,name,country,latitude,longitude,certificates,certificates_complete\n"
MACHINES = "id,shop,name\nm,works,Machine\n"
LIMITS = {
    "it_grade": 6,
    "max_diameter_mm": 65.0,
    "max_length_mm": 300.0,
    "max_bend_length_mm": 3000.0,
    "axes": 5,
    "max_colours": 4,
    "max_copper_um": 105.0,
    "max_weight_kg": 250.0,
}


def written(folder: Path, *, complete: str = "yes", **cells: object) -> Path:
    row = {"machine": "m", "process": "cnc-milling", **(cells or LIMITS)}
    (folder / "network.toml").write_text(HEAD, encoding="utf-8")
    (folder / "shops.csv").write_text(f"{SHOPS}works,Works,GB,51.7,-3.3,,{complete}\n", encoding="utf-8")
    (folder / "machines.csv").write_text(MACHINES, encoding="utf-8")
    table = f"{','.join(row)}\n{','.join(map(str, row.values()))}\n"
    (folder / "capabilities.csv").write_text(table, encoding="utf-8")
    return folder


def test_every_field_of_a_capability_is_a_column() -> None:
    columns = {column.name for column in CAPABILITIES.columns}
    assert columns - {"machine"} == {field.name for field in fields(Capability)}


def test_limits_are_read_into_the_capability(tmp_path: Path) -> None:
    network, _ = read_network(written(tmp_path))
    assert network is not None
    (able,) = network.machines[MachineId("m")].capabilities
    assert {name: getattr(able, name) for name in LIMITS} == LIMITS


@pytest.mark.parametrize(("cell", "complete"), [("yes", True), ("no", False), ("", False)])
def test_a_shop_may_say_that_it_holds_no_certificates(cell: str, complete: bool, tmp_path: Path) -> None:
    network, _ = read_network(written(tmp_path, complete=cell))
    assert network is not None
    assert network.shops[ShopId("works")].certificates_complete is complete


@pytest.mark.parametrize(
    ("cells", "complete", "told"),
    [
        ({"it_grade": 19}, "no", "at most 18"),
        ({"axes": 2.5}, "no", "a whole number"),
        ({"max_weight_kg": -1}, "no", "above 0"),
        ({"axes": 3}, "maybe", "yes or no"),
    ],
)
def test_a_cell_that_cannot_be_is_told(
    cells: dict[str, object], complete: str, told: str, tmp_path: Path
) -> None:
    network, findings = read_network(written(tmp_path, complete=complete, **cells))
    assert network is None
    assert any(told in finding.message for finding in findings)
