"""Injection moulding; the mould is a tool, an item of its own.

One shot takes, with the wall ``s`` (mm), the resin's cooling ``c`` (s/mm2, see
`manyworks.processes.plastics.cooling_seconds`) and the shot ``v`` (cm3) or ``m`` (g)::

    fill   = min(k_f v^(1/3), f c s^2)
    cool   = max(h c s^2, r c (s + 1.5)^2, pack + recovery)
    pack   = c (g s)^2               until the gate, g of the wall, is frozen
    recovery = k_r m^0.4             the screw turns and fills the barrel again
    open   = 1.5 (a + b sqrt(F)) + takeout(s) + inserts     a press of F tonnes, dry cycle and part out

The melt front runs at one speed, the way grows with the shot (``k_f``); a thin wall has to be full before
it sets, so it is filled faster (``f`` of its cooling time). Thin-walled parts are blown off and fall
free, others are taken out: ``takeout`` grows from 0.5 s at a wall of 0.6 mm to the ordinary at 1.5 mm.
Thin-walled cups run in 3.3 s (Sumitomo (SHI) Demag in FDPP 27, 2020) to 4.5 s (hwamda-thinwall.com) on
presses built for them; the hour of such a press, dearer than an ordinary one's, is for the shop to state.
Cooling runs from the end of filling, so packing and screw recovery lie inside it: nothing is added
on top where cooling is longer. ``h`` is above 1 because corners and the feet of ribs are thicker than
the wall; the cold runner (wall plus 1.5 mm, ejected half soft) cools beside the part. The
cooling formula was checked against a finite-difference solution of the heat equation (the tests);
the whole cycle against Boothroyd, Dewhurst and Knight (reset ``1 + 1.75 t_dry sqrt((2 D + 5) / L)``,
recalled, not re-read): their 2 mm ABS part of 50 t takes about 11 s without any allowance. The dry
cycle's ``a + b sqrt(F)`` is fitted to their table of presses (1.7 s at 30 t to 8.6 s at 850 t). Published
cycles lie on both sides of the default: a calculator says 23 s for 3 mm of ABS (calculatorhub.com), a
moulder's table for quotes 28 to 32 s for 2 mm (genesisllc.com), where this says 34 and 19 s.

Clamp force: shadow of all cavities and runners times the pressure in the cavity times a margin;
the pressure grows with the flow length as a share of the longest the resin can flow. Pressure at half
that length is 30 MPa for easy-flowing plastics times the viscosity factors of Crawford, *Plastics
Engineering*, ch. 4 (second source: buildmold.com, 30 to 70 MPa, 40 to begin with).
The press is the smallest that has the clamp force and whose barrel is filled to 80 % at most; where no press
closes all cavities, as many as the largest can.

Presses run by themselves in up to three shifts, 3,500 h a year on average in North America (Plante Moran's
survey, 2012): more than the attended machines of a shop. People stand for operators and for those who keep
presses running. Held against the hour of US moulders' presses, 41.5 to 43.7 USD on average of 1998 and 2000,
80 to 89 in money of 2026 (plasticstoday.com, IMM benchmarking reports; presses of 75 to 700 t): the tests.

Energy: the press's base load and its clamp side by kind of drive, plus the heat of the melt; with the
defaults 0.5 to 1.5 kWh/kg (fleet 0.6 to 2.5; an all-electric press in one case study 0.16, a hydraulic 0.61).

A clean room of ISO class ``c`` adds, by floor around mould and take-out: its price (times ``step^(8 - c)``),
air (``changes * height / 3600`` m3/s per m2, 0.45 at most, at a stated power; less outside working hours),
monitoring, and to the people gowns and the time to put them on. achengineering.com: 10 to 25 air changes
and 50 to 120 USD/ft2 at ISO 8, 30 to 60 and 120 to 250 at ISO 7; jbrplas.com: about 20 % on the part's
price at ISO 8.

Stated error: a third of the price either way (log sigma 0.27 of a shop, 0.20 of a country).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("US")
>>> part = {"part_cm3": 12, "wall_mm": 2, "projected_cm2": 40}
>>> made = estimate(make_operation("injection-moulding", part, material="ABS"), np.array([5e3]), [station])
>>> shot_s, kwh = made.run_s[0, 0] / made.starts[0, 0], made.energy_kwh[0, 0] / made.product_kg[0, 0]
>>> f"{shot_s:.1f} s a shot, {kwh:.1f} kWh/kg"
'19.5 s a shot, 1.2 kWh/kg'
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, price_effort
from manyworks.processes.precision import effort_for_grade

PROCESS = "injection-moulding"

_N_PER_T = 9.80665e3
_MM2_PER_CM2 = 100.0
_CM3_PER_MM3 = 1e-3
_KG_PER_CM3 = 1e-6
_GRAM = 1e3
_MINUTE = 60.0
_HOUR = 3600.0
_HOURS_A_YEAR = 8760.0
_ORDINARY_CLASS = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What one shot is: plastic in parts and runners (cm3, kg), what it asks of a press (t)."""

    parts_kg: Number
    runner_kg: Number
    volume_cm3: Number
    clamp_t: Number

    @property
    def mass_kg(self) -> Number:
        """Parts with their runners."""
        return self.parts_kg + self.runner_kg


