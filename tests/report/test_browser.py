"""Pages in a real browser: choosing, zooming, stepping, and nothing wider than a phone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from tests.report.report_cases import (
    make_farm,
    make_network,
    make_orders,
    make_product,
    make_quote_set,
    make_schedule,
    make_workload,
)

from manyworks.report import plan_page, quote_page

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=500,900",
    "--dump-dom",
]

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")

QUOTE_PROBE = """
var seen = function () { return Array.from(document.querySelectorAll('[role=tabpanel]'))
  .filter(function (e) { return e.offsetParent !== null; }).map(function (e) { return e.id; }); };
out.first = seen();
document.getElementById('tab-q1').click();
var tab = document.getElementById('tab-q1o2');
tab.click();
out.chosen = seen();
tab.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
out.right = seen();
out.focus = document.activeElement.id;
location.hash = '#q0o1'; dispatchEvent(new HashChangeEvent('hashchange'));
out.linked = seen();
document.querySelectorAll('details').forEach(function (e) { e.open = true; });
out.wide = document.documentElement.scrollWidth; out.screen = innerWidth;
"""

PLAN_PROBE = """
var axis = document.querySelector('.time-axis'), box = document.querySelector('.gantt-scroll');
var wide = function () { return axis.getBoundingClientRect().width; };
out.fit = wide();
document.querySelector('[data-zoom=in]').click();
out.zoomed = wide();
box.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
out.detail = document.querySelector('.gantt-detail').textContent;
out.chosen = document.querySelectorAll('.bar.chosen').length;
document.querySelector('[data-zoom=fit]').click();
out.again = wide();
document.querySelectorAll('details').forEach(function (e) { e.open = true; });
out.wide = document.documentElement.scrollWidth; out.screen = innerWidth;
"""

FARM_PROBE = """
var axis = document.querySelector('.time-axis'), box = document.querySelector('.gantt-scroll');
var later = document.querySelector('.flag.later'), pool = document.querySelector('.pool');
var seen = function () { return Array.from(document.querySelectorAll('.bar'))
  .filter(function (e) { return e.checkVisibility(); }).length; };
out.flag = later.textContent;
out.closed = seen();
pool.querySelector('summary').focus();
out.focus = document.activeElement.tagName;
pool.querySelector('summary').click();
out.open = seen();
var cell = pool.querySelector('.unit .time-name').getBoundingClientRect();
var row = pool.querySelector('.unit svg').getBoundingClientRect();
out.aligned = Math.abs(cell.top - row.top) < 1 && Math.abs(cell.right - row.left) < 1;
out.bar = pool.querySelector('.unit .least').getBoundingClientRect().width;
for (var i = 0; i < 20; i++) document.querySelector('[data-zoom=out]').click();
out.hidden = later.hidden;
out.whole = axis.getBoundingClientRect().width <= box.clientWidth;
out.names = Array.from(document.querySelectorAll('.due-name'))
  .filter(function (e) { return e.style.display !== 'none'; }).map(function (e) { return e.textContent; });
document.querySelector('[data-zoom=fit]').click();
later.click();
box.dispatchEvent(new Event('scroll'));
out.reached = later.hidden;
out.wide = document.documentElement.scrollWidth; out.screen = innerWidth;
"""


def look(page: str, probe: str, tmp_path: Path) -> dict:
    script = (
        f"<script>var out = {{}}; try {{ {probe} }} catch (e) {{ out.error = String(e); }}"
        "var pre = document.createElement('pre'); pre.id = 'probe';"
        "pre.textContent = JSON.stringify(out); document.body.appendChild(pre);</script></body>"
    )
    file = tmp_path / "page.html"
    file.write_text(page.replace("</body>", script), encoding="utf-8")
    command = [BROWSER, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", file.as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    return json.loads(unescape(re.search(r'<pre id="probe">(.*?)</pre>', dom, re.DOTALL)[1]))


def test_choosing_a_quantity_and_an_option_shows_that_one_alone(tmp_path):
    page = quote_page(make_quote_set((50, 500)), make_product(), make_network())
    seen = look(page, QUOTE_PROBE, tmp_path)
    assert seen["first"] == ["q0", "q0o0"]
    assert seen["chosen"] == ["q1", "q1o2"]
    assert (seen["right"], seen["focus"]) == (["q1", "q1o3"], "tab-q1o3")
    assert seen["linked"] == ["q0", "q0o1"]
    assert seen["wide"] <= seen["screen"]


def test_the_schedule_zooms_and_tells_about_each_bar(tmp_path):
    workload = make_workload(3)
    page = plan_page(make_orders(3), workload, make_schedule(workload), make_network(), ())
    seen = look(page, PLAN_PROBE, tmp_path)
    assert seen["zoomed"] == pytest.approx(seen["fit"] * 1.6, rel=0.01)
    assert seen["again"] == seen["fit"]
    assert seen["chosen"] == 1
    assert "Bright Board House" in seen["detail"]
    assert seen["wide"] <= seen["screen"]


def test_many_machines_open_by_keyboard_and_a_far_due_date_is_one_click_away(tmp_path):
    (planned,) = make_orders(1)
    planned = replace(planned, order=replace(planned.order, due="2027-01-22"))
    page = plan_page([planned], *make_farm(20), make_network(), ())
    seen = look(page, FARM_PROBE, tmp_path)
    assert seen["flag"] == "A due 22 Jan"
    assert (seen["closed"], seen["open"]) == (1, 21)
    assert seen["focus"] == "SUMMARY"
    assert seen["aligned"]
    assert seen["bar"] >= 4
    assert (seen["hidden"], seen["names"]) == (True, ["A due 22 Jan"])
    assert seen["reached"]
    assert seen["wide"] <= seen["screen"]


def test_a_schedule_full_of_set_ups_prints_small(tmp_path):
    workload, schedule = make_farm(6, orders=40)
    hatched = tuple(replace(a, setup_s=3600) for a in schedule.assignments)
    page = plan_page([], workload, replace(schedule, assignments=hatched), make_network(), ())
    file, paper = tmp_path / "page.html", tmp_path / "page.pdf"
    file.write_text(page.replace("</style>", ".fold { display: none; }</style>"), encoding="utf-8")
    flags = [flag for flag in FLAGS if flag != "--dump-dom"]
    command = [BROWSER, *flags, f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={paper}"]
    subprocess.run([*command, file.as_uri()], capture_output=True, timeout=120, check=True)
    assert paper.stat().st_size < 350_000
