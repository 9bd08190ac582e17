"""Families of published instances: which files, how long, and what is known about them."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache, partial
from pathlib import Path

from benchmarks.scheduling.shop import invent_shop
from benchmarks.scheduling.weighted import FACTORS, SHOPS, load_weighted

from manyworks.scheduling.instances import read_instance
from manyworks.scheduling.problem.data import ProblemData

SHOP_SEEDS = range(1, 11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Published bounds of an instance; ``optal`` and ``cpo``: what these solvers reached in 600 s, if stated.

    ``doubtful``: the published lower bound lies 1 above the upper one, which seems cut off, not rounded;
    in all these cases the lower one is the optimum, as solvers prove at once, and stands for both here.
    """

    lower: float | None
    upper: float | None
    optal: float | None = None
    cpo: float | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One problem of a family; ``load`` makes it anew."""

    family: str
    name: str
    load: Callable[[], ProblemData]
    known: Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Problems that are measured together.

    Parameters
    ----------
    files
        Pattern below the folder of instances; empty for those made here.
    seconds
        Wall time of a run.
    bar
        What is aimed at, in words.
    rivals
        Who else runs.
    sums
        Optima may be 0, so sums are compared instead of gaps.
    """

    name: str
    title: str
    files: str
    seconds: float
    bar: str = ""
    rivals: tuple[str, ...] = ("cpsat", "pyjobshop")
    sums: bool = False


_CPSAT = ("cpsat",)
_WITH_RULES = ("rules", "cpsat")
FAMILIES = {
    family.name: family
    for family in (
        Family(
            name="brandimarte",
            title="FJSP, Brandimarte",
            files="fjsp/brandimarte/*",
            seconds=20,
            bar="mean <= 1.0 %",
        ),
        Family(
            name="dauzere",
            title="FJSP, Dauzere-Peres and Paulli",
            files="fjsp/dauzere/*",
            seconds=20,
            bar="mean <= 1.0 %",
        ),
        Family(
            name="hurink_edata",
            title="FJSP, Hurink edata",
            files="fjsp/hurink/edata/*",
            seconds=20,
            bar="mean <= 1.0 %",
        ),
        Family(
            name="hurink_rdata",
            title="FJSP, Hurink rdata",
            files="fjsp/hurink/rdata/*",
            seconds=20,
            bar="mean <= 0.7 %",
        ),
        Family(
            name="hurink_vdata",
            title="FJSP, Hurink vdata",
            files="fjsp/hurink/vdata/*",
            seconds=20,
            bar="mean <= 0.3 %",
        ),
        Family(
            name="behnke",
            title="FJSP, Behnke and Geiger",
            files="fjsp/behnke/*",
            seconds=20,
            bar="mean <= 2.5 %",
        ),
        Family(name="barnes", title="FJSP, Chambers and Barnes", files="fjsp/barnes/*", seconds=20),
        Family(name="fattahi", title="FJSP, Fattahi", files="fjsp/fattahi/*", seconds=20),
        Family(name="kacem", title="FJSP, Kacem", files="fjsp/kacem/*", seconds=20),
        Family(
            name="hudata",
            title="FJSP with set-ups, SDST-HUdata",
            files="fjsp_sdst/hudata/*",
            seconds=30,
            bar="mean <= 2.0 %",
        ),
        Family(
            name="sdst_fattahi", title="FJSP with set-ups, Fattahi", files="fjsp_sdst/fattahi/*", seconds=20
        ),
        Family(
            name="sdst_jsp",
            title="Job shop with transition times",
            files="sdst_jsp/*.json",
            seconds=20,
            bar="la21-40: mean at or below CP Optimizer's of 600 s",
        ),
        Family(name="ta", title="Job shop, Taillard", files="jsp/ta/*", seconds=30, bar="mean <= 2.5 %"),
        Family(
            name="dmu",
            title="Job shop, Demirkol, Mehta and Uzsoy",
            files="jsp/dmu/*",
            seconds=30,
            bar="mean <= 5 %",
        ),
        Family(name="abz", title="Job shop, Adams, Balas and Zawack", files="jsp/abz/*", seconds=30),
        Family(name="ft", title="Job shop, Fisher and Thompson", files="jsp/ft/*", seconds=30),
        Family(name="la", title="Job shop, Lawrence", files="jsp/la/*", seconds=30),
        Family(name="orb", title="Job shop, Applegate and Cook", files="jsp/orb/*", seconds=30),
        Family(name="swv", title="Job shop, Storer, Wu and Vaccari", files="jsp/swv/*", seconds=30),
        Family(name="yn", title="Job shop, Yamada and Nakano", files="jsp/yn/*", seconds=30),
        Family(name="bel", title="Job shop, Boveroux and others (a plant)", files="jsp/bel/*", seconds=30),
        Family(
            name="tai",
            title="Job shop, 10,000 to 1,000,000 operations",
            files="jsp/tai/*",
            seconds=60,
            rivals=_CPSAT,
        ),
        Family(name="dct", title="Job shop, Da Col and Teppan", files="jsp/dct/*", seconds=60, rivals=_CPSAT),
        Family(
            name="fjsp_w",
            title="FJSP with workers",
            files="fjsp_w/*",
            seconds=60,
            bar="better than the published best in a third of the open ones of 100 and more operations",
        ),
        Family(name="dafjs", title="Assembly, DAFJS", files="fjsp_assembly/dafjs/*", seconds=20),
        Family(name="yfjs", title="Assembly, YFJS", files="fjsp_assembly/yfjs/*", seconds=20),
        Family(
            name="fjspt_deroussi",
            title="FJSP with vehicles, Deroussi and Norre",
            files="fjspt/deroussi_norre/fjsp*",
            seconds=20,
            rivals=_CPSAT,
        ),
        Family(
            name="fjspt_mfjst",
            title="FJSP with vehicles, MFJST",
            files="fjspt/homayouni_fontes_mfjst/mfjs*",
            seconds=20,
            rivals=_CPSAT,
        ),
        Family(
            name="fjspt_mkt",
            title="FJSP with vehicles, MKT",
            files="fjspt/homayouni_fontes_mkt/mkt*",
            seconds=20,
            rivals=_CPSAT,
        ),
        Family(
            name="weighted",
            title="Job shop, weighted tardiness",
            files="",
            seconds=20,
            bar="sum <= 1.02 x CP-SAT's of 600 s",
            sums=True,
        ),
        Family(
            name="shop",
            title="Realistic shop",
            files="",
            seconds=60,
            bar="30 % below the best of 50 rules, and below CP-SAT started from it",
            rivals=_WITH_RULES,
            sums=True,
        ),
    )
}