def good_share(operation: Operation, bench: Bench) -> Number:
    """Share of parts that are good; fewer where the tolerance is finer than comes by itself."""
    (grade,) = bench.drivers(operation, "it_grade")
    return 1.0 - np.minimum(bench["scrap_share"] * effort_for_grade(grade, bench), 0.5)


def cavity_pressure_mpa(operation: Operation, bench: Bench) -> Number:
    """Mean pressure in the cavity: the resin's at half its longest flow, more the further it must go."""
    pressure, flow = bench.drivers(operation, "pressure_mpa", "flow_share")
    least = bench["pressure_share_at_gate"]
    return pressure * (least + (1.0 - least) * 2.0 * flow)


def shot_of(operation: Operation, bench: Bench) -> Shot:
    """One shot of a mould: cavities, and between them a cold runner unless it is kept hot."""
    volume, wall, area, density = bench.drivers(operation, "part_cm3", "wall_mm", "projected_cm2", "density")
    cavities, hot = bench.drivers(operation, "cavities", "hot_runner")
    length = np.sqrt(area * _MM2_PER_CM2) + bench["runner_gap_mm"]
    width = wall + bench["runner_over_wall_mm"]
    cold = 0.0 if hot else 1.0
    runner = cold * (bench["sprue_cm3"] + cavities * np.pi / 4.0 * width**2 * length * _CM3_PER_MM3)
    shadow = cavities * (area + cold * length * width / _MM2_PER_CM2) * _MM2_PER_CM2
    force = shadow * cavity_pressure_mpa(operation, bench) / _N_PER_T
    return Shot(
        parts_kg=cavities * volume * density * _KG_PER_CM3,
        runner_kg=runner * density * _KG_PER_CM3,
        volume_cm3=cavities * volume + runner,
        clamp_t=force * bench["clamp_safety"],
    )


def asked_t(operation: Operation, bench: Bench) -> Number:
    """Press a whole shot asks for: by its clamp force, and by its barrel (they grow faster than clamps)."""
    shot = shot_of(operation, bench)
    barrels = shot.volume_cm3 / bench["largest_shot_share"] / bench["ordinary_shot_cm3"]
    return np.maximum(shot.clamp_t, bench["ordinary_press_t"] * barrels ** (1.0 / bench["shot_exponent"]))


def parts_a_shot(operation: Operation, bench: Bench) -> Number:
    """Cavities of the mould; as many as the largest press there is can close where it cannot close all."""
    (cavities,) = bench.drivers(operation, "cavities")
    closed = bench["largest_press_t"] / np.maximum(asked_t(operation, bench), 1e-9)
    return cavities * np.minimum(closed, 1.0)


def press_t(operation: Operation, bench: Bench) -> Number:
    """Clamp force of each press: its own where stated, else of the smallest that can; (S, 1) or one."""
    asked = np.minimum(
        np.maximum(asked_t(operation, bench), bench["smallest_press_t"]), bench["largest_press_t"]
    )
    stated = [
        max((c.clamp_force_t or 0.0 for c in s.machine.capabilities if c.process == PROCESS), default=0.0)
        for s in bench.stations
    ]
    own = np.array(stated, dtype=np.float64)[:, None]
    return np.where(own > 0.0, own, asked)


