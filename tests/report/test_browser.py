"""Pages in a real browser: choosing, zooming, stepping, and nothing wider than a phone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from tests.report.report_cases import (
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
var svg = document.querySelector('.gantt-time'), box = document.querySelector('.gantt-scroll');
out.fit = svg.clientWidth;
document.querySelector('[data-zoom=in]').click();
out.zoomed = svg.clientWidth;
box.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
out.detail = document.querySelector('.gantt-detail').textContent;
out.chosen = svg.querySelectorAll('.bar.chosen').length;
document.querySelector('[data-zoom=fit]').click();
out.again = svg.clientWidth;
var names = document.querySelector('.gantt-names').getBoundingClientRect();
out.same_height = Math.abs(names.height - box.getBoundingClientRect().height) < 2;
document.querySelectorAll('details').forEach(function (e) { e.open = true; });
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
    assert seen["same_height"]
    assert seen["wide"] <= seen["screen"]
