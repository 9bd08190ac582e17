"""Reading instances: what is written is what is read, in every format."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scheduling.invented_shops import (
    Shop,
    arcs_of,
    chains_of,
    setup_between,
    shops,
    ways_of,
    write_assembly,
    write_fjsp,
    write_jsp,
    write_setups,
    write_transitions,
    write_workers,
)

from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.instances import load_instance, read_instance
from manyworks.scheduling.problem.data import TARDINESS_THEN_MAKESPAN
from manyworks.scheduling.problem.tables import CARRIES, EARLY_SETUP

usual = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

SMALL = Shop(3, ((((0, 5), (1, 6)), ((2, 3),)), (((1, 4),), ((0, 7), (2, 8)))))


@pytest.fixture
def put(tmp_path):
    """Write a text, or bytes, to a file."""

    def write(content, name="shop.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def plain(shop):
    return [[((machine,), duration) for machine, duration in ways] for ways in shop.operations]


@usual
@given(shop=shops(), base=st.sampled_from([0, 1]), third=st.sampled_from([(), (2,), ("1.85",)]))
def test_a_flexible_job_shop_is_read_as_it_was_written(put, shop, base, third):
    data = read_instance(put(write_fjsp(shop, base, third)), "fjsp")
    assert ways_of(data) == plain(shop)
    assert arcs_of(data) == chains_of(shop)
    assert len(data.jobs) == len(shop.jobs)
    assert len(data.resources) == shop.machines


@usual
@given(shop=shops(most_ways=1), base=st.sampled_from([0, 1]), end=st.sampled_from([(), (-1, -1)]))
def test_a_job_shop_is_read_as_it_was_written(put, shop, base, end):
    data = read_instance(put(write_jsp(shop, base, end)), "jsp")
    assert ways_of(data) == plain(shop)
    assert arcs_of(data) == chains_of(shop)


@usual
@given(shop=shops(), data=st.data())
def test_a_shop_with_assembly_is_read_as_it_was_written(put, shop, data):
    count = len(shop.operations)
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
        lambda pair: pair[0] < pair[1]
    )
    arcs = data.draw(st.lists(pairs, unique=True, max_size=8))
    read = read_instance(put(write_assembly(shop, arcs)), "fjsp_assembly")
    assert ways_of(read) == plain(shop)
    assert sorted(arcs_of(read)) == sorted(arcs)
    for before, after in arcs:
        assert read.tables.operations["job"][before] == read.tables.operations["job"][after]


@usual
@given(shop=shops(), over_jobs=st.booleans(), data=st.data())
def test_set_ups_are_read_by_machine_before_and_next(put, shop, over_jobs, data):
    width = len(shop.jobs) if over_jobs else len(shop.operations)
    row = st.lists(st.integers(0, 9), min_size=width, max_size=width)
    matrix = st.lists(row, min_size=width, max_size=width)
    matrices = data.draw(st.lists(matrix, min_size=shop.machines, max_size=shop.machines))
    read = read_instance(put(write_setups(shop, matrices)), "fjsp_sdst")
    assert ways_of(read) == plain(shop)
    family = [j for j, job in enumerate(shop.jobs) for _ in job] if over_jobs else range(width)
    for a, b in [(0, 1), (1, 0), (0, len(shop.operations) - 1)]:
        for machine in range(shop.machines):
            assert setup_between(read, machine, a, b) in (None, matrices[machine][family[a]][family[b]])
    shared = {m for m, _ in shop.operations[0]} & {m for m, _ in shop.operations[1]}
    assert all(setup_between(read, machine, 0, 1) is not None for machine in shared)


@usual
@given(shop=shops(most_ways=1), data=st.data())
def test_transition_times_are_read_by_machine_before_and_next(put, shop, data):
    width = len(shop.jobs)
    row = st.lists(st.integers(0, 9), min_size=width, max_size=width)
    matrices = data.draw(
        st.lists(
            st.lists(row, min_size=width, max_size=width), min_size=shop.machines, max_size=shop.machines
        )
    )
    read = read_instance(put(json.dumps(write_transitions(shop, matrices)), "shop.json"))
    assert ways_of(read) == plain(shop)
    assert (read.tables.operations["flags"][:-1] & EARLY_SETUP).all()
    last = len(shop.operations) - 1
    expected = matrices[shop.operations[last][0][0]][0][width - 1]
    if shop.operations[0][0][0] == shop.operations[last][0][0]:
        assert setup_between(read, shop.operations[last][0][0], 0, last) == expected


@usual
@given(shop=shops(), workers=st.integers(1, 3), base=st.sampled_from([0, 1]))
def test_machines_with_workers_are_read_as_they_were_written(put, shop, workers, base):
    read = read_instance(put(write_workers(shop, workers, base)), "fjsp_w")
    assert ways_of(read) == [
        [((m, shop.machines + w), d + w) for m, d in ways for w in range(workers)] for ways in shop.operations
    ]
    assert list(read.kinds) == ["machine"] * shop.machines + ["worker"] * workers


LAYOUT = "0 2 4 6\n3 0 5 7\n1 9 0 8\n6 4 2 0\n"


def test_a_transport_goes_before_every_operation_and_may_use_any_vehicle(put):
    put(LAYOUT, "trucks_layout3.txt")
    read = read_instance(put(write_fjsp(SMALL, 1, (2,))), "fjspt")
    rides = np.flatnonzero(read.tables.operations["flags"][:-1] & CARRIES)
    assert len(rides) == len(SMALL.operations)
    vehicles = [i for i, kind in enumerate(read.kinds) if kind == "vehicle"]
    assert all(ways_of(read)[ride] == [((v,), 0) for v in vehicles] for ride in rides)
    assert arcs_of(read) == [(i, i + 1) for i in range(7) if i != 3]
    assert read.tables.travel.tolist() == [[0, 2, 4, 6], [3, 0, 5, 7], [1, 9, 0, 8], [6, 4, 2, 0]]
    assert read.tables.resources["location"].tolist() == [1, 2, 3, 0, 0]


def test_decimals_of_a_layout_make_all_times_finer(put):
    put("0 2.5 4 6\n3 0 5 7\n1 9 0 8\n6 4.25 2 0\n", "trucks_layout3.txt")
    instance = load_instance(put(write_fjsp(SMALL, 1, (2,))))
    assert (instance.format, instance.scale) == ("fjspt", 4)
    assert instance.problem.tables.travel[0].tolist() == [0, 10, 16, 24]
    assert ways_of(instance.problem)[1] == [((0,), 20), ((1,), 24)]
    assert any(note.code == "scheduling.instance.scale" for note in instance.problem.assumptions)


def test_without_a_layout_a_third_number_is_no_vehicles(put):
    instance = load_instance(put(write_fjsp(SMALL, 0, (2,))))
    assert instance.format == "fjsp"
    assert [note.code for note in instance.problem.assumptions] == ["scheduling.instance.flexibility"]


def test_of_several_layouts_one_must_be_named(put, tmp_path):
    put(LAYOUT, "trucks_layout3.txt")
    put(LAYOUT, "trucks_layout3b.txt")
    path = put(write_fjsp(SMALL, 1, (2,)))
    with pytest.raises(SchedulingError, match=r"trucks_layout3\.txt, trucks_layout3b\.txt"):
        read_instance(path, "fjspt")
    assert load_instance(path, layout=tmp_path / "trucks_layout3b.txt").format == "fjspt"


def test_a_layout_of_another_size_is_refused(put, tmp_path):
    put("0 1\n1 0\n", "other.txt")
    with pytest.raises(SchedulingError, match="expected 4 rows of 4 travel times"):
        read_instance(put(write_fjsp(SMALL, 1, (2,))), "fjspt", layout=tmp_path / "other.txt")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (write_jsp(Shop(2, ((((0, 5),), ((1, 6),)), (((1, 4),), ((0, 3),))))), "jsp"),
        (write_fjsp(SMALL), "fjsp"),
        (write_assembly(SMALL, [(0, 1), (2, 3)]), "fjsp_assembly"),
        (write_setups(SMALL, [[[1, 2], [3, 4]]] * 3), "fjsp_sdst"),
        (write_workers(SMALL, 2), "fjsp_w"),
        (json.dumps(write_transitions(Shop(1, ((((0, 5),),),)), [[[0]]])), "sdst_jsp"),
    ],
)
def test_a_format_is_found_by_what_the_file_holds(put, text, expected):
    assert load_instance(put(text, "unnamed")).format == expected
    assert load_instance(put(gzip.compress(text.encode()), "packed.gz")).format == expected


def test_a_file_that_fits_two_formats_is_refused_with_both(put):
    path = put("1 2\n1 1 0 5\n")
    with pytest.raises(SchedulingError, match="may be read as jsp and fjsp"):
        read_instance(path)
    assert read_instance(path, "jsp").tables.total == 2
    assert read_instance(path, "fjsp").tables.total == 1


def test_lines_that_count_themselves_are_taken_for_a_flexible_shop_and_that_is_said(put):
    instance = load_instance(put("2 4\n1 1 2 1\n1 1 3 2\n"))
    assert instance.format == "fjsp"
    assert [note.code for note in instance.problem.assumptions] == ["scheduling.instance.ambiguous"]
    assert load_instance(put("2 4\n1 1 2 1\n1 1 3 2\n", "shop.jsp")).format == "jsp"


def test_comments_blank_lines_tabs_and_line_ends_of_any_kind_are_read_over(put):
    text = "# a shop\r\n\r\n2\t2\r\n0 5  1 6 # first\r\n\n1 4 0 3\r\n\x1a"
    assert ways_of(read_instance(put(text))) == [[((0,), 5)], [((1,), 6)], [((1,), 4)], [((0,), 3)]]
    assert ways_of(read_instance(put("\ufeff2 2\r0 5 1 6\r1 4 0 3\r"))) == ways_of(read_instance(put(text)))


def test_jobs_may_end_in_different_places_and_come_back_to_a_machine(put):
    data = read_instance(put("2 3\n0 5 1 6 0 7 -1 -1\n2 4 -1 -1\n"), "jsp")
    assert ways_of(data) == [[((0,), 5)], [((1,), 6)], [((0,), 7)], [((2,), 4)]]


def test_the_objective_is_the_one_asked_for(put):
    data = read_instance(put(write_fjsp(SMALL)), objective=None)
    assert data.objective.levels == ({"makespan": 1.0},)
    with pytest.raises(SchedulingError, match="nothing has a due date"):
        read_instance(put(write_fjsp(SMALL)), objective=TARDINESS_THEN_MAKESPAN)


def test_a_million_operations_are_read_without_a_million_objects(put):
    jobs, machines = 1000, 100
    rng = np.random.default_rng(5)
    rows = np.empty((jobs, 2 * machines), dtype=np.int64)
    rows[:, ::2] = rng.permuted(np.tile(np.arange(machines), (jobs, 1)), axis=1)
    rows[:, 1::2] = rng.integers(1, 1000, (jobs, machines))
    text = f"{jobs} {machines}\n" + "\n".join(" ".join(map(str, row)) for row in rows.tolist())
    instance = load_instance(put(gzip.compress(text.encode(), 1), "wide.txt.gz"))
    modes = instance.problem.tables.modes
    assert instance.format == "jsp"
    assert (modes["machine"][:-1] == rows[:, ::2].ravel()).all()
    assert (modes["duration"][:-1] == rows[:, 1::2].ravel()).all()
    assert not isinstance(instance.problem.operations, list | tuple)
