"""Gerber statements are drawn as the specification says, in all dialects of a statement."""

from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.files.fabrication_writer import at, gerber, line

from manyworks.files.fabrication import plotter
from manyworks.files.fabrication.apertures import read_aperture
from manyworks.files.fabrication.gerber import Layer, read_attributes, read_gerber
from manyworks.files.fabrication.macros import Macro, evaluate
from manyworks.files.fabrication.picture import extent
from manyworks.files.fabrication.plotter import TooMuchError

HEAD = "%FSLAX24Y24*%\n%MOIN*%\n%ADD10C,0.01*%\nD10*\n"


def points(layer: Layer) -> list[list[tuple[float, float]]]:
    return [[(round(x, 4), round(y, 4)) for x, y in stroke.points] for stroke in layer.picture.strokes]


def flashes(layer: Layer) -> list[tuple[float, float]]:
    return [(round(f.at[0], 4), round(f.at[1], 4)) for f in layer.picture.flashes]


def box(text: str) -> tuple[float, ...]:
    found = extent(read_gerber(text).picture)
    assert found is not None
    return tuple(round(value, 3) for value in found)


@pytest.mark.parametrize(
    "text",
    [
        "%FSLAX24Y24*%%MOIN*%%ADD10C,0.01*%D10*X0Y0D02*X10000Y5000D01*M02*",
        "%FSLAX24Y24*MOIN*ADD10C,0.01*%\r\nG54D10*\r\nX0Y0D02*\r\nX10000Y5000D01*\r\n",
        "%FSTAX24Y24*%%MOIN*%%ADD10C,0.01*%D10*X00Y00D02*X01Y005D01*M02*",
        "%FSLAX24Y24*%%MOIN*%%ADD10C,0.01*%D10*G01X0Y0D02*G01X10000Y5000D01*M02*",
        "%FSLAX24Y24*%%MOIN*%%ADD10C,0.01*%D10*X0Y0D02*D01*X10000Y5000*M02*",
        "%FSLIX24Y24*%%MOIN*%%ADD10C,0.01*%D10*X0Y0D02*X10000Y5000D01*M02*",
        "G70*%FSLAX24Y24*%%ADD10C,0.01*%D10*X0Y0D2*X10000Y5000D1*M02*",
        "%FSLAX46Y46*%%MOMM*%%ADD10C,0.254*%D10*X0Y0D02*X25400000Y12700000D01*M02*",
        "%FSLAX24Y24*%%MOIN*%%ADD10C,0.01*%D10*X0.0Y0.0D02*X1.0Y0.5D01*M02*",
        "*\n%FSLAX24Y24*%\n%MOIN*%\n%INboard*%\n%OFA0B0*%\n%SFA1B1*%\n%ASAXBY*%\n%IPPOS*%\n%ADD10C,0.01*%\n"
        "%LNtop*%\nG90*\nG75*\nD10*\nX0\nY0D02*\nX10000Y5000 D01*\nM02*",
        "%FSLAX24Y24*%%MOIN*%%AMCIR*1,1,$1,0,0*%%ADD010CIR,0.01*%D010*X0Y0D02*X10000Y5000D01*M02*",
    ],
)
def test_one_line_is_the_same_in_every_dialect(text: str) -> None:
    layer = read_gerber(text)
    drawn = [list(dict.fromkeys(path)) for path in points(layer)]
    assert drawn == [[(0.0, 0.0), (25.4, 12.7)]]
    assert layer.picture.strokes[-1].width == pytest.approx(0.254, rel=0.01)
    assert not layer.malformed


def test_a_coordinate_that_is_not_given_stays() -> None:
    layer = read_gerber(HEAD + "X10000Y10000D02*\nX20000D01*\nY20000D01*\nM02*")
    assert points(layer) == [[(25.4, 25.4), (50.8, 25.4), (50.8, 50.8)]]


