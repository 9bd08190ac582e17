"""The steps that put parts on a board: placed by line or by hand, X-rayed, tested, coated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from manyworks.model import (
    BillLine,
    BoardDesign,
    Input,
    Item,
    Operation,
    OperationId,
    Requirement,
    Routing,
    RoutingId,
    ToolNeed,
)
from manyworks.processes.routing.bare_board_routes import board_thickness
from manyworks.processes.routing.board_arrays import line_array
from manyworks.processes.routing.board_parts import (
    BoardParts,
    Part,
    finest_pitch,
    hand_drivers,
    kept_free,
    line_drivers,
    smallest_package,
)
from manyworks.processes.routing.board_words import asks_for
from manyworks.processes.routing.drafts import Draft, has_word, told, words_of
from manyworks.processes.tables import default

_HOUR = 3600.0
_HAND, _LINE, _WAVE = "hand", "line", "line-wave"
_KINDS = {
    _HAND: "hand assembly",
    _LINE: "pick-and-place line",
    _WAVE: "pick-and-place line, selective wave",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A board to be assembled: the item, what it is made on, what goes on it."""

    item: Item
    bare: Item
    design: BoardDesign
    parts: BoardParts
    stencil: Item | None
    draft: Draft

    def wishes(self, process: str, words: str) -> bool:
        """Whether a further step is asked for, by its process or by words."""
        return process in self.item.processes or asks_for(self.item, words)


def assembly_ways(
    item: Item, bare: Item, design: BoardDesign, parts: BoardParts, stencil: Item | None, draft: Draft
) -> list[Routing]:
    """Every way to put the parts on: by hand and, with surface parts, on a line.

    After the line the parts with legs are soldered by hand or, where they are many, by a selective wave.
    Where ball grids are on the board, or X-ray is asked for, each way has it; with leadless packages
    only there is each way with it and without.
    """
    job = _Job(item=item, bare=bare, design=design, parts=parts, stencil=stencil, draft=draft)
    places = [_HAND] if stencil is None else [_HAND, _LINE]
    places += [_WAVE] if stencil is not None and _legs(job) >= default("selective_least_joints") else []
    return [_way(job, place, looked) for place in places for looked in _looks(job)]


def _legged(job: _Job) -> tuple[Part, ...]:
    """Parts with legs only: what a wave can solder after the line."""
    return tuple(part for part in job.parts.others if part.through_pads > 0 and part.surface_pads == 0)


def _legs(job: _Job) -> int:
    return sum(part.through_pads for part in _legged(job))


def _looks(job: _Job) -> list[bool]:
    """Whether to look under the bodies: must, may or need not."""
    hidden = job.parts.hidden
    if job.wishes("x-ray-inspection", "xray") or any(part.has_balls for part in hidden):
        return [True] if hidden else [False]
    return [False, True] if hidden else [False]


def _way(job: _Job, place: str, looked: bool) -> Routing:
    slug = f"{place}-xray" if looked and len(_looks(job)) > 1 else place
    operations: list[Operation] = []
    for step in _steps(job, place, slug, looked):
        operations.append(replace(step, after=tuple(o.id for o in operations[-1:])))
    kind = _KINDS[place]
    return Routing(
        id=RoutingId(f"{job.item.id}/{slug}"),
        item=job.item.id,
        kind=f"{kind}, X-rayed" if slug != place else kind,
        operations=tuple(operations),
        assumptions=_assumptions(job, place, looked),
    )


def _steps(job: _Job, place: str, slug: str, looked: bool) -> Iterator[Operation]:
    """The operations of a way, in their order."""
    if place == _HAND:
        yield _hand_step(job, job.parts.parts, slug)
    else:
        yield _place_step(job, slug)
    if looked:
        yield _xray_step(job, slug)
    legs = _legged(job) if place == _WAVE else ()
    if legs:
        yield _wave_step(job, legs, slug)
    rest = tuple(part for part in job.parts.others if part not in legs)
    if place != _HAND and rest:
        yield _hand_step(job, rest, slug, done=(*job.parts.surface, *legs))
    yield _test_step(job, slug)
    if job.wishes("conformal-coating", "coating"):
        yield _coating_step(job, slug)