def instances(family: Family, data: Path, pattern: str = "*", sample: int = 1) -> list[Instance]:
    """List the instances of a family in order of their names, numbers in names counted as numbers.

    Parameters
    ----------
    data
        The folder of instances and ``bks.csv``.
    pattern
        Names wanted, with ``*`` and ``?``.
    sample
        Only every so many-th of these.
    """
    found = {"weighted": _weighted, "shop": _shops}.get(family.name, _files)(family, data)
    wanted = [one for one in found if any(fnmatch(one.name, part) for part in pattern.split(","))]
    return sorted(wanted, key=lambda one: _natural(one.name))[::sample]


def _natural(name: str) -> list[tuple[int, str]]:
    return [
        (int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name.lower()) if part
    ]


def _files(family: Family, data: Path) -> Iterator[Instance]:
    known = read_known(data / "bks.csv")
    for path in data.glob(family.files):
        yield Instance(
            family=family.name,
            name=path.name.removesuffix(".gz").rsplit(".", 1)[0],
            load=partial(read_instance, path),
            known=known.get(path.relative_to(data).as_posix(), Known(lower=None, upper=None)),
        )


def _weighted(family: Family, data: Path) -> Iterator[Instance]:
    for shop in SHOPS:
        path = data / "jsp" / f"{shop}.txt"
        if not path.is_file():
            continue
        for factor in FACTORS:
            yield Instance(
                family=family.name,
                name=f"{path.stem} x {factor}",
                load=partial(load_weighted, path, factor),
                known=Known(lower=0.0, upper=None),
            )


def _shops(family: Family, data: Path) -> Iterator[Instance]:
    for seed in SHOP_SEEDS:
        yield Instance(
            family=family.name,
            name=f"shop {seed}",
            load=partial(invent_shop, seed=seed),
            known=Known(lower=0.0, upper=None),
        )


@cache
def read_known(path: Path) -> dict[str, Known]:
    """Read the published bounds by file."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["file"]: _known(row) for row in csv.DictReader(file)}


def _known(row: dict[str, str]) -> Known:
    lower, upper = (float(row[name]) if row[name] else None for name in ("lb", "ub"))
    doubtful = lower is not None and upper is not None and lower > upper
    named = dict(re.findall(r"(Optal|CPO)[^=|]*=(\d+)", row["ub_source"]))
    return Known(
        lower=lower,
        upper=lower if doubtful else upper,
        optal=float(named["Optal"]) if "Optal" in named else None,
        cpo=float(named["CPO"]) if "CPO" in named else None,
        doubtful=doubtful,
    )