def test_incremental_coordinates_add_up() -> None:
    layer = read_gerber(HEAD + "G91*X10000Y0D02*X10000D01*Y10000D01*M02*")
    assert points(layer) == [[(25.4, 0.0), (50.8, 0.0), (50.8, 25.4)]]


def test_a_file_without_an_end_is_read_to_its_end() -> None:
    assert len(read_gerber(HEAD + "X0Y0D02*\nX1Y1D01*").picture.strokes) == 1


def test_nothing_is_read_after_the_end() -> None:
    assert flashes(read_gerber(HEAD + "X0Y0D03*M02*X10000Y0D03*")) == [(0.0, 0.0)]


def test_a_percent_sign_in_a_comment_does_no_harm() -> None:
    assert flashes(read_gerber("G04 100% done*\n" + HEAD + "X0Y0D03*M02*")) == [(0.0, 0.0)]


@pytest.mark.parametrize("code", ["G02", "G03", "G2", "G3"])
def test_a_full_circle_by_its_centre_is_round(code: str) -> None:
    body = ["G75*", "D10*", at(10, 0) + "D02*", code + at(10, 0) + f"I{-10_000_000}J0D01*"]
    assert box(gerber(*body)) == pytest.approx((-10.05, -10.05, 10.05, 10.05), abs=0.002)


@pytest.mark.parametrize(
    ("code", "end", "middle"),
    [("G03", (0, 10), (7.071, 7.071)), ("G02", (0, 10), (-7.071, -7.071))],
)
def test_arcs_turn_the_way_they_are_told(
    code: str, end: tuple[float, float], middle: tuple[float, float]
) -> None:
    body = ["G75*", "D10*", at(10, 0) + "D02*", code + at(*end) + "I-10000000J0D01*"]
    (stroke,) = read_gerber(gerber(*body)).picture.strokes
    assert all(math.hypot(x, y) == pytest.approx(10, abs=1e-6) for x, y in stroke.points)
    assert min(math.dist(point, middle) for point in stroke.points) < 0.2


def test_a_quarter_by_unsigned_offsets_finds_its_centre() -> None:
    body = ["G74*", "D10*", at(0, 10) + "D02*", "G03" + at(-10, 0) + "I0J10000000D01*"]
    (stroke,) = read_gerber(gerber(*body)).picture.strokes
    assert all(math.hypot(x, y) == pytest.approx(10, abs=1e-6) for x, y in stroke.points)


def test_without_g74_or_g75_the_offsets_that_fit_are_taken() -> None:
    body = ["D10*", at(0, 10) + "D02*", "G03" + at(-10, 0) + "I0J10000000D01*"]
    (stroke,) = read_gerber(gerber(*body)).picture.strokes
    assert all(math.hypot(x, y) == pytest.approx(10, abs=1e-6) for x, y in stroke.points)


def test_a_region_is_filled_contours_and_no_strokes() -> None:
    body = ["G36*", line((0, 0), (4, 0), (4, 4), (0, 0)), line((10, 0), (14, 0), (14, 4), (10, 0)), "G37*"]
    picture = read_gerber(gerber("D10*", *body)).picture
    assert (len(picture.regions), len(picture.strokes)) == (2, 0)
    assert picture.regions[1].points[0] == (10.0, 0.0)


def test_what_is_cleared_is_not_dark() -> None:
    picture = read_gerber(gerber("D10*", at(1, 1) + "D03*", "%LPC*%", at(2, 2) + "D03*", "%LPD*%")).picture
    assert [flash.dark for flash in picture.flashes] == [True, False]


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ("C,1.5", (1.5, 1.5)),
        ("C,1.5X0.5", (1.5, 1.5)),
        ("R,2X1", (2, 1)),
        ("O,2X1X0.3", (2, 1)),
        ("P,2X4X45", (math.sqrt(2), math.sqrt(2))),
        ("P,2X4", (2, 2)),
    ],
)
def test_plain_apertures_have_their_size(shape: str, size: tuple[float, float]) -> None:
    _, aperture = read_aperture("10" + shape, 1.0, {}, "")
    assert sorted((aperture.width, aperture.height)) == pytest.approx(sorted(size), rel=1e-6) or (
        aperture.angle and aperture.width * aperture.height == pytest.approx(2.0)
    )


