"""``manyworks estimate``: one operation from its measures, argued line by line."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manyworks.cli.outputs import STANDARD_OUTPUT, OutputError, as_json, check_outputs, write_outputs
from manyworks.cli.saying import lay_out, say, say_findings
from manyworks.files import read_network
from manyworks.market import Market
from manyworks.model import Finding, Operation, error
from manyworks.processes import (
    COST_KINDS,
    Driver,
    Estimate,
    ProcessTable,
    Station,
    beyond_range,
    check_coefficients,
    estimate,
    machine_station,
    make_operation,
    ordinary_station,
    out_of_scope,
    process_table,
    processes,
)
from manyworks.report import EstimateRow, Measure, estimate_page

_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an operation is estimated: a name for people and the station there."""

    name: str
    station: Station


def estimate_process(arguments: Namespace) -> int:
    """List processes, list a process's measures, or estimate an operation, as the arguments ask."""
    if not arguments.process:
        say(
            *lay_out(("process", "what it is"), ((name, process_table(name).summary) for name in processes()))
        )
        return 0
    table = process_table(arguments.process)
    if not arguments.measures:
        say(*_describe(table))
        return 0
    problems = check_outputs(arguments.json, arguments.html)
    if problems:
        raise OutputError(problems)
    operation = make_operation(table.process, dict(arguments.measures), material=arguments.material)
    places, currency, findings = _places(arguments, operation)
    quantities = sorted(set(arguments.quantity or [1, 10, 100, 1000]))
    found = (*findings, *out_of_scope(operation), *beyond_range(operation))
    made = estimate(operation, _as_floats(quantities), [place.station for place in places])
    rows = list(_rows(made, places, quantities))
    _write(arguments, table, operation, made, rows, currency, found)
    if arguments.json != STANDARD_OUTPUT:
        say(*_table(rows, currency))
        if arguments.verbose:
            say("", *_lines(rows[-1], currency), "", *(f"assumed: {text}" for text in made.assumptions))
    return say_findings(found)


def _as_floats(quantities: Sequence[int]) -> Any:
    import numpy as np

    return np.array(quantities, dtype=np.float64)


def _describe(table: ProcessTable) -> Iterator[str]:
    """Measures a process asks for, what it is for and what it cannot do."""
    yield f"{table.title}: {table.summary}"
    yield ""
    head = ("measure", "unit", "usual", "if not stated", "what it is")
    yield from lay_out(head, (_measure(driver) for driver in table.drivers.values()))
    scope = table.scope
    yield ""
    yield f"lots: {scope.from_quantity:g} to {scope.to_quantity:g} ({scope.why})"
    yield from (f"cannot: {text}" for text in scope.cannot)


def _measure(driver: Driver) -> tuple[str, ...]:
    unsaid = "must be stated" if driver.default is None else f"{driver.default:g}"
    if driver.of_material:
        unsaid = f"of the material, else {unsaid}" if driver.default is not None else "of the material"
    return driver.name, driver.unit, f"{driver.low:g} to {driver.high:g}", unsaid, driver.about


# Where ---------------------------------------------------------------------------------------


def _places(arguments: Namespace, operation: Operation) -> tuple[list[Place], str, tuple[Finding, ...]]:
    own = dict(arguments.coefficient)
    faults = check_coefficients(operation.process, own, "--coefficient")
    if faults:
        raise OutputError(faults)
    if arguments.network:
        return _in_network(arguments, operation, own)
    rates = dict(arguments.rate)
    places = [
        Place(name=country, station=ordinary_station(country, rates=rates, coefficients=own))
        for country in arguments.country or ["CN", "GB", "US"]
    ]
    return places, "USD", ()


