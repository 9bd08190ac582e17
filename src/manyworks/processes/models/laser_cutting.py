"""Flat parts cut by a laser.

Time of a piece, seconds (v in m/s): ``cut / v' + pierces * (t_pierce + t_lift + corners * v' / a) +
travel``, with ``v' = min(v, sqrt(L a / corners))``, L the mean contour: what a head of acceleration ``a``
reaches between the corners of a small contour, so that thin sheet is not cut faster than the machine moves.
v comes from `manyworks.processes.cutting_speeds` (a published chart and a second one within 25 %), piercing
is proportional to thickness (two open estimators agree within a factor of 1.5), travel is the square root
of area times contours. A shuttle table lets the operator take parts out while the next sheet is cut: the
lot runs the longer of the two, and the operator is paid for the longer of them and his share of the
machine. The next sheet is laid on meanwhile, so only the nozzle's change and the first part hold the
machine. Mild steel is cut with oxygen or nitrogen, whichever is cheaper for the lot: N2 is faster in thin
sheet but its gas costs 15 times as much; both are worked out whole.

Sheet: see `manyworks.processes.sheet_stock`. Metals on a fibre laser, acrylic, wood, paper and plastics on
a CO2 machine with its own price and power; both grow with the beam where a shop states a stronger one. Gas
flow is checked by choked flow through the nozzle. Checked against two more sources: three times the speed
makes typical job-shop parts of 1 mm only 25 to 50 % faster (Powell and Kaplan, laserchirp.com), which these
times give; an hour with its operator is sold at 110 to 120 USD in a US cost sheet of about 2014 (ETM
Manufacturing), 155 to 165 at today's wages, here about 146. A tariff of 0.2 CNY a pierce beside 4.5 CNY a
metre in 3 mm (hokkiencha.cn) is 0.6 s a pierce, here 1 s with raising the head. The model's stated error is
ln-sigma 0.36 (own) and 0.15 (shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> plate = {"cut_mm": 900, "pierces": 6, "thickness_mm": 3, "length_mm": 200, "width_mm": 120}
>>> made = estimate(make_operation("laser-cutting", plate, material="S235"), np.array([100.0]), [station])
>>> f"{made.run_s[0, 0] / 100:.0f} s a piece on the machine, {made.input_kg[0, 0] / 100:.2f} kg of sheet"
'14 s a piece on the machine, 0.71 kg of sheet'
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.cutting_speeds import USUAL_FAMILY, SpeedLaw, contour_s, laws_of, speed_laws
from manyworks.processes.frame import SECONDS, Array, Bench, Effort, Lines, Number, price_effort
from manyworks.processes.machine_size import sized
from manyworks.processes.precision import effort_for_grade, tolerance_grade
from manyworks.processes.sheet_stock import denest_s, sheet_material, sheets_of

_MM = 1e-3
_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beam:
    """The laser that cuts a family: its hour, people, draw and power, and whether it cuts metal."""

    hour: Number
    operators: Number
    power_kw: Number
    laser_kw: Number
    metal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A lot run with one gas: machine seconds and the gas's money."""

    seconds: Number
    gas: Number


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of parts that are good."""
    return 1.0 - bench["scrap_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of cutting lots."""
    laws, pace = _laws(operation, bench)
    beam = _beam(laws[0], bench)
    sheets = sheets_of(operation, starts, bench)
    tended_s = denest_s(operation, starts, bench)
    idle_s = sheets.laid * bench["exchange_seconds"]
    runs = [_run(operation, starts, bench, beam, law, pace) for law in laws]
    whole = [_with_table(run, idle_s, tended_s) for run in runs]
    run = _cheapest(whole, tended_s, beam, bench)
    material = sheet_material(operation, starts, sheets.charged_mm2, bench)
    change = full_change(operation, bench)
    first_s = bench["first_part_minutes"] * _MINUTE
    effort = Effort(
        setup_s=change.held_s + first_s,
        run_s=run.seconds,
        setup_labour_s=change.people_s + first_s,
        labour_s=_attended_s(run, tended_s, beam) + _deburr_s(operation, starts, bench, beam),
        engineer_s=_programming_s(operation, bench),
        material=material.money,
        tools=run.seconds / SECONDS * bench["wear_per_hour"],
        consumables=run.gas,
        material_co2e_kg=material.co2e_kg,
        input_kg=material.input_kg,
        product_kg=material.product_kg,
    )
    return price_effort(effort, bench, beam.hour, beam.power_kw)


def _laws(operation: Operation, bench: Bench) -> tuple[tuple[SpeedLaw, ...], Number]:
    """The gases to choose from, and the pace relative to their speed."""
    laws = laws_of(operation)
    pace = bench["own_speed"] * bench["shop_speed"]
    if laws is not None:
        return laws, pace
    return speed_laws(USUAL_FAMILY), pace * bench.drivers(operation, "speed_factor")[0]