@pytest.mark.parametrize(
    ("macro", "parameters", "size"),
    [
        ("1,1,$1,0,0", "3", (3, 3)),
        ("21,1,$1,$2,0,0,0", "3X2", (3, 2)),
        ("21,1,3,2,0,0,30", "", (3, 2)),
        ("20,1,1,-2,0,2,0,0", "", (4, 1)),
        ("22,1,3,2,-1.5,-1,0", "", (3, 2)),
        ("4,1,4,0,0,3,0,3,2,0,2,0,0,0", "", (3, 2)),
        ("5,1,4,0,0,2,45", "", (math.sqrt(2), math.sqrt(2))),
        ("7,0,0,4,3,0.5,0", "", (4, 4)),
        ("6,0,0,5,0.5,0.5,2,0.1,6,0", "", (5, 5)),
        ("$3=$1x2-$2/(1+1)*21,1,$3,1,0,0,0", "2X2", (3, 1)),
        ("0 a remark*1,1,2,0,0*1,0,1,0,0", "", (2, 2)),
    ],
)
def test_macros_are_worked_out(macro: str, parameters: str, size: tuple[float, float]) -> None:
    macros = {"M1": Macro(tuple(macro.split("*")))}
    _, aperture = read_aperture("11M1" + ("," + parameters if parameters else ""), 1.0, macros, "")
    assert sorted((aperture.width, aperture.height)) == pytest.approx(sorted(size), rel=0.01)


def test_a_turned_macro_pad_tells_its_angle() -> None:
    _, aperture = read_aperture("11M", 1.0, {"M": Macro(("21,1,4,1,0,0,30",))}, "")
    assert (round(aperture.width, 6), round(aperture.height, 6), round(aperture.angle, 6)) == (4, 1, 30)


@given(
    st.recursive(
        st.integers(0, 50).map(str),
        lambda inner: st.tuples(inner, st.sampled_from("+-x"), inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})"),
        max_leaves=8,
    )
)
def test_macro_arithmetic_agrees_with_python(text: str) -> None:
    assert evaluate(text, {}) == eval(text.replace("x", "*"))


def test_a_repeated_block_is_drawn_as_often_as_it_says() -> None:
    once = at(50, 50) + "D03*"
    layer = read_gerber(gerber("D10*", "%SRX3Y2I5.0J4.0*%", at(1, 1) + "D03*", "%SR*%", once))
    assert sorted(flashes(layer)) == sorted(
        [(1.0 + 5 * i, 1.0 + 4 * j) for i in range(3) for j in range(2)] + [(50.0, 50.0)]
    )


def test_a_repeat_of_one_is_none() -> None:
    assert flashes(read_gerber(gerber("%SRX1Y1I0J0*%", "D10*", at(1, 1) + "D03*"))) == [(1.0, 1.0)]


def test_a_block_aperture_is_stamped_turned_and_mirrored() -> None:
    body = ["%ABD12*%", "D10*", at(1, 0) + "D03*", "%AB*%", "D12*", at(10, 10) + "D03*"]
    body += ["%LR90*%", at(20, 10) + "D03*", "%LR0*%", "%LMX*%", at(30, 10) + "D03*"]
    assert flashes(read_gerber(gerber(*body))) == [(11.0, 10.0), (20.0, 11.0), (29.0, 10.0)]


def test_scale_changes_size() -> None:
    (flash,) = read_gerber(gerber("D10*", "%LS2.0*%", at(0, 0) + "D03*")).picture.flashes
    assert flash.size == pytest.approx((0.2, 0.2))


