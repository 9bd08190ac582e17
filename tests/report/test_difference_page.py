"""The page of what has changed: old above new, only what changed, nothing from elsewhere."""

from __future__ import annotations

import re

import pytest
from tests.scheduling.test_promise import at, plan_of
from tests.scheduling.workloads import on, resource, work, workload

from manyworks.model import warning
from manyworks.report import difference_page

SENTENCES = ["Works: 1 unchanged.", "A moves <b>over</b>."]


@pytest.fixture
def load():
    return workload(
        [
            work("a", on("mill", 3600), on("lathe", 3600), order="A"),
            work("b", on("mill", 3600), order="B"),
            work("c", on("saw", 3600), order="C"),
        ],
        resource("mill"),
        resource("lathe", intervals=((0, 90_000),)),
        resource("saw"),
    )


@pytest.fixture
def page(load):
    old = plan_of(at("a", 0, 3600), at("b", 3600, 7200), at("c", 0, 3600))
    new = plan_of(at("a", 1800, 5400, mode=1), at("b", 7200, 10800), at("c", 0, 3600))
    return difference_page(
        (load, old),
        (load, new),
        SENTENCES,
        now_s=0,
        findings=[warning("scheduling.replan.not-kept", "b", "was promised")],
        late_reasons={"B": ["Order B is late.", "It waits for <mill>."]},
    )


def test_each_changed_machine_is_drawn_as_it_was_and_as_it_is(page):
    names = re.findall(r'<div class="shop-name"><span>(\w+)', page)
    assert sorted(names) == ["lathe", "mill"]
    assert page.count('<div class="gantt-row was">') == len(names)


def test_bars_say_how_far_they_moved_and_where_they_went(page):
    assert "b (+60 min)" in page
    assert "a (to lathe)" in page
    assert "a (from mill)" in page


def test_a_line_leads_from_the_old_start_to_the_new_one(page):
    assert len(re.findall('class="shift-line"', page)) == 1
    assert len(re.findall('class="gone"', page)) == 1


def test_words_are_escaped_and_findings_and_reasons_shown(page):
    assert "A moves &lt;b&gt;over&lt;/b&gt;." in page
    assert "It waits for &lt;mill&gt;." in page
    assert "was promised" in page


def test_the_page_needs_nothing_from_elsewhere(page):
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', page) == []
    assert "http" not in page.replace("http://www.w3.org", "")


def test_where_nothing_changed_nothing_is_drawn(load):
    same = plan_of(at("a", 0, 3600), at("b", 3600, 7200), at("c", 0, 3600))
    page = difference_page((load, same), (load, same), SENTENCES[:1], now_s=0)
    assert "everything stays as it was" in page
    assert "Before and now" not in page