def _assumptions(job: _Job, place: str, looked: bool) -> tuple[str, ...]:
    names = ["unknown_part_pads", "hand_part_attrition", "hand_part_spare"]
    if place != _HAND:
        names = ["small_part_attrition", "small_part_spare", "large_part_attrition"]
        names += ["array_side_mm", "stencil_life", "fine_pitch_mm"]
    if place == _WAVE:
        names.append("selective_least_joints")
    if job.wishes("conformal-coating", "coating"):
        names += ["coating_cure_hours", "coating_sides"]
    if asks_for(job.item, "nets"):
        names.append("pads_per_net")
    words = []
    if job.parts.hidden and not looked:
        number = len(job.parts.hidden)
        words.append(
            f"routing: joints under {number} bodies are not X-rayed (nobody asks); the test finds faults"
        )
    return (*told(*names), *words)


# Parts that go in ----------------------------------------------------------------------------


def _is_small(line: int, parts: BoardParts) -> bool:
    pads = [p.surface_pads + p.through_pads for p in parts.parts if p.line == line]
    return max(pads, default=0) <= 2


def _input(line: BillLine, share: float, spare: float) -> Input:
    return Input(item=line.item, quantity=line.quantity, attrition=share, attrition_min=spare)


def _line_inputs(indices: tuple[int, ...], parts: BoardParts) -> tuple[Input, ...]:
    """Parts for the pick-and-place line: small ones are lost in the feeders, large ones recovered."""
    small = (default("small_part_attrition"), default("small_part_spare"))
    large = (default("large_part_attrition"), 0.0)
    return tuple(_input(parts.lines[i], *(small if _is_small(i, parts) else large)) for i in indices)


def _hand_inputs(indices: tuple[int, ...], parts: BoardParts) -> tuple[Input, ...]:
    surface = set(parts.lines_of(parts.surface))
    lost = (default("hand_part_attrition"), default("hand_part_spare"))
    kept = (0.0, 0.0)
    return tuple(
        _input(parts.lines[i], *(lost if i in surface and _is_small(i, parts) else kept)) for i in indices
    )


def _set_of(indices: Iterable[int], parts: BoardParts) -> str:
    """Part numbers as the state of a set of feeders or trays."""
    names = (parts.lines[i].item if parts.lines else f"part {i}" for i in indices)
    return "|".join(sorted(str(name).replace("|", "/") for name in names))


def _requirement(process: str, job: _Job, parts: Iterable[Part]) -> Requirement:
    listed = tuple(parts)
    return Requirement(
        process=process,
        size_mm=(job.design.width_mm, job.design.height_mm),
        smallest_package=smallest_package(listed),
        min_pitch_mm=finest_pitch(listed),
        certificates=job.item.required_certificates,
    )


# The steps -----------------------------------------------------------------------------------


def _lines_after(parts: tuple[Part, ...], done: tuple[Part, ...], job: _Job) -> tuple[int, ...]:
    """Bill lines of some parts but those that the steps before have used up."""
    used = set(job.parts.lines_of(done))
    return tuple(i for i in job.parts.lines_of(parts) if i not in used)


def _hand_step(job: _Job, parts: tuple[Part, ...], slug: str, *, done: tuple[Part, ...] = ()) -> Operation:
    """Soldering ``parts`` by hand, onto the bare board or onto what has the parts ``done`` on it."""
    first = not done
    indices = _lines_after(parts, done, job)
    inputs = (Input(item=job.bare.id, quantity=1.0),) if first else ()
    return Operation(
        id=OperationId(f"{job.item.id}/{slug}/hand"),
        name="Place and solder by hand" if first else "Solder the remaining parts by hand",
        process="hand-assembly",
        requirement=_requirement("hand-assembly", job, parts),
        drivers=hand_drivers(parts, len(indices)),
        inputs=inputs + (_hand_inputs(indices, job.parts) if job.parts.lines else ()),
        setup_family=job.item.id,
        setup_state={"bench": str(job.item.id), "parts": _set_of(indices, job.parts)},
    )