def _in_network(
    arguments: Namespace, operation: Operation, own: Mapping[str, float]
) -> tuple[list[Place], str, tuple[Finding, ...]]:
    network, findings = read_network(arguments.network)
    if network is None:
        raise OutputError(findings)
    match = Market(network).match(operation.requirement)
    places = [
        Place(name=f"{c.shop}: {c.machine}", station=machine_station(network, c.machine, own))
        for c in match.candidates
    ]
    if not places:
        hint = "manyworks match says why each shop cannot"
        message = f"no machine of {network.name} is known to do {operation.process}"
        raise OutputError([*findings, error("cli.estimate.nobody", operation.process, message, hint)])
    return places, network.currency, findings


# What ----------------------------------------------------------------------------------------


def _rows(made: Estimate, places: Sequence[Place], quantities: Sequence[int]) -> Iterator[EstimateRow]:
    low, middle, high = (made.price_at(share) for share in (0.1, 0.5, 0.9))
    for s, place in enumerate(places):
        for q, quantity in enumerate(quantities):
            yield EstimateRow(
                where=place.name,
                quantity=quantity,
                starts=float(made.starts[s, q]),
                price=float(made.price[s, q]),
                p10=float(low[s, q]),
                p50=float(middle[s, q]),
                p90=float(high[s, q]),
                costs={kind: float(made.costs[kind][s, q]) for kind in COST_KINDS},
                setup_s=float(made.setup_s[s, q]),
                run_s=float(made.run_s[s, q]),
                attended_s=float(made.attended_s[s, q]),
                energy_kwh=float(made.energy_kwh[s, q]),
                co2e_kg=float(made.co2e_kg[s, q]),
                water_l=float(made.water_l[s, q]),
                chemicals_kg=float(made.chemicals_kg[s, q]),
                input_kg=float(made.input_kg[s, q]),
                waste_kg=float(made.waste_kg[s, q]),
            )


def _table(rows: Iterable[EstimateRow], currency: str) -> list[str]:
    head = (
        "where",
        "pieces",
        f"{currency} each",
        "P10 to P90",
        "set-up h",
        "run h",
        "people h",
        "kWh",
        "kg CO2e",
    )
    cells = (
        (
            row.where,
            f"{row.quantity:,}",
            f"{row.each:.4g}",
            f"{row.p10 / row.quantity:.4g} to {row.p90 / row.quantity:.4g}",
            *(f"{seconds / _HOUR:.3g}" for seconds in (row.setup_s, row.run_s, row.attended_s)),
            f"{row.energy_kwh:.3g}",
            f"{row.co2e_kg:.3g}",
        )
        for row in rows
    )
    return lay_out(head, cells, " rrrrrrrr")


def _lines(row: EstimateRow, currency: str) -> list[str]:
    head = (f"{row.where}, {row.quantity:,} pieces", currency, "share")
    cells = ((kind, f"{cost:,.2f}", f"{cost / row.price:.1%}") for kind, cost in row.costs.items() if cost)
    return lay_out(head, [*cells, ("price", f"{row.price:,.2f}", "100.0%")], " rr")


def _write(
    arguments: Namespace,
    table: ProcessTable,
    operation: Operation,
    made: Estimate,
    rows: Sequence[EstimateRow],
    currency: str,
    findings: Sequence[Finding],
) -> None:
    texts: dict[str | Path, str] = {}
    if arguments.json:
        content = {
            "process": table.process,
            "currency": currency,
            "measures": dict(operation.drivers),
            "estimates": [row.as_document() for row in rows],
            "assumptions": list(made.assumptions),
            "findings": [str(finding) for finding in findings],
        }
        texts[arguments.json] = as_json(content)
    if arguments.html:
        texts[arguments.html] = estimate_page(
            title=table.title,
            summary=table.summary,
            measures=[
                Measure(
                    name=d.name, value=operation.drivers.get(d.name, d.default), unit=d.unit, about=d.about
                )
                for d in table.drivers.values()
            ],
            rows=rows,
            currency=currency,
            cannot=table.scope.cannot,
            assumptions=made.assumptions,
            findings=findings,
        )
    write_outputs(texts)


def _stated(driver: Driver, operation: Operation) -> Measure:
    value = operation.drivers.get(driver.name, driver.default)
    return Measure(name=driver.name, value=value, unit=driver.unit, about=driver.about)
