from __future__ import annotations

import string

import pytest
from tests.shapes.solid_builders import box, carve, cup, extrude, l_bracket, revolve, ring, t_slot

from manyworks.shapes import clues as clues_module
from manyworks.shapes import describe
from manyworks.shapes.guesses import clue_table, guess_processes
from manyworks.shapes.looks import look_at
from manyworks.shapes.rays import make_skin

SHAFT = [(0, 0), (10, 0), (10, 20), (6, 20), (6, 60), (4, 60), (4, 75), (0, 75)]


def best(shape):
    return describe(shape).guesses[0]


def confidence(shape, process):
    return next((guess.confidence for guess in describe(shape).guesses if guess.process == process), 0.0)


def test_a_flat_plate_with_holes_is_cut():
    plate = extrude([(0, 0), (120, 0), (120, 30), (0, 30)], 5, [(10, 10, 1.6), (60, 15, 5), (110, 20, 1.6)])
    guess = best(plate)
    assert guess.process == "laser-cutting"
    assert "5 mm" in guess.evidence[0]


def test_a_shaft_is_turned():
    guess = best(revolve(SHAFT))
    assert guess.process == "cnc-turning"
    assert "diameter 20" in guess.evidence[0]
    assert "length 75" in guess.evidence[0]


def test_a_long_bar_of_one_hollow_section_is_extruded():
    rail = extrude([(0, 0), (40, 0), (40, 40), (0, 40)], 300, [[(2, 2), (38, 2), (38, 38), (2, 38)]])
    assert best(rail).process == "metal-extrusion"


def test_a_block_with_a_rounded_pocket_is_milled():
    corner = [
        (x, y)
        for cx, cy, first in ((50, 30, 0), (10, 30, 12), (10, 10, 24), (50, 10, 36))
        for x, y in (ring((cx, cy, 5), 48) * 2)[first : first + 13]
    ]
    block = extrude([(0, 0), (60, 0), (60, 40), (0, 40)], 20, [corner])
    assert best(block).process == "cnc-milling"


def test_a_drafted_cup_of_one_wall_is_moulded():
    guess = best(cup())
    assert guess.process == "injection-moulding"
    assert any("drafted" in said for said in guess.evidence)


def test_a_bar_with_six_sides_is_not_taken_for_a_free_form():
    hexagon = extrude(ring((0, 0, 10), 6), 40)
    assert confidence(hexagon, "cnc-milling") > 0.5


def test_draft_and_an_even_thin_wall_speak_for_moulding():
    straight = revolve([(0, 0), (20, 0), (20, 30), (18, 30), (18, 2), (0, 2)])
    drafted = confidence(cup(top=21.5, bottom=20), "injection-moulding")
    assert drafted > confidence(straight, "injection-moulding") + 0.2
    assert confidence(cup(), "injection-moulding") > confidence(box(40, 40, 30), "injection-moulding")


def test_what_no_tool_reaches_speaks_for_printing():
    hidden = carve([0, 8, 32, 40], [0, 8, 32, 40], [0, 8, 32, 40], lambda i, j, k: not (i == j == k == 1))
    assert best(hidden).process == "fdm-printing"


def test_a_mesh_is_more_likely_printed_than_the_same_part_from_the_kernel():
    bare = dict.fromkeys(("mesh",), 0.0)
    printed = {guess.process: guess.confidence for guess in guess_processes({"mesh": 1.0})}
    assert printed["fdm-printing"] > {g.process: g.confidence for g in guess_processes(bare)}["fdm-printing"]


@pytest.mark.parametrize(
    "shape", [box(20, 20, 20), cup(), t_slot(), l_bracket()], ids=["cube", "cup", "slot", "angle"]
)
def test_guesses_are_sorted_and_say_why(shape):
    guesses = describe(shape).guesses
    confidences = [guess.confidence for guess in guesses]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 < value < 1 for value in confidences)
    assert all(any(letter.isdigit() for letter in said) for said in guesses[0].evidence[:1])


def test_every_clue_weighs_a_known_process_by_a_measure_that_is_made():
    bases, table = clue_table()
    made = names_made()
    for clue in table:
        assert clue.process in bases
        assert clue.measure in made
        spoken = {name for _, name, _, _ in string.Formatter().parse(clue.says) if name}
        assert spoken <= made
        assert clue.start != clue.end


def names_made():
    """Names of all measures, from the text that makes them."""
    import inspect
    import re

    text = inspect.getsource(clues_module)
    return set(re.findall(r'(?:yield |clues\[)"(\w+)"', text))


def test_a_clue_gives_no_points_before_its_start_and_all_from_its_end():
    _, table = clue_table()
    for clue in table:
        assert clue.weigh(clue.start) == 0
        assert clue.weigh(clue.end) == pytest.approx(clue.points)
        assert clue.weigh(2 * clue.end - clue.start) == pytest.approx(clue.points)
        assert clue.weigh(2 * clue.start - clue.end) == 0


def test_without_clues_nothing_is_said():
    assert all(guess.evidence == () for guess in guess_processes({}))


def test_a_look_is_the_same_twice():
    shape = cup()
    first, second = (look_at(shape, make_skin(shape)) for _ in range(2))
    assert (first.sight.seen == second.sight.seen).all()
    assert (first.thickness.behind == second.thickness.behind).all()
