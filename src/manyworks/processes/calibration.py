"""A shop's own factors from its finished jobs: how its times and scrap differ from the model's.

For one shop and process, ``y = ln(actual / model)`` of each job is a level of the shop plus scatter from
job to job. The level has a normal prior whose standard deviation is the model's own sigma, placed so
that the expected ratio without any job is 1; the scatter has a prior worth a few jobs; one job in
twenty may be an odd one. A shop's other processes move the prior by what shops have in common
(``kinship``). So few jobs change little, many jobs decide, and one wild job is named and hardly counts.

``setup_time_factor`` and ``run_time_factor`` are expected ratios, because an estimate's times and price
are expected values. Scrap is Gamma-Poisson, the limit of the Beta-binomial for small shares, which lets
operations of different scrap speak for one factor; bad pieces of one lot count less than independent
ones.

``spread`` makes `Estimate.price_at` honest for the shop's next job. With ``w`` the shares of set-up, run
and the rest in what its jobs cost, the price has
``sigma2 = (w_s d_s + w_r d_r + w_m own)2 + (w_s e_s)2 + (w_r e_r)2``: what is still unknown of the levels
(``d``) moves all jobs of the shop together, the scatter (``e``) does not. Where at least three jobs
state what they cost, that is taken from the prices themselves. `price_at` adds ``spread`` and
``shared_spread`` in squares: a shop surer than the model has both less in proportion, so that they make
``sigma`` together; a wilder one has only more ``spread``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from manyworks.model import Finding, Operation, ShopId, error, info, warning
from manyworks.processes.estimates import Estimate, estimate
from manyworks.processes.frame import Array, Station
from manyworks.processes.log_ratios import Level, Prior, belief, learn, quantile, unbiased
from manyworks.processes.tables import ProcessesError, process_table, processes, shared_figures

_FACTORS = ("setup_time_factor", "run_time_factor", "scrap_factor")
_TIMES = {"setup": "setup_time_factor", "run": "run_time_factor"}
_BY_THE_HOUR = ("machine", "labour", "energy")
_ON_TOP = ("administration", "margin")
_SURELY_ODD = 0.5
_FAR = 3.0
_LEAST_SPREAD = 0.02
_ENOUGH_PRICES = 3
# Beyond these a booking is a slip of the keyboard, whatever it counts.
_LEAST = 1e-6
_MOST = 1e12
_EXPECT_SCRAP_AT = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A finished job as a shop books it.

    Parameters
    ----------
    operation, station
        What was made and where, with the rates of then. Factors of an earlier calibration in the
        station's coefficients are ignored: jobs are always compared with the model itself.
    quantity
        Good pieces that were wanted.
    setup_s, run_s
        Machine time it took, seconds; None: not booked.
    started, good
        Pieces started, and of them good ones; None: not booked.
    price
        What the lot cost with administration and margin as the rates have them, network's currency.
    name
        Job number, for findings.
    """

    operation: Operation
    station: Station
    quantity: float
    setup_s: float | None = None
    run_s: float | None = None
    started: float | None = None
    good: float | None = None
    price: float | None = None
    name: str = ""

    @property
    def label(self) -> str:
        """What a finding calls it."""
        return self.name or str(self.operation.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedFactor:
    """One factor of a shop and process.

    ``value`` is the expected ratio of actual to model; its 80 % interval is ``low`` to ``high``; the
    next job lies between ``next_low`` and ``next_high`` with 80 %. ``scatter`` is the logarithmic
    standard deviation from job to job, ``jobs`` how many numbers it rests on.
    """

    value: float
    low: float
    high: float
    next_low: float
    next_high: float
    scatter: float
    jobs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessFit:
    """What the jobs of one shop say of one process; None where no job says anything."""

    shop: ShopId
    process: str
    setup: FittedFactor | None
    run: FittedFactor | None
    scrap: FittedFactor | None
    spread: float | None
    shared_spread: float | None

    @property
    def coefficients(self) -> Mapping[str, float]:
        """Ready for the shop's table: ``cnc-milling.run_time_factor`` and its like."""
        fits = {"setup_time_factor": self.setup, "run_time_factor": self.run, "scrap_factor": self.scrap}
        named = {name: fit.value for name, fit in fits.items() if fit is not None}
        if self.spread is not None and self.shared_spread is not None:
            named |= {"spread": self.spread, "shared_spread": self.shared_spread}
        return {f"{self.process}.{name}": value for name, value in named.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """All shops and processes of the jobs, and everything worth saying about the jobs."""

    fits: tuple[ProcessFit, ...]
    findings: tuple[Finding, ...]

    def coefficients(self, shop: str) -> Mapping[str, float]:
        """All own values of one shop."""
        mine = (fit.coefficients for fit in self.fits if fit.shop == shop)
        return {name: value for each in mine for name, value in each.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """A job beside what the model says of it; None where one side says nothing.

    ``shares`` are those of set-up, run and the rest in the cost; ``bad`` and ``expected_bad`` pieces
    already count as independent ones; ``weight`` what the job counts for its age.
    """

    job: Job
    setup: float | None
    run: float | None
    shares: tuple[float, float, float]
    bad: float | None
    expected_bad: float | None
    weight: float


def calibrate(jobs: Iterable[Job], *, half_life: float = math.inf) -> Calibration:
    """Factors of every shop and process from finished jobs, oldest first.

    Parameters
    ----------
    jobs
        Any mixture of shops and processes. Numbers that cannot be are left out and named.
    half_life
        After so many later jobs of the same shop and process one counts half; infinite where a shop
        does not change. A shop that gets better is followed more closely with 20 to 50.

    Returns
    -------
    Calibration
        Nothing is raised for what a job says: unknown processes, missing drivers, impossible numbers and
        jobs that lie far off are findings.
    """
    if not half_life > 0.0:
        message = f"half_life = {half_life!r}; expected a number of jobs above 0"
        raise ProcessesError([error("processes.calibration.half-life", "calibrate", message)])
    findings: list[Finding] = []
    groups = _grouped(jobs, findings)
    compared = {key: tuple(_compare_all(members, half_life, findings)) for key, members in groups.items()}
    levels = _related({key: group for key, group in compared.items() if group})
    fits = tuple(
        _fit(shop, process, compared[shop, process], levels[shop, process], findings)
        for shop, process in levels
    )
    return Calibration(fits=fits, findings=tuple(findings))


# Reading jobs ----------------------------------------------------------------------------------


def _grouped(jobs: Iterable[Job], findings: list[Finding]) -> dict[tuple[ShopId, str], list[Job]]:
    known = set(processes())
    groups: dict[tuple[ShopId, str], list[Job]] = {}
    for job in jobs:
        process = job.operation.process
        if process not in known:
            hint = f"known: {', '.join(sorted(known))}"
            message = f"no model for process {process!r}; the job is left out"
            findings.append(error("processes.calibration.unknown-process", job.label, message, hint))
            continue
        checked = _checked(job, findings)
        if checked is not None:
            groups.setdefault((job.station.machine.shop, process), []).append(checked)
    return groups


def _checked(job: Job, findings: list[Finding]) -> Job | None:
    """The job without numbers that cannot be; None where nothing is left to learn from."""
    if not _sound(job.quantity):
        findings.append(_number(job, "quantity", job.quantity, "the job is left out"))
        return None
    job = replace(
        job,
        setup_s=_kept(job, "setup_s", job.setup_s, findings),
        run_s=_kept(job, "run_s", job.run_s, findings),
        started=_kept(job, "started", job.started, findings),
        price=_kept(job, "price", job.price, findings),
    )
    job = _without_odd_count(job, findings)
    if job.setup_s is None and job.run_s is None and job.good is None:
        message = "neither set-up nor run time nor good pieces are booked: nothing can be learnt"
        findings.append(warning("processes.calibration.missing", job.label, message, "book one of them"))
        return None
    return job


def _without_odd_count(job: Job, findings: list[Finding]) -> Job:
    """The job without a number of good pieces that does not go with those started."""
    if job.good is None:
        return job
    if job.started is None:
        message = "good pieces are booked but not those started: scrap cannot be learnt"
        findings.append(info("processes.calibration.missing", job.label, message, "book started pieces"))
        return replace(job, good=None)
    if not 0.0 <= job.good <= job.started:
        message = f"good = {job.good!r}; expected 0 to the {job.started:g} started; it is left out"
        findings.append(warning("processes.calibration.number", job.label, message, "correct the booking"))
        return replace(job, good=None)
    return job


def _kept(job: Job, name: str, value: float | None, findings: list[Finding]) -> float | None:
    """A number as booked, None with a finding where it cannot be."""
    if value is None or _sound(value):
        return value
    findings.append(_number(job, name, value, "it is left out"))
    return None


def _sound(value: object) -> bool:
    return isinstance(value, int | float) and _LEAST <= value <= _MOST


def _number(job: Job, name: str, value: object, what: str) -> Finding:
    message = f"{name} = {value!r}; expected a number above 0 ({_LEAST:g} to {_MOST:g}); {what}"
    return warning("processes.calibration.number", job.label, message, "correct the booking")


# Comparing with the model ------------------------------------------------------------------------


_Scrap = tuple[float | None, float | None]


def _compare_all(jobs: Sequence[Job], half_life: float, findings: list[Finding]) -> Iterator[_Compared]:
    for at, job in enumerate(jobs):
        try:
            made = _modelled(job)
            bad = _scrap(job, findings)
        except ProcessesError as trouble:
            findings += trouble.findings
            continue
        if not math.isfinite(float(made.price[0, 0])):
            message = f"the model of {job.operation.process} has no finite price here; the job is left out"
            hint = "check the operation's drivers"
            findings.append(error("processes.calibration.estimate", job.label, message, hint))
            continue
        yield _compare(job, made, bad, 0.5 ** ((len(jobs) - 1 - at) / half_life), findings)


def _compare(job: Job, made: Estimate, scrap: _Scrap, weight: float, findings: list[Finding]) -> _Compared:
    setup = _log_ratio(job, "setup", job.setup_s, float(made.setup_s[0, 0]), findings)
    run = _log_ratio(job, "run", job.run_s, float(made.run_s[0, 0]), findings)
    bad, expected = scrap
    return _Compared(
        job=job, setup=setup, run=run, shares=_shares(made), bad=bad, expected_bad=expected, weight=weight
    )


def _plain(station: Station, **more: float) -> Station:
    """A station without factors of an earlier calibration."""
    own = {
        name: value for name, value in station.coefficients.items() if name.rpartition(".")[2] not in _FACTORS
    }
    return replace(station, coefficients={**own, **more})


def _modelled(job: Job) -> Estimate:
    """What the model says of exactly the pieces that were started, where that is known."""
    if job.started is None:
        return estimate(job.operation, np.array([job.quantity]), [_plain(job.station)])
    return estimate(job.operation, np.array([job.started]), [_plain(job.station, scrap_factor=0.0)])


def _log_ratio(
    job: Job, what: str, actual: float | None, model: float, findings: list[Finding]
) -> float | None:
    if actual is None:
        return None
    if model <= 0.0:
        message = f"the model of {job.operation.process} has no {what} time here; {actual:g} s were booked"
        findings.append(info("processes.calibration.no-model-time", job.label, message))
        return None
    return math.log(actual / model)


def _shares(made: Estimate) -> tuple[float, float, float]:
    """Shares of set-up, run and the rest in what a lot costs."""
    costs = {kind: float(line[0, 0]) for kind, line in made.costs.items() if kind not in _ON_TOP}
    whole = sum(costs.values())
    if whole <= 0.0:
        return 0.0, 1.0, 0.0
    setup, run = costs["set-up"] / whole, sum(costs[kind] for kind in _BY_THE_HOUR) / whole
    return setup, run, max(1.0 - setup - run, 0.0)


def _scrap(job: Job, findings: list[Finding]) -> _Scrap:
    """Bad pieces of a job and those the model expects, as so many independent ones."""
    if job.good is None or job.started is None:
        return None, None
    many = estimate(job.operation, np.array([_EXPECT_SCRAP_AT]), [_plain(job.station)])
    expected = 1.0 - _EXPECT_SCRAP_AT / float(many.starts[0, 0])
    if not expected > 0.0:
        message = f"the model of {job.operation.process} knows no scrap, so no factor can be learnt"
        findings.append(info("processes.calibration.no-model-scrap", job.label, message))
        return None, None
    clump = 1.0 + (job.started - 1.0) * belief("scrap_clumping")
    return (job.started - job.good) / clump, expected * job.started / clump


# Fitting -----------------------------------------------------------------------------------------

_Key = tuple[ShopId, str]
_Levels = Mapping[str, Level]


def _prior(process: str, what: str) -> Prior:
    return unbiased(process_table(process).own_sigma, belief(f"{what}_scatter"))


def _values(group: Sequence[_Compared], what: str) -> tuple[Array, Array]:
    """Logarithms of ratios of one kind with their weights."""
    there = [(value, one.weight) for one in group if (value := getattr(one, what)) is not None]
    rows = np.array(there, dtype=np.float64).reshape(-1, 2)
    return rows[:, 0], rows[:, 1]


def _related(groups: Mapping[_Key, Sequence[_Compared]]) -> dict[_Key, dict[str, Level]]:
    """Levels of set-up and run by shop and process, each with what the shop's other processes say."""
    priors = {(key, what): _prior(key[1], what) for key in groups for what in _TIMES}
    alone = {(key, what): learn(*_values(groups[key], what), prior) for (key, what), prior in priors.items()}
    return {key: {what: _with_kin(key, what, groups, priors, alone) for what in _TIMES} for key in groups}


def _with_kin(
    key: _Key,
    what: str,
    groups: Mapping[_Key, Sequence[_Compared]],
    priors: Mapping[tuple[_Key, str], Prior],
    alone: Mapping[tuple[_Key, str], Level],
) -> Level:
    """The level again, after the prior has heard the other processes of the same shop."""
    own = priors[key, what]
    kin = [
        (priors[other, what], alone[other, what])
        for other in groups
        if other[0] == key[0] and other != key and _values(groups[other], what)[0].size
    ]
    if not kin:
        return alone[key, what]
    return learn(*_values(groups[key], what), _moved(own, kin))


def _moved(own: Prior, kin: Sequence[tuple[Prior, Level]]) -> Prior:
    """A prior given the levels of kindred processes: normal regression on what their jobs alone say.

    Levels of two processes of a shop correlate by ``kinship``, each with its own standard deviation.
    """
    rho = belief("kinship")
    betweens = np.array([prior.between for prior, _ in kin])
    variances = np.array([_of_jobs_alone(prior, level) for prior, level in kin])
    offsets = np.array(
        [
            (level.mean - prior.mean) * (prior.between**2 + variance) / prior.between**2
            for (prior, level), variance in zip(kin, variances, strict=True)
        ]
    )
    among = rho * np.outer(betweens, betweens) + np.diag((1.0 - rho) * betweens**2 + variances)
    towards = rho * own.between * betweens
    gain = np.linalg.solve(among, towards)
    left = max(own.between**2 - float(gain @ towards), 1e-8)
    return replace(own, mean=own.mean + float(gain @ offsets), between=math.sqrt(left))


def _of_jobs_alone(prior: Prior, level: Level) -> float:
    """Variance with which the jobs alone know a level: the posterior's, the prior taken out."""
    precision = max(1.0 / max(level.sd, 1e-6) ** 2 - 1.0 / prior.between**2, 1e-6)
    return 1.0 / precision


def _fit(
    shop: ShopId, process: str, group: Sequence[_Compared], levels: _Levels, findings: list[Finding]
) -> ProcessFit:
    times = {what: _time_factor(what, group, levels[what]) for what in _TIMES}
    for what in _TIMES:
        findings += _odd_jobs(what, group, levels[what])
    fit = ProcessFit(
        shop=shop,
        process=process,
        setup=times["setup"],
        run=times["run"],
        scrap=_scrap_factor(group),
        spread=None,
        shared_spread=None,
    )
    if any(times.values()):
        spread, shared = _spreads(fit, group, levels)
        fit = replace(fit, spread=spread, shared_spread=shared)
    findings += _unusual(fit)
    return fit


def _time_factor(what: str, group: Sequence[_Compared], level: Level) -> FittedFactor | None:
    number = _values(group, what)[0].size
    if not number:
        return None
    lift = level.scatter**2 / 2.0
    return FittedFactor(
        value=level.next_mean,
        low=math.exp(level.low + lift),
        high=math.exp(level.high + lift),
        next_low=math.exp(level.next_low),
        next_high=math.exp(level.next_high),
        scatter=level.scatter,
        jobs=number,
    )


def _odd_jobs(what: str, group: Sequence[_Compared], level: Level) -> Iterator[Finding]:
    there = [(one, value) for one in group if (value := getattr(one, what)) is not None]
    for (one, value), odd in zip(there, level.odd, strict=True):
        factor = math.exp(abs(value - level.mean))
        if odd < _SURELY_ODD or factor < _FAR:
            continue
        side = "longer" if value > level.mean else "shorter"
        message = f"{what} took {factor:.1f} times {side} than this shop's other jobs; it hardly counts"
        yield warning("processes.calibration.outlier", one.job.label, message, "check the booking")


def _scrap_factor(group: Sequence[_Compared]) -> FittedFactor | None:
    told = [one for one in group if one.bad is not None and one.expected_bad is not None]
    if not told:
        return None
    worth = belief("scrap_weight")
    shape = worth + sum(one.weight * (one.bad or 0.0) for one in told)
    rate = worth + sum(one.weight * (one.expected_bad or 0.0) for one in told)
    mean, sd = shape / rate, math.sqrt(shape) / rate
    nodes = np.linspace(1e-9, mean + 10.0 * sd, 4001)
    log_share = (shape - 1.0) * np.log(nodes) - rate * nodes
    shares = np.exp(log_share - log_share.max())
    low, high = (quantile(nodes, shares / shares.sum(), share) for share in (0.1, 0.9))
    return FittedFactor(
        value=mean, low=low, high=high, next_low=low, next_high=high, scatter=sd / mean, jobs=len(told)
    )


def _spreads(fit: ProcessFit, group: Sequence[_Compared], levels: _Levels) -> tuple[float, float]:
    """Own and shared sigma with which the quantiles of `Estimate.price_at` hold."""
    table = process_table(fit.process)
    priced = _price_level(fit, group)
    if priced is not None:
        variance = priced.next_sd**2
    else:
        setup, run, rest = np.mean([one.shares for one in group], axis=0)
        known = setup * levels["setup"].sd + run * levels["run"].sd + rest * table.own_sigma
        loose = np.hypot(setup * _loose(levels["setup"]), run * _loose(levels["run"]))
        variance = float(known**2 + loose**2)
    usual = math.hypot(table.own_sigma, table.shared_sigma)
    shared = table.shared_sigma * min(math.sqrt(variance) / usual, 1.0)
    return math.sqrt(max(variance - shared**2, _LEAST_SPREAD**2)), shared


def _loose(level: Level) -> float:
    """Scatter of the next job about the level, the odd ones in it."""
    return math.sqrt(max(level.next_sd**2 - level.sd**2, 0.0))


def _price_level(fit: ProcessFit, group: Sequence[_Compared]) -> Level | None:
    """How what jobs cost lies about their estimates with the new factors; None where too few say."""
    told = [one for one in group if one.job.price is not None]
    if len(told) < _ENOUGH_PRICES:
        return None
    ratios = np.array([math.log((one.job.price or 0.0) / _estimated_price(fit, one.job)) for one in told])
    between = process_table(fit.process).own_sigma
    weights = np.array([one.weight for one in told])
    return learn(ratios, weights, unbiased(between, belief("price_scatter")))


def _estimated_price(fit: ProcessFit, job: Job) -> float:
    station = _plain(job.station, **fit.coefficients)
    return float(estimate(job.operation, np.array([job.quantity]), [station]).price[0, 0])


def _unusual(fit: ProcessFit) -> Iterator[Finding]:
    """Factors beyond what shops usually show: more often a wrong operation than a wonder."""
    figures = shared_figures()
    for name, value in fit.coefficients.items():
        figure = figures.get(name.rpartition(".")[2])
        if figure is not None and not figure.low <= value <= figure.high:
            message = f"{name} = {value:.3g}; usual: {figure.low:g} to {figure.high:g}"
            hint = "check that jobs and operations belong together and times are in seconds"
            yield warning("processes.calibration.unusual", fit.shop, message, hint)
