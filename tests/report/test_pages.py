"""Pages: whole, self-contained, complete, and safe against hostile names."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.report.report_cases import (
    EPOCH,
    KINDS,
    PARTS,
    make_empty_quote,
    make_network,
    make_option,
    make_orders,
    make_product,
    make_quote,
    make_quote_set,
    make_schedule,
    make_workload,
)

from manyworks.model import (
    BillLine,
    Item,
    ItemId,
    Network,
    Place,
    PlaceId,
    Product,
    QuoteSet,
    Schedule,
    Shop,
    ShopId,
    Workload,
    error,
)
from manyworks.report import plan_page, quote_page, read_page
from manyworks.report.breakdown import UNEXPLAINED, sum_by_kind

VOID = {"meta", "br", "link", "input", "img", "hr"}


class Reader(HTMLParser):
    """Collects what stands in a page and complains about elements that are not closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        if self.open and self.open[-1] not in {"script", "style"}:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


@pytest.fixture(scope="module")
def quote_html() -> str:
    return quote_page(make_quote_set((50, 500)), make_product(), make_network())


@pytest.fixture(scope="module")
def plan_html() -> str:
    workload = make_workload(3)
    return plan_page(make_orders(3), workload, make_schedule(workload), make_network(), ())


@pytest.fixture(scope="module")
def read_html() -> str:
    return read_page(make_product(), ())


@pytest.fixture(scope="module", params=["quote_html", "plan_html", "read_html"])
def page(request) -> str:
    return request.getfixturevalue(request.param)


def test_every_element_is_closed_in_order(page):
    reader = Reader(page)
    assert reader.wrong == []
    assert reader.open == []


def test_a_page_asks_no_other_host_for_anything(page):
    assert re.findall(r"https?://|//[a-z0-9-]+\.[a-z]", page) == []
    links = [
        v
        for _, name, v in Reader(page).attributes
        if name in {"src", "href", "xlink:href", "action", "srcset"}
    ]
    assert all(link.startswith("#") for link in links)
    assert all(target.startswith("#") for target in re.findall(r"url\(\s*['\"]?([^)]*)", page))
    assert "@import" not in page


def test_ids_are_unique_and_every_reference_has_its_target(page):
    reader = Reader(page)
    ids = reader.values("id")
    assert len(ids) == len(set(ids))
    references = [v for name in ("aria-controls", "aria-labelledby") for v in reader.values(name)]
    references += [v[1:] for v in reader.values("href")]
    assert set(references) <= set(ids)


def test_drawings_have_names_for_those_who_cannot_see_them(page):
    attributes = Reader(page).attributes
    images = sum(1 for tag, name, value in attributes if (tag, name, value) == ("svg", "role", "img"))
    assert images == sum(
        1 for tag, name, value in attributes if tag == "svg" and name == "aria-label" and value
    )


def test_no_number_is_left_unwritten(page):
    assert re.findall(r"\bnan\b|\binf\b|\bNone\b|Undefined", Reader(page).text) == []
    assert re.findall(r'="[^"]*\bnan\b', page) == []


def test_every_quantity_and_every_option_has_its_tab(quote_html):
    controls = Reader(quote_html).values("aria-controls")
    assert sorted(controls) == sorted(["q0", "q1", *(f"q{q}o{o}" for q in range(2) for o in range(4))])


def test_every_step_purchase_and_assumption_appears(quote_html):
    text = Reader(quote_html).text
    option = make_quote(50).options[0]
    network, product = make_network(), make_product()
    expected = [network.shops[step.shop].name for step in option.steps]
    expected += [network.machines[step.machine].name for step in option.steps]
    expected += [step.why for step in option.steps]
    expected += [product.items[ItemId(part)].name for part, *_ in PARTS]
    expected += option.assumptions
    expected += [network.places[move.origin].name for move in option.moves]
    assert [words for words in expected if words not in text] == []


def test_every_cost_line_appears_with_its_amount(quote_html):
    text = Reader(quote_html).text
    lines = make_quote(50).options[0].lines
    missing = [
        line for line in lines if f"{line.amount:.2f}" not in text and f"{line.amount:.3f}" not in text
    ]
    assert missing == []


