"""Wiring of a harness -> what has to be cut, stripped and terminated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from manyworks.files.harnesses.cables import SHIELD
from manyworks.files.harnesses.ends import Connector
from manyworks.files.harnesses.wiring import End, Run, Wiring
from manyworks.model import HarnessConnector, HarnessDesign, HarnessWire


def design_of(wiring: Wiring) -> HarnessDesign:
    """The harness as a shop sees it.

    A multi-core cable is one piece to cut, a bundle as many as it has wires; a position is terminated
    once, also where two wires share it. The loops of a connector terminate two positions each.
    """
    runs = list(wiring.runs.values())
    connectors = tuple(_connectors(wiring))
    wires = tuple(wire for run in runs for wire in _wires(run))
    lengths = [run.cable.length_mm for run in runs]
    known = [length for length in lengths if length is not None]
    gauges = [wire.gauge_mm2 for wire in wires if wire.gauge_mm2 is not None]
    total = sum((run.cable.length_mm or 0.0) * _pieces(run) for run in runs)
    return HarnessDesign(
        connectors=connectors,
        wires=wires,
        cut_wires=sum(_pieces(run) for run in runs),
        terminations=sum(one.terminations * one.quantity for one in connectors),
        wire_mm=round(total, 3) if len(known) == len(lengths) else None,
        min_gauge_mm2=min(gauges, default=None),
        longest_mm=max(known, default=None),
    )


def _pieces(run: Run) -> int:
    return len(run.cable.cores) if run.cable.bundle else 1


def _connectors(wiring: Wiring) -> Iterator[HarnessConnector]:
    """Named pieces one by one; nameless ones of a kind together."""
    nameless: Counter[tuple[str, int, int]] = Counter()
    for end in wiring.ends.values():
        if end.named:
            yield _connector(end.connector, end.name, _positions(end), _terminations(end), 1)
        else:
            nameless[end.connector.name, _positions(end), _terminations(end)] += 1
    for (name, positions, terminations), count in nameless.items():
        yield _connector(wiring.connectors[name], name, positions, terminations, count)


def _positions(end: End) -> int:
    return max(len(end.connector.pins), len(end.positions))


def _terminations(end: End) -> int:
    looped = {pin for pair in end.connector.loops for pin in pair}
    return len(looped.union(end.positions))


def _connector(
    connector: Connector, name: str, positions: int, terminations: int, count: int
) -> HarnessConnector:
    return HarnessConnector(
        name=name,
        kind=connector.kind,
        positions=positions,
        terminations=terminations,
        subtype=", ".join(filter(None, (connector.type, connector.subtype))),
        manufacturer=connector.product.manufacturer,
        mpn=connector.product.mpn,
        quantity=count,
    )


def _wires(run: Run) -> Iterator[HarnessWire]:
    """Every core of a piece, used or not, and its shield where something is wired to it."""
    cable = run.cable
    cores = [(core.name, core.gauge_mm2, core.colour) for core in cable.cores]
    if SHIELD in run.left or SHIELD in run.right:
        cores.append((SHIELD, None, "shield"))
    for name, gauge, colour in cores:
        yield HarnessWire(
            cable=run.name,
            core=name,
            start=next(iter(run.left.get(name, ())), ""),
            end=next(iter(run.right.get(name, ())), ""),
            length_mm=cable.length_mm,
            gauge_mm2=gauge,
            colour=colour,
        )
