"""Harness files in the WireViz format: definitions, connection sets, parts, and the real ones' own lists."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.files.designs import SHARED

from manyworks.files.harnesses import is_harness, read_harness
from manyworks.files.harnesses.words import (
    code_names,
    colours_of_code,
    gauge_mm2,
    gauge_text,
    kind_of_end,
    length_mm,
)
from manyworks.files.sources import Source
from manyworks.model import Finding, HarnessDesign

FOLDER = SHARED / "data" / "designs" / "product-opulo-feeder"
REAL = sorted(path.name for path in FOLDER.glob("*.yml")) if FOLDER.is_dir() else []

CONNECTORS = """
connectors:
  X1: {type: Molex KK 254, subtype: female, pinlabels: [GND, VCC, RX, TX]}
  X2: {type: D-Sub, pincount: 9}
  F: {type: Ferrule, style: simple}
  S: {type: Splice, style: simple}
"""
CABLES = """
cables:
  W1: {wirecount: 4, gauge: 0.25 mm2, length: 0.2, color_code: DIN, shield: true}
  W2: {category: bundle, colors: [RD, BK], gauge: 24 AWG, length: 50 cm, wirelabels: [plus, minus]}
  W3: {wirecount: 1, length: 1}
"""


def _source(text: str) -> Source:
    return Source(path=Path("h.yml"), name="h.yml", data=text.encode())


def _whole(connections: str, *, connectors: str = CONNECTORS, cables: str = CABLES, more: str = "") -> str:
    return f"{connectors}{cables}connections:\n{connections}\n{more}"


def _read(text: str) -> tuple[HarnessDesign, dict[str, float], dict[str, Finding]]:
    """The design, quantities by name (with the unit where it is no piece), and findings by code."""
    harness, findings = read_harness(_source(text))
    assert harness is not None, findings
    parts = {f"{p.name}{'' if p.unit == 'piece' else ' ' + p.unit}": p.quantity for p in harness.parts}
    return harness.design, parts, {finding.code: finding for finding in findings}


def _wires(text: str) -> list[tuple[str, str, str, str]]:
    return [(w.cable, w.core, w.start, w.end) for w in _read(text)[0].wires if w.start or w.end]


def _error(text: str) -> Finding:
    harness, findings = read_harness(_source(text))
    assert harness is None
    return next(finding for finding in findings if finding.severity == "error")


@pytest.mark.parametrize("name", REAL)
class TestRealHarnesses:
    def _rows(self, name: str) -> list[dict[str, str]]:
        path = FOLDER / name.replace(".yml", ".bom.tsv")
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, delimiter="\t"))

    def test_parts_equal_the_list_the_tool_itself_made(self, name: str) -> None:
        path = FOLDER / name
        harness, findings = read_harness(Source(path=path, name=name, data=path.read_bytes()))
        assert harness is not None, findings
        found = {
            (p.name, "" if p.unit == "piece" else p.unit): (p.quantity, p.designators) for p in harness.parts
        }
        listed = {
            (row["Description"], row["Unit"]): (
                float(row["Qty"]),
                tuple(filter(None, row["Designators"].split(", "))),
            )
            for row in self._rows(name)
        }
        assert found.keys() == listed.keys()
        for key, (quantity, designators) in listed.items():
            assert found[key] == (pytest.approx(quantity), designators)

    def test_total_length_is_that_of_the_list(self, name: str) -> None:
        path = FOLDER / name
        harness, _ = read_harness(Source(path=path, name=name, data=path.read_bytes()))
        assert harness is not None
        listed = sum(float(row["Qty"]) for row in self._rows(name) if row["Unit"] == "m")
        assert harness.design.wire_mm == pytest.approx(listed * 1000)

    def test_it_is_known_by_its_content(self, name: str) -> None:
        path = FOLDER / name
        assert is_harness(Source(path=path, name=name, data=path.read_bytes()))


def test_other_yaml_is_no_harness(shared: Path) -> None:
    for path in sorted((shared / "data" / "okh").rglob("*.y*ml")):
        assert not is_harness(Source(path=path, name=path.name, data=path.read_bytes()))


class TestConnections:
    def test_pins_and_cores_go_side_by_side(self) -> None:
        assert _wires(_whole("  - [{X1: [1, 2]}, {W1: [3, 4]}, {X2: [9, 8]}]")) == [
            ("W1", "3", "X1:1", "X2:9"),
            ("W1", "4", "X1:2", "X2:8"),
        ]

    def test_ranges_count_up_and_down_and_mix_with_others(self) -> None:
        wires = _wires(_whole("  - [{X1: [4-2, 1]}, {W1: [1-4]}, {X2: [1, 3-5]}]"))
        assert [(start, end) for _, _, start, end in wires] == [
            ("X1:4", "X2:1"),
            ("X1:3", "X2:3"),
            ("X1:2", "X2:4"),
            ("X1:1", "X2:5"),
        ]

    def test_pins_by_label_and_cores_by_label_or_colour(self) -> None:
        assert _wires(_whole("  - [{X1: [TX, GND]}, {W2: [minus, RD]}]")) == [
            ("W2", "1", "X1:1", ""),
            ("W2", "2", "X1:4", ""),
        ]

    def test_the_shield_is_a_core_of_its_own(self) -> None:
        assert _wires(_whole("  - [{X1: GND}, {W1: s}]")) == [("W1", "s", "X1:1", "")]

    def test_simple_connectors_need_no_pin_and_nameless_ones_are_made_anew(self) -> None:
        design, parts, _ = _read(_whole("  - [{X1: [1-3]}, {W1: [1-3]}, F.]"))
        assert parts["Connector, Ferrule"] == 3
        (ferrule,) = [one for one in design.connectors if one.kind == "ferrule"]
        assert (ferrule.quantity, ferrule.positions, ferrule.terminations) == (3, 1, 1)

    def test_templates_make_named_pieces_that_can_be_met_again(self) -> None:
        design, parts, _ = _read(
            _whole(
                "  - [{X1: [1, 2]}, {W1: [1, 2]}, [S.S1, S.S2]]\n  - [[S1, S2], {W2: [1, 2]}, {X2: [1, 2]}]"
            )
        )
        assert parts["Connector, Splice"] == 2
        assert {(w.cable, w.start, w.end) for w in design.wires if w.cable == "W2"} == {
            ("W2", "S1:1", "X2:1"),
            ("W2", "S2:1", "X2:2"),
        }

    def test_cables_may_be_templates_too(self) -> None:
        design, parts, _ = _read(
            _whole("  - [{X1: [1-3]}, W3., {X2: [1-3]}]\n  - [{X1: 4}, {W3.A: 1}, {X2: 4}]")
        )
        assert parts["Cable, 1 wires m"] == 4
        assert design.cut_wires == 4
        assert "A" in {wire.cable for wire in design.wires}

    def test_the_separator_can_be_chosen(self) -> None:
        text = _whole("  - [{X1: [1-3]}, {W1: [1-3]}, F~]", more="options: {template_separator: '~'}")
        assert _read(text)[1]["Connector, Ferrule"] == 3

    def test_the_older_word_for_templates_is_understood(self) -> None:
        connectors = CONNECTORS.replace("F: {", "F: {autogenerate: yes, ")
        text = _whole("  - [{X1: [1-3]}, {W1: [1-3]}, [F, F, F]]", connectors=connectors)
        assert _read(text)[1]["Connector, Ferrule"] == 3

    @pytest.mark.parametrize("arrow", ["--", "-->", "<--", "<-->", "==", "==>", "<==", "<==>"])
    def test_arrows_join_connectors_without_a_wire(self, arrow: str) -> None:
        step = f"['{arrow}', '{arrow}']" if "-" in arrow else f"'{arrow}'"
        design, parts, _ = _read(_whole(f"  - [{{X1: [1, 2]}}, {step}, {{X2: [1, 2]}}]"))
        assert (design.wires, design.terminations) == ((), 0)
        assert len(parts) == 2

    def test_a_connector_between_two_cables_is_wired_on_both_sides(self) -> None:
        design, _, _ = _read(_whole("  - [{W1: [1, 2]}, {X1: [1, 2]}, {W2: [1, 2]}]"))
        assert [(w.cable, w.start, w.end) for w in design.wires if w.start or w.end] == [
            ("W1", "", "X1:1"),
            ("W1", "", "X1:2"),
            ("W2", "X1:1", ""),
            ("W2", "X1:2", ""),
        ]
        assert design.terminations == 2

    @pytest.mark.parametrize(
        ("connections", "words"),
        [
            ("  - [{X9: 1}, {W1: 1}]", "'X9' is no connector"),
            ("  - [{X1: 9}, {W1: 1}]", "no pin '9'"),
            ("  - [{X1: 1}, {W1: 7}]", "no core '7'"),
            ("  - [{X1: 1}, {W2: s}]", "no shield"),
            ("  - [{X1: [1, 2]}, {W1: [1-3]}]", "different numbers"),
            ("  - [{X1: 1}, {X2: 1}]", "take turns"),
            ("  - [{W1: 1}, {W2: 1}]", "take turns"),
            ("  - [X2, {W1: 1}]", "which of the 9 pins"),
            ("  - [{X1: 1}, W1]", "which of the 4 cores"),
            ("  - [{X1: 1, X2: 1}, {W1: 1}]", "names one connector"),
            ("  - [{X1: [[1]]}, {W1: 1}]", "a number, a label"),
            ("  - X1", "is a list"),
            ("  - [{X1: 1}, ['', W1]]", "is empty"),
            ("  - [{X1: 1-90000}, {W1: 1}]", "more than"),
            ("  - [{X1: [1, 2]}, [W3., F.]]", "side by side"),
            ("  - [{S.A: 1}, {W1: 1}]\n  - [{F.A: 1}, {W1: 2}]", "was made from 'S'"),
        ],
    )
    def test_what_cannot_be_followed_is_an_error_with_its_line(self, connections: str, words: str) -> None:
        finding = _error(_whole(connections))
        assert finding.code == "files.harness.connection"
        assert words in finding.message
        assert finding.where.startswith("h.yml:1")

    def test_labels_that_stand_twice_need_numbers(self) -> None:
        connectors = CONNECTORS.replace("[GND, VCC, RX, TX]", "[GND, GND, RX, TX]")
        finding = _error(_whole("  - [{X1: GND}, {W1: 1}]", connectors=connectors))
        assert "2 pins with the label 'GND'" in finding.message

    def test_colours_that_stand_twice_need_numbers(self) -> None:
        cables = CABLES.replace("[RD, BK]", "[BK, BK]")
        assert "2 cores" in _error(_whole("  - [{X1: 1}, {W2: BK}]", cables=cables)).message


class TestWork:
    def test_cuts_lengths_gauges_and_terminations(self) -> None:
        design, _, _ = _read(
            _whole("  - [{X1: [1-4]}, {W1: [1-4]}, {X2: [1-4]}]\n  - [{X1: [1, 2]}, {W2: [1, 2]}, F.]")
        )
        assert design.cut_wires == 1 + 2
        assert design.wire_mm == pytest.approx(200 + 2 * 500)
        assert design.longest_mm == 500
        # Both cables share the first two positions of X1: 4 there, 4 at X2, 2 ferrules.
        assert design.terminations == 4 + 4 + 2
        assert design.min_gauge_mm2 == pytest.approx(0.2047, abs=1e-4)
        assert {wire.colour for wire in design.wires if wire.cable == "W1"} == {"WH", "BN", "GN", "YE"}

    def test_without_every_length_there_is_no_total(self) -> None:
        cables = CABLES.replace("length: 1}", "type: x}")
        design, parts, codes = _read(_whole("  - [{X1: 1}, {W3: 1}]\n  - [{X1: 2}, {W1: 1}]", cables=cables))
        assert design.wire_mm is None
        assert parts["Cable, x, 1 wires"] == 1
        assert codes["files.harness.no-length"].severity == "warning"

    def test_loops_and_shorts_terminate_their_positions(self) -> None:
        for key in ("loops: [[1, 2], [3, 4]]", "shorts: [{A: [1, 2, 3]}, {B: [4, GND]}]"):
            connectors = CONNECTORS.replace("subtype: female", key)
            design, _, codes = _read(_whole("  - [{X1: 1}, {W1: 1}]", connectors=connectors))
            assert design.connectors[0].terminations == 4
            assert "files.harness.loops" in codes

    def test_a_core_that_ends_twice_is_said(self) -> None:
        text = _whole("  - [{X1: 1}, {W1: 1}, {X2: 1}]\n  - [{X1: 2}, {W1: 1}]")
        assert "files.harness.branches" in _read(text)[2]


class TestParts:
    def test_equal_things_are_one_row_and_others_are_not(self) -> None:
        connectors = (
            "connectors:\n  A: &a {type: T, pincount: 2, mpn: 1}\n  B: {<<: *a}\n  C: {<<: *a, mpn: 2}\n"
        )
        text = _whole(
            "  - [{A: [1, 2]}, {W1: [1, 2]}, {B: [1, 2]}]\n  - [{C: 1}, {W1: 3}]", connectors=connectors
        )
        harness, _ = read_harness(_source(text))
        assert harness is not None
        rows = [(p.mpn, p.quantity, p.designators) for p in harness.parts if p.name.startswith("Connector")]
        assert rows == [("1", 2, ("A", "B")), ("2", 1, ("C",))]

    def test_bundles_are_bought_by_the_wire(self) -> None:
        cables = CABLES.replace("wirelabels: [plus, minus]", "mpn: [P1, P2], manufacturer: [M, M]")
        harness, _ = read_harness(_source(_whole("  - [{X1: [1, 2]}, {W2: [1, 2]}]", cables=cables)))
        assert harness is not None
        rows = [(p.name, p.mpn, p.quantity, p.unit) for p in harness.parts if p.name.startswith("Wire")]
        assert rows == [("Wire, 24 AWG, RD", "P1", 0.5, "m"), ("Wire, 24 AWG, BK", "P2", 0.5, "m")]

    @pytest.mark.parametrize(
        ("keys", "name", "quantity"),
        [
            ("qty: 2", "Clip", 2), ("qty: 2, qty_multiplier: pincount", "Clip", 8),
            ("qty_multiplier: populated", "Clip", 3), ("qty_multiplier: unpopulated", "Clip", 1),
            ("qty: 0.2, unit: m", "Clip m", 0.2),
            ("amount: 10 mm, qty_multiplier: populated", "Clip m", 0.03),
            ("qty_multiplier: connections", "Clip", 3),
        ],
    )  # fmt: skip
    def test_further_components_of_connectors(self, keys: str, name: str, quantity: float) -> None:
        connectors = CONNECTORS.replace("subtype: female", f"additional_components: [{{type: Clip, {keys}}}]")
        _, parts, _ = _read(_whole("  - [{X1: [1-3]}, {W1: [1-3]}]", connectors=connectors))
        assert parts[name] == pytest.approx(quantity)

    @pytest.mark.parametrize(
        ("times", "quantity"), [("wirecount", 4), ("terminations", 3), ("length", 0.2), ("total_length", 0.8)]
    )
    def test_further_components_of_cables(self, times: str, quantity: float) -> None:
        extra = f"additional_components: [{{type: Sleeve, subtype: nylon, qty_multiplier: {times}}}], length"
        cables = CABLES.replace("length", extra, 1)
        _, parts, _ = _read(_whole("  - [{X1: [1-3]}, {W1: [1-3]}]", cables=cables))
        assert parts["Sleeve, nylon"] == pytest.approx(quantity)

    def test_what_is_to_be_ignored_is_not_bought_but_counted(self) -> None:
        connectors = CONNECTORS.replace("subtype: female", "ignore_in_bom: true")
        design, parts, _ = _read(_whole("  - [{X1: 1}, {W1: 1}]", connectors=connectors))
        assert not [name for name in parts if name.startswith("Connector")]
        assert len(design.connectors) == 1

    def test_items_of_the_list_alone_are_added(self) -> None:
        items = (
            "additional_bom_items:\n  - {description: Label, qty: 2, designators: [X1, X2], mpn: L-1}\n"
            "  - {description: Tape, qty: 30, unit: cm}\n"
        )
        harness, _ = read_harness(_source(_whole("  - [{X1: 1}, {W1: 1}]", more=items)))
        assert harness is not None
        label, tape = harness.parts[-2:]
        assert (label.name, label.quantity, label.designators, label.mpn) == ("Label", 2, ("X1", "X2"), "L-1")
        assert (tape.quantity, tape.unit) == (0.3, "m")

    def test_links_in_names_are_left_out(self) -> None:
        connectors = CONNECTORS.replace(
            "subtype: female", "mpn: '<a href=\"https://example.org/1\">22-01</a>', manufacturer: Molex"
        )
        harness, _ = read_harness(_source(_whole("  - [{X1: 1}, {W1: 1}]", connectors=connectors)))
        assert harness is not None
        assert harness.parts[0].mpn == "22-01"

    def test_the_title_names_the_harness(self) -> None:
        harness, _ = read_harness(_source(_whole("  - [{X1: 1}, {W1: 1}]", more="metadata: {title: Loom 7}")))
        assert harness is not None
        assert harness.title == "Loom 7"


class TestNothingIsLost:
    def test_what_is_defined_and_never_used_is_named(self) -> None:
        _, _, codes = _read(_whole("  - [{X1: 1}, {W1: 1}]"))
        assert codes["files.harness.unused"].severity == "warning"

    def test_unknown_attributes_and_sections_are_named(self) -> None:
        connectors = CONNECTORS.replace("subtype: female", "colour_of_moon: 1")
        more = "tweak: {override: {}}\nflavours: [x]\n"
        harness, findings = read_harness(
            _source(_whole("  - [{X1: 1}, {W1: 1}]", connectors=connectors, more=more))
        )
        assert harness is not None
        told = " ".join(finding.message for finding in findings)
        assert "colour_of_moon x 1" in told
        assert "'flavours'" in told
        assert "tweak" in told

    def test_pins_that_are_not_stated_are_counted_by_their_use(self) -> None:
        connectors = "connectors:\n  X1: {type: T}\n"
        design, _, codes = _read(_whole("  - [{X1: [3, A]}, {W1: [1, 2]}]", connectors=connectors))
        assert design.connectors[0].positions == 2
        assert "files.harness.no-pins" in codes

    def test_a_simple_connector_has_one_pin_whatever_it_lists(self) -> None:
        connectors = CONNECTORS.replace("type: Ferrule", "type: Ferrule, pinlabels: [A, B, C]")
        design, _, codes = _read(_whole("  - [{X1: [1, 2]}, {W1: [1, 2]}, F.]", connectors=connectors))
        assert {one.positions for one in design.connectors if one.kind == "ferrule"} == {1}
        assert "2 of its pins" in codes["files.harness.simple-pins"].message

    def test_a_gauge_in_other_words_is_a_warning(self) -> None:
        cables = CABLES.replace("gauge: 0.25 mm2", "gauge: thick")
        assert (
            "thick"
            in _read(_whole("  - [{X1: 1}, {W1: 1}]", cables=cables))[2]["files.harness.gauge"].message
        )


class TestTrouble:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("pincount: 9", "pincount: 0"), ("pincount: 9", "pincount: many"), ("pincount: 9", "pins: 3"),
            ("pincount: 9", "pins: [1, 1]"), ("pincount: 9", "pincount: 3, pins: [1, 2]"),
            ("pincount: 9", "pincount: 9, loops: [[1, 99]]"), ("pincount: 9", "pincount: 9, loops: [[1]]"),
            ("pincount: 9", "pincount: 9, additional_components: [{qty: 1}]"),
            ("pincount: 9", "pincount: 9, additional_components: [{type: x, qty: -1}]"),
            ("wirecount: 4", "wirecount: -1"), ("wirecount: 4", "wirecount: 1e9"),
            ("length: 0.2", "length: far"),
            ("length: 0.2", "length: 3 parsec"), ("length: 0.2", "length: -1"),
            ("color_code: DIN", "color_code: XYZ"),
            ("gauge: 0.25 mm2", "gauge: 0 mm2"),
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_is_an_error_that_names_the_thing(self, old: str, new: str) -> None:
        text = _whole("  - [{F.: 1}, {W2: 1}]").replace(old, new)
        finding = _error(text)
        assert finding.code == "files.harness.malformed"
        assert finding.message.startswith(("X2", "W1"))

    def test_all_problems_appear_at_once(self) -> None:
        text = _whole("  - [{X8: 1}, {W1: 1}]\n  - [{X9: 1}, {W1: 1}]").replace("pincount: 9", "pincount: 0")
        harness, findings = read_harness(_source(text))
        assert harness is None
        assert len([finding for finding in findings if finding.severity == "error"]) == 3

    @pytest.mark.parametrize(
        "text", ["", "[]", "connectors: 3\ncables: {}\n", "a: 1", "connections: {}", "a: ["]
    )
    def test_other_content_is_an_error(self, text: str) -> None:
        assert read_harness(_source(text))[0] is None

    def test_a_name_for_two_things_is_an_error(self) -> None:
        cables = CABLES.replace("W3:", "X1:")
        assert _error(_whole("  - [{X1: 1}, {W1: 1}]", cables=cables)).code == "files.harness.name-twice"

    @given(st.data())
    def test_no_damaged_file_breaks_the_reader(self, data: st.DataObject) -> None:
        whole = _whole("  - [{X1: [1-4]}, {W1: [1-4]}, F.]\n  - [S.S1, {W2: [1, 2]}, {X2: [1, 2]}]")
        at = data.draw(st.integers(0, len(whole) - 1))
        length = data.draw(st.integers(0, 8))
        fresh = data.draw(
            st.sampled_from(["", "-", "9" * 400, "nan", "[", "{", "*a", "&a", "1-99999", "~", ": "])
        )
        harness, findings = read_harness(_source(whole[:at] + fresh + whole[at + length :]))
        assert (harness is None) == any(f.severity == "error" for f in findings)


class TestWords:
    @pytest.mark.parametrize(
        ("value", "length"),
        [
            (0.2, 200),
            (1, 1000),
            ("2.5 ft", 762),
            ("20cm", 200),
            ("300 mm", 300),
            ("12 in", 304.8),
            ('5"', 127),
        ],
    )
    def test_lengths(self, value: object, length: float) -> None:
        assert length_mm(value) == pytest.approx(length)

    @pytest.mark.parametrize(
        ("value", "area"),
        [("22 AWG", 0.3255), ("24AWG", 0.2047), ("4/0 AWG", 107.22), ("0000 AWG", 107.22), ("0 AWG", 53.475),
         ("0.25 mm2", 0.25), ("0.14 mm²", 0.14), (0.5, 0.5), ("thick", None), ("", None)],
    )  # fmt: skip
    def test_gauges(self, value: object, area: float | None) -> None:
        assert gauge_mm2(value) == (None if area is None else pytest.approx(area, abs=5e-3))

    def test_six_gauges_further_the_diameter_halves(self) -> None:
        """The rule of thumb of wire tables: 39 steps are a factor of 92 in diameter."""
        thick, thin = gauge_mm2("18 AWG"), gauge_mm2("24 AWG")
        assert thick is not None
        assert thin is not None
        assert math.sqrt(thick / thin) == pytest.approx(2.005, abs=0.01)

    def test_gauges_as_parts_lists_have_them(self) -> None:
        assert [gauge_text(text) for text in ("22AWG", "0.25mm2", 0.5, "x")] == [
            "22 AWG",
            "0.25 mm²",
            "0.5 mm²",
            "x",
        ]

    def test_colour_codes_have_their_number_of_colours(self) -> None:
        counts = {name: len(colours_of_code(name)) for name in code_names()}
        assert counts == {"DIN": 44, "IEC": 10, "BW": 2, "TEL": 50, "TELALT": 50, "T568A": 8, "T568B": 8}
        for name in code_names():
            colours = colours_of_code(name)
            assert len(set(colours)) == len(colours)

    @pytest.mark.parametrize(
        ("text", "pins", "kind"),
        [("Crimp ferrule", 1, "ferrule"), ("Solder splice", 1, "splice"), ("Stripped Wire", 1, "bare end"),
         ("Ring terminal M4", 1, "terminal"), ("Spring header", 1, "connector"),
         ("Ferrule housing", 4, "connector")],
    )  # fmt: skip
    def test_kinds_of_ends(self, text: str, pins: int, kind: str) -> None:
        assert kind_of_end(text, pins) == kind