def cooling_time(operation: Operation, bench: Bench, shot: Shot) -> Number:
    """Seconds from the end of filling until the mould may open."""
    wall, cooling, soft, hot = bench.drivers(
        operation, "wall_mm", "cooling_s_per_mm2", "soft_tool", "hot_runner"
    )
    worse = bench["soft_tool_cooling_factor"] if soft else 1.0
    part = bench["hot_spot_factor"] * cooling * wall**2
    width = 0.0 if hot else wall + bench["runner_over_wall_mm"]
    runner = bench["runner_cooling_share"] * cooling * width**2
    packing = cooling * (bench["gate_share"] * wall) ** 2
    recovery = bench["recovery_seconds"] * (shot.mass_kg * _GRAM) ** bench["recovery_exponent"]
    slowest = np.maximum(np.maximum(part, runner), packing + recovery)
    return worse * slowest


def filling_seconds(operation: Operation, bench: Bench, shot: Shot) -> Number:
    """Seconds to fill the cavities: at the ordinary speed of the front, or before a thin wall sets."""
    wall, cooling = bench.drivers(operation, "wall_mm", "cooling_s_per_mm2")
    ordinary = bench["fill_seconds"] * np.cbrt(shot.volume_cm3)
    return np.minimum(ordinary, bench["fill_share"] * cooling * wall**2)


def takeout_seconds(operation: Operation, bench: Bench) -> Number:
    """Seconds to get the parts out: thin-walled ones are blown off and fall, others are taken."""
    (wall,) = bench.drivers(operation, "wall_mm")
    thin, falling = bench["thin_wall_mm"], bench["free_fall_seconds"]
    taken = np.clip((wall - thin) / (bench["ordinary_wall_mm"] - thin), 0.0, 1.0)
    return falling + (bench["takeout_seconds"] - falling) * taken


def cycle_seconds(operation: Operation, bench: Bench) -> Number:
    """One shot: fill, cool (pack and screw recovery within), open, take out, load inserts, close."""
    inserts, cavities, soft, grade = bench.drivers(operation, "inserts", "cavities", "soft_tool", "it_grade")
    shot = shot_of(operation, bench)
    fill = filling_seconds(operation, bench, shot)
    dry = bench["dry_cycle_seconds"] + bench["dry_cycle_per_root_t"] * np.sqrt(press_t(operation, bench))
    by_hand = bench["soft_tool_handling_seconds"] if soft else 0.0
    loading = inserts * cavities * bench["insert_seconds"]
    moving = bench["eject_factor"] * dry + takeout_seconds(operation, bench) + by_hand + loading
    return (fill + cooling_time(operation, bench, shot)) * effort_for_grade(grade, bench) + moving


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanRoom:
    """What a clean room around a press adds: money and kW an hour of the press, share of labour."""

    hour: Number
    power_kw: Number
    labour_share: Number
    person_hour: Number
    setup_s: Number


_NO_CLEAN_ROOM = CleanRoom(hour=0.0, power_kw=0.0, labour_share=0.0, person_hour=0.0, setup_s=0.0)


def clean_room(iso_class: float, clamp: Number, bench: Bench) -> CleanRoom:
    """A room of an ISO 14644-1 class around the mould and the take-out of a press; class 0: none."""
    if iso_class <= 0.0:
        return _NO_CLEAN_ROOM
    floor_m2 = bench["clean_area_m2"] * (clamp / bench["ordinary_press_t"]) ** bench["clean_area_exponent"]
    finer = _ORDINARY_CLASS - iso_class
    hours = bench.rates["hours"] * bench.beyond_shifts()
    price = floor_m2 * bench["clean_room_per_m2"] * bench["clean_room_price_step"] ** finer
    changes = bench["air_changes"] * bench["air_changes_step"] ** finer
    speed = np.minimum(changes * bench["room_height_m"] / _HOUR, bench["fastest_air_m_s"])
    idle = np.maximum(_HOURS_A_YEAR / hours - 1.0, 0.0) * bench["air_setback_share"]
    watching = floor_m2 * bench["monitoring_per_m2_year"] / hours
    return CleanRoom(
        hour=bench.hour(price, 0.0, bench["clean_room_life_years"], bench.beyond_shifts()) + watching,
        power_kw=floor_m2 * speed * bench["air_kw_per_m3_s"] * (1.0 + idle),
        labour_share=bench["gowning_share"],
        person_hour=bench["gowns_per_person_hour"],
        setup_s=bench["line_clearance_minutes"] * _MINUTE,
    )


