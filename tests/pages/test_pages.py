"""The pages of the example, opened in a real browser: nothing missing, nothing fetched, nothing cut off."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
MANYWORKS = Path(sys.executable).with_name("manyworks")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
PAGES = pytest.mark.parametrize("name", ["quote", "plan"])
# One process makes the pages; the others need not make them again.
pytestmark = pytest.mark.xdist_group("pages")
OWN = ("file:", "data:", "blob:", "about:")


def manyworks(*arguments):
    done = subprocess.run(
        [str(MANYWORKS), *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The quote of the example at two quantities, and the plan of its orders."""
    out = tmp_path_factory.mktemp("pages")
    network = ("--network", "examples/network")
    asked = ("--quantity", "5,50", "--to", "Cardiff, GB", "--html", str(out / "quote.html"))
    manyworks("quote", "examples/badge", *network, *asked)
    manyworks("plan", "examples/orders.toml", *network, "--out", str(out / "plan"))
    return {"quote": out / "quote.html", "plan": out / "plan" / "index.html"}


@pytest.fixture(scope="module")
def browser(chromium):
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, pages):
    """Open a page; its errors are kept in ``page.trouble``, what it asks others for in ``page.fetched``."""
    contexts = []

    def opened(name, size, **more):
        contexts.append(browser.new_context(viewport=size, offline=True, **more))
        page = contexts[-1].new_page()
        page.trouble, page.fetched = [], []
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.on(
            "console",
            lambda said: page.trouble.append(said.text) if said.type in {"error", "warning"} else None,
        )
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(OWN) else page.fetched.append(asked.url),
        )
        page.goto(pages[name].as_uri(), wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()


def overflow(page):
    """Pixels by which the page is wider than the window; things that scroll by themselves do not count."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def press_every_tab(page):
    """Choose each tab, those of hidden panels once they show; yield the name of each."""
    seen = set()
    while True:
        tabs = page.locator("[role=tab]:visible").all()
        fresh = [tab for tab in tabs if tab.get_attribute("id") not in seen]
        if not fresh:
            return
        fresh[0].click()
        seen.add(fresh[0].get_attribute("id"))
        yield fresh[0]


@PAGES
@SIZES
def test_a_page_opens_without_trouble_and_fetches_nothing(visit, name, size):
    page = visit(name, size)
    assert page.trouble == []
    assert page.fetched == []


@PAGES
@SIZES
def test_a_page_is_no_wider_than_the_window(visit, name, size):
    assert overflow(visit(name, size)) <= 0


@PAGES
@SIZES
def test_title_and_headings_can_be_seen(visit, name, size):
    page = visit(name, size)
    assert page.title().strip()
    assert page.locator("h1").count() == 1
    assert page.locator("h1").is_visible()
    headings = page.locator("h2:visible").all_inner_texts()
    assert headings
    assert all(text.strip() for text in headings)


@SIZES
def test_every_quantity_and_every_way_can_be_looked_at(visit, size):
    page = visit("quote", size)
    pressed = 0
    for tab in press_every_tab(page):
        panel = page.locator(f"#{tab.get_attribute('aria-controls')}")
        assert panel.is_visible()
        assert overflow(page) <= 0, tab.inner_text()
        pressed += 1
    assert pressed >= 4
    assert page.trouble == []


@PAGES
def test_a_page_with_everything_unfolded_fits_a_phone(visit, name):
    page = visit(name, PHONE)
    page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true; })")
    assert overflow(page) <= 0


@PAGES
def test_a_page_reads_without_script(visit, name):
    page = visit(name, DESK, java_script_enabled=False)
    assert page.locator("h1").is_visible()
    hidden = [
        one.get_attribute("id")
        for one in page.locator("section:not(details *)").all()
        if not one.is_visible()
    ]
    assert hidden == []


@PAGES
def test_a_page_reads_in_the_dark(visit, name):
    page = visit(name, DESK, color_scheme="dark")
    back, front = (
        page.evaluate(f"getComputedStyle(document.body).{what}") for what in ("backgroundColor", "color")
    )
    assert brightness(back) < 0.3 < 0.6 < brightness(front)


def brightness(colour):
    """From 0 to 1, of what a browser calls ``rgb(12, 34, 56)``."""
    parts = [float(part) for part in colour.removeprefix("rgba(").removeprefix("rgb(").rstrip(")").split(",")]
    return sum(parts[:3]) / 3 / 255


def test_the_tabs_of_a_quote_work_from_the_keyboard(visit):
    page = visit("quote", DESK)
    tabs = page.locator("[role=tablist]").first.locator("[role=tab]")
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    assert tabs.nth(1).get_attribute("aria-selected") == "true"
    assert tabs.nth(0).get_attribute("aria-selected") == "false"


@SIZES
def test_the_schedule_can_be_zoomed(visit, size):
    page = visit("plan", size)
    drawing = page.locator(".gantt-scroll svg").first
    before = drawing.bounding_box()["width"]
    page.locator("[data-zoom=in]").click()
    assert drawing.bounding_box()["width"] > before
    assert overflow(page) <= 0
    assert page.trouble == []


def test_every_reference_inside_a_page_leads_somewhere(visit, pages):
    for name in pages:
        page = visit(name, DESK)
        lost = page.evaluate(
            "Array.from(document.querySelectorAll('a[href^=\"#\"]'), a => a.getAttribute('href').slice(1))"
            ".filter(id => id && !document.getElementById(decodeURIComponent(id)))"
        )
        assert lost == []
