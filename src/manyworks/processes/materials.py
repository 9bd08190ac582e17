"""Materials as they come from the store: density, price by form, how hard they are to cut, carbon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from manyworks.processes.tables import read_data

FORMS = ("bar", "sheet", "tube")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A material of the store.

    ``density`` kg/m3; ``bar``, ``sheet``, ``tube`` USD/kg in that form, None where not sold so;
    ``scrap`` USD/kg that clean scrap fetches; ``cutting`` specific cutting energy, J/mm3;
    ``tensile`` and ``yield_`` MPa; ``co2e`` kg/kg; ``speed`` m/min of a carbide end mill, None where
    nobody mills it; ``melting`` degrees Celsius, None where it does not conduct.
    """

    name: str
    family: str
    density: float
    scrap: float
    cutting: float
    tensile: float
    yield_: float
    co2e: float
    bar: float | None = None
    sheet: float | None = None
    tube: float | None = None
    speed: float | None = None
    melting: float | None = None

    def price(self, form: str) -> float | None:
        """USD/kg in a form (``bar``, ``sheet``, ``tube``); None where it is not sold so."""
        value: float | None = getattr(self, form)
        return value


@cache
def _materials() -> Mapping[str, Material]:
    found: dict[str, Material] = {}
    for name, row in read_data("stock")["materials"].items():
        figures: dict[str, Any] = {key: value for key, value in row.items() if key not in ("names", "yield")}
        material = Material(name=name, yield_=row["yield"], **figures)
        found |= {_key(spelling): material for spelling in (name, *row["names"])}
    return found


def _key(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def known_materials() -> tuple[str, ...]:
    """Names of the materials of the store."""
    return tuple(read_data("stock")["materials"])


def find_material(text: str) -> Material | None:
    """The material a free text means (``EN AW-6082 T6``, ``1.4301``, ``mild steel``); None if none does.

    A grade (a name with a figure in it: 316, 6061-T6, grade 5) says more than a kind (stainless steel,
    aluminium): first the longest run of words that names grades, then the longest that names kinds. A run
    has to mean exactly one material.
    """
    words = text.replace(",", " ").replace("(", " ").replace(")", " ").replace("/", " ").split()[:12]
    for graded in (True, False):
        for length in range(len(words), 0, -1):
            hits = _named(words, length, graded)
            if hits:
                return next(iter(hits.values())) if len(hits) == 1 else None
    return None


def _named(words: list[str], length: int, graded: bool) -> dict[str, Material]:
    """What runs of so many words mean: grades, which have a figure in their name, or kinds."""
    runs = (_key("".join(words[at : at + length])) for at in range(len(words) - length + 1))
    fitting = (run for run in runs if any(letter.isdigit() for letter in run) == graded)
    return {found.name: found for run in fitting if (found := _materials().get(run))}


def describe_price(material: Material, form: str) -> str:
    """How a material's price is told in a quote's assumptions."""
    meta = read_data("stock")["meta"]
    return (
        f"{material.name} as {form} = {material.price(form):g} USD/kg (within a factor of {meta['range']:g}; "
        f"{meta['source']}, {meta['year']}, confidence {meta['confidence']})"
    )
