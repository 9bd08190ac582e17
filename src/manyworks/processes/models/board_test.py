"""Finished boards tested: nets measured where asked, powered up, programmed.

``board = handling + parts * look + connect + functional + test_s + programmable * (start + kB / rate)``,
seconds, and the minutes of repairing a share of faulty ones. Connecting is by clips, or by a jig of
spring pins where the lot pays for it.

Where ``nets`` are to be measured, the cheapest of three complete ways is taken:

- by hand with a meter: ``nets * meter_net_seconds`` a board;
- flying probe: ``load + nets / rate`` a board on a prober, ``program + nets * program_net`` once;
- bed of nails (in-circuit): ``load + nets / fast rate`` a board on a tester, a fixture of
  ``fixed + nets * pin`` and a longer program once.

Checked against: flying probe 2 to 5 nets a second after 1 to 3 h of program (general practice); as
second sources a break-even between 800 and 4,000 boards a year with fixtures of 8,000 to 30,000 USD,
6 to 18 min a board of 320 nets by probe and 30 to 90 s by nails (pioneerhorizon.in, ICT coverage
economics), and 200 to 500 boards with fixtures from 5,000 USD (blog.proactivepcb.com). Small fixtures of
micro-factories are cheaper, so that the change comes earlier. Error: sigma 0.35 of its own (what is to
be tested is rarely written down), 0.18 by country.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> board = make_operation("board-test", {"parts": 60, "programmable": 1, "nets": 80})
>>> made = estimate(board, np.array([10.0, 10000.0]), [station])
>>> [f"{seconds:.0f} s a board" for seconds in made.run_s[0] / [10, 10000]]
['567 s a board', '97 s a board']
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import SECONDS, Array, Bench, Effort, Lines, Number, price_on_default_machine


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of boards that pass or can be repaired."""
    return 1.0 - bench["fault_share"] * bench["scrap_of_faulty"]


def _operator(bench: Bench) -> Number:
    """Money of an operator's hour."""
    return bench.rates["wage"] * bench["skill_wage_factor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One way to measure the nets of a lot: machine seconds, people beside it, program, fixture.

    Programs are written away from the bench: its own pace of setting up does not choose the way.
    """

    run_s: Number
    people: Number
    engineer_s: Number
    tools: Number
    hour: Number

    def cost(self, bench: Bench) -> Array:
        """Money of the whole way."""
        running = self.run_s * (self.hour + self.people * _operator(bench) + _energy_hour(bench)) / SECONDS
        engineer = self.engineer_s * bench.rates["wage"] * bench["engineer_wage_factor"] / SECONDS
        whole: Array = running + engineer + self.tools
        return whole


def _energy_hour(bench: Bench) -> Number:
    return bench.of_machine("power_kw", "power_kw") * bench.rates["energy"]


def _by_meter(nets: float, starts: Array, bench: Bench) -> _Way:
    return _Way(
        run_s=starts * nets * bench["meter_net_seconds"] * bench.factor("run_time_factor"),
        people=1.0,
        engineer_s=0.0,
        tools=0.0,
        hour=bench.default_hour(),
    )


def _by_probe(nets: float, starts: Array, bench: Bench) -> _Way:
    each = bench["probe_load_seconds"] + nets / bench["probe_nets_per_second"]
    program = bench["probe_program_minutes"] + nets * bench["probe_program_net_minutes"]
    price = bench["prober_price"]
    return _Way(
        run_s=starts * each * bench.factor("run_time_factor"),
        people=bench["probe_people"],
        engineer_s=program * 60.0,
        tools=0.0,
        hour=bench.hour(price, bench["tester_floor_m2"], bench["tester_life_years"]),
    )


def _by_nails(nets: float, starts: Array, bench: Bench) -> _Way:
    each = bench["nails_load_seconds"] + nets / bench["nails_nets_per_second"]
    program = bench["nails_program_minutes"] + nets * bench["nails_program_net_minutes"]
    price = bench["tester_price"]
    return _Way(
        run_s=starts * each * bench.factor("run_time_factor"),
        people=1.0,
        engineer_s=program * 60.0,
        tools=bench["fixture_fixed"] + nets * bench["fixture_per_net"],
        hour=bench.hour(price, bench["tester_floor_m2"], bench["tester_life_years"]),
    )


def _cheapest(ways: Sequence[_Way], bench: Bench) -> _Way:
    """The way of least money at every station and quantity, as one way of mixed figures."""
    costs = [way.cost(bench) for way in ways]
    best = np.minimum.reduce(costs)

    def pick(name: str) -> Number:
        values = [getattr(way, name) for way in ways]
        return np.select([cost <= best for cost in costs], np.broadcast_arrays(*values, best)[:-1])

    return _Way(**{name: pick(name) for name in _Way.__dataclass_fields__})


def _with_nets(lines: Lines, way: _Way, bench: Bench) -> Lines:
    """The bench's lines with those of measuring the nets on their own machine."""
    engineer = way.engineer_s * bench.rates["wage"] * bench["engineer_wage_factor"] / SECONDS
    people_s = way.run_s * way.people
    return replace(
        lines,
        run_s=lines.run_s + way.run_s,
        attended_s=lines.attended_s + people_s + way.engineer_s,
        energy_kwh=lines.energy_kwh + way.run_s * bench.of_machine("power_kw", "power_kw") / SECONDS,
        setup=lines.setup + engineer,
        machine=lines.machine + way.run_s * way.hour / SECONDS,
        labour=lines.labour + people_s * _operator(bench) / SECONDS,
        tools=lines.tools + way.tools,
    )


def _connecting(starts: Array, bench: Bench) -> tuple[Number, Number]:
    """Seconds to connect a board and the price of a jig, where the jig pays within the lot."""
    clips, jig = bench["clip_seconds"], np.minimum(bench["jig_seconds"], bench["clip_seconds"])
    hour = bench.default_hour() + _operator(bench) * bench["operators"] + _energy_hour(bench)
    saved = starts * (clips - jig) * bench.factor("run_time_factor") * hour / SECONDS
    worth = saved > bench["jig_price"]
    return np.where(worth, jig, clips), np.where(worth, bench["jig_price"], 0.0)


def _functional_s(operation: Operation, bench: Bench) -> Number:
    """Seconds of one board but for connecting and the nets: look, power, watch, program, repair."""
    parts, programmable, kilobytes, further = bench.drivers(
        operation, "parts", "programmable", "image_kb", "test_s"
    )
    looking = bench["handling_seconds"] + parts * bench["visual_part_seconds"]
    writing = bench["programming_seconds"] + kilobytes / bench["programming_kb_per_second"]
    repair = bench["fault_share"] * bench["repair_minutes"] * 60.0
    return looking + bench["functional_seconds"] + further + programmable * writing + repair


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of testing lots of boards."""
    programmable, nets = bench.drivers(operation, "programmable", "nets")
    connect_s, jig = _connecting(starts, bench)
    run_s = starts * (_functional_s(operation, bench) + connect_s)
    prepare = bench["preparation_minutes"] + programmable * bench["programming_preparation_minutes"]
    change = full_change(operation, bench)
    effort = Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=run_s * bench["operators"],
        engineer_s=prepare * 60.0,
        tools=jig,
        consumables=starts * bench["consumables_per_board"],
    )
    lines = price_on_default_machine(effort, bench)
    if nets <= 0.0:
        return lines
    ways = (_by_meter(nets, starts, bench), _by_probe(nets, starts, bench), _by_nails(nets, starts, bench))
    return _with_nets(lines, _cheapest(ways, bench), bench)
