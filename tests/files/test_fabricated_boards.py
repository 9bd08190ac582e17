"""Boards that only their fabrication files show, and fabrication files beside a board file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.files.designs import BOARD, RECTANGLE, footprint
from tests.files.fabrication_writer import at, drill, gerber, rectangle, zipped

from manyworks.files import read
from manyworks.files.origins import moved_onto_pads
from manyworks.files.pad_shares import share_out
from manyworks.files.part_kinds import kind_of
from manyworks.files.tables import Position
from manyworks.model import BoardDesign, Finding, Item, Land, Opening, Product

Write = Callable[[str, "str | bytes"], Path]
Files = Mapping[str, str]

CHIP = ((-0.8, 0.0), (0.8, 0.0))
QUAD = tuple(
    place
    for k in range(-6, 7)
    for place in ((k * 0.5, 4.2), (k * 0.5, -4.2), (4.2, k * 0.5), (-4.2, k * 0.5))
)
SIZES = {CHIP: "R,0.8X0.9", QUAD: "R,0.3X0.3"}


@dataclass(frozen=True)
class Mounted:
    """A part of an invented board."""

    name: str
    x: float
    y: float
    pads: Sequence[tuple[float, float]] = CHIP
    side: str = "top"
    drilled: bool = False
    value: str = "1k"


@dataclass(frozen=True)
class Invented:
    """A board with its fabrication files, position file and parts list."""

    parts: Sequence[Mounted]
    wide: float = 50.0
    tall: float = 30.0
    name: str = "badge"
    vias: Sequence[tuple[float, float]] = field(default=((2.0, 2.0), (48.0, 28.0)))

    def layer(self, side: str, *, mask: bool) -> str:
        """Copper or mask of a side: pads flashed, vias only in copper."""
        body = []
        shapes = {10: "C,0.6", 11: SIZES[CHIP], 12: SIZES[QUAD], 13: "C,1.6"}
        if not mask:
            body += ["D10*", *(at(*via) + "D03*" for via in self.vias)]
        for part in self.parts:
            if part.drilled or part.side == side:
                code = 13 if part.drilled else 12 if part.pads is QUAD else 11
                body.append(f"D{code}*")
                body += [at(part.x + dx, part.y + dy) + "D03*" for dx, dy in part.pads]
        return gerber(*body, apertures=shapes)

    def holes(self) -> str:
        legs = [(p.x + dx, p.y + dy) for p in self.parts if p.drilled for dx, dy in p.pads]
        return drill([*self.vias, *legs], 0.3)

    def files(self) -> dict[str, str]:
        """The fabrication files by Protel's names."""
        edge = gerber("D10*", rectangle(0, 0, self.wide, self.tall))
        return {
            f"{self.name}.GTL": self.layer("top", mask=False),
            f"{self.name}.GBL": self.layer("bottom", mask=False),
            f"{self.name}.GTS": self.layer("top", mask=True),
            f"{self.name}.GBS": self.layer("bottom", mask=True),
            f"{self.name}.GKO": edge,
            f"{self.name}.TXT": self.holes(),
        }

    def panel(self, *, turned: bool) -> dict[str, str]:
        """Fabrication files of two by two boards with gaps between them."""
        wide, tall = (self.tall, self.wide) if turned else (self.wide, self.tall)
        corners = [(column * (wide + 5), row * (tall + 5)) for column in range(2) for row in range(2)]

        def placed(x: float, y: float, corner: tuple[float, float]) -> tuple[float, float]:
            return (corner[0] + (y if turned else x), corner[1] + (x if turned else y))

        many = Invented(
            parts=[
                replace(p, x=placed(p.x, p.y, c)[0], y=placed(p.x, p.y, c)[1])
                for c in corners
                for p in self.parts
            ],
            vias=[placed(*via, c) for c in corners for via in self.vias],
            name="panel",
        )
        edges = [rectangle(*corner, wide, tall) for corner in corners]
        return {**many.files(), "panel.GKO": gerber("D10*", *edges)}

    def places(self) -> str:
        """A position file as assemblers want it."""
        rows = [f"{p.name},{p.x}mm,{p.y}mm,90,{p.side}" for p in self.parts]
        return "\n".join(["Designator,Mid X,Mid Y,Rotation,Layer", *rows]) + "\n"

    def list(self) -> str:
        """A parts list."""
        rows = [f"{p.value},{p.name},R_0603,RC0603-{p.value}" for p in self.parts]
        return "\n".join(["Comment,Designator,Footprint,MPN", *rows]) + "\n"