@pytest.mark.parametrize("form", ["%{}*%", "G04 #@! {}*"])
def test_attributes_count_as_statements_and_as_comments(form: str) -> None:
    head = [form.format("TF.FileFunction,Copper,L1,Top"), "%FSLAX46Y46*%%MOMM*%"]
    pad = [form.format("TA.AperFunction,SMDPad,CuDef"), "%ADD10R,1X2*%", form.format("TD")]
    body = [form.format("TO.N,GND"), "D10*", "X0Y0D03*", form.format("TD"), "X1Y1D03*", "M02*"]
    layer = read_gerber("\n".join([*head, *pad, *body]))
    assert layer.attributes[".FileFunction"] == ("Copper", "L1", "Top")
    assert [(f.function, f.net) for f in layer.picture.flashes] == [
        ("SMDPad,CuDef", "GND"),
        ("SMDPad,CuDef", ""),
    ]
    assert read_attributes("\n".join(head))[".FileFunction"] == ("Copper", "L1", "Top")


def test_what_is_not_told_is_said() -> None:
    assert read_gerber("%ADD10C,0.01*%D10*X0Y0D03*M02*").guessed == [
        "no unit; inches assumed",
        "no number format; 2:4 inch, leading zeros left out assumed",
    ]


@pytest.mark.parametrize(
    "body",
    [
        *["D99*", "%ADD11Nothing,1*%", "%ADD11*%", "G99*", "%AMX*99,1,1*%%ADD11X*%", "X1..2Y0D01*"],
        *["%SRXa*%", "D04*", "%ADD11R*%", "%AMX*1,1,1/0,0,0*%%ADD11X*%", "%LS0*%", "%FSQ*%", "nonsense !*"],
    ],
)
def test_what_cannot_be_understood_is_counted_and_the_rest_is_read(body: str) -> None:
    layer = read_gerber(HEAD + body + "\nD10*\nX10000Y0D03*\nM02*")
    assert sum(layer.malformed.values()) == 1
    assert (25.4, 0.0) in flashes(layer)


@pytest.mark.parametrize(
    "body",
    ["%SRX900Y900I1J1*%" + "X0Y0D03*" * 5 + "%SR*%", "%ABD11*%" * 20, "X99999999Y99999999D03*"],
)
def test_what_is_beyond_any_board_is_refused(body: str) -> None:
    with pytest.raises(TooMuchError):
        read_gerber("%FSLAX22Y22*%%MOIN*%%ADD10C,0.01*%D10*" + body)


def test_nested_repeats_cannot_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plotter, "OBJECTS", 20_000)
    blocks = "".join(f"%ABD{n}*%D{n - 1}*" + "X0Y0D03*" * 20 + "%AB*%" for n in range(11, 30))
    with pytest.raises(TooMuchError):
        read_gerber(HEAD + blocks + "D29*X0Y0D03*M02*")


@given(st.text(alphabet="%*XYDGIJM0123456789.+-,$()ABCFLSRP \n", max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    with contextlib.suppress(TooMuchError):
        read_gerber(HEAD + text)


PLACES = st.integers(-999_999, 999_999)


@given(st.lists(st.tuples(PLACES, PLACES), min_size=1, max_size=8))
def test_both_ways_of_leaving_out_zeros_mean_the_same(places: list[tuple[int, int]]) -> None:
    def trailing(value: int) -> str:
        digits = f"{abs(value):06d}".rstrip("0") or "0"
        return ("-" if value < 0 else "") + digits

    leading = "".join(f"X{x}Y{y}D03*" for x, y in places)
    kept = "".join(f"X{trailing(x)}Y{trailing(y)}D03*" for x, y in places)
    one = read_gerber("%FSLAX24Y24*%%MOIN*%%ADD10C,1*%D10*" + leading + "M02*")
    other = read_gerber("%FSTAX24Y24*%%MOIN*%%ADD10C,1*%D10*" + kept + "M02*")
    assert flashes(one) == flashes(other)
