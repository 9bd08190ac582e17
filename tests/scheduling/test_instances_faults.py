"""Bad instance files: every fault with its line, nothing hangs, nothing but our own exception."""

from __future__ import annotations

import gzip
import json
import os
import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.instances import FORMATS, read_instance
from manyworks.scheduling.instances.faults import MOST_TOLD

usual = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def faults(tmp_path):
    """Read something that is wrong: its findings as (place, message)."""

    def read(content, format_="auto", name="shop.txt", **more):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(SchedulingError) as caught:
            read_instance(path, format_, **more)
        assert all(finding.code.startswith("scheduling.") for finding in caught.value.findings)
        return [(finding.where, finding.message) for finding in caught.value.findings]

    return read


def test_every_bad_line_of_a_flexible_shop_is_told_with_its_operation(faults):
    text = "4 3\n2 1 0 5 2 1 6\n1 3 0 1 1 2\n1 0\n1 1 2 3 9\n"
    assert faults(text, "fjsp") == [
        ("shop.txt:2", "operation 1: expected 2 pairs, found 1"),
        ("shop.txt:3", "operation 0: expected 3 pairs, found 2"),
        ("shop.txt:4", "operation 0 states 0 machines, expected 1 or more"),
        ("shop.txt:5", "1 numbers too many after operation 0"),
    ]


def test_machines_out_of_range_and_impossible_times_are_told_together(faults):
    text = "2 2\n0 5 1 6\n1 -4 7 9999999999999\n"
    assert faults(text, "jsp") == [
        ("shop.txt:3", "names machine 7, expected 0 to 1"),
        ("shop.txt:3", "takes -4, expected 0 to 100000000000"),
        ("shop.txt:3", "takes 9999999999999, expected 0 to 100000000000"),
    ]


@pytest.mark.parametrize("format_", ["jsp", "fjsp", "fjsp_w", "fjsp_assembly"])
def test_a_file_that_breaks_off_says_how_much_is_missing(faults, format_):
    (where, message), *_ = faults("7 3 2\n" if format_ != "jsp" else "7 3\n", format_)
    assert where == "shop.txt:1"
    assert "found 0 (truncated?)" in message


def test_lines_behind_the_last_job_are_told(faults):
    assert faults("1 1\n0 5\n0 7\n", "jsp") == [
        ("shop.txt:3", "expected 1 lines of jobs after the header, found 2 (trailing lines from line 3 on?)")
    ]


def test_words_among_the_numbers_are_told_with_their_line(faults):
    assert faults("1 2\n0 5 1 six\n") == [("shop.txt:2", "expected numbers, found 'six'")]
    assert faults("1 2\n0 5-3 1..5 6\n") == [
        ("shop.txt:2", "expected numbers, found '5-3'"),
        ("shop.txt:2", "expected numbers, found '1..5'"),
    ]


def test_times_with_decimals_are_refused(faults):
    assert faults("1 2\n0 5.5 1 6\n", "jsp") == [("shop.txt:2", "expected whole numbers, found 5.5")]


@pytest.mark.parametrize("count", ["999999999999", "1000000000", "200001"])
def test_absurd_headers_are_refused_before_anything_is_made(faults, count):
    began = time.perf_counter()
    for format_ in ("jsp", "fjsp", "fjsp_sdst", "fjsp_w", "fjspt", "fjsp_assembly"):
        assert faults(f"1 {count} {count}\n1 1 0 5\n", format_)
        assert faults(f"{count} 2 2\n1 1 0 5\n", format_)
    assert time.perf_counter() - began < 2.0


def test_a_line_that_states_a_billion_operations_is_refused_at_once(faults):
    assert faults("1 2\n999999999 1 0 5\n", "fjsp") == [
        ("shop.txt:2", "the job states 999999999 operations, found 1")
    ]


def test_precedences_in_a_circle_are_told_with_their_line(faults):
    found = faults("3 3 1\n0 1\n1 2\n2 1\n1 0 5\n1 0 5\n1 0 5\n", "fjsp_assembly")
    assert found == [("shop.txt:3", "the precedences go in a circle: 1 before 2, 2 before 1")]


def test_set_ups_of_the_wrong_number_are_told(faults):
    (where, message), *_ = faults("1 1 1\n1 1 1 5\n0 3\n", "fjsp_sdst")
    assert where == "shop.txt:3"
    assert "expected set-ups for 1 machines, 1 x 1 each" in message


def test_a_worker_line_says_which_machine_is_short_of_pairs(faults):
    assert faults("1 1 2\n1 1 1 2 1 5 2\n", "fjsp_w") == [
        ("shop.txt:2", "operation 0, machine 1: expected 2 pairs of worker and time, found 1.5")
    ]


def test_more_faults_than_anybody_reads_are_counted(faults):
    found = faults("500 1\n" + "7 5\n" * 500, "jsp")
    assert len(found) == MOST_TOLD + 1
    assert found[-1][1] == f"{500 - MOST_TOLD} more faults of the same file are not listed"


