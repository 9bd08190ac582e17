"""A shop's own factors: few jobs move them little, many decide, wild ones are named, bad ones left out."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.model import Machine, MachineId, ShopId
from manyworks.processes import (
    ProcessesError,
    Station,
    check_coefficients,
    estimate,
    process_table,
    rate_card,
    typical_operation,
)
from manyworks.processes.calibration import Job, calibrate
from manyworks.processes.log_ratios import belief, learn, unbiased

OPERATION = typical_operation("packing")


def station(shop="shop", **own):
    machine = Machine(id=MachineId("m"), shop=ShopId(shop), name="m", capabilities=())
    return Station(machine=machine, rates=rate_card("GB", {"USD": 1.0}), coefficients=own)


def jobs(number, *, run=1.0, setup=1.0, noise=0.1, seed=1, operation=OPERATION, at=None, **more):
    """Jobs of a shop that takes so many times as long as the model says."""
    random = np.random.default_rng(seed)
    at = at or station()
    done = []
    for turn in range(number):
        quantity = float(random.integers(20, 400))
        model = estimate(operation, np.array([quantity]), [at])
        done.append(
            Job(
                operation=operation,
                station=at,
                quantity=quantity,
                setup_s=float(model.setup_s[0, 0]) * setup * math.exp(random.normal(0, noise)),
                run_s=float(model.run_s[0, 0]) * run * math.exp(random.normal(0, noise)),
                name=f"job {turn}",
                **more,
            )
        )
    return done


def fit(done, **options):
    (only,) = calibrate(done, **options).fits
    return only


def codes(calibration):
    return [finding.code for finding in calibration.findings]


# What is learnt ------------------------------------------------------------------------------


def test_no_jobs_teach_nothing():
    nothing = calibrate([])
    assert (nothing.fits, nothing.findings) == ((), ())
    assert nothing.coefficients("shop") == {}


def test_without_a_job_the_expected_factor_is_one():
    prior = unbiased(0.3, 0.2)
    assert learn(np.empty(0), np.empty(0), prior).next_mean == pytest.approx(1.0)


def test_few_jobs_stay_near_the_model_and_many_reach_the_truth():
    found = [fit(jobs(number, run=2.0)).run.value for number in (1, 3, 100)]
    assert 1.0 < found[0] < found[1] < found[2]
    assert found[0] < 1.75
    assert found[2] == pytest.approx(2.0 * math.exp(0.005), rel=0.05)


def test_intervals_narrow_with_jobs_and_hold_the_truth():
    widths = []
    for number in (1, 10, 100):
        run = fit(jobs(number, run=1.4)).run
        widths.append(math.log(run.high / run.low))
        assert run.next_low < run.low < run.value < run.high < run.next_high
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.05


def test_one_job_moves_the_level_as_normal_theory_says():
    """With a known scatter and no odd jobs the mean is m + (y - m) t2 / (t2 + s2); here nearly so."""
    prior = unbiased(0.25, 0.18)
    found = learn(np.array([0.2]), np.ones(1), prior)
    gain = 0.25**2 / (0.25**2 + 0.18**2)
    assert found.mean == pytest.approx(prior.mean + gain * (0.2 - prior.mean), abs=0.03)


def test_many_jobs_find_level_and_scatter_as_plain_statistics_do():
    random = np.random.default_rng(3)
    values = random.normal(0.3, 0.12, 400)
    found = learn(values, np.ones(400), unbiased(0.25, 0.18))
    assert found.mean == pytest.approx(values.mean(), abs=0.004)
    assert found.scatter == pytest.approx(values.std(), rel=0.06)
    assert found.sd == pytest.approx(values.std() / 20, rel=0.15)


def test_a_grid_closes_in_on_four_thousand_like_numbers():
    values = np.random.default_rng(5).normal(0.5, 0.05, 4_000)
    found = learn(values, np.ones(4_000), unbiased(0.25, 0.18))
    assert found.mean == pytest.approx(values.mean(), abs=0.001)
    assert found.sd == pytest.approx(0.05 / 4_000**0.5, rel=0.2)


def test_set_up_and_run_are_told_apart():
    found = fit(jobs(60, run=0.7, setup=1.8))
    assert found.run.value == pytest.approx(0.7, rel=0.05)
    assert found.setup.value == pytest.approx(1.8, rel=0.1)


def test_only_what_was_booked_is_learnt():
    bare = [replace(job, setup_s=None) for job in jobs(5)]
    found = fit(bare)
    assert found.setup is None
    assert {"packing.run_time_factor", "packing.spread"} <= set(found.coefficients)
    assert not {"packing.setup_time_factor", "packing.scrap_factor"} & set(found.coefficients)


def test_the_calibrated_estimate_is_the_shops_own_time():
    slow = jobs(80, run=1.6, setup=0.6)
    own = calibrate(slow).coefficients("shop")
    assert not check_coefficients("packing", own)
    quantity = np.array([120.0])
    plain, calibrated = (estimate(OPERATION, quantity, [station(**at)]) for at in ({}, own))
    assert calibrated.run_s[0, 0] == pytest.approx(1.6 * plain.run_s[0, 0], rel=0.05)
    assert calibrated.setup_s[0, 0] == pytest.approx(0.6 * plain.setup_s[0, 0], rel=0.1)


def test_an_earlier_calibration_is_not_counted_twice():
    at = station(**{"packing.run_time_factor": 3.0, "setup_time_factor": 2.0})
    done = [replace(job, station=at) for job in jobs(40, run=1.5)]
    assert fit(done).run.value == pytest.approx(1.5, rel=0.06)


def test_shops_and_processes_are_kept_apart():
    other = typical_operation("kitting")
    mixed = [*jobs(20, run=1.5), *jobs(20, run=0.6, at=station("second")), *jobs(9, operation=other)]
    found = calibrate(mixed)
    assert [(one.shop, one.process) for one in found.fits] == [
        ("shop", "packing"),
        ("second", "packing"),
        ("shop", "kitting"),
    ]
    assert found.coefficients("second")["packing.run_time_factor"] < 0.7
    assert set(found.coefficients("shop")) > {"packing.spread", "kitting.run_time_factor"}


def test_a_slow_shop_is_believed_slower_at_its_next_process_too():
    other = typical_operation("kitting")
    one = jobs(1, operation=other)
    alone = calibrate(one).coefficients("shop")["kitting.run_time_factor"]
    known = calibrate([*jobs(40, run=1.8), *one]).coefficients("shop")["kitting.run_time_factor"]
    stranger = calibrate([*jobs(40, run=1.8, at=station("second")), *one]).coefficients("shop")
    assert alone < known < 1.8
    assert stranger["kitting.run_time_factor"] == alone


def test_old_jobs_count_less_where_a_shop_changes():
    history = [*jobs(60, run=2.0), *jobs(30, run=1.0, seed=2)]
    steady, moving = fit(history).run.value, fit(history, half_life=8).run.value
    assert abs(moving - 1.0) < 0.25 * abs(steady - 1.0)


# Spread --------------------------------------------------------------------------------------


def test_the_spread_narrows_and_never_goes_below_its_least():
    spreads = [fit(jobs(number, noise=0.05)).spread for number in (1, 5, 100)]
    assert spreads == sorted(spreads, reverse=True)
    assert spreads[0] < 1.2 * process_table("packing").own_sigma
    assert spreads[-1] >= 0.02


def test_a_shop_of_wild_times_gets_a_wide_spread():
    own, wild = process_table("packing").own_sigma, fit(jobs(100, noise=0.8))
    assert wild.spread > 1.5 * own


def test_prices_of_jobs_say_what_the_spread_is():
    table = process_table("packing")
    done = []
    for job, off in zip(jobs(200), np.random.default_rng(4).normal(0.0, 0.4, 200), strict=True):
        price = float(estimate(OPERATION, np.array([job.quantity]), [station()]).price[0, 0])
        done.append(replace(job, price=price * math.exp(off)))
    found = fit(done)
    assert math.hypot(found.spread, table.shared_sigma) == pytest.approx(0.4, rel=0.15)


# Scrap ---------------------------------------------------------------------------------------


def lots(number, bad, started=200.0):
    return [
        Job(operation=OPERATION, station=station(), quantity=200, started=started, good=started - bad)
        for _ in range(number)
    ]


def test_scrap_follows_the_pieces_and_few_stay_near_the_model():
    share = 1.0 - 1e6 / estimate(OPERATION, np.array([1e6]), [station()]).starts[0, 0]
    few, many = fit(lots(1, bad=2)).scrap, fit(lots(300, bad=2)).scrap
    truth = 2.0 / 200.0 / share
    assert 1.0 < few.value < 0.5 * truth
    assert many.value == pytest.approx(truth, rel=0.15)
    assert many.low < many.value < many.high


def test_scrap_is_gamma_poisson_on_paper():
    share = 1.0 - 1e6 / float(estimate(OPERATION, np.array([1e6]), [station()]).starts[0, 0])
    clump = 1.0 + 199.0 * belief("scrap_clumping")
    worth = belief("scrap_weight")
    expected = (worth + 4 * 2 / clump) / (worth + 4 * 200 * share / clump)
    assert fit(lots(4, bad=2)).scrap.value == pytest.approx(expected, rel=1e-3)


def test_good_pieces_alone_bring_the_factor_down():
    assert fit(lots(400, bad=0)).scrap.value < 0.2


# What cannot be ------------------------------------------------------------------------------


def test_a_job_five_times_off_is_named_and_hardly_counts():
    regular = jobs(20, run=1.2)
    wrong = [*regular[:9], replace(regular[9], run_s=regular[9].run_s * 5, name="the odd one"), *regular[10:]]
    found = calibrate(wrong)
    assert [(f.code, f.where) for f in found.findings] == [("processes.calibration.outlier", "the odd one")]
    assert "times longer" in found.findings[0].message
    without = fit([job for at, job in enumerate(regular) if at != 9])
    assert found.fits[0].run.value == pytest.approx(without.run.value, rel=0.03)


@pytest.mark.parametrize("bad", [0.0, -5.0, math.nan, math.inf, 1e300])
def test_impossible_times_are_named_and_the_rest_is_used(bad):
    good = jobs(6)
    found = calibrate([replace(good[0], run_s=bad, name="bad"), *good[1:]])
    assert [(f.code, f.where) for f in found.findings] == [("processes.calibration.number", "bad")]
    assert found.fits[0].run.jobs == 5
    assert found.fits[0].setup.jobs == 6


@pytest.mark.parametrize("bad", [0.0, -5.0, math.nan, math.inf])
def test_a_job_of_no_quantity_is_left_out(bad):
    found = calibrate([replace(jobs(1)[0], quantity=bad)])
    assert found.fits == ()
    assert codes(found) == ["processes.calibration.number"]


def test_more_good_than_started_is_named():
    found = calibrate([replace(jobs(1)[0], started=10, good=11)])
    assert "processes.calibration.number" in codes(found)
    assert found.fits[0].scrap is None


def test_a_job_that_books_nothing_is_named():
    found = calibrate([replace(jobs(1)[0], setup_s=None, run_s=None)])
    assert codes(found) == ["processes.calibration.missing"]
    assert found.fits == ()


def test_an_unknown_process_is_named_with_those_known():
    strange = replace(OPERATION, process="levitation")
    found = calibrate([replace(jobs(1)[0], operation=strange)])
    assert codes(found) == ["processes.calibration.unknown-process"]
    assert "packing" in found.findings[0].hint


def test_a_job_whose_operation_cannot_be_estimated_is_named_and_others_are_used():
    blank = replace(OPERATION, drivers={})
    found = calibrate([replace(jobs(1)[0], operation=blank), *jobs(4)])
    assert "processes.driver.missing" in codes(found)
    assert found.fits[0].run.jobs == 4


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_job_of_impossible_measures_is_named_and_others_are_used(bad):
    strange = replace(OPERATION, drivers={**OPERATION.drivers, "pieces": bad})
    odd = replace(jobs(1)[0], operation=strange, started=10, good=9)
    found = calibrate([odd, *jobs(4)])
    assert "processes.calibration.estimate" in codes(found)
    assert found.fits[0].run.jobs == 4
    assert math.isfinite(found.fits[0].spread)


def test_a_factor_beyond_belief_is_said():
    minutes = [replace(job, run_s=job.run_s / 60) for job in jobs(30)]
    assert "processes.calibration.unusual" in codes(calibrate(minutes))


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.nan])
def test_an_impossible_half_life_is_refused(wrong):
    with pytest.raises(ProcessesError, match="half_life"):
        calibrate(jobs(1), half_life=wrong)


numbers = st.none() | st.floats() | st.sampled_from((0.0, -1.0, 1e-300, 1e308, math.nan))


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.floats() | st.integers(1, 999).map(float), numbers, numbers, numbers, numbers, numbers),
        max_size=4,
    )
)
def test_no_booking_breaks_it_and_all_factors_can_be_used(rows):
    done = [
        Job(
            operation=OPERATION,
            station=station(),
            quantity=quantity,
            setup_s=setup,
            run_s=run,
            started=started,
            good=good,
            price=price,
        )
        for quantity, setup, run, started, good, price in rows
    ]
    own = calibrate(done).coefficients("shop")
    assert not check_coefficients("packing", own)
    assert all(math.isfinite(value) and value > 0.0 for value in own.values())


@settings(max_examples=12, deadline=None)
@given(run=st.floats(0.3, 3.0), number=st.integers(1, 12), noise=st.floats(0.02, 0.3))
def test_the_factor_lies_between_the_model_and_the_jobs(run, number, noise):
    done = jobs(number, run=run, noise=noise)
    ratios = [
        job.run_s / estimate(OPERATION, np.array([job.quantity]), [station()]).run_s[0, 0] for job in done
    ]
    factor = fit(done).run.value
    assert min(1.0, *ratios) * 0.9 < factor < max(1.0, *ratios) * 1.1
