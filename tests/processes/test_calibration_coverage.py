"""Simulated shops: how often their next job lies between the P10 and P90 that their finished jobs give."""

import math

import numpy as np
import pytest

from manyworks.processes.log_ratios import belief, learn, unbiased

SHOPS = 80
OWN = 0.25


def next_one_holds(number, heavy=False, seed=1):
    """Share of shops' next jobs that lie between P10 and P90 after so many jobs."""
    random = np.random.default_rng(seed)
    prior = unbiased(OWN, belief("run_scatter"))
    worth, odd_share, odd_scatter = (belief(name) for name in ("scatter_weight", "odd_share", "odd_scatter"))
    held = []
    for _ in range(SHOPS):
        level = random.normal(prior.mean, OWN)
        scatter = prior.scatter * math.sqrt(worth / random.chisquare(worth))
        if heavy:
            noise = scatter * random.standard_t(2.5, number + 400)
        else:
            wide = np.where(
                random.random(number + 400) < odd_share, math.hypot(scatter, odd_scatter), scatter
            )
            noise = random.normal(0.0, wide)
        seen, coming = level + noise[:number], level + noise[number:]
        found = learn(seen, np.ones(number), prior)
        held.append(np.mean((coming > found.next_low) & (coming < found.next_high)))
    return float(np.mean(held))


@pytest.mark.parametrize("number", [0, 1, 3, 10, 30])
def test_about_four_in_five_next_jobs_hold(number):
    assert 0.75 < next_one_holds(number) < 0.85


@pytest.mark.parametrize("number", [1, 30])
def test_noise_with_heavy_tails_costs_little_coverage(number):
    assert 0.70 < next_one_holds(number, heavy=True) < 0.87


def test_a_steady_drift_is_caught_up_with_where_old_jobs_count_less():
    """A shop that gets 2 % faster with every job: after fifty jobs its last level is what counts."""
    random = np.random.default_rng(2)
    values = -0.02 * np.arange(50) + random.normal(0, 0.1, 50)
    prior = unbiased(OWN, belief("run_scatter"))
    ages = np.arange(49, -1, -1)
    all_alike = learn(values, np.ones(50), prior)
    fading = learn(values, 0.5 ** (ages / 6.0), prior)
    truth = -0.02 * 50
    assert abs(fading.mean - truth) < 0.5 * abs(all_alike.mean - truth)