def test_shown_kinds_add_up_to_the_shown_total():
    for option in make_quote(50).options:
        kinds = sum_by_kind(option, "GBP")
        assert math.fsum(kind.shown for kind in kinds) == pytest.approx(round(option.total, 2), abs=1e-9)
        assert [kind.kind for kind in kinds] == list(KINDS)[: len(kinds)] or {k.kind for k in kinds} == set(
            KINDS
        )


def test_lines_that_do_not_make_the_total_leave_a_visible_gap():
    option = make_quote(50).options[0]
    short = replace(option, lines=option.lines[2:])
    gap = sum_by_kind(short, "GBP")[-1]
    assert gap.kind == UNEXPLAINED
    assert gap.amount == pytest.approx(sum(line.amount for line in option.lines[:2]))


def test_an_unknown_kind_of_cost_is_shown_after_the_known_ones():
    option = make_quote(50).options[0]
    odd = replace(option.lines[0], kind="moon-tax", amount=1.0)
    kinds = sum_by_kind(replace(option, lines=(odd, *option.lines), total=option.total + 1.0), "GBP")
    assert (kinds[-1].words, kinds[-1].group) == ("Moon tax", "other")


def test_a_part_nobody_offers_is_marked(quote_html):
    text = Reader(quote_html).text
    assert "price by estimate: nobody offers it" in text
    assert "Nobody in the network" in text


def test_runner_up_gap_and_break_evens_are_told(quote_html):
    text = Reader(quote_html).text
    assert "boards placed by hand in Merthyr Tydfil" in text
    assert "no plan can be more than 0.4 % cheaper" in text
    assert re.search(r"From 390 pieces, Case front : moulded, soft tool instead of FDM printing", text)


def test_a_runner_up_that_tells_the_difference_itself_is_not_told_twice():
    quote = make_quote(50)
    first = quote.options[0]
    runner = replace(
        first.runner_up, total=first.total + 1.72, why_lost="1.72 GBP dearer, no sooner, 0.02 kg CO2e more"
    )
    told = replace(quote, options=(replace(first, runner_up=runner),))
    text = Reader(
        quote_page(replace(make_quote_set((50,)), quotes=(told,)), make_product(), make_network())
    ).text
    assert re.search(r"for £[\d.,]+: 1\.72 GBP dearer, no sooner, 0\.02 kg CO₂e more\.", text)
    assert "£1.72 more" not in text


def test_the_place_of_delivery_reads_as_its_name():
    network = make_network()
    home = Place(id=PlaceId("cardiff-gb"), name="Cardiff", country="GB", latitude=51.48, longitude=-3.18)
    quote = make_quote(50)
    last = replace(quote.options[0].moves[-1], destination=home.id)
    option = replace(quote.options[0], moves=(*quote.options[0].moves[:-1], last))
    quote_set = replace(make_quote_set((50,)), quotes=(replace(quote, options=(option,), ship_to=home.id),))
    known = replace(network, places={**network.places, home.id: home})
    text = Reader(quote_page(quote_set, make_product(), known)).text
    assert "Delivered to Cardiff" in text
    assert "cardiff-gb" not in text
    assert "not on the map" not in text


def test_what_is_sold_by_weight_has_its_price_by_weight(quote_html):
    assert re.search(r"£[\d.]+ / kg", Reader(quote_html).text)


def test_no_table_for_the_phone_has_a_number_without_its_name(page):
    rows = re.findall(r'<table class="data stack.*?</table>', page, re.DOTALL)
    cells = [cell for row in rows for cell in re.findall(r'<td class="n"[^>]*>', row)]
    unnamed = [cell for cell in cells if "data-label" not in cell]
    sums = sum(len(re.findall(r'<tr class="who">', row)) for row in rows)
    assert len(unnamed) == sums


def test_a_quantity_nobody_can_make_says_so_and_why():
    quote_set = replace(make_quote_set((50,)), quotes=(make_quote(50), make_empty_quote()))
    text = Reader(quote_page(quote_set, make_product(), make_network())).text
    assert "Nobody in this network can make or sell everything" in text
    assert "No shop makes boards of 12 layers." in text
    assert "1 problem in the way" in text


def test_an_empty_quote_set_is_still_a_page():
    empty = QuoteSet(product=ItemId("badge"), currency="GBP", network_hash="", quotes=())
    reader = Reader(quote_page(empty, make_product(), Network(name="", currency="GBP", as_of="")))
    assert reader.wrong == []
    assert "No quantity was quoted" in reader.text


