"""The orders of the example, planned on the example's network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from manyworks.cli import main

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    out = tmp_path_factory.mktemp("plan")
    arguments = [str(EXAMPLES / "orders.toml"), "--network", str(EXAMPLES / "network"), "--out", str(out)]
    assert main(["plan", *arguments]) == 0
    return out


def test_it_passes_the_checker(plan, capsys):
    assert main(["check", str(plan)]) == 0
    assert capsys.readouterr().err == ""


def test_orders_share_machines(plan):
    document = json.loads((plan / "plan.json").read_text(encoding="utf-8"))
    works = {work["id"]: work for work in document["works"]}
    users: dict[str, set[str]] = {}
    for done in document["schedule"]["assignments"]:
        work = works[done["work"]]
        machine = document["modes"][work["modes"]][done["mode"]]["machine"]
        users.setdefault(machine, set()).add(work["order"])
    assert max(len(orders) for orders in users.values()) >= 2


def test_every_order_with_a_day_arrives_in_time(plan):
    document = json.loads((plan / "plan.json").read_text(encoding="utf-8"))
    assert len(document["orders"]) == 4
    assert [order["id"] for order in document["orders"] if order["late_days"] > 0] == []
