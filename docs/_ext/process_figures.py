"""``{process-figures}``: every figure of every process model, read from the package's own data."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from tables_of_nodes import Cell, make_table

import manyworks

DATA = Path(manyworks.__file__).parent / "processes" / "data"
HEAD = ("name", "value", "range", "unit", "source", "confidence")


def processes() -> dict[str, dict[str, Any]]:
    """The data of each process that has coefficients, by its name."""
    tables = {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*.toml"))
    }
    return {name.replace("_", "-"): table for name, table in tables.items() if "coefficients" in table}


def figure_row(name: str, figure: dict[str, Any]) -> list[Cell]:
    """One figure as cells."""
    reach = (
        f"{shown(figure['low'])} to {shown(figure['high'])}" if "low" in figure and "high" in figure else ""
    )
    source = f"{shown(figure.get('source'))} ({shown(figure.get('year'))})"
    texts = (
        shown(figure["value"]),
        reach,
        shown(figure.get("unit")),
        source,
        shown(figure.get("confidence")),
    )
    return [nodes.literal("", name), *texts]


def shown(value: object) -> str:
    """A cell as text."""
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


class ProcessFigures(SphinxDirective):
    """A section for each process."""

    def run(self) -> list[nodes.Node]:
        """Build the sections."""
        return [self.section(name, table) for name, table in processes().items()]

    def section(self, name: str, table: dict[str, Any]) -> nodes.section:
        """A process with its machine and its coefficients."""
        section = nodes.section(ids=[f"figures-{name}"])
        section += nodes.title("", name)
        for part in ("machine", "coefficients", "sigma"):
            rows = [
                figure_row(key, figure) for key, figure in table.get(part, {}).items() if "value" in figure
            ]
            if rows:
                section += [nodes.rubric("", part), make_table(HEAD, rows)]
        return section


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directive known."""
    app.add_directive("process-figures", ProcessFigures)
    return {"parallel_read_safe": True}