def test_an_option_with_nothing_in_it_is_still_a_page():
    bare = replace(
        make_option("cheapest", 1, 0.0, 0.0, 0.0, wales=False),
        lines=(),
        steps=(),
        purchases=(),
        moves=(),
        assumptions=(),
        runner_up=None,
        gap=None,
    )
    quote_set = replace(
        make_quote_set((1,)), quotes=(replace(make_quote(1), options=(bare,), ship_to=PlaceId("?")),)
    )
    text = Reader(quote_page(quote_set, make_product(), make_network())).text
    assert "so there is no map" in text
    assert "Nothing is bought" in text


def test_a_place_nobody_knows_is_listed_as_not_on_the_map():
    network = make_network()
    places = {key: place for key, place in network.places.items() if key != "bay-pack"}
    text = Reader(quote_page(make_quote_set((50,)), make_product(), replace(network, places=places))).text
    assert "not on the map" in text


HOSTILE = """<script>alert('x')</script>"'&{{ 7*7 }}</title></style>"""


def hostile_network() -> Network:
    network = make_network()
    places = {key: replace(place, name=HOSTILE) for key, place in network.places.items()}
    shops = {key: replace(shop, name=HOSTILE) for key, shop in network.shops.items()}
    machines = {key: replace(machine, name=HOSTILE) for key, machine in network.machines.items()}
    return replace(network, name=HOSTILE, places=places, shops=shops, machines=machines)


def hostile_product() -> Product:
    product = make_product()
    return replace(
        product,
        items={
            key: replace(item, name=HOSTILE, mpn=HOSTILE, material=HOSTILE)
            for key, item in product.items.items()
        },
        source=HOSTILE,
    )


def hostile_pages() -> list[str]:
    findings = (error("a.b.c", HOSTILE, HOSTILE, HOSTILE),)
    quote = make_quote(50)
    option = quote.options[0]
    lines = tuple(replace(line, kind=HOSTILE, what=HOSTILE, where=HOSTILE) for line in option.lines)
    moves = tuple(replace(move, mode=HOSTILE) for move in option.moves)
    bad = replace(option, label=HOSTILE, lines=lines, moves=moves, assumptions=(HOSTILE,))
    quote = replace(quote, options=(bad,), incoterm=HOSTILE, as_of=HOSTILE, currency=HOSTILE)
    quote_set = replace(make_quote_set((50, 60)), quotes=(quote, quote), currency=HOSTILE)
    workload = make_workload(2)
    works = tuple(replace(work, name=HOSTILE) for work in workload.works)
    resources = {key: replace(machine, name=HOSTILE) for key, machine in workload.resources.items()}
    workload = replace(workload, works=works, resources=resources)
    orders = [
        replace(
            p, product=hostile_product(), quote=quote, option=bad, order=replace(p.order, customer=HOSTILE)
        )
        for p in make_orders(2)
    ]
    return [
        quote_page(quote_set, hostile_product(), hostile_network(), findings),
        plan_page(orders, workload, make_schedule(workload), hostile_network(), findings),
        read_page(hostile_product(), findings),
    ]


def test_hostile_names_stay_words():
    harmless = read_page(make_product(), ())
    for page in hostile_pages():
        assert page.count("<script") == harmless.count("<script")
        assert "alert('x')</script>" not in page
        assert "</title></style>" not in page
        assert "{{ 7*7 }}" in page
        reader = Reader(page)
        assert reader.wrong == []
        assert "<script>alert('x')</script>" in reader.text


def test_every_order_appears_with_its_dates_and_state(plan_html):
    text = Reader(plan_html).text
    for planned in make_orders(3):
        assert str(planned.order.id) in text
        assert planned.order.customer in text
    assert "in time" in text
    assert "0.6 days late" in text
    assert "3 orders, 2 late" in text


def test_every_assignment_stands_in_the_table_and_on_the_chart(plan_html):
    workload = make_workload(3)
    assert len(re.findall(r'<g class="bar tone', plan_html)) == len(workload.works)
    assert plan_html.count('</td><td class="n">') >= len(workload.works)
    assert f"The schedule as a table ({len(workload.works)})" in Reader(plan_html).text


