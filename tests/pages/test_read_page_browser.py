"""The page of a design in a real browser: wide and narrow, dark, on paper, by keyboard."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from tests.pages.test_pages import (  # the browser, and how a page is opened in it
    DESK,
    MANYWORKS,
    PHONE,
    SIZES,
    browser,
    manyworks,
    overflow,
    visit,
)
from tests.report.test_read_page import BOARD, GARMENT, HARNESS, SHEET, SOLID, VIEW, Row, product

from manyworks.model import error, info, warning
from manyworks.report import read_page

__all__ = ["browser", "visit"]
PAGES = pytest.mark.parametrize("name", ["badge", "everything"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
pytestmark = pytest.mark.xdist_group("pages")
# A grey square of one pixel.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGM4BwAA1gDVHKc5rAAAAABJRU5ErkJggg=="
LONG = "DSUB-9_Female_Horizontal_P2.77x2.84mm_EdgePinOffset7.70mm_Housed_MountingHolesOffset9.12mm"


def _everything() -> str:
    """A page with every kind of design, long names without a blank, checks and findings of all weights."""
    views = tuple(replace(VIEW, name=name, png_base64=PNG) for name in ("front", "right", "top", "isometric"))
    parts = tuple(replace(BOARD.placements[0], designator=f"R{n}", x_mm=2.0 + n) for n in range(30))
    board = replace(BOARD, placements=parts, footprints_total=30)
    shown = product(board, replace(SOLID, views=views), SHEET, GARMENT, HARNESS)
    items = {name: replace(item, name=item.name + LONG) for name, item in shown.items.items()}
    items = {
        name: replace(item, footprint=LONG, mpn=LONG) if not item.design else item
        for name, item in items.items()
    }
    findings = [say(f"code.{n}", LONG, LONG, LONG) for n, say in enumerate((error, warning, info))]
    return read_page(replace(shown, items=items), findings, [Row(), Row(verdict="not known"), Row(body=3)])


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The page of the example as the command writes it, and one of an invented product."""
    assert MANYWORKS.exists()
    out = tmp_path_factory.mktemp("read")
    manyworks("read", "examples/badge", "--network", "examples/network", "--html", str(out / "badge.html"))
    (out / "everything.html").write_text(_everything(), encoding="utf-8")
    return {name: out / f"{name}.html" for name in ("badge", "everything")}


def _unfold(page):
    page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true; })")


@PAGES
@SIZES
def test_it_opens_without_trouble_and_fetches_nothing(visit, name, size):
    page = visit(name, size)
    assert page.trouble == []
    assert page.fetched == []


@PAGES
@SIZES
def test_it_is_no_wider_than_the_window_with_everything_unfolded(visit, name, size):
    page = visit(name, size)
    _unfold(page)
    assert overflow(page) <= 0


@PAGES
def test_a_phone_needs_no_scrolling_sideways_for_parts_and_checks(visit, name):
    page = visit(name, PHONE)
    tables = page.locator("table.parts, table.checks")
    assert tables.count() >= 2
    for table in tables.all():
        inner, outer = table.evaluate("t => [t.scrollWidth, t.closest('.scroll').clientWidth]")
        assert inner <= outer


@PAGES
def test_headings_stand_in_order_and_say_something(visit, name):
    page = visit(name, DESK)
    assert page.locator("h1").count() == 1
    headings = page.evaluate(
        "Array.from(document.querySelectorAll('h1, h2, h3'), h => [Number(h.tagName[1]), h.innerText])"
    )
    assert all(text.strip() for _, text in headings)
    assert all(second - first <= 1 for (first, _), (second, _) in pairwise(headings))


@PAGES
def test_every_link_inside_leads_to_a_place_and_the_tree_brings_one_there(visit, name):
    page = visit(name, DESK)
    lost = page.evaluate(
        "Array.from(document.querySelectorAll('a[href^=\"#\"]'), a => a.getAttribute('href').slice(1))"
        ".filter(id => !document.getElementById(decodeURIComponent(id)))"
    )
    assert lost == []
    page.emulate_media(reduced_motion="reduce")
    last = page.locator(".tree a").last
    wanted = last.inner_text()
    last.click()
    section = page.locator(":target")
    assert wanted in section.locator("h2").inner_text()
    page.wait_for_function("Math.abs(document.querySelector(':target').getBoundingClientRect().top) < 600")


@PAGES
def test_ids_are_given_once(visit, name):
    ids = visit(name, DESK).evaluate("Array.from(document.querySelectorAll('[id]'), e => e.id)")
    assert len(ids) == len(set(ids))