BADGE = Invented(
    parts=(
        Mounted("R1", 10, 10),
        Mounted("R2", 20, 10),
        Mounted("C1", 30, 10, side="bottom", value="100n"),
        Mounted("U1", 25, 20, pads=QUAD, value="MCU"),
        Mounted("J1", 40, 22, pads=((-2.54, 0), (0, 0), (2.54, 0)), drilled=True, value="HDR"),
    )
)


def product_of(*paths: Path) -> tuple[Product, tuple[Finding, ...]]:
    product, findings = read(*paths)
    assert product is not None, findings
    return product, findings


def board_in(item: Item) -> BoardDesign:
    assert isinstance(item.design, BoardDesign), item
    return item.design


def boards_of(product: Product) -> list[Item]:
    return [item for item in product.items.values() if isinstance(item.design, BoardDesign)]


def of(findings: Iterable[Finding], code: str) -> list[Finding]:
    return [finding for finding in findings if finding.code == code]


class TestPopulated:
    """Gerber files, a position file and a parts list, without a board file."""

    @pytest.fixture(params=["zip", "loose", "folder"])
    def folder(self, request: pytest.FixtureRequest, write: Write) -> Path:
        packed = {"zip": "order/gerbers.zip", "loose": "order/", "folder": "order/gerber/"}[request.param]
        if request.param == "zip":
            write(packed, zipped(BADGE.files()))
        else:
            for name, text in BADGE.files().items():
                write(packed + name, text)
        write("order/cpl.csv", BADGE.places())
        return write("order/bom.csv", BADGE.list()).parent

    def test_the_parts_stand_on_the_board_with_their_pads(self, folder: Path) -> None:
        product, findings = product_of(folder)
        parts = {p.designator: p for p in board_in(product.item).placements}
        assert {name: (p.surface_pads, p.through_pads) for name, p in parts.items()} == {
            "R1": (2, 0),
            "R2": (2, 0),
            "C1": (2, 0),
            "U1": (52, 0),
            "J1": (0, 3),
        }
        assert not of(findings, "files.board.pads-unknown")
        assert all(part.fitted for part in parts.values())

    def test_sides_turns_and_pitches_are_known(self, folder: Path) -> None:
        product, _ = product_of(folder)
        parts = {p.designator: p for p in board_in(product.item).placements}
        assert (parts["C1"].side, parts["R1"].side) == ("bottom", "top")
        assert (parts["R1"].pitch_mm, parts["U1"].pitch_mm, parts["J1"].pitch_mm) == pytest.approx(
            (1.6, 0.5, 2.54)
        )
        assert parts["R1"].rotation_deg == 90

    def test_it_has_the_bill_and_the_names_of_all_files(self, folder: Path) -> None:
        product, findings = product_of(folder)
        assert [line.quantity for line in product.item.bill] == [1] * 5
        roles = sorted(file.role for file in product.item.files)
        assert roles == ["bill", "board", *["fabrication"] * 5, "positions"]
        assert not of(findings, "files.unused")


def test_a_list_alone_gives_no_places_and_says_so(write: Write) -> None:
    write("gerbers.zip", zipped(BADGE.files()))
    product, findings = read(write("cpl.csv", BADGE.places()).parent)
    assert product is not None
    assert len(board_in(product.item).placements) == 5
    assert of(findings, "files.board.bill-from-board")


def test_values_and_packages_may_come_from_the_position_file(write: Write) -> None:
    write("gerbers.zip", zipped(BADGE.files()))
    rows = "Ref,Val,Package,PosX,PosY,Rot,Side\nR1,4k7,R_0603,10,10,0,top\nR2,4k7,R_0603,20,10,0,top\n"
    product, _ = product_of(write("pos.csv", rows).parent)
    (line,) = product.item.bill
    assert (product.items[line.item].value, product.items[line.item].footprint) == ("4k7", "R_0603")
    assert line.designators == ("R1", "R2")