def test_bars_tell_the_time_at_the_shop(plan_html):
    details = Reader(plan_html).values("data-detail")
    assert any("(CST)" in detail for detail in details)
    assert any("(GMT)" in detail for detail in details)


def test_an_empty_plan_is_still_a_page():
    workload = Workload(epoch=EPOCH, works=(), resources={})
    schedule = Schedule(
        epoch=EPOCH,
        assignments=(),
        objective=0.0,
        makespan_s=0,
        bound=0.0,
        bound_kind="none",
        status="empty",
    )
    text = Reader(plan_page([], workload, schedule, make_network(), ())).text
    assert "No order was planned" in text
    assert "Nothing is scheduled" in text
    assert "has not been checked" in text


def test_assignments_of_unknown_work_or_machines_do_not_break_the_page():
    workload = make_workload(1)
    schedule = make_schedule(workload)
    stray = replace(schedule.assignments[0], work="nobody/knows")
    wrong = replace(schedule.assignments[1], mode=99)
    broken = replace(schedule, assignments=(stray, wrong, *schedule.assignments))
    page = plan_page(make_orders(1), replace(workload, resources={}), broken, make_network(), ())
    assert len(re.findall(r'<g class="bar tone', page)) == len(workload.works)


def test_a_shop_with_a_time_zone_nobody_knows_is_shown_in_utc():
    network = make_network()
    shops = {key: replace(shop, timezone="Mars/Olympus") for key, shop in network.shops.items()}
    workload = make_workload(1)
    page = plan_page(make_orders(1), workload, make_schedule(workload), replace(network, shops=shops), ())
    assert all("(UTC)" in detail for detail in Reader(page).values("data-detail"))


def test_findings_are_told_once_and_the_worst_first():
    findings = [error("x.y.z", "here", "Broken thing."), error("x.y.z", "here", "Broken thing.")]
    text = Reader(quote_page(make_quote_set((50, 60)), make_product(), make_network(), findings)).text
    assert text.count("Broken thing.") == 1
    assert text.index("Broken thing.") < text.index("Nobody offers Keystone 3034.")


def test_a_design_shows_its_board_solids_and_unfitted_parts():
    product = make_product()
    board = product.items[ItemId("badge-board")]
    bill = (*board.bill, BillLine(item=ItemId("lanyard"), quantity=1.0, fitted=False))
    items = {**product.items, board.id: replace(board, bill=bill)}
    text = Reader(read_page(replace(product, items=items), ())).text
    assert "80 × 60 mm" in text
    assert "84 × 64 × 7 mm" in text
    assert "not fitted" in text


def test_two_shops_in_one_place_share_a_number():
    network = make_network()
    shops = {
        **network.shops,
        ShopId("stall-9f"): replace(network.shops[ShopId("stall-9f")], place=PlaceId("stall-3c")),
    }
    text = Reader(quote_page(make_quote_set((50,)), make_product(), replace(network, shops=shops))).text
    assert "Stall 3C cut pieces and Stall 9F reclaimed by weight" in text


def test_the_page_of_many_options_stays_small():
    page = quote_page(make_quote_set((10, 50, 200, 1000)), make_product(), make_network())
    assert len(page.encode()) < 1_000_000


def test_a_network_of_one_shop_is_enough():
    here = Place(id=PlaceId("x"), name="Here", country="GB", latitude=51.5, longitude=-3.2)
    network = Network(
        name="one",
        currency="GBP",
        as_of="2026-11-20",
        places={here.id: here},
        shops={ShopId("mei-smt"): Shop(id=ShopId("mei-smt"), name="Only", place=here.id)},
    )
    product = Product(root=ItemId("badge"), items={ItemId("badge"): Item(id=ItemId("badge"), name="")})
    reader = Reader(quote_page(make_quote_set((50,)), product, network))
    assert reader.wrong == []
    assert "Only" in reader.text


def test_what_every_option_assumes_is_said_once():
    first, *others = make_quote(50).options
    own = replace(first, assumptions=(*first.assumptions, "Only the cheapest assumes this."))
    quote_set = replace(make_quote_set((50,)), quotes=(replace(make_quote(50), options=(own, *others)),))
    text = Reader(quote_page(quote_set, make_product(), make_network())).text
    assert text.count("Wage in CN 3.9 USD an hour") == 1
    assert text.count("Only the cheapest assumes this.") == 1
    assert "4 more are common to all." in text
