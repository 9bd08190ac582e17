"""Orders on one network: stock, arrivals, journeys, due days, lots over identical machines."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace

import pytest
from tests.cli.small_shop import write_network, write_product

from manyworks.files import read, read_network
from manyworks.model import Order, Severity, Shift, errors
from manyworks.planning import PlanningError, plan, read_products, without_stock
from manyworks.scheduling import check

DAY_S = 86400


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return read(write_product(tmp_path_factory.mktemp("p") / "keyring"), strict=True)[0]


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return read_network(write_network(tmp_path_factory.mktemp("n")), strict=True)[0]


def order(name, quantity=50, **more):
    base = {"product": "keyring", "source": "keyring", "ship_to": "Cardiff, GB"}
    return Order(id=name, quantity=quantity, **{**base, **more})


@pytest.fixture(scope="module")
def two(product, network):
    """A large and a small order; the one named last in the list is due first."""
    late, soon = order("late", due="2027-03-01"), order("soon", 40, due="2027-02-01")
    return plan([(late, product), (soon, product)], network)


def works_of(made, name, process):
    return [work for work in made.workload.works if work.order == name and work.process == process]


def bought(planned, offer):
    return sum(one.units for one in planned.option.purchases if one.offer == offer)


def test_orders_come_in_the_order_of_their_due_days(two):
    assert [planned.order.id for planned in two.orders] == ["soon", "late"]


def test_stock_taken_by_one_order_is_gone_for_the_next(two, network):
    stock = network.offers["ring-stock"].stock
    first, second = (bought(planned, "ring-stock") for planned in two.orders)
    assert 40 <= first <= stock
    assert second <= stock - first
    assert bought(two.orders[1], "ring-dear") > 0


def test_what_was_bought_leaves_the_shelves_and_nothing_else_does(two, network):
    left = without_stock(network, two.orders[0].option)
    taken = bought(two.orders[0], "ring-stock")
    assert left.offers["ring-stock"].stock == network.offers["ring-stock"].stock - taken
    assert left.offers["ring-dear"] == network.offers["ring-dear"]
    assert left.shops == network.shops


def test_assembly_waits_for_every_part_of_the_print_and_its_journey(two):
    for planned in two.orders:
        name = planned.order.id
        journey = next(
            move for move in planned.option.moves if "tag" in move.items and move.operation is not None
        )
        printed = {work.id for work in works_of(two, name, "fdm-printing")}
        (assembly,) = works_of(two, name, "final-assembly")
        assert {link.before for link in assembly.links} == printed
        assert {link.lag_s for link in assembly.links} == {math.ceil(journey.transit_days.mean * DAY_S)}


def test_the_next_step_in_the_same_shop_follows_without_a_journey(two):
    (assembly,) = works_of(two, "soon", "final-assembly")
    (packing,) = works_of(two, "soon", "packing")
    assert [(link.before, link.lag_s) for link in packing.links] == [(assembly.id, 0)]


def test_assembly_is_released_when_what_was_bought_has_arrived(two):
    planned = two.orders[0]
    (assembly,) = works_of(two, "soon", "final-assembly")
    (buy,) = [one for one in planned.option.purchases if one.operation == assembly.operation]
    (move,) = [one for one in planned.option.moves if one.items == ("ring",)]
    assert assembly.release_s == math.ceil((buy.lead_days + move.transit_days.mean) * DAY_S)


def test_a_print_is_released_after_the_usual_wait_of_its_shop(two, network):
    for work in works_of(two, "soon", "fdm-printing"):
        assert work.release_s == network.shops["print-house"].queue_days * DAY_S


def test_only_the_last_work_of_an_order_is_due_and_earlier_by_the_last_journey(two):
    due = {work.process: work.due_s for work in two.workload.works if work.order == "soon"}
    last = next(move for move in two.orders[0].option.moves if move.operation is None)
    end_of_day = (31 + 31 + 11 + 1) * DAY_S  # 20 November to the end of 1 February
    assert due["fdm-printing"] is None
    assert due["final-assembly"] is None
    assert due["packing"] == end_of_day - math.ceil(last.transit_days.mean * DAY_S)


def test_an_order_is_delivered_its_last_journey_after_its_last_work(two):
    ends = defaultdict(int)
    orders = {work.id: work.order for work in two.workload.works}
    for done in two.schedule.assignments:
        ends[orders[done.work]] = max(ends[orders[done.work]], done.end_s)
    for planned in two.orders:
        last = next(move for move in planned.option.moves if move.operation is None)
        assert (planned.finish - two.workload.epoch).total_seconds() == ends[planned.order.id]
        assert (planned.delivered - planned.finish).total_seconds() == pytest.approx(
            last.transit_days.mean * DAY_S
        )


def test_nothing_is_late_with_time_enough(two):
    assert [planned.late_days for planned in two.orders] == [0.0, 0.0]
    assert two.schedule.objective == 0.0


def test_an_order_that_cannot_be_in_time_is_a_warning_with_the_days(product, network):
    made = plan([(order("rush", due="2026-11-21"), product)], network)
    (finding,) = [one for one in made.findings if one.code == "planning.late"]
    assert finding.severity is Severity.WARNING
    assert finding.where == "rush"
    assert f"{made.orders[0].late_days:.1f} days" in finding.message
    assert made.orders[0].late_days > 1
    assert made.schedule.objective > 0


def test_a_due_day_before_the_networks_day_can_still_be_planned(product, network):
    made = plan([(order("past", due="2026-01-01"), product)], network)
    assert made.orders[0].late_days > 300
    assert errors(check(made.workload, made.schedule)) == []


@pytest.mark.parametrize("quantity", [1, 7, 50, 101])
def test_lots_over_identical_machines_sum_to_the_quantity(quantity, product, network):
    made = plan([(order("o", quantity), product)], network)
    for step in made.orders[0].option.steps:
        works = [work for work in made.workload.works if work.operation == step.operation]
        assert sum(work.quantity for work in works) == pytest.approx(step.quantity)
        assert all(work.quantity == int(work.quantity) for work in works)
        run = sum(work.modes[0].duration_s for work in works)
        assert step.run_s <= run <= step.run_s + len(works)


def test_a_large_lot_uses_every_one_of_the_identical_machines(product, network):
    made = plan([(order("o", 200), product)], network)
    works = {work.id: work for work in made.workload.works if work.process == "fdm-printing"}
    used = {
        works[done.work].modes[done.mode].machine for done in made.schedule.assignments if done.work in works
    }
    assert used == {f"printers/{n}" for n in (1, 2, 3, 4)}


def test_a_lot_can_run_on_each_of_very_many_machines(product, network):
    many = replace(network.machines["table"], count=70)
    made = plan([(order("o"), product)], replace(network, machines={**network.machines, "table": many}))
    (assembly,) = works_of(made, "o", "final-assembly")
    assert len({mode.machine for mode in assembly.modes}) == 70
    assert len({mode.workers for mode in assembly.modes}) == 2


def test_a_shop_that_names_nobody_is_a_warning(product, network):
    made = plan([(order("o"), product)], replace(network, workers={}))
    assert "pack-room" in {one.where for one in made.findings if one.code == "planning.workers.none"}


def test_every_order_that_cannot_be_made_is_named(product, network):
    alone = replace(network, machines={"printers": network.machines["printers"]})
    orders = [(order("a"), product), (order("b", ship_to="Nowhereville"), product)]
    with pytest.raises(PlanningError) as caught:
        plan(orders, alone)
    told = {finding.where.split(":")[0] for finding in caught.value.findings}
    assert told == {"order a", "order b"}


def test_a_shop_that_never_works_is_an_error_not_one_that_always_does(product, network):
    closed = replace(network.shops["pack-room"], shifts=(Shift(weekdays=(), start_min=480, end_min=1080),))
    with pytest.raises(PlanningError) as caught:
        plan([(order("o"), product)], replace(network, shops={**network.shops, "pack-room": closed}))
    assert "pack-room" in str(caught.value)


def test_the_same_seed_gives_the_same_plan(product, network, two):
    again = plan([(one.order, product) for one in two.orders], network)
    assert again.schedule == two.schedule
    assert again.workload == two.workload


def test_each_design_is_read_once_and_a_bad_one_drops_only_its_orders(tmp_path):
    write_product(tmp_path / "keyring")
    orders = [order("a"), order("b", source="gone"), order("c")]
    pairs, findings = read_products(orders, tmp_path)
    assert [one.id for one, _ in pairs] == ["a", "c"]
    assert pairs[0][1] is pairs[1][1]
    assert len(errors(findings)) == 1