def _beam(law: SpeedLaw, bench: Bench) -> _Beam:
    kind, beam = ("co2_", "co2_kw") if law.co2 else ("", "laser_kw")
    laser_kw = bench[beam]
    strength = laser_kw / bench.table.coefficients[beam].value
    return _Beam(
        hour=bench.hour(
            sized(bench, f"{kind}capital", "capital", strength ** bench["price_exponent"]),
            bench.of_machine(f"{kind}floor_m2", "floor_m2"),
            bench.of_machine(f"{kind}life_years", "life_years"),
        ),
        operators=bench[f"{kind}operators"],
        power_kw=sized(bench, f"{kind}power_kw", "power_kw", strength ** bench["draw_exponent"]),
        laser_kw=laser_kw,
        metal=not law.co2,
    )


def _run(operation: Operation, starts: Array, bench: Bench, beam: _Beam, law: SpeedLaw, pace: Number) -> _Run:
    """Beam and head time of a lot with one gas."""
    thickness, pierces, cut = bench.drivers(operation, "thickness_mm", "pierces", "cut_mm")
    v = law.m_per_min(thickness, beam.laser_kw) * pace / _MINUTE
    strength = (beam.laser_kw / law.reference) ** 0.5
    pierce_s = thickness * bench["pierce_seconds_per_mm"] / strength
    on_s = contour_s(cut, pierces, v, bench) * _precision(operation, bench) + pierces * pierce_s
    off_s = pierces * bench["lift_seconds"] + _travel_s(operation, bench) + _engrave_s(operation, bench)
    gas = law.gas_m3_per_hour(thickness) * bench[f"{law.gas}_price"]
    return _Run(seconds=starts * (on_s + off_s), gas=starts * on_s / SECONDS * gas)


def _travel_s(operation: Operation, bench: Bench) -> Number:
    """Seconds of rapid moves between the contours of a piece."""
    length, width, pierces = bench.drivers(operation, "length_mm", "width_mm", "pierces")
    seconds: Number = np.sqrt(length * width * pierces) * _MM / (bench["rapid_m_per_min"] / _MINUTE)
    return seconds


def _engrave_s(operation: Operation, bench: Bench) -> Number:
    (engraved,) = bench.drivers(operation, "engrave_mm")
    return engraved * _MM / (bench["engrave_m_per_min"] / _MINUTE)


def _precision(operation: Operation, bench: Bench) -> Number:
    tolerance, length = bench.drivers(operation, "tolerance_mm", "length_mm")
    return effort_for_grade(tolerance_grade(tolerance, length), bench)


def _with_table(run: _Run, idle_s: Number, tended_s: Number) -> _Run:
    """A run with its sheets exchanged, waiting for the parts of the last one to be taken out."""
    return _Run(seconds=np.maximum(run.seconds + idle_s, tended_s), gas=run.gas)


def _attended_s(run: _Run, tended_s: Number, beam: _Beam) -> Number:
    """Person-seconds at the machine; parts are taken out of one sheet while the next is cut."""
    return np.maximum(run.seconds * beam.operators, tended_s)


def _cheapest(runs: list[_Run], tended_s: Number, beam: _Beam, bench: Bench) -> _Run:
    """The cheaper of two gases for each station and lot."""
    if len(runs) == 1:
        return runs[0]
    first, second = (_money(run, tended_s, beam, bench) for run in runs)
    better = first <= second
    return _Run(
        seconds=np.where(better, runs[0].seconds, runs[1].seconds),
        gas=np.where(better, runs[0].gas, runs[1].gas),
    )


def _money(run: _Run, tended_s: Number, beam: _Beam, bench: Bench) -> Number:
    """What differs between two gases: machine, people, energy, wear, gas."""
    pace = bench.factor("run_time_factor")
    wage = bench.rates["wage"] * bench["skill_wage_factor"] * pace
    hour = (beam.hour + beam.power_kw * bench.rates["energy"]) * pace + bench["wear_per_hour"]
    attended = _attended_s(run, tended_s, beam) * wage
    return (run.seconds * hour + attended) / SECONDS + run.gas


def _deburr_s(operation: Operation, starts: Array, bench: Bench, beam: _Beam) -> Number:
    (cut,) = bench.drivers(operation, "cut_mm")
    return starts * cut * _MM * bench["deburr_seconds_per_m"] if beam.metal else 0.0


def _programming_s(operation: Operation, bench: Bench) -> Number:
    (pierces,) = bench.drivers(operation, "pierces")
    return bench["programming_minutes"] * _MINUTE + pierces * bench["programming_seconds_per_contour"]
