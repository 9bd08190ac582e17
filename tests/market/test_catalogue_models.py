"""The catalogue of machines: its data, and finding a machine however it is written."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.market.catalogue import MachineModel, find_model, find_processes, load_share, look_up, models
from manyworks.market.materials import materials
from manyworks.market.tables import toml_table
from manyworks.market.taxonomy import canonical, process_of_machine
from manyworks.processes import check_coefficients, processes

ALL = models()
FIGURED = [row for row in ALL if not row.is_series]


def size_of(row: MachineModel) -> float:
    return math.prod(row.capabilities[0].envelope_mm or (math.nan,))


class TestData:
    """What stands in the file."""

    def test_at_least_a_hundred_and_fifty_machines_have_figures(self) -> None:
        sized = [row for row in FIGURED if row.capabilities and row.capabilities[0].envelope_mm]
        assert len(FIGURED) >= 220
        assert len(sized) >= 150

    def test_every_process_and_material_is_known(self) -> None:
        able = [(row.name, one) for row in ALL for one in row.capabilities]
        assert [pair for pair in able if canonical(pair[1].process) != pair[1].process] == []
        named = {(name, material) for name, one in able for material in one.materials}
        assert {pair for pair in named if materials().find(pair[1]) is None} == set()

    @pytest.mark.parametrize(
        ("name", "size"),
        [  # as slicing programs publish them, read in their machine definitions
            ("Ultimaker 2", (223, 223, 205)),
            ("Ultimaker 2 Extended+", (223, 223, 305)),
            ("Ultimaker 3", (233, 215, 200)),
            ("Ultimaker Original", (205, 205, 200)),
            ("Creality Ender-3", (220, 220, 250)),
            ("Creality Ender-5", (220, 220, 300)),
            ("Creality CR-10S5", (500, 500, 500)),
            ("Prusa i3 Mk3s", (250, 210, 210)),
            ("BQ Witbox 2", (297, 210, 200)),
            ("Raise3D N2 Plus", (305, 305, 610)),
            ("MakerBot Replicator", (225, 145, 150)),
            ("Anet A8", (220, 220, 240)),
        ],
    )
    def test_sizes_are_those_published(self, name: str, size: tuple[float, ...]) -> None:
        found = find_model("", name)
        assert found is not None
        assert found.capabilities[0].envelope_mm == size

    def test_every_row_says_its_source_and_how_sure_it_is(self) -> None:
        assert all(row.source and row.confidence in ("high", "medium", "low") for row in ALL)
        assert all(row.year is None or 1980 <= row.year <= 2026 for row in ALL)
        assert all(row.year is not None for row in ALL if row.capital_usd is not None)

    def test_figures_are_of_the_size_machines_have(self) -> None:
        for row in FIGURED:
            assert row.capital_usd is None or 50 <= row.capital_usd <= 2e6, row.name
            assert row.rated_kw is None or 0.005 <= row.rated_kw <= 200, row.name
            for one in row.capabilities[:1]:
                assert all(5 <= side <= 60_000 for side in one.envelope_mm or ()), row.name
                assert one.tolerance_mm is None or 0.001 <= one.tolerance_mm <= 1.0, row.name
                assert one.clamp_force_t is None or 1 <= one.clamp_force_t <= 4_000, row.name
                assert one.max_diameter_mm is None or 1 <= one.max_diameter_mm <= 3_000, row.name

    def test_five_axis_machines_have_five_axes(self) -> None:
        for row in FIGURED:
            for one in row.capabilities[:1]:
                if one.process == "cnc-milling-5-axis":
                    assert one.axes == 5, row.name
                if one.process == "cnc-milling":
                    assert one.axes in (3, 4), row.name

    def test_a_printer_that_costs_more_than_a_hobby_machine_is_none(self) -> None:
        hobby = [row for row in FIGURED if row.make in ("creality", "prusa", "anycubic", "elegoo")]
        assert all((row.capital_usd or 0) <= 3000 for row in hobby)

    def test_speeds_are_named_like_coefficients_of_the_models(self) -> None:
        for row in FIGURED:
            for process in {one.process for one in row.capabilities[:1]} & {*processes()}:
                findings = check_coefficients(process, row.coefficients)
                assert findings == (), (row.name, findings)

    def test_word_lists_name_known_processes_only(self) -> None:
        table = toml_table("machine_words.toml")
        named = {one for group in ("words", "classes") for row in table[group].values() for one in row}
        assert {one for one in named if canonical(one) != one} == set()
        assert {*table["beds"]} <= {*processes()} | {canonical(one) for one in table["beds"]}

    def test_every_other_spelling_belongs_to_a_make_that_is_there(self) -> None:
        makes = {row.make for row in ALL}
        assert {*toml_table("machine_words.toml")["makes"]} - makes <= {
            "chevalier",
            "doosan",
            "noztek",
        } | makes

    def test_the_load_share_is_a_share(self) -> None:
        share = load_share()
        assert 0 < share.low <= share.value <= share.high < 1


class TestFinding:
    """Machines as people write them."""

    def test_every_row_finds_itself_with_its_make_apart_or_inside(self) -> None:
        assert [row.name for row in ALL if find_model(row.make, row.model) != row] == []
        assert [row.name for row in ALL if find_model("", row.name) != row] == []

    @pytest.mark.parametrize(
        ("make", "model", "name"),
        [
            ("", "ultimaker 2+", "ultimaker 2+"),
            ("ultimaker", "Ultimaker 2+ Extended", "ultimaker 2+ extended"),
            ("", "prusa i3 mk3s", "prusa i3 mk3"),
            ("Original Prusa", "MINI+", "prusa mini"),
            ("", "Stratasys uPrint SE", "stratasys uprint"),
            ("", "roland mdx-20", "roland mdx-20"),
            ("Roland DG", "MDX 40A", "roland mdx-40"),
            ("roland", "monoFab SRM-20", "roland monofab srm-20"),
            ("", "SRM20 roland", "roland srm-20"),
            ("", "epilog zing 24", "epilog zing 24"),
            ("Epilog", "Mini24 Engraver", "epilog mini 24"),
            ("makerbot industries", "replicator 2x", "makerbot replicator 2x"),
            ("creality", "CR10S5", "creality cr-10 s5"),
            ("creality 3d", "cr-10s", "creality cr-10"),
            ("", "gx-24", "roland gx-24"),
            ("silhouette", "cameo®", "silhouette cameo"),
            ("shopbot tools, inc", "prsalpha 96x48", "shopbot prsalpha 96x48"),
            ("other machine co", "othermill", "bantam tools othermill"),
            ("unknown", "k40 laser engraver & cutter", "k40"),
            ("ultimaker", "impressora 3d ultimaker 2+ 01 (pla)", "ultimaker 2+"),
            ("utlimaker", "s5", "ultimaker s5"),
            ("Haas Automation", "VF-2SS", "haas vf-2"),
            ("Fanuc", "ROBODRILL α-D21MiB5", "fanuc d21m"),
            ("Arburg", "ALLROUNDER 470 C Golden Edition", "arburg allrounder 470"),
            ("Juki", "RS-1R", "juki rs-1"),
            ("Bambu", "A1 mini", "bambu lab a1 mini"),
            ("TRUMPF", "TruLaser 3030 fiber", "trumpf trulaser 3030"),
        ],
    )
    def test_a_machine_is_found_as_people_write_it(self, make: str, model: str, name: str) -> None:
        found = find_model(make, model)
        assert found is not None
        assert found.name == name

    @pytest.mark.parametrize(
        ("make", "model", "process"),
        [
            ("haas", "VF-20", "cnc-milling"),  # no such size: only the series is known
            ("formlabs", "Form 30", "sla-printing"),
            ("Epilog", "something new", "laser-cutting"),
        ],
    )
    def test_a_number_that_goes_on_is_another_size(self, make: str, model: str, process: str) -> None:
        found = find_model(make, model)
        assert found is not None
        assert found.is_series
        assert found.processes[0] == process

    @pytest.mark.parametrize(
        ("make", "model"),
        [
            ("", ""),
            ("", "laser cutter"),
            ("acme", "rocket 3"),
            ("", "ABS"),
            ("", "2"),
            ("", "3d printer"),
            ("cnc", "router"),
        ],
    )
    def test_what_is_no_model_is_not_guessed(self, make: str, model: str) -> None:
        assert find_model(make, model) is None

    def test_what_it_was_found_by_is_told(self) -> None:
        assert look_up("Ultimaker", "3").by == "model"  # type: ignore[union-attr]
        assert look_up("Ultimaker", "3d printer").by == "make"  # type: ignore[union-attr]
        assert look_up("", "mdx-20").by == "name"  # type: ignore[union-attr]

    def test_the_process_by_make_and_model_agrees_with_the_taxonomy(self) -> None:
        told = {row.name: process_of_machine(row.make, row.model) for row in FIGURED}
        assert [row.name for row in FIGURED if told[row.name] not in (*row.processes, "")] == []

    @given(st.sampled_from(FIGURED), st.sampled_from([" ", "-", "_", "  "]), st.booleans())
    def test_signs_and_case_do_not_matter(self, row: MachineModel, sign: str, upper: bool) -> None:
        text = re.sub(r"[ -]", sign, row.name)
        assert find_model("", text.upper() if upper else text) == row

    @given(st.text(max_size=60), st.text(max_size=300))
    def test_any_text_gets_an_answer(self, make: str, model: str) -> None:
        found = find_model(make, model)
        assert found is None or found in ALL
        assert find_processes(model) is None or all(map(canonical, find_processes(model) or ()))

    def test_the_larger_variant_is_not_smaller(self) -> None:
        pairs = [
            ("ultimaker 2", "ultimaker 2 extended"),
            ("ultimaker 3", "ultimaker 3 extended"),
            ("creality ender 3", "creality ender 3 max"),
            ("raise3d n2", "raise3d n2 plus"),
            ("formlabs form 3", "formlabs form 3l"),
            ("haas vf-2", "haas vf-4"),
            ("epilog zing 16", "epilog zing 24"),
        ]
        for small, large in pairs:
            one, other = find_model("", small), find_model("", large)
            assert one is not None
            assert other is not None
            assert size_of(one) < size_of(other)


class TestWords:
    """What a class or a plain name stands for."""

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("three_d_printer", ("additive-manufacturing",)),
            ("three_d_printing", ("additive-manufacturing",)),
            ("laser", ("laser-cutting",)),
            ("vinyl_cutting", ("knife-cutting",)),
            ("precision_milling", ("cnc-milling",)),
            ("cnc_milling", ("cnc-routing",)),
            ("circuit_production", ("electronics-manufacturing",)),
            ("scanner", ()),
            ("digital oscilloscope", ()),
            ("Laser engraving machine", ("laser-engraving",)),
            ("heat press 38x38", ("sublimation-printing",)),
            ("CNC plasma cutter", ("plasma-cutting",)),
            ("wood lathe", ("wood-turning",)),
            ("flux capacitor", None),
            ("", None),
        ],
    )
    def test_words_tell_the_process(self, words: str, expected: tuple[str, ...] | None) -> None:
        assert find_processes(words) == expected

    def test_plain_words_are_left_aside_where_only_certain_ones_count(self) -> None:
        assert find_processes("cnc router", certain=True) is None
        assert find_processes("press brake", certain=True) == ("sheet-metal-bending",)


class TestFiguresInNames:
    """Figures that makers write into the names of their machines."""

    @pytest.mark.parametrize(
        ("make", "model", "clamp_t"),
        [
            ("Arburg", "Allrounder 470 H 1000-170", 100.0),
            ("Arburg", "470 C 1500-400", 150.0),
            ("Engel", "victory 500/120 tech", 120.0),
            ("Haitian", "Mars MA3800II", 380.0),
            ("KraussMaffei", "PX 120-540", 120.0),
            ("Nissei", "NEX110", 110.0),
            ("Fanuc", "Roboshot α-S130iB", 130.0),
        ],
    )
    def test_the_clamp_force_is_read_from_the_name(self, make: str, model: str, clamp_t: float) -> None:
        found = find_model(make, model)
        assert found is not None
        assert found.capabilities[0].clamp_force_t == pytest.approx(clamp_t)

    def test_the_price_of_another_size_is_not_taken(self) -> None:
        known, other = (
            find_model("Arburg", "Allrounder 470"),
            find_model("Arburg", "Allrounder 470 H 1000-170"),
        )
        assert known is not None
        assert other is not None
        assert known.capital_usd is not None
        assert other.capital_usd is None
        assert "by its name" in other.source

    def test_a_sheet_laser_is_as_large_as_its_name_says(self) -> None:
        found = find_model("Bystronic", "ByStar Fiber 4020")
        assert found is not None
        assert found.capabilities[0].envelope_mm == (4000.0, 2000.0)

    def test_a_rounded_name_does_not_change_a_known_size(self) -> None:
        found = find_model("Amada", "ENSIS-3015AJ")
        assert found is not None
        assert found.capabilities[0].envelope_mm == (3070.0, 1550.0)
        assert found.capital_usd is not None