class TestSeveralSets:
    """Two boards in one order."""

    OTHER = Invented(
        parts=(Mounted("R1", 5, 5), Mounted("R2", 5, 12), Mounted("R7", 30, 35, value="2k")),
        wide=40,
        tall=40,
        name="remote",
    )

    def test_each_gets_the_positions_whose_parts_stand_on_its_pads(self, write: Write) -> None:
        for board, number in ((BADGE, 1), (self.OTHER, 2)):
            write(f"gerbers-{board.name}.zip", zipped(board.files()))
            write(f"cpl-{3 - number}.csv", board.places())
            write(f"bom-{3 - number}.csv", board.list())
        product, findings = product_of(write("notes.txt", "hello").parent)
        placed = {item.id: {p.designator for p in board_in(item).placements} for item in boards_of(product)}
        assert placed == {"badge": {"R1", "R2", "C1", "U1", "J1"}, "remote": {"R1", "R2", "R7"}}
        files = {
            item.id: {f.path for f in item.files if f.role != "fabrication"} for item in boards_of(product)
        }
        assert {"cpl-2.csv", "bom-2.csv"} <= files["badge"]
        assert {"cpl-1.csv", "bom-1.csv"} <= files["remote"]
        assert not of(findings, "files.bill.several")

    def test_variants_of_one_board_stand_back(self, write: Write) -> None:
        write("gerbers.zip", zipped(BADGE.files()))
        write("cpl-full.csv", BADGE.places())
        less = Invented(parts=BADGE.parts[:3])
        product, findings = product_of(write("cpl-less.csv", less.places()).parent)
        assert len(board_in(product.item).placements) == 5
        assert [f.where for f in of(findings, "files.unused")] == ["cpl-less.csv"]

    def test_positions_of_another_board_are_named_and_not_used(self, write: Write) -> None:
        write("gerbers.zip", zipped(BADGE.files()))
        far = Invented(parts=[Mounted(f"R{k}", 200 + 7.3 * k, (k * k) % 23) for k in range(12)])
        product, findings = product_of(write("cpl.csv", far.places()).parent)
        assert not board_in(product.item).placements
        (finding,) = of(findings, "files.positions.unclaimed")
        assert (finding.where, finding.severity.value) == ("cpl.csv", "warning")

    @pytest.mark.parametrize("move", [(100.0, 0.0), (-21.37, 83.11), (7.5, -4.0), (2.0, 1.0)])
    def test_places_that_count_from_another_origin_are_moved_onto_the_pads(
        self, write: Write, move: tuple[float, float]
    ) -> None:
        chips = [
            Mounted(f"R{k}", 4 + (7 * k) % 41, 4 + (5 * k) % 23, side="top" if k % 4 else "bottom")
            for k in range(14)
        ]
        board = Invented(parts=[*chips, BADGE.parts[-1]])
        write("gerbers.zip", zipped(board.files()))
        moved = Invented(parts=[replace(p, x=p.x + move[0], y=p.y + move[1]) for p in board.parts])
        product, findings = product_of(write("cpl.csv", moved.places()).parent)
        places = {p.designator: (p.x_mm, p.y_mm) for p in board_in(product.item).placements}
        assert len(places) == 15
        assert all(places[p.name] == pytest.approx((p.x, p.y), abs=0.01) for p in board.parts)
        assert {p.surface_pads for p in board_in(product.item).placements if p.designator != "J1"} == {2}
        assert [f.where for f in of(findings, "files.positions.origin")] == ["cpl.csv"]

    def test_the_same_set_loose_and_packed_is_one_board(self, write: Write) -> None:
        for name, text in BADGE.files().items():
            write(f"gerber/{name}", text)
        path = write("gerber/all.zip", zipped(BADGE.files()))
        product, findings = product_of(path.parent.parent)
        assert len(boards_of(product)) == 1
        assert len(of(findings, "files.board.copy")) == 1
        paths = {file.path for file in product.item.files}
        assert paths == {
            *(f"gerber/{name}" for name in BADGE.files()),
            *(f"gerber/all.zip/{name}" for name in BADGE.files()),
        }

    def test_drills_in_a_sister_folder_belong_to_the_layers(self, write: Write) -> None:
        for name, text in BADGE.files().items():
            write(f"out/{'drill' if name.endswith('TXT') else 'layers'}/{name}", text)
        product, findings = product_of(write("out/readme.md", "hello").parent)
        assert board_in(product.item).plated_holes == 5
        assert not of(findings, "files.fabrication.no-drills")


