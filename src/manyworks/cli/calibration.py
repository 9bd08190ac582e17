"""``manyworks calibrate``: a shop's own factors from its finished jobs."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator
from typing import Any

from manyworks.cli.outputs import STANDARD_OUTPUT, OutputError, as_json, check_outputs, write_outputs
from manyworks.cli.saying import lay_out, say, say_findings
from manyworks.files import read_network
from manyworks.files.network.jobs import FinishedJob, read_jobs
from manyworks.model import Finding, FindingsError, Network, error
from manyworks.processes import (
    Calibration,
    FittedFactor,
    Job,
    ProcessFit,
    calibrate,
    machine_station,
    make_operation,
)

_FACTORS = ("setup", "run", "scrap")


def calibrate_shop(arguments: Namespace) -> int:
    """Fit factors of every shop and process in a table of jobs; say what to write into the network."""
    problems = check_outputs(arguments.json, inputs=[arguments.jobs, arguments.network])
    if problems:
        raise OutputError(problems)
    network, of_network = read_network(arguments.network)
    rows, of_jobs = read_jobs(arguments.jobs)
    findings = [*of_network, *of_jobs]
    if network is None or rows is None:
        return say_findings(findings)
    jobs = tuple(_jobs(rows, network, findings))
    fitted = calibrate(jobs, half_life=arguments.half_life)
    if arguments.json:
        write_outputs({arguments.json: as_json(_document(fitted))})
    if arguments.json != STANDARD_OUTPUT:
        say(*_table(fitted), "", *_advice(fitted))
    return say_findings([*findings, *fitted.findings])


def _jobs(rows: Iterable[FinishedJob], network: Network, findings: list[Finding]) -> Iterator[Job]:
    """Jobs that can be compared with a model; the others are named."""
    for row in rows:
        if row.machine not in network.machines:
            message = f"job {row.name} ran on {row.machine}, which is no machine of the network"
            findings.append(error("cli.calibrate.machine", row.where, message, "use an id of machines.csv"))
            continue
        try:
            operation = make_operation(row.process, row.measures, material=row.material, name=row.name)
            station = machine_station(network, row.machine)
        except FindingsError as trouble:
            findings += [_at(finding, row) for finding in trouble.findings]
            continue
        yield Job(
            operation=operation,
            station=station,
            quantity=row.quantity,
            setup_s=row.setup_s,
            run_s=row.run_s,
            started=row.started,
            good=row.good,
            price=row.price,
            name=row.name,
        )


def _at(finding: Finding, row: FinishedJob) -> Finding:
    return Finding(
        code=finding.code,
        severity=finding.severity,
        where=f"{row.where}: job {row.name}",
        message=finding.message,
        hint=finding.hint,
    )


def _table(fitted: Calibration) -> list[str]:
    head = ("shop", "process", "what", "jobs", "factor", "80 % interval", "next job")
    return lay_out(head, (row for fit in fitted.fits for row in _rows(fit)), "   rrrr")


def _rows(fit: ProcessFit) -> Iterator[tuple[str, ...]]:
    for name in _FACTORS:
        factor: FittedFactor | None = getattr(fit, name)
        if factor is not None:
            yield (
                fit.shop,
                fit.process,
                name,
                f"{factor.jobs}",
                f"{factor.value:.3f}",
                f"{factor.low:.3f} to {factor.high:.3f}",
                f"{factor.next_low:.3f} to {factor.next_high:.3f}",
            )
    if fit.spread is not None:
        yield fit.shop, fit.process, "spread", "", f"{fit.spread:.3f}", "", ""


def _advice(fitted: Calibration) -> Iterator[str]:
    shops = dict.fromkeys(fit.shop for fit in fitted.fits)
    for shop in shops:
        pairs = "; ".join(f"{name}={value:.4g}" for name, value in fitted.coefficients(shop).items())
        yield f"coefficients of {shop}: {pairs}"


def _document(fitted: Calibration) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "fits": [{**asdict(fit), "coefficients": dict(fit.coefficients)} for fit in fitted.fits],
        "findings": [str(finding) for finding in fitted.findings],
    }
