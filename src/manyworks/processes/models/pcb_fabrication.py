"""Bare boards: how many on a panel, what each centre of the line does to it, what goes into it.

Drivers: ``width_mm``, ``height_mm``, ``layers``, ``thickness_mm``, ``holes``, ``drill_mm`` (smallest),
``track_mm`` (finest track or gap), ``route_mm`` (contour to be cut), ``test_points``, ``pressings``, and
the share (0 or 1) of each finish: ``hasl``, ``enig``, ``osp``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from manyworks.model import Operation
from manyworks.processes.frame import SECONDS, Array, Bench, Lines, Number, annuity, drivers_of
from manyworks.processes.tables import read_data

_KINDS = ("panel", "inner_pair", "lamination", "hit", "route", "test")
_MM2 = 1e-6
_MM_OF_STOCK = 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Centres:
    """Columns of the table of centres, one entry a centre; ``kind`` one-hot over `_KINDS`."""

    capital: Array
    power_kw: Array
    floor_m2: Array
    operators: Array
    rate: Array
    setup_h: Array
    kind: Array


@cache
def _centres() -> _Centres:
    rows = list(read_data("pcb_centres")["centres"].values())

    def column(name: str) -> Array:
        return np.array([row[name] for row in rows], dtype=np.float64)

    kind = np.array([[float(row["per"] == kind) for row in rows] for kind in _KINDS])
    return _Centres(
        capital=column("capital"),
        power_kw=column("power_kw"),
        floor_m2=column("floor_m2"),
        operators=column("operators"),
        rate=column("rate"),
        setup_h=column("setup_minutes") / 60.0,
        kind=kind,
    )


def _fit(panel: Number, board: float, bench: Bench) -> Number:
    """How many boards lie along one side of a panel, edges and gaps off."""
    gap = bench["panel_gap_mm"]
    step = np.maximum(board, bench["smallest_outline_mm"]) + gap
    return np.maximum(np.floor((panel - 2.0 * bench["panel_edge_mm"] + gap) / step), 0.0)


def boards_per_panel(width_mm: float, height_mm: float, bench: Bench) -> Number:
    """Boards on a working panel, the better of the two ways round.

    Below one where a board is larger than the panel: it then takes its share of larger ones.
    """
    wide, long = bench["panel_width_mm"], bench["panel_length_mm"]
    upright = _fit(wide, width_mm, bench) * _fit(long, height_mm, bench)
    turned = _fit(wide, height_mm, bench) * _fit(long, width_mm, bench)
    # Boards smaller than the smallest outline share one outline.
    small = bench["smallest_outline_mm"]
    nested = np.maximum(np.floor(small / width_mm), 1.0) * np.maximum(np.floor(small / height_mm), 1.0)
    oversize = np.minimum(wide * long / (width_mm * height_mm), 1.0)
    most = np.maximum(upright, turned)
    return np.where(most > 0.0, most * nested, oversize)


def good_share(operation: Operation, bench: Bench) -> Number:
    """Share of good boards: falls with layers and with fine tracks."""
    layers, track = drivers_of(operation, "layers", "track_mm")
    share = bench["two_layer_yield"] - bench["yield_loss_per_layer"] * max(layers - 2.0, 0.0)
    share = share - np.where(track < bench["fine_track_mm"], bench["fine_track_yield_loss"], 0.0)
    return np.maximum(share, bench["lowest_yield"])


def _passes(operation: Operation, per_panel: Number, bench: Bench) -> Array:
    """Passes of one panel through each centre but the test, shape (S or 1, centres)."""
    layers, holes, drill, route, pressings = drivers_of(
        operation, "layers", "holes", "drill_mm", "route_mm", "pressings"
    )
    slow = np.where(drill < bench["small_drill_mm"], bench["small_drill_slowdown"], 1.0)
    inner = max(np.ceil((layers - 2.0) / 2.0), 0.0)
    amounts = (1.0, inner, pressings, holes * slow * per_panel, route * per_panel, 0.0)
    columns = np.broadcast_arrays(*(np.atleast_2d(amount) for amount in amounts))
    done: Array = np.concatenate(columns, axis=1) @ _centres().kind
    return done


def _hours_cost(bench: Bench) -> Array:
    """Money of an hour of each centre without its people, shape (S, centres)."""
    centres, rates = _centres(), bench.rates
    own = np.array([s.machine.capital or np.nan for s in bench.stations], dtype=np.float64)[:, None]
    capital = np.where(np.isnan(own), rates["capital_factor"] * centres.capital.sum(), own)
    share = centres.capital / centres.capital.sum()
    yearly = (
        capital
        * share
        * (annuity(rates["interest"], bench.of_machine("life_years", "life_years")) + rates["maintenance"])
    )
    floor = centres.floor_m2 * bench.of_machine("floor_factor")
    cost: Array = (yearly + floor * rates["rent"]) / rates["hours"]
    return cost


def _material(operation: Operation, bench: Bench) -> tuple[Number, Number]:
    """Price and embodied CO2e of a square metre of finished panel."""
    layers, thickness, pressings, hasl, enig, osp = drivers_of(
        operation, "layers", "thickness_mm", "pressings", "hasl", "enig", "osp"
    )
    inner = max(np.ceil((layers - 2.0) / 2.0), 0.0)
    thicker = 1.0 + bench["thickness_price_share"] * (thickness / _MM_OF_STOCK - 1.0)
    if layers > 2.0:
        laminate = bench["inner_core_price"] * inner + 2.0 * bench["prepreg_foil_price"] * pressings
    else:
        laminate = bench["core_price"]
    finish = hasl * bench["hasl_price"] + enig * bench["enig_price"] + osp * bench["osp_price"]
    wet = bench["chemistry_price"] + bench["inner_chemistry_price"] * inner + bench["mask_legend_price"]
    carbon = bench["laminate_co2e"] * thickness / _MM_OF_STOCK + bench["inner_co2e"] * inner
    return laminate * thicker / bench["material_use"] + wet + finish, carbon + bench["chemistry_co2e"]


def _bits(operation: Operation, per_panel: Number, bench: Bench) -> Number:
    """Drill bits used up by one panel, in money."""
    (holes,) = drivers_of(operation, "holes")
    hits = holes * per_panel / bench["drill_stack"]
    return hits / bench["drill_bit_hits"] * bench["drill_bit_price"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """What an hour of each centre takes at each station, shape (S, centres)."""

    rate: Array
    people: Array
    power_kw: Array
    wage: Array

    def money(self, hours: Array) -> Array:
        """Money of some hours at each centre, machine and people."""
        return _row(hours * (self.rate + self.people * self.wage))

    def at_test(self, hours: Number) -> tuple[Number, Number, Number, Number]:
        """Machine money, labour money, person-hours and kWh of hours at the test centre."""
        tester = _centres().kind[_KINDS.index("test")].astype(bool)
        machine, people = _row(self.rate[:, tester]), _row(self.people[:, tester])
        labour_h = hours * people
        return hours * machine, labour_h * self.wage, labour_h, hours * _row(self.power_kw[:, tester])


def _line(bench: Bench) -> _Line:
    return _Line(
        rate=_hours_cost(bench),
        people=np.atleast_2d(_centres().operators * bench["indirect_people_factor"]),
        power_kw=_power(bench),
        wage=bench.rates["wage"] * bench["skill_wage_factor"],
    )


def _test(operation: Operation, boards: Array, line: _Line, bench: Bench) -> tuple[Number, Number]:
    """Hours of electrical test and price of a fixture: flying probe, or a bed of nails where cheaper."""
    (points,) = drivers_of(operation, "test_points")
    probe_h = boards * points / bench["test_points_per_hour"]
    nails_h = np.minimum(boards * bench["fixture_seconds"] / SECONDS, probe_h)
    fixture = bench["fixture_fixed"] + bench["fixture_per_point"] * points
    machine, labour, _, _ = line.at_test(1.0)
    worth = (probe_h - nails_h) * (machine + labour) > fixture
    return np.where(worth, nails_h, probe_h), np.where(worth, fixture, 0.0)


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of lots of bare boards.

    An order pays panels in steps of ``smallest_panel_share`` and that share of the line's set-ups.
    On the clock the lot holds the slowest centre; the line's other hours are the operation's hold.
    """
    width, height, layers = drivers_of(operation, "width_mm", "height_mm", "layers")
    per_panel = boards_per_panel(width, height, bench)
    part = bench["smallest_panel_share"]
    panels = np.ceil(starts / per_panel / part * (1.0 - 1e-9)) * part
    pooled = np.minimum(panels, 1.0)
    line = _line(bench)
    hours = _passes(operation, per_panel, bench) / _centres().rate / bench["speed_factor"]
    hours = hours * bench.factor("run_time_factor")
    setups = np.where(hours > 0.0, _centres().setup_h * bench.factor("setup_time_factor"), 0.0)
    test_h, fixture = _test(operation, panels * per_panel, line, bench)
    test_money, test_wages, test_people_h, test_kwh = line.at_test(test_h)
    engineer_h, tools = _engineering(layers, bench)
    labour_h = panels * _row(hours * line.people) + test_people_h
    setup_h = pooled * _row(setups * line.people)
    square = panels * bench["panel_width_mm"] * bench["panel_length_mm"] * _MM2
    price_m2, carbon_m2 = _material(operation, bench)
    engineer = bench.rates["wage"] * bench["engineer_wage_factor"]
    idle_kwh = pooled * _row(setups * line.power_kw) * bench["setup_power_share"]
    return Lines(
        setup_s=pooled * _row(setups, np.max) * SECONDS,
        run_s=np.maximum(panels * _row(hours, np.max), test_h) * SECONDS,
        attended_s=(labour_h + setup_h + engineer_h) * SECONDS,
        energy_kwh=panels * _row(hours * line.power_kw) + test_kwh + idle_kwh,
        material_co2e_kg=square * carbon_m2,
        setup=pooled * line.money(setups) + engineer_h * engineer + tools + fixture,
        machine=panels * _row(hours * line.rate) + test_money,
        labour=panels * _row(hours * line.people) * line.wage + test_wages,
        material=square * price_m2,
        consumables=panels * _bits(operation, per_panel, bench),
    )


def _engineering(layers: float, bench: Bench) -> tuple[Number, Number]:
    """Hours of data preparation and price of the films of one design."""
    hours = (bench["cam_minutes"] + bench["cam_layer_minutes"] * layers) / 60.0
    return hours, (layers + 2.0) * bench["phototool_price"]


def _power(bench: Bench) -> Array:
    """Draw of each centre in kW; a machine's own figure is shared out like the default."""
    default = _centres().power_kw
    own = np.array([s.machine.power_kw or default.sum() for s in bench.stations])[:, None]
    power: Array = default * own / default.sum()
    return power


def _row(table: Array, fold: Callable[..., Array] = np.sum) -> Array:
    """Over all centres, as a column (S or 1, 1)."""
    return np.asarray(fold(np.atleast_2d(table), axis=1, keepdims=True))