class TestBesideABoardFile:
    """A KiCad board with what was plotted of it."""

    def kicad(self, write: Write, *extra: str, name: str = "badge.kicad_pcb") -> Path:
        edge = '(gr_rect (start 0 0) (end 50 30) (stroke (width 0.1) (type solid)) (layer "Edge.Cuts"))'
        pads = "".join(
            f'(pad "{k}" thru_hole circle (at {x} {y}) (size 0.6 0.6) (drill 0.3) (layers "*.Cu" "*.Mask"))'
            for k, (x, y) in enumerate(((2, 2), (48, 28), (37.46, 22), (40, 22), (42.54, 22)))
        )
        header = footprint("J1", at="0 0", attr="through_hole", pads=pads)
        return write(name, BOARD.format(extra="\n".join((edge, header, *extra))))

    def test_they_are_attached_and_agree(self, write: Write) -> None:
        path = self.kicad(write)
        write("gerbers.zip", zipped(BADGE.files()))
        product, findings = product_of(path.parent)
        assert len(boards_of(product)) == 1
        assert len(of(findings, "files.board.fabrication")) == 1
        assert sorted(file.role for file in product.item.files) == ["board", *["fabrication"] * 6]
        assert not of(findings, "files.fabrication.thickness-assumed")

    def test_another_state_of_the_holes_is_told(self, write: Write) -> None:
        path = self.kicad(write, '(via (at 5 5) (size 0.6) (drill 0.3) (layers "F.Cu" "B.Cu") (net 0))')
        write("gerbers.zip", zipped(BADGE.files()))
        product, findings = product_of(path.parent)
        assert board_in(product.item).plated_holes == 6
        (finding,) = of(findings, "files.board.fabrication-differs")
        assert "6 plated holes here, 5 there" in finding.message

    def test_files_of_the_boards_name_and_another_size_are_another_state_of_it(self, write: Write) -> None:
        path = self.kicad(write)
        larger = Invented(parts=BADGE.parts, wide=52)
        write("gerbers.zip", zipped(larger.files()))
        product, findings = product_of(path.parent)
        assert len(boards_of(product)) == 1
        (finding,) = of(findings, "files.board.fabrication-differs")
        assert "50.00 x 30.00 mm here, 52.00 x 30.00 mm there" in finding.message

    def test_a_board_of_the_same_size_with_other_holes_is_another_board(self, write: Write) -> None:
        path = self.kicad(write, name="main.kicad_pcb")
        many = [(3.0 + 2 * k, 15.0) for k in range(20)]
        write("gerbers.zip", zipped(Invented(parts=BADGE.parts, name="relay", vias=many).files()))
        product, _ = product_of(path.parent)
        assert {item.id for item in boards_of(product)} == {"main", "relay"}

    @pytest.mark.parametrize("turned", [False, True])
    @pytest.mark.parametrize("by", ["board file", "fabrication files"])
    def test_a_panel_of_a_board_is_no_board_of_its_own(self, write: Write, by: str, turned: bool) -> None:
        if by == "board file":
            self.kicad(write)
        else:
            write("single.zip", zipped(BADGE.files()))
        product, findings = product_of(write("panel.zip", zipped(BADGE.panel(turned=turned))).parent)
        (item,) = boards_of(product)
        assert board_in(item).pieces == 1
        assert "a panel of 4" in of(findings, "files.board.panel")[0].message
        assert sum(file.role == "panel" for file in item.files) == 6

    def test_a_model_and_plots_of_the_board_are_no_parts_of_their_own(self, write: Write) -> None:
        from tests.files.test_solid_reading import binary, box

        path = self.kicad(write)
        write("badge.stl", binary(box(50, 32, 4)))
        write("badge-F_Cu.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9mm" height="9mm" '
              'viewBox="0 0 9 9"><rect width="8" height="8" fill="none" stroke="red"/></svg>')  # fmt: skip
        product, findings = product_of(path.parent)
        assert {file.path: file.role for file in product.item.files} == {
            "badge.kicad_pcb": "board",
            "badge.stl": "model",
            "badge-F_Cu.svg": "drawing",
        }
        assert {f.where for f in of(findings, "files.board.view")} == {"badge.stl", "badge-F_Cu.svg"}

    def test_a_case_that_bears_the_boards_name_stays_a_part(self, write: Write) -> None:
        from tests.files.test_solid_reading import binary, box

        path = self.kicad(write)
        write("badge.stl", binary(box(90, 70, 14)))
        product, _ = product_of(path.parent)
        assert len(product.item.bill) == 2