def test_a_file_that_fits_nothing_is_told_with_the_format_it_is_nearest_to(faults):
    (_, first), second = faults("3 2\n2 1 0 5 1 1 6\n2 1 0 5 1 1 6\n1 2 0 5 1\n")
    assert "fits none of the formats jsp, fjsp, fjsp_sdst" in first
    assert second == ("shop.txt:4", "operation 0: expected 2 pairs, found 1.5")


@pytest.mark.parametrize(
    "content", [b"", b"\n \n", b"# nothing\n", b"\x00\x01", b"\x7fELF", b"\xff\xfe1\x00 \x002"]
)
def test_what_holds_no_numbers_is_refused(faults, content):
    assert faults(content)


def test_a_bomb_is_refused_while_it_unpacks(faults, monkeypatch):
    monkeypatch.setattr("manyworks.scheduling.instances.source.MOST_BYTES", 2**21)
    bomb = gzip.compress(b"1 2\n" * 2**20, 9)
    assert "more than 2 MiB of text" in faults(bomb, name="shop.gz")[0][1]


@pytest.mark.parametrize(
    "harm", [lambda data: data[:-9], lambda data: data[:10] + b"xx" + data[12:], lambda data: data[:4]]
)
def test_a_damaged_archive_is_refused(faults, harm):
    whole = gzip.compress(b"1 2\n0 5 1 6\n" * 50)
    assert "cannot be read" in faults(harm(whole), name="shop.gz")[0][1]


def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (
        tmp_path,
        tmp_path / "pipe",
        tmp_path / "missing",
        "a\0b",
        "/dev/zero",
        tmp_path / ("x" * 300),
    ):
        with pytest.raises(SchedulingError) as caught:
            read_instance(path)
        assert caught.value.findings[0].code == "scheduling.instance.file"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"jobs": 1, "setup": 2}',
        '{"jobs": [[[0, NaN]]], "setup": [[[0]]]}',
        "{]",
        "[1]",
        '{"a": 1' + "0" * 5000 + "}",
    ],
)
def test_bad_json_is_refused(faults, text):
    assert faults(text, name="shop.json")


def test_faults_of_transition_times_are_told_with_their_place(faults):
    content = {"jobs": [[[0, 5], [1, -3]], []], "setup": [[[0, 1], [2]]]}
    assert [where for where, _ in faults(json.dumps(content), name="shop.json")] == [
        "shop.json: jobs[0][1]",
        "shop.json: jobs[1]",
        "shop.json: setup[0][1]",
    ]


def test_a_format_nobody_knows_is_refused(faults):
    assert "there is no format 'xml'" in faults("1 1\n0 5\n", "xml")[0][1]
    assert "found rows of numbers" in faults("1 1\n0 5\n", "manyworks")[0][1]
    assert "found JSON" in faults("{}", "jsp")[0][1]


def test_a_layout_where_none_belongs_is_refused(faults, tmp_path):
    (tmp_path / "layout.txt").write_text("0 1\n1 0\n")
    for text, format_ in (("1 1\n0 5\n", "jsp"), ("{}", "auto")):
        found = faults(text, format_, layout=tmp_path / "layout.txt")
        assert "a layout goes with fjspt alone" in found[0][1]


NUMBERS = st.sampled_from(["0", "1", "2", "3", "5", "-1", "9", "1.5", "77", "999999999999"])
ROWS = st.lists(st.lists(NUMBERS, max_size=9).map(" ".join), max_size=9).map("\n".join)
BYTES = st.one_of(
    st.binary(max_size=80), ROWS.map(str.encode), ROWS.map(lambda text: gzip.compress(text.encode()))
)


@usual
@given(content=BYTES, format_=st.sampled_from(FORMATS))
def test_hostile_bytes_raise_nothing_but_findings(tmp_path, content, format_):
    path = tmp_path / "hostile"
    path.write_bytes(content)
    with suppress(SchedulingError):
        assert read_instance(path, format_).tables.total > 0


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-3, 10**20), st.floats(allow_nan=False), st.text(max_size=3)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)
KEYS = [
    "format",
    "name",
    "objective",
    "calendars",
    "travel",
    "resources",
    "jobs",
    "operations",
    "precedence",
    "setup",
]


@usual
@given(
    content=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6),
    format_=st.sampled_from(["auto", "sdst_jsp", "manyworks"]),
)
def test_hostile_json_raises_nothing_but_findings(tmp_path, content, format_):
    path = tmp_path / "hostile.json"
    path.write_text(json.dumps(content))
    with pytest.raises(SchedulingError) as caught:
        read_instance(path, format_)
    assert caught.value.findings


def test_of_a_text_that_is_no_instance_only_the_first_words_are_told(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text("words and 7 more words\n" * 40, encoding="utf-8")
    with pytest.raises(SchedulingError) as caught:
        read_instance(path)
    codes = [finding.code for finding in caught.value.findings]
    assert codes == ["scheduling.instance.words", *["scheduling.instance.number"] * 3]
    assert "160 of its 200 words are no numbers" in str(caught.value.findings[0])