@PAGES
def test_folded_boxes_open_by_keyboard(visit, name):
    page = visit(name, DESK)
    closed = page.locator("details:not([open])").first
    closed.evaluate("box => box.id = 'tried'")
    box = page.locator("#tried")
    assert not box.evaluate("b => b.open")
    box.locator("summary").focus()
    page.keyboard.press("Enter")
    assert box.evaluate("b => b.open")
    assert box.locator("summary ~ *").first.is_visible()


@PAGES
def test_what_scrolls_can_be_reached_by_keyboard(visit, name):
    page = visit(name, PHONE)
    _unfold(page)
    stuck = page.evaluate(
        "Array.from(document.querySelectorAll('main *')).filter(e => e.scrollWidth > e.clientWidth + 1"
        " && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) && e.tabIndex < 0).length"
    )
    assert stuck == 0


@PAGES
def test_pictures_have_a_name_and_can_be_seen(visit, name):
    page = visit(name, DESK)
    drawings = page.locator(".pictures svg")
    assert drawings.count() >= 3
    for drawing in drawings.all():
        assert drawing.get_attribute("aria-label").strip()
        box = drawing.bounding_box()
        assert box["width"] > 100
        assert box["height"] > 20


@PAGES
@SCHEMES
def test_marks_and_lines_stand_out_from_the_paper(visit, name, scheme):
    page = visit(name, DESK, color_scheme=scheme)
    paper = _colour(page, "body", "backgroundColor")
    seen = 0
    for selector, what, least in (
        (".mark-hole circle", "stroke", 3.0),
        (".mark-thin path", "stroke", 3.0),
        (".mark-undercut path", "stroke", 3.0),
        (".mark-corner path", "stroke", 3.0),
        ("path.line-cut", "stroke", 3.0),
        ("path.line-engrave", "stroke", 3.0),
        (".core-rim", "stroke", 3.0),
        (".connector-name", "fill", 4.5),
        (".board-drawing .board", "stroke", 3.0),
        (".chart .tick", "fill", 4.5),
        (".chart .part-name", "fill", 4.5),
        (".findings em", "color", 4.5),
        ("td.small", "color", 4.5),
    ):
        if page.locator(selector).count():
            seen += 1
            assert _contrast(_colour(page, selector, what), paper) >= least, selector
    assert seen >= 5


@PAGES
@SCHEMES
def test_designators_can_be_read_on_the_board(visit, name, scheme):
    page = visit(name, DESK, color_scheme=scheme)
    board = _colour(page, ".board-drawing .board", "fill")
    assert _contrast(_colour(page, ".chart .part-name", "fill"), board) >= 4.5
    assert _contrast(_colour(page, ".part-top circle", "fill"), board) >= 1.8


@PAGES
def test_designators_do_not_cover_each_other(visit, name):
    page = visit(name, DESK)
    boxes = page.evaluate(
        "Array.from(document.querySelectorAll('.pictures'), p => Array.from(p.querySelectorAll('.part-name'),"
        " t => { const b = t.getBBox(); return [b.x + 1, b.y + 3, b.x + b.width - 1, b.y + b.height - 3,"
        " t.ownerSVGElement.getAttribute('aria-label')]; })).flat()"
    )
    assert boxes
    for n, (left, top, right, bottom, side) in enumerate(boxes):
        for left2, top2, right2, bottom2, side2 in boxes[:n]:
            apart = right <= left2 or right2 <= left or bottom <= top2 or bottom2 <= top
            assert apart or side != side2


@PAGES
def test_on_paper_everything_is_unfolded_and_nothing_is_cut_off(visit, name):
    page = visit(name, DESK, color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details.fold:not([open])").count() == 0
    assert sum(_colour(page, "body", "backgroundColor")) / 3 > 240
    cut = page.evaluate(
        "Array.from(document.querySelectorAll('.scroll'))"
        ".filter(e => getComputedStyle(e).overflowX !== 'visible').length"
    )
    assert cut == 0
    assert len(page.pdf(format="A4")) > 20_000


@PAGES
def test_it_reads_without_script(visit, name):
    page = visit(name, DESK, java_script_enabled=False)
    assert page.locator("h1").is_visible()
    assert all(section.is_visible() for section in page.locator("main > section").all())


def _colour(page, selector, what):
    """Red, green and blue from 0 to 255 of the first element that fits."""
    text = page.locator(selector).first.evaluate(f"e => getComputedStyle(e).{what}")
    assert text.startswith("rgb"), text
    return [float(part) for part in text.partition("(")[2].rstrip(")").split(",")[:3]]


def _contrast(first, second):
    """Contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour):
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