class TestShares:
    """Which pad is whose."""

    def _design(self, lands: Sequence[Land], openings: Sequence[Opening] = ()) -> BoardDesign:
        return BoardDesign(
            width_mm=100,
            height_mm=100,
            area_mm2=1e4,
            copper_layers=2,
            thickness_mm=1.6,
            plated_holes=len(openings),
            nonplated_holes=0,
            slots=0,
            min_track_mm=None,
            min_space_mm=None,
            min_drill_mm=None,
            lands=tuple(lands),
            openings=tuple(openings),
        )

    def _position(self, name: str, x: float, y: float, side: str = "top") -> Position:
        return Position(designator=name, x_mm=x, y_mm=y, rotation_deg=0, side=side, where="p.csv:row 2")

    def _lands(
        self, x: float, y: float, pads: Sequence[tuple[float, float]], side: str = "top"
    ) -> list[Land]:
        size = (0.3, 0.3) if pads is QUAD else (0.8, 0.9)
        return [Land(side=side, centre_mm=(x + dx, y + dy), size_mm=size) for dx, dy in pads]

    def test_a_large_part_keeps_pads_that_small_ones_are_nearer_to(self) -> None:
        lands = [*self._lands(0, 0, QUAD), *self._lands(5.5, 0, CHIP), *self._lands(0, 5.4, CHIP)]
        positions = [self._position("U1", 0, 0), self._position("C1", 5.5, 0), self._position("C2", 0, 5.4)]
        shares = share_out(self._design(lands), positions)
        assert {name: share[0] for name, share in shares.items()} == {"U1": 52, "C1": 2, "C2": 2}

    def test_parts_of_the_other_side_have_no_say(self) -> None:
        lands = self._lands(0, 0, CHIP, side="bottom")
        positions = [self._position("R1", 0, 0), self._position("R2", 3, 0, side="bottom")]
        assert {n: s[0] for n, s in share_out(self._design(lands), positions).items()} == {"R1": 0, "R2": 2}

    def test_pads_that_name_their_part_are_believed(self) -> None:
        lands = [Land(side="top", centre_mm=(0, 0), size_mm=(1, 1), reference="R9")]
        positions = [self._position("R1", 0, 0), self._position("R9", 40, 0)]
        assert {n: s[0] for n, s in share_out(self._design(lands), positions).items()} == {"R1": 0, "R9": 1}

    def test_a_drilled_pad_seen_on_both_sides_counts_once(self) -> None:
        lands = [*self._lands(0, 0, CHIP), *self._lands(0, 0, CHIP, side="bottom")]
        holes = [Opening(start_mm=(x, y), end_mm=(x, y), diameter_mm=0.4, plated=True) for x, y in CHIP]
        assert share_out(self._design(lands, holes), [self._position("D1", 0, 0)])["D1"][:2] == (0, 2)

    def test_pads_far_from_every_part_are_nobodys(self) -> None:
        shares = share_out(self._design(self._lands(50, 50, CHIP)), [self._position("R1", 0, 0)])
        assert shares["R1"] == (0, 0, None)

    def test_large_boards_find_their_origin_too(self) -> None:
        places = [(5.3 * (k % 50) + k % 3, 4.7 * (k // 50)) for k in range(2_000)]
        lands = [land for x, y in places for land in self._lands(x, y, CHIP)]
        given = [self._position(f"R{k}", x - 31.25, y + 8.5) for k, (x, y) in enumerate(places)]
        design = replace(self._design(lands), outline_mm=(((-5, -5), (300, -5), (300, 250), (-5, 250)),))
        moved = moved_onto_pads(design, given)
        assert moved is not None
        assert moved[1] == pytest.approx((31.25, -8.5), abs=0.01)

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from(["top", "bottom"])),
            unique_by=lambda place: place[:2],
            max_size=60,
        )
    )
    def test_chips_on_a_grid_get_two_pads_each(self, places: list[tuple[int, int, str]]) -> None:
        lands = [land for x, y, side in places for land in self._lands(3.0 * x, 2.0 * y, CHIP, side)]
        positions = [self._position(f"R{k}", 3.0 * x, 2.0 * y, side) for k, (x, y, side) in enumerate(places)]
        shares = share_out(self._design(lands), positions)
        assert all(share == (2, 0, 1.6) for share in shares.values())


@pytest.mark.parametrize(
    ("package", "kind"),
    [
        ("Dsub:DSUB-9_Female_Horizontal_P2.77x2.84mm_Housed_MountingHolesOffset9.12mm", "part"),
        ("USB_C_Receptacle_MountingHole", "part"),
        ("MountingHole:MountingHole_3.2mm_M3_Pad_Via", "mounting hole"),
        ("my:ScrewHole", "mounting hole"),
    ],
)
def test_connectors_with_holes_are_parts(package: str, kind: str) -> None:
    assert kind_of("J1", package, "") == kind


def test_a_board_without_parts_needs_no_list(write: Write) -> None:
    _, findings = product_of(write("badge.kicad_pcb", BOARD.format(extra=RECTANGLE)))
    assert not of(findings, "files.board.bill-from-board")