def _wave_step(job: _Job, parts: tuple[Part, ...], slug: str) -> Operation:
    """Legs soldered by a selective wave after the line."""
    indices = _lines_after(parts, job.parts.surface, job)
    return Operation(
        id=OperationId(f"{job.item.id}/{slug}/wave"),
        name="Put in and solder parts with legs",
        process="selective-soldering",
        requirement=Requirement(
            process="selective-soldering",
            size_mm=(job.design.width_mm, job.design.height_mm),
            certificates=job.item.required_certificates,
        ),
        drivers={
            "parts": float(len(parts)),
            "joints": float(sum(part.through_pads for part in parts)),
            "lines": float(max(len(indices), 1)),
        },
        inputs=_hand_inputs(indices, job.parts) if job.parts.lines else (),
        setup_family=job.item.id,
        setup_state={"nozzle": str(job.item.id), "parts": _set_of(indices, job.parts)},
    )


def _place_step(job: _Job, slug: str) -> Operation:
    array = line_array(job.design)
    parts, sides = job.parts, job.parts.sides
    indices = parts.lines_of(parts.surface)
    feeders = _set_of(indices, parts)
    stencil = (ToolNeed(item=job.stencil.id, life=default("stencil_life")),) if job.stencil else ()
    requirement = _requirement("smt-assembly", job, parts.surface)
    return Operation(
        id=OperationId(f"{job.item.id}/{slug}/place"),
        name="Print paste, place, reflow, inspect" + (", both sides" if sides > 1 else ""),
        process="smt-assembly",
        requirement=replace(requirement, thickness_mm=board_thickness(job.item, job.design)),
        drivers={
            **line_drivers(parts.surface, len(indices)),
            "sides": float(sides),
            "per_array": array.boards,
            "array_mm": array.length_mm,
        },
        inputs=(
            Input(item=job.bare.id, quantity=1.0),
            *(_line_inputs(indices, parts) if parts.lines else ()),
        ),
        tools=stencil,
        setup_family=job.item.id,
        setup_state={
            "feeders": feeders,
            "trolley": feeders,
            "stencil": str(job.stencil.id) if job.stencil else "",
            "program": f"{job.item.id} {job.item.revision}".strip(),
        },
    )


def _xray_step(job: _Job, slug: str) -> Operation:
    hidden = job.parts.hidden
    return Operation(
        id=OperationId(f"{job.item.id}/{slug}/xray"),
        name="X-ray the joints under bodies",
        process="x-ray-inspection",
        requirement=Requirement(
            process="x-ray-inspection",
            size_mm=(job.design.width_mm, job.design.height_mm),
            certificates=job.item.required_certificates,
        ),
        drivers={
            "hidden_parts": float(len(hidden)),
            "hidden_joints": float(sum(part.surface_pads for part in hidden)),
            "sample_share": 1.0,
        },
        setup_family=job.item.id,
        setup_state={"program": str(job.item.id)},
    )


def _test_step(job: _Job, slug: str) -> Operation:
    named = (job.draft.items.get(line.item) for line in job.parts.lines)
    programmable = any(has_word(words_of(bought), "programmable") for bought in named if bought)
    drivers = {"parts": float(len(job.parts.parts)), "programmable": float(programmable)}
    if asks_for(job.item, "nets"):
        pads = sum(part.surface_pads + part.through_pads for part in job.parts.parts)
        drivers["nets"] = float(math.ceil(pads / default("pads_per_net")))
    return Operation(
        id=OperationId(f"{job.item.id}/{slug}/test"),
        name="Test and program" if programmable else "Test",
        process="board-test",
        requirement=Requirement(process="board-test", certificates=job.item.required_certificates),
        drivers=drivers,
        setup_family=job.item.id,
        setup_state={"bench": str(job.item.id)},
    )


def _coating_step(job: _Job, slug: str) -> Operation:
    sides = 1.0 if asks_for(job.item, "coating_one_side") else default("coating_sides")
    free = float(kept_free(job.parts.parts))
    return Operation(
        id=OperationId(f"{job.item.id}/{slug}/coat"),
        name="Coat with lacquer",
        process="conformal-coating",
        requirement=Requirement(
            process="conformal-coating",
            size_mm=(job.design.width_mm, job.design.height_mm),
            certificates=job.item.required_certificates,
        ),
        drivers={
            "area_mm2": job.design.area_mm2,
            "sides": sides,
            "keep_out": free,
        },
        hold_s=_HOUR * default("coating_cure_hours"),
        setup_family=job.item.id,
        setup_state={"lacquer": "acrylic"},
    )