def _growing(bench: Bench, fixed_share: str, clamp: Number) -> Number:
    """How many times an ordinary press's a figure is for other clamp forces: a share of it is for all."""
    fixed = bench[fixed_share]
    return fixed + (1.0 - fixed) * clamp / bench["ordinary_press_t"]


def _floor(bench: Bench, clamp: Number) -> Number:
    typical = bench.of_machine("floor_m2") * _growing(bench, "floor_fixed_share", clamp)
    return _own_or(bench, "floor_m2", typical)


def _press_hour(bench: Bench, clamp: Number, floor: Number) -> Number:
    """Money of an hour of each press; price and floor grow with its clamp force."""
    typical = bench.of_machine("capital") * _growing(bench, "capital_fixed_share", clamp)
    capital = _own_or(bench, "capital", typical)
    return bench.hour(capital, floor, bench.of_machine("life_years", "life_years"), bench.beyond_shifts())


def _press_power(bench: Bench, clamp: Number) -> Number:
    """Average draw in kW without the heat of the melt: base load and the clamp side by its drive."""
    ordinary, fixed = bench.of_machine("power_kw"), bench["power_fixed_share"]
    drive = (1.0 - fixed) * clamp / bench["ordinary_press_t"] * bench["drive_factor"]
    return _own_or(bench, "power_kw", ordinary * (fixed + drive))


def _melting_kwh(bench: Bench, melted_kg: Number) -> Number:
    """Heat of the melt; none on its own where a press states its whole draw."""
    stated = [station.machine.power_kw is not None for station in bench.stations]
    own = np.array(stated, dtype=bool)[:, None]
    return np.where(own, 0.0, melted_kg * bench["melt_kwh_per_kg"])


def _own_or(bench: Bench, attribute: str, typical: Number) -> Array:
    stated = [getattr(station.machine, attribute) for station in bench.stations]
    own = np.array([np.nan if value is None else value for value in stated], dtype=np.float64)[:, None]
    return np.where(np.isnan(own), typical, own)


def _people(operation: Operation, bench: Bench) -> Number:
    """People a press: operators, one where inserts or the tool are loaded by hand, and those who support."""
    soft, inserts = bench.drivers(operation, "soft_tool", "inserts")
    by_hand, operators = 1.0 if soft or inserts else 0.0, bench["operators"]
    return np.maximum(operators, by_hand) + operators * bench["support_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of moulding lots; shots are whole."""
    price, carbon, iso_class, cavities = bench.drivers(
        operation, "resin_usd", "resin_co2e", "iso_class", "cavities"
    )
    parts = parts_a_shot(operation, bench)
    shot, clamp = shot_of(operation, bench), press_t(operation, bench)
    cycle = cycle_seconds(operation, bench)
    floor = _floor(bench, clamp)
    room = clean_room(iso_class, clamp, bench)
    shots = np.ceil(starts / parts)
    change = full_change(operation, bench)
    first = bench["sampling_minutes"] * _MINUTE + room.setup_s
    setup_s, run_s = change.held_s + first, shots * cycle
    dressed = 1.0 + room.labour_share
    setup_labour = (change.people_s + first * bench["setup_people"]) * dressed
    labour_s = run_s * _people(operation, bench) * dressed
    filled = np.ceil(starts / cavities)
    made_kg = starts * shot.parts_kg / cavities
    resin_kg = made_kg + filled * shot.runner_kg * (1.0 - bench["regrind_share"]) + change.scrap_kg
    effort = Effort(
        setup_s=setup_s,
        run_s=run_s,
        setup_labour_s=setup_labour,
        labour_s=labour_s,
        material=resin_kg * price * bench.rates["material_factor"],
        tools=shots * bench["mould_care_per_shot"],
        consumables=shots * bench["consumables_per_shot"]
        + (setup_labour + labour_s) / _HOUR * room.person_hour,
        material_co2e_kg=resin_kg * carbon,
        input_kg=resin_kg,
        product_kg=made_kg,
    )
    power = _press_power(bench, clamp) + room.power_kw
    lines = price_effort(effort, bench, _press_hour(bench, clamp, floor) + room.hour, power)
    melting = _melting_kwh(bench, filled * shot.mass_kg + change.scrap_kg)
    return replace(lines, energy_kwh=lines.energy_kwh + melting)
