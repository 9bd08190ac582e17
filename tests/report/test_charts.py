"""Charts: everything is drawn, nothing leaves the frame, words do not cover each other."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model import BoardDesign, Spread
from manyworks.report.charts.board import draw_board
from manyworks.report.charts.geography import (
    MapPoint,
    fit_window,
    gather,
    land_path,
    name_region,
    push_apart,
    unwrap,
)
from manyworks.report.charts.labels import Box, Room, boxes_beside
from manyworks.report.charts.pareto import Way, draw_pareto
from manyworks.report.charts.price_curve import Change, PricePoint, draw_price_curve
from manyworks.report.charts.scales import Scale, enclose, find_ticks
from manyworks.report.charts.svg import element, label, shorten, text_width
from manyworks.report.charts.waterfall import Fall, draw_waterfall
from manyworks.report.charts.world_map import Flow, draw_chain_map

DAY = 86_400


def texts(drawing: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(drawing).iter("text")]


def rects(drawing: str, class_: str) -> list[dict[str, str]]:
    return [node.attrib for node in ET.fromstring(drawing).iter("rect") if node.get("class") == class_]


def write_price(value: float, decimals: int) -> str:
    return f"£{value:.{decimals}f}"


def point(number: int, longitude: float, latitude: float, role: str = "makes", town: str = "") -> MapPoint:
    return MapPoint(
        number=number, name=f"Shop {number}", longitude=longitude, latitude=latitude, role=role, town=town
    )


def fall(words: str, amount: float, group: str = "making") -> Fall:
    return Fall(words=words, amount=amount, shown=f"£{amount:.2f}", group=group)


def way(name: str, price: float, days: float, co2e: float = 1.0) -> Way:
    def around(value: float) -> Spread:
        return Spread(mean=value, p10=value * 0.9, p50=value, p90=value * 1.1)

    return Way(
        name=name, price=around(price), days=around(days), co2e_kg=co2e, detail="d", co2e_words=f"{co2e} kg"
    )


def test_attribute_values_and_words_are_escaped():
    assert element("g", title='"<&') == '<g title="&quot;&lt;&amp;"/>'
    assert label("<script>", 1, 2) == '<text x="1" y="2">&lt;script&gt;</text>'


def test_shortened_words_fit():
    assert text_width(shorten("a rather long name of a shop", 60)) <= 70
    assert shorten("short", 600) == "short"


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 12))
def test_ticks_are_evenly_spaced_round_numbers_inside_the_range(low, size, count):
    ticks = find_ticks(low, low + size, count)
    assert all(low - size * 1e-6 <= tick <= low + size * (1 + 1e-6) for tick in ticks)
    assert len(ticks) <= 2.5 * count + 2


def test_a_scale_maps_its_ends_to_its_ends():
    scale = Scale(low=10, high=1000, start=50, end=150, logarithmic=True)
    assert (scale(10), scale(100), scale(1000)) == (50, pytest.approx(100), 150)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=5))
def test_an_axis_is_never_empty(values):
    low, high = enclose([value for value in values if abs(value) < 1e300 or math.isnan(value)])
    assert low < high


def test_bars_of_a_waterfall_stand_end_to_end_and_the_last_starts_at_zero():
    parts = [fall("Material", 20.0), fall("Labour", 30.0), fall("Margin", 50.0)]
    drawing = draw_waterfall(parts, fall("Total", 100.0, "total"), width=600)
    bars = [(float(r["x"]), float(r["width"])) for r in rects(drawing, "fill-making")]
    total = rects(drawing, "fill-total")[0]
    assert bars[1][0] == pytest.approx(bars[0][0] + bars[0][1], abs=0.05)
    assert float(total["x"]) == pytest.approx(bars[0][0])
    assert float(total["width"]) == pytest.approx(sum(width for _, width in bars), abs=0.1)


def test_a_discount_falls_backwards():
    drawing = draw_waterfall([fall("Parts", 100.0), fall("Rebate", -40.0)], fall("Total", 60.0), width=600)
    parts, rebate = rects(drawing, "fill-making")[:2]
    assert float(rebate["x"]) + float(rebate["width"]) == pytest.approx(
        float(parts["x"]) + float(parts["width"])
    )


def test_every_kind_stands_in_the_waterfall_with_its_amount():
    drawing = draw_waterfall([fall("Parts", 1.0), fall("Duty", 0.0)], fall("Total", 1.0), width=358)
    assert {"Parts", "Duty", "£1.00", "£0.00", "Total"} <= set(texts(drawing))


def test_every_way_is_named_in_the_pareto_chart_even_when_all_are_equal():
    ways = [way(name, 5.0, 10.0) for name in ("Cheapest", "Fastest", "Cleanest", "Balanced")]
    assert {w.name for w in ways} <= set(
        texts(draw_pareto(ways, width=358, height=320, write_price=write_price))
    )


def test_every_name_in_the_pareto_chart_hangs_on_a_thread_in_the_colour_of_its_dot():
    ways = [way(name, 5.0 + n / 100, 10.0) for n, name in enumerate(("Cheapest", "Fastest", "Cleanest"))]
    root = ET.fromstring(draw_pareto(ways, width=545, height=340, write_price=write_price))
    dots = [(float(c.get("cx")), float(c.get("cy"))) for c in root.iter("circle")]
    lines = [line for line in root.iter("line") if "name-thread" in line.get("class", "")]
    threads = [(float(line.get("x1")), float(line.get("y1"))) for line in lines]
    names = [t.get("class") for t in root.iter("text") if "point-name" in t.get("class", "")]
    assert threads == dots
    assert names == [f"point-name word-{n}" for n in range(3)]


def test_the_first_price_of_a_curve_does_not_cover_the_axis():
    points = [curve_point(5, 38.37), curve_point(10_000, 3.45)]
    root = ET.fromstring(draw_price_curve(points, (), width=545, height=320, write_price=write_price))
    first = next(t for t in root.iter("text") if t.text == "£38.37")
    assert float(first.get("x")) - text_width("£38.37", 12) / 2 >= 61.9


def test_more_co2e_makes_a_bigger_dot():
    drawing = draw_pareto(
        [way("A", 5, 10, 1.0), way("B", 6, 8, 9.0)], width=620, height=340, write_price=write_price
    )
    small, large = (float(node.get("r", 0)) for node in ET.fromstring(drawing).iter("circle"))
    assert large > small


def test_a_way_without_a_finite_price_is_left_out_of_the_chart():
    drawing = draw_pareto(
        [way("A", 5, 10), way("B", math.inf, 8)], width=620, height=340, write_price=write_price
    )
    assert "nan" not in drawing
    assert "inf" not in drawing
    assert draw_pareto([], width=620, height=340, write_price=write_price) == ""


def curve_point(quantity: int, price: float) -> PricePoint:
    spread = Spread(mean=price, p10=price * 0.9, p50=price, p90=price * 1.1)
    return PricePoint(quantity=quantity, price=spread, words=f"£{price}", quantity_words=str(quantity))


def test_a_falling_price_draws_a_falling_line():
    points = [curve_point(1000, 2.0), curve_point(10, 9.0), curve_point(100, 4.0)]
    drawing = draw_price_curve(points, (), width=620, height=320, write_price=write_price)
    corners = ET.fromstring(drawing).find("polyline").get("points").split()
    heights = [float(corner.split(",")[1]) for corner in corners]
    assert heights == sorted(heights)


def test_a_change_of_the_best_way_is_marked_only_inside_the_quantities():
    points = [curve_point(10, 9.0), curve_point(1000, 2.0)]
    changes = [Change(quantity=100, words="moulded"), Change(quantity=9000, words="far away")]
    drawing = draw_price_curve(points, changes, width=620, height=320, write_price=write_price)
    assert "moulded" in texts(drawing)
    assert "far away" not in texts(drawing)


@pytest.mark.parametrize("points", [[], [curve_point(10, 9.0)], [curve_point(10, 0.0), curve_point(20, 0.0)]])
def test_no_curve_without_two_quantities_and_a_price(points):
    assert draw_price_curve(points, (), width=620, height=320, write_price=write_price) == ""


def test_words_find_a_place_that_is_free():
    room = Room(Box(0, 0, 200, 100))
    room.block(Box(60, 40, 200, 60))
    box = room.take_best(boxes_beside(50, 50, 8, 40, 14), 0.0)
    assert box is not None
    assert box.right <= 50
    assert room.take_best([Box(150, 90, 250, 99)], 0.0) is None


def test_land_is_one_path_with_the_continents_in_it():
    path = land_path()
    assert path.count("M") > 60
    assert path.startswith('<path id="land"')


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-58, 80)), min_size=1, max_size=12))
def test_every_place_lies_inside_the_window(places):
    at = unwrap([point(n, lon, lat) for n, (lon, lat) in enumerate(places)])
    window = fit_window(list(at.values()), 760, 400, least_span=16.0, margin=0.16)
    for longitude, latitude in at.values():
        x, y = window(longitude, latitude)
        assert -0.01 <= x <= 760.01
        assert -0.01 <= y <= 400.01


@given(st.lists(st.floats(-540, 540), min_size=1, max_size=8))
def test_unwrapping_turns_whole_circles_only_and_never_spans_more_than_one(longitudes):
    at = unwrap([point(n, lon, 0.0) for n, lon in enumerate(longitudes)])
    turns = [(at[n][0] - lon) / 360.0 for n, lon in enumerate(longitudes)]
    assert all(turn == pytest.approx(round(turn), abs=1e-6) for turn in turns)
    assert max(lon for lon, _ in at.values()) - min(lon for lon, _ in at.values()) <= 360.0


@given(st.lists(st.floats(-180, 180), min_size=2, max_size=8))
def test_unwrapped_places_leave_out_the_widest_gap(longitudes):
    at = unwrap([point(n, lon, 0.0) for n, lon in enumerate(longitudes)])
    around = sorted(lon % 360.0 for lon in longitudes)
    gaps = [b - a for a, b in zip(around, [*around[1:], around[0] + 360.0], strict=True)]
    span = max(lon for lon, _ in at.values()) - min(lon for lon, _ in at.values())
    assert span == pytest.approx(360.0 - max(gaps), abs=1e-6)


def test_neighbours_stay_neighbours_whatever_rounding_does():
    at = unwrap([point(1, -3.378, 51.748), point(2, -3.17, 51.47), point(3, -3.2, 51.77)])
    assert max(lon for lon, _ in at.values()) - min(lon for lon, _ in at.values()) == pytest.approx(0.208)


def test_a_long_way_east_bends_but_stays_in_the_frame():
    points = [point(1, 114.0, 60.0), point(2, -122.0, 60.0), point(3, 151.0, -34.0)]
    chart = draw_chain_map(points, [Flow(origin=1, destination=2, mode="air", words="")])
    path = ET.fromstring(chart.wide).find(".//path[@class='flow mode-air']").get("d")
    x0, y0, _, knee, x1, y1 = (float(n) for n in re.findall(r"-?[\d.]+", path))
    assert y0 / 4 + knee / 2 + y1 / 4 >= 10
    assert x0 < x1


def test_europe_is_on_the_map_of_a_way_from_china_to_wales():
    at = unwrap([point(1, 114.0, 22.5), point(2, -3.2, 51.5)])
    window = fit_window(list(at.values()), 760, 400, least_span=16.0, margin=0.16)
    for longitude, latitude in [(-9.1, 38.7), (2.35, 48.9), (12.5, 41.9), (24.9, 60.2)]:
        x, y = window(longitude, latitude)
        assert 0 < x < 760
        assert 0 < y < 400


def test_from_china_to_america_the_way_leads_over_the_pacific():
    at = unwrap([point(1, 114.0, 22.5), point(2, -122.4, 37.8)])
    assert abs(at[1][0] - at[2][0]) == pytest.approx(123.6)


@given(st.lists(st.tuples(st.floats(0, 370), st.floats(0, 230)), min_size=2, max_size=9))
def test_crowded_places_are_pushed_apart_and_stay_inside(spots):
    moved = push_apart(dict(enumerate(spots)), 23.0, 372.0, 230.0)
    assert all(22.9 <= x <= 349.1 and 22.9 <= y <= 207.1 for x, y in moved.values())
    pairs = [(a, b) for a in moved for b in moved if a < b]
    assert min(math.dist(moved[a], moved[b]) for a, b in pairs) > 12.0


def test_places_gather_by_chains_of_neighbours():
    spots = {1: (0.0, 0.0), 2: (30.0, 0.0), 3: (15.0, 0.0), 4: (100.0, 0.0)}
    assert gather(spots, 20.0) == [[1, 2, 3], [4]]


def test_a_region_is_named_after_the_town_most_share():
    here = [point(1, 0, 0, town="Bao'an, Shenzhen"), point(2, 0, 0, town="Longgang, Shenzhen")]
    assert name_region(here) == "Shenzhen"
    assert name_region([point(n, 0, 0, town=t) for n, t in enumerate(["A", "B", "C"])]) == "A, B, C"


def test_near_places_share_a_circle_and_get_a_map_of_their_own():
    points = [point(1, 114.0, 22.5), point(2, 114.1, 22.6, "sells"), point(3, -3.2, 51.5, "receives")]
    flows = [
        Flow(origin=2, destination=1, mode="hand", words="a"),
        Flow(origin=1, destination=3, mode="sea", words="b"),
    ]
    chart = draw_chain_map(points, flows)
    assert chart is not None
    assert [inset.numbers for inset in chart.insets] == [(1, 2)]
    assert "A" in texts(chart.wide)
    assert {"1", "2"} <= set(texts(chart.insets[0].wide))
    assert "3" in texts(chart.wide)


def test_modes_differ_by_their_dashes_not_by_colour_alone():
    points = [point(1, 114.0, 22.5), point(2, -3.2, 51.5)]
    dashes = {
        mode: ET.fromstring(draw_chain_map(points, [Flow(origin=1, destination=2, mode=mode, words="")]).wide)
        .find(".//path[@stroke-width]")
        .get("stroke-dasharray")
        for mode in ("air", "sea", "road", "rail", "parcel", "express", "hand", "camel")
    }
    assert len(set(dashes.values())) == len(dashes)


def test_one_place_alone_and_no_place_at_all():
    assert draw_chain_map([], []) is None
    assert "nan" not in draw_chain_map([point(1, 0.0, 0.0)], []).wide


def test_two_shops_in_one_house_do_not_cover_each_other():
    chart = draw_chain_map([point(1, -3.2, 51.5), point(2, -3.2, 51.5), point(3, 10.0, 50.0)], [])
    circles = ET.fromstring(chart.insets[0].wide).findall(".//circle")
    (ax, ay), (bx, by) = ((float(c.get("cx")), float(c.get("cy"))) for c in circles)
    assert math.dist((ax, ay), (bx, by)) >= 20


def test_a_board_without_an_outline_is_not_drawn():
    board = BoardDesign(
        width_mm=1,
        height_mm=1,
        area_mm2=1,
        copper_layers=2,
        thickness_mm=1.6,
        plated_holes=0,
        nonplated_holes=0,
        slots=0,
        min_track_mm=None,
        min_space_mm=None,
        min_drill_mm=None,
    )
    assert draw_board(board, width=300) == ""


def test_places_without_a_town_are_named_after_their_region():
    here = [
        MapPoint(number=n, name=f"S{n}", longitude=0, latitude=0, role="makes", region="CN-SZ")
        for n in (1, 2)
    ]
    assert name_region(here) == "CN-SZ"


def test_two_regions_are_named_one_after_the_other():
    here = [
        MapPoint(number=n, name=f"S{n}", longitude=0, latitude=0, role="makes", region=region)
        for n, region in enumerate(("China", "Taiwan", "China"))
    ]
    assert name_region(here) == "China and Taiwan"


def test_a_crowded_region_gets_a_map_as_wide_as_the_big_one():
    points = [point(n, 114.0 + n / 100, 22.5) for n in range(1, 10)] + [point(10, -3.2, 51.5)]
    inset = draw_chain_map(points, []).insets[0]
    assert inset.crowded
    assert ET.fromstring(inset.wide).get("width") == "760"
    assert ET.fromstring(inset.narrow).get("width") == "358"
