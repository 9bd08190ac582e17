"""Between two planned jobs only the modules that differ are changed."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from manyworks.model import Machine, MachineId, Network, OperationId, PlaceId, Shop, ShopId
from manyworks.planning.changeovers import MOST_FAMILIES, fill_changeovers
from manyworks.planning.works import Roster
from manyworks.processes import Station, changeover, rate_card, typical_operation

SHOP, PRESS = ShopId("moulder"), MachineId("press")
STATION = Station(
    machine=Machine(id=PRESS, shop=SHOP, name="Press", capabilities=(), count=2),
    rates=rate_card("GB", {"USD": 1.0}),
)


def job(name, mould, resin, colour):
    return replace(
        typical_operation("injection-moulding"),
        id=OperationId(name),
        setup_family=name,
        setup_state={"mould": mould, "resin": resin, "colour": colour},
    )


RED = job("red lid", "lid", "ABS", "red")
BLUE = job("blue lid", "lid", "ABS", "blue")
CUP = job("cup", "cup", "PP", "white")


def whole_s(operation):
    return changeover(None, operation, STATION).minutes * 60.0 + 600.0


def roster():
    shop = Shop(id=SHOP, name="Moulder", place=PlaceId("here"))
    network = Network(
        name="n",
        currency="USD",
        as_of="2026-01-01",
        shops={SHOP: shop},
        machines={PRESS: STATION.machine},
    )
    return Roster(network=network, intervals={SHOP: ((0, 10**7),)})


def accepted(*operations):
    """One option with a step for each operation, and what it was prepared from."""
    seat = SimpleNamespace(machine=STATION.machine, station=STATION)
    case = SimpleNamespace(
        routings={"item": (SimpleNamespace(operations=operations),)},
        seats={operation.id: (seat,) for operation in operations},
    )
    steps = [SimpleNamespace(operation=o.id, machine=PRESS, setup_s=whole_s(o)) for o in operations]
    product = SimpleNamespace(items={})
    return [(SimpleNamespace(steps=steps), SimpleNamespace(case=case, product=product))]


def setups(*operations):
    rota = roster()
    findings = fill_changeovers(accepted(*operations), rota)
    return rota, findings


def test_another_colour_in_the_same_mould_is_less_than_another_mould():
    rota, findings = setups(RED, BLUE, CUP)
    pairs = next(iter(rota.resources.values())).setups
    assert not findings
    assert pairs["red lid", "blue lid"] < pairs["cup", "blue lid"] <= whole_s(BLUE)


def test_what_belongs_to_the_lot_itself_is_kept_in_every_change():
    rota, _ = setups(RED, BLUE)
    between = changeover(RED, BLUE, STATION).minutes * 60.0
    assert next(iter(rota.resources.values())).setups["red lid", "blue lid"] == pytest.approx(
        between + 600.0, abs=1.0
    )


def test_every_machine_of_the_kind_has_the_same_changes():
    rota, _ = setups(RED, CUP)
    first, second = rota.resources.values()
    assert first.setups == second.setups != {}


def test_jobs_that_say_nothing_of_the_cell_take_the_whole_set_up():
    rota, _ = setups(replace(RED, setup_state={}), replace(BLUE, setup_state={}))
    assert rota.resources == {}


def test_jobs_of_two_processes_take_the_whole_set_up():
    other = replace(
        typical_operation("smt-assembly"), id=OperationId("b"), setup_family="b", setup_state={"x": "y"}
    )
    rota, _ = setups(RED, other)
    assert rota.resources == {}


def test_very_many_families_are_told_and_planned_with_whole_set_ups():
    many = [job(f"j{n}", f"m{n}", "ABS", "red") for n in range(MOST_FAMILIES + 1)]
    rota, (finding,) = setups(*many)
    assert finding.code == "planning.changeover.many"
    assert rota.resources == {}
