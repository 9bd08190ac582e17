"""What `schedule` promises, against referees of its own: brute force, theory, the checker."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scheduling.workloads import on, resource, work, workload, workloads

from manyworks.model import Link
from manyworks.scheduling import SchedulingError, check, schedule

SLOW = settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
DAYS = tuple((day * 86400 + 8 * 3600, day * 86400 + 16 * 3600) for day in range(30))


def by_name(made):
    return {one.work: one for one in made.assignments}


@SLOW
@given(workloads(), st.integers(0, 3))
def test_every_schedule_of_a_random_workload_is_accepted_by_the_checker(load, seed):
    made = schedule(load, iterations=24, seed=seed)
    assert check(load, made) == ()
    assert made.checked
    assert made.bound <= made.objective


@SLOW
@given(workloads(), st.randoms())
def test_the_order_of_the_input_does_not_matter(load, rng):
    works = list(load.works)
    rng.shuffle(works)
    shuffled = workload(works, *reversed(load.resources.values()))
    assert schedule(load, iterations=20, seed=1) == schedule(shuffled, iterations=20, seed=1)


def job_shop(seed, jobs=3, machines=2, due=False):
    rng = random.Random(seed)
    works = []
    for job in range(jobs):
        order = rng.sample(range(machines), machines)
        for step, machine in enumerate(order):
            works.append(
                work(
                    f"j{job}-{step}",
                    on(f"m{machine}", rng.randint(1, 9)),
                    after=[f"j{job}-{step - 1}"] if step else [],
                    due_s=rng.randint(5, 20) if due and step == machines - 1 else None,
                    weight=float(rng.randint(1, 4)),
                )
            )
    return workload(works, *(resource(f"m{i}") for i in range(machines)))


def best_by_brute_force(load):
    """Least (weighted tardiness, makespan) over every order in which works may be appended."""
    best = (float("inf"), 0)
    for order in itertools.permutations(load.works):
        free, ends = {}, {}
        for one in order:
            if any(link.before not in ends for link in one.links):
                break
            mode = one.modes[0]
            start = max(
                [free.get(mode.machine, 0), one.release_s, *(ends[k.before] + k.lag_s for k in one.links)]
            )
            ends[one.id] = free[mode.machine] = start + mode.duration_s
        else:
            late = sum(w.weight * max(0, ends[w.id] - w.due_s) for w in load.works if w.due_s is not None)
            best = min(best, (late, max(ends.values())))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_the_search_finds_the_optimum_of_tiny_job_shops(seed):
    load = job_shop(seed, due=seed % 2 == 0)
    made = schedule(load, iterations=300)
    assert (made.objective, made.makespan_s) == pytest.approx(best_by_brute_force(load))


@pytest.mark.parametrize("seed", range(12))
def test_the_bound_is_never_above_the_optimum(seed):
    load = job_shop(seed, due=True)
    assert schedule(load, iterations=1).bound <= best_by_brute_force(load)[0]


def test_one_machine_weighted_tardiness_is_optimal():
    rng = random.Random(5)
    works = [
        work(f"k{i}", on("m", rng.randint(2, 9)), due_s=rng.randint(4, 25), weight=float(rng.randint(1, 5)))
        for i in range(7)
    ]
    load = workload(works, resource("m"))
    assert schedule(load, iterations=500).objective == pytest.approx(best_by_brute_force(load)[0])


def test_the_same_seed_and_attempts_give_the_same_schedule():
    load = job_shop(7, jobs=6, machines=4)
    assert schedule(load, iterations=60, seed=3) == schedule(load, iterations=60, seed=3)


def test_more_attempts_are_never_worse():
    load = job_shop(11, jobs=8, machines=5, due=True)
    few, many = (schedule(load, iterations=n) for n in (3, 120))
    assert (many.objective, many.makespan_s) <= (few.objective, few.makespan_s)


def test_a_time_budget_is_kept():
    load = job_shop(3, jobs=6, machines=4)
    assert schedule(load, seconds=0.05).checked


def test_an_optimal_schedule_says_so():
    load = workload([work("a", on("m", 5)), work("b", on("m", 4), release_s=5)], resource("m"))
    assert schedule(load).status == "optimal"


def test_no_work_gives_an_empty_schedule():
    made = schedule(workload([], resource("m")))
    assert (made.assignments, made.makespan_s, made.status) == ((), 0, "optimal")


def test_pausable_work_goes_on_after_the_night():
    made = schedule(workload([work("a", on("m", 10 * 3600))], resource("m", intervals=DAYS)))
    day = 86400
    assert made.assignments[0].segments == ((8 * 3600, 16 * 3600), (day + 8 * 3600, day + 10 * 3600))


def test_work_that_must_not_pause_waits_for_a_whole_stretch():
    works = [work("a", on("m", 5 * 3600)), work("b", on("m", 5 * 3600), after=["a"], pausable=False)]
    made = by_name(schedule(workload(works, resource("m", intervals=DAYS))))
    assert made["b"].segments == ((86400 + 8 * 3600, 86400 + 13 * 3600),)


def test_touching_intervals_do_not_interrupt():
    load = workload([work("a", on("m", 8), pausable=False)], resource("m", intervals=((0, 5), (5, 10))))
    assert schedule(load).assignments[0].segments == ((0, 8),)


def test_work_pauses_over_the_break_of_any_resource_it_holds():
    resources = [resource("m", intervals=((0, 10), (12, 50))), resource("w", "worker", ((0, 5), (7, 50)))]
    load = workload([work("a", on("m", 12, workers=("w",)))], *resources)
    assert schedule(load).assignments[0].segments == ((0, 5), (7, 10), (12, 16))


def test_a_worker_serves_one_machine_at_a_time():
    works = [work("a", on("m", 5, workers=("w",))), work("b", on("n", 5, workers=("w",)))]
    assert schedule(workload(works, resource("m"), resource("n"), resource("w", "worker"))).makespan_s == 10


def test_a_second_worker_lets_both_machines_run():
    works = [
        work(name, *(on(machine, 5, workers=(worker,)) for worker in ("w", "v")))
        for name, machine in (("a", "m"), ("b", "n"))
    ]
    people = resource("w", "worker"), resource("v", "worker")
    assert schedule(workload(works, resource("m"), resource("n"), *people)).makespan_s == 5


def test_one_family_is_set_up_once():
    works = [work(f"k{i}", on("m", 10, setup_s=7, family="red")) for i in range(4)]
    assert schedule(workload(works, resource("m"))).makespan_s == 47


def test_work_without_a_family_always_pays_its_set_up():
    works = [work(f"k{i}", on("m", 10, setup_s=7)) for i in range(4)]
    assert schedule(workload(works, resource("m"))).makespan_s == 68


def test_change_over_times_decide_the_order():
    setups = {("a", "b"): 1, ("b", "c"): 1, ("a", "c"): 50, ("c", "a"): 50, ("c", "b"): 50, ("b", "a"): 50}
    works = [work(name, on("m", 10, setup_s=5, family=name)) for name in "cba"]
    made = schedule(workload(works, resource("m", setups=setups)), iterations=100)
    assert [one.work for one in made.assignments] == ["a", "b", "c"]
    assert made.makespan_s == 5 + 10 + 1 + 10 + 1 + 10


def test_a_later_work_fills_the_gap_ahead_of_an_earlier_placed_one():
    works = [
        work("first", on("m", 5), release_s=20, due_s=25, weight=9.0),
        work("small", on("m", 5), due_s=400),
    ]
    made = by_name(schedule(workload(works, resource("m")), iterations=2))
    assert made["small"].end_s <= 20
    assert made["first"].start_s == 20


def test_lags_and_releases_hold():
    works = [work("a", on("m", 5), release_s=3), work("b", on("n", 5), after=[Link(before="a", lag_s=100)])]
    assert by_name(schedule(workload(works, resource("m"), resource("n"))))["b"].start_s == 108


def test_the_mode_that_ends_first_is_taken():
    load = workload([work("a", on("slow", 50), on("quick", 5))], resource("slow"), resource("quick"))
    assert schedule(load).assignments[0].mode == 1


def test_work_beyond_the_horizon_names_the_calendar_that_ends():
    works = [work(f"k{i}", on("m", 60)) for i in range(3)]
    with pytest.raises(SchedulingError) as caught:
        schedule(workload(works, resource("m", intervals=((0, 100),))))
    (*_, last) = caught.value.findings
    assert last.code == "scheduling.horizon.ends"
    assert "'m' ends at 100," in last.message


def test_only_the_cause_is_reported_not_what_waits_for_it():
    works = [work("a", on("m", 60)), work("b", on("m", 60), after=["a"]), work("c", on("n", 1), after=["b"])]
    with pytest.raises(SchedulingError) as caught:
        schedule(workload(works, resource("m", intervals=((0, 100),)), resource("n")))
    assert [finding.where for finding in caught.value.findings] == ["b"]


def test_a_workload_that_fits_only_in_another_order_is_still_scheduled():
    calendar = ((0, 10), (20, 26))
    works = [work("a", on("m", 6), pausable=False), work("b", on("m", 4), pausable=False)]
    works += [work("c", on("m", 6), pausable=False)]
    assert schedule(workload(works, resource("m", intervals=calendar)), iterations=200).makespan_s == 26


@pytest.mark.parametrize("budget", [{"seconds": -1.0}, {"seconds": float("nan")}, {"iterations": 0}])
def test_a_bad_budget_is_a_finding(budget):
    with pytest.raises(SchedulingError) as caught:
        schedule(workload([work("a", on("m", 5))], resource("m")), **budget)
    assert caught.value.findings[0].code == "scheduling.budget.bad"


def test_a_flexible_shop_of_two_thousand_works_stays_near_its_load():
    rng = random.Random(1)
    works = []
    for job in range(100):
        for step in range(20):
            machines = rng.sample(range(20), 3)
            works.append(
                work(
                    f"j{job:03}-{step:02}",
                    *(on(f"m{m:02}", rng.randint(1, 100)) for m in machines),
                    after=[f"j{job:03}-{step - 1:02}"] if step else [],
                )
            )
    load = workload(works, *(resource(f"m{m:02}") for m in range(20)))
    least = sum(min(mode.duration_s for mode in one.modes) for one in works) / 20
    assert schedule(load, iterations=20).makespan_s < 1.3 * least
