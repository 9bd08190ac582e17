"""Processes under all their names."""

from __future__ import annotations

import pytest

from manyworks.market import canonical, is_kind_of, known_processes, nearest_process
from manyworks.market.tables import csv_rows
from manyworks.market.taxonomy import (
    axes_named,
    process_of_machine,
    processes,
    processes_named,
    wider_processes,
)

SLUGS_OF_THE_HOUSE = (
    "pcb-fabrication",
    "smt-assembly",
    "hand-assembly",
    "board-test",
    "fdm-printing",
    "injection-moulding",
    "mould-making",
    "stencil-cutting",
    "final-assembly",
    "packing",
)


@pytest.mark.parametrize("slug", SLUGS_OF_THE_HOUSE)
def test_a_slug_is_its_own_name(slug: str) -> None:
    assert canonical(slug) == slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Injection Molding", "injection-moulding"),
        ("INJECTION-MOULDING SERVICES", "injection-moulding"),
        ("注塑加工", "injection-moulding"),
        ("mowldio chwistrellu", "injection-moulding"),
        ("Torri â Laser", "laser-cutting"),
        ("torri a laser", "laser-cutting"),
        ("cutting by laser", "laser-cutting"),
        ("fused filament fabrication (FFF)", "fdm-printing"),
        ("argraffu 3D (FDM)", "fdm-printing"),
        ("ＰＣＢ打样", "pcb-fabrication"),
        ("mould maker", "mould-making"),
        ("welding (TIG)", "tig-welding"),
        ("welding (sewing)", None),
        ("spinning", None),
        ("", None),
        ("(((", None),
        ("x" * 100_000, None),
    ],
)
def test_a_name_in_any_spelling_and_language_is_found_or_left_alone(name: str, slug: str | None) -> None:
    assert canonical(name) == slug


def test_a_narrower_kind_counts_and_a_wider_one_does_not() -> None:
    assert is_kind_of("MIG welding", "welding")
    assert not is_kind_of("welding", "MIG welding")
    assert is_kind_of("车铣复合", "CNC turning")
    assert not is_kind_of("laser welding", "arc welding")
    assert not is_kind_of("nonsense", "nonsense")


def test_no_name_is_claimed_by_two_processes() -> None:
    assert {key: slugs for key, slugs in processes().claims().items() if len(slugs) > 1} == {}


def test_every_parent_exists_and_none_is_its_own_ancestor() -> None:
    for slug in known_processes():
        assert wider_processes(slug) <= set(known_processes())
        assert slug not in wider_processes(slug)


def test_every_name_in_the_table_leads_to_its_own_process() -> None:
    for entry in processes().entries.values():
        assert {processes().find(name) for name in entry.names} == {entry.slug}


def test_a_slip_of_the_pen_gets_a_hint() -> None:
    assert nearest_process("injction moulding") == "injection-moulding"
    assert nearest_process("qqqqqq") == ""


def test_every_machine_of_the_catalogue_runs_a_known_process() -> None:
    assert {row["process"] for row in csv_rows("machines.csv")} - {""} <= set(known_processes())


def test_the_longest_beginning_of_a_model_name_decides() -> None:
    assert process_of_machine("Trumpf", "TruLaser 3030") == "laser-cutting"
    assert process_of_machine("TRUMPF", "TruLaser Weld 5000") == "laser-welding"
    assert process_of_machine("Haas", "unheard of") is None
    assert process_of_machine("", "") is None


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("CNC milling and turning", ("cnc-milling", "cnc-turning")),
        ("MIG/TIG welding", ("mig-welding", "tig-welding")),
        ("laser and plasma cutting", ("laser-cutting", "plasma-cutting")),
        ("mould making and injection moulding", ("mould-making", "injection-moulding")),
        ("激光切割、折弯", ("laser-cutting", "sheet-metal-bending")),
        ("pick and place", ("smt-assembly",)),
        ("cut, make and trim", ("garment-sewing",)),
        ("CNC milling and frobnication", ()),
    ],
)
def test_a_name_of_several_processes_names_each(name: str, slugs: tuple[str, ...]) -> None:
    assert processes_named(name) == slugs
    assert canonical(name) == (slugs[0] if len(slugs) == 1 else None)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("CNC milling of aluminium brackets", "cnc-milling"),
        ("3D printing of metal parts", "metal-3d-printing"),
        ("powdercoating", "powder-coating"),
        ("不锈钢激光切割加工", "laser-cutting"),
        ("laser-cut steel parts", "laser-cutting"),
        ("no welding", None),
        ("powder coating (outsourced)", None),
        ("plastic frobnication", None),
        ("metal injection moulding of steel", "metal-injection-moulding"),
    ],
)
def test_words_of_what_and_how_well_do_not_hide_a_process_and_a_refusal_does(
    name: str, slug: str | None
) -> None:
    assert canonical(name) == slug


@pytest.mark.parametrize(
    ("name", "axes"),
    [
        ("5-axis CNC milling", 5),
        ("five axis machining", 5),
        ("3+2 axis milling", 5),
        ("五轴加工中心", 5),
        ("melino 4 echel", 4),
        ("CNC milling", None),
    ],
)
def test_axes_are_read_from_a_name(name: str, axes: int | None) -> None:
    assert axes_named(name) == axes
