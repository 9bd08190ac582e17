"""The badge example: its files come out of its own drawing office, and hold together."""

from __future__ import annotations

import csv
import importlib
import math
import struct
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from manyworks.files import read
from manyworks.model import Severity

ROOT = Path(__file__).resolve().parents[2]
BADGE = ROOT / "examples" / "badge"
MADE = ("badge.kicad_pcb", "badge-bom.csv", "badge-pos.csv", "case-front.stl", "case-back.stl")
SHELLS = ("case-front.stl", "case-back.stl")


@pytest.fixture(scope="module")
def remade(tmp_path_factory):
    folder = tmp_path_factory.mktemp("badge")
    done = subprocess.run(
        [sys.executable, str(BADGE / "make_badge.py"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def copper(monkeypatch):
    monkeypatch.syspath_prepend(str(BADGE.parent))
    yield importlib.import_module("badge_drawing.copper")
    for name in [name for name in sys.modules if name.split(".")[0] == "badge_drawing"]:
        del sys.modules[name]


def rows(name):
    with (BADGE / name).open(newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))


def designators(row):
    return row["Reference"].split(",")


def triangles(name):
    data = (BADGE / name).read_bytes()
    (count,) = struct.unpack_from("<I", data, 80)
    assert len(data) == 84 + 50 * count
    for i in range(count):
        numbers = struct.unpack_from("<12f", data, 84 + 50 * i)
        yield tuple(numbers[3:6]), tuple(numbers[6:9]), tuple(numbers[9:12])


def volume(name):
    return (
        sum(
            a[0] * (b[1] * c[2] - b[2] * c[1])
            + a[1] * (b[2] * c[0] - b[0] * c[2])
            + a[2] * (b[0] * c[1] - b[1] * c[0])
            for a, b, c in triangles(name)
        )
        / 6.0
    )


@pytest.mark.parametrize("name", MADE)
def test_the_script_makes_the_file_again_bit_for_bit(remade, name):
    assert (remade / name).read_bytes() == (BADGE / name).read_bytes()


def test_copper_of_one_net_is_joined_and_of_two_nets_apart(copper):
    assert copper.faults() == []


def test_the_copper_referee_sees_a_short(copper):
    pieces = copper.all_copper()
    short = copper.Copper(net="VDD", side="top", hull=((0.0, -10.0), (40.0, 0.0)), radius=0.1, name="short")
    assert copper.clashes([*pieces, short])


def test_the_copper_referee_sees_a_cut_track(copper):
    pieces = [piece for piece in copper.all_copper() if not piece.name.startswith("via (15.2")]
    assert copper.islands(pieces)["UPDI"] > 1


def test_the_copper_referee_sees_copper_at_the_edge(copper):
    pad = replace(copper.all_copper()[0], hull=((44.0, 0.0),))
    assert copper.too_close_to_edge([pad])


def test_the_board_file_is_one_balanced_expression():
    depth = 0
    text = (BADGE / "badge.kicad_pcb").read_text(encoding="utf-8")
    assert text.startswith("(kicad_pcb\n  (version 20240108)")
    in_text = False
    for i, letter in enumerate(text.strip()):
        in_text ^= letter == '"'
        depth += 0 if in_text else (letter == "(") - (letter == ")")
        assert depth > 0 or i == len(text.strip()) - 1
    assert depth == 0


def test_every_quantity_is_the_number_of_designators():
    assert all(int(row["Qty"]) == len(designators(row)) for row in rows("badge-bom.csv"))


def test_fitted_parts_and_positions_name_the_same_parts():
    fitted = [name for row in rows("badge-bom.csv") if not row["DNP"] for name in designators(row)]
    assert Counter(fitted) == Counter(row["Ref"] for row in rows("badge-pos.csv"))
    assert len(fitted) == 32


def test_every_fitted_part_has_a_manufacturer_part_number():
    assert all(row["MPN"] and row["Manufacturer"] for row in rows("badge-bom.csv") if not row["DNP"])


@pytest.mark.parametrize("name", SHELLS)
def test_every_edge_of_a_shell_is_shared_by_two_faces_that_run_against_each_other(name):
    edges = Counter((t[i], t[(i + 1) % 3]) for t in triangles(name) for i in range(3))
    assert set(edges.values()) == {1}
    assert all((b, a) in edges for a, b in edges)


@pytest.mark.parametrize(
    ("name", "low", "high"), [("case-front.stl", 11e3, 13e3), ("case-back.stl", 12e3, 15e3)]
)
def test_a_shell_looks_outwards_and_is_about_as_heavy_as_a_thin_tray(name, low, high):
    assert low < volume(name) < high


@pytest.mark.parametrize("name", SHELLS)
def test_a_shell_leaves_its_mould_without_undercut(name):
    """Seen along z nothing hangs over: every slanted face looks the way its half is pulled."""
    for a, b, c in triangles(name):
        u, v = ([q[i] - p[i] for i in range(3)] for p, q in ((a, b), (a, c)))
        normal = (u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0])
        lean = normal[2] / math.hypot(*normal)
        assert abs(lean) > math.sin(math.radians(0.9))


def test_the_halves_of_the_case_meet_at_the_rim():
    def rim(name):
        points = [p for t in triangles(name) for p in t]
        top = max(p[2] for p in points)
        flat = [p for p in points if p[2] == top]
        return [round(f(p[i] for p in flat), 3) for f in (min, max) for i in (0, 1)]

    assert rim("case-front.stl") == rim("case-back.stl")


def test_the_product_names_files_that_exist_and_bills_items_it_defines():
    product = tomllib.loads((BADGE / "product.toml").read_text(encoding="utf-8"))
    ids = {item["id"] for item in product["item"]} | {product["product"]["id"]}
    assert {line["parent"] for line in product["bill"]} | {line["item"] for line in product["bill"]} == ids
    named = [item[key] for item in product["item"] for key in ("design", "bill", "positions") if key in item]
    assert all((BADGE / name).is_file() for name in named)


@pytest.fixture(scope="module")
def product():
    read_product, findings = read(BADGE)
    assert [str(finding) for finding in findings if finding.severity is not Severity.INFO] == []
    return read_product


def test_the_reader_finds_the_board_that_was_drawn(product):
    board = product.items["badge-board"].design
    assert (board.width_mm, board.height_mm) == pytest.approx((88.0, 56.0), abs=0.02)
    assert (board.copper_layers, board.min_track_mm, board.min_drill_mm) == (2, 0.25, 0.4)
    assert (board.plated_holes, board.nonplated_holes) == (24, 6)
    assert Counter(part.side for part in board.placements if part.fitted) == {"top": 31, "bottom": 1}


def test_the_area_of_the_board_is_the_area_inside_its_contour(product, monkeypatch):
    monkeypatch.syspath_prepend(str(BADGE.parent))
    shape = importlib.import_module("badge_drawing.outline")
    points = [p for piece in shape.outline() for p in fine(piece)]
    slot = math.pi * 3.2**2 + 6.4 * (18.0 - 6.4)
    assert product.items["badge-board"].design.area_mm2 == pytest.approx(shoelace(points) - slot, rel=2e-3)


def fine(piece):
    return [piece.start] if hasattr(piece, "start") else [piece.at(i / 200) for i in range(200)]


def shoelace(points):
    ring = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in ring)) / 2


@pytest.mark.parametrize("item", ["case-front", "case-back"])
def test_the_reader_measures_the_wall_that_was_drawn(product, item):
    shell = product.items[item].design
    assert shell.watertight
    assert shell.bodies == 1
    assert shell.wall_mm == pytest.approx(1.8, abs=0.1)


def test_everything_that_is_bought_has_what_freight_and_duty_ask_for(product):
    bought = [
        item for item in product.items.values() if item.design is None and not item.bill and not item.mpn
    ]
    named = [item for item in bought if not item.id.startswith("part/")]
    assert {item.id for item in named} == {"screw", "lanyard", "box", "label"}
    assert all(item.mass_kg and item.size_mm and item.commodity_code for item in named)
