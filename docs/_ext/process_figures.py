"""``{process-figures}``: every process model with its formulas, measures, limits and figures."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from tables_of_nodes import Cell, make_table

import manyworks

ROOM = Path(manyworks.__file__).parent / "processes"
FIGURES = ("name", "value", "range", "unit", "source", "confidence")
MEASURES = ("name", "unit", "usual", "if not stated", "what it is")
CHANGES = ("module", "how long", "by", "spoilt", "with")


def processes() -> dict[str, dict[str, Any]]:
    """The data of each process that has coefficients, by its name."""
    tables = {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted((ROOM / "data").glob("*.toml"))
    }
    there = {path.stem for path in (ROOM / "models").glob("*.py")}
    return {name.replace("_", "-"): table for name, table in tables.items() if name in there}


def docstring(process: str) -> str:
    """What a process's module says of itself."""
    module = ROOM / "models" / f"{process.replace('-', '_')}.py"
    return ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""


def figure_row(name: str, figure: Mapping[str, Any]) -> list[Cell]:
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


def measure_row(name: str, driver: Mapping[str, Any]) -> list[Cell]:
    """One measure as cells."""
    default = driver.get("default")
    unsaid = "must be stated" if default is None else f"{shown(default)} ({driver.get('source', '')})"
    if driver.get("of_material"):
        unsaid = f"of the material: {driver['of_material']}"
    reach = f"{shown(driver['low'])} to {shown(driver['high'])}"
    return [nodes.literal("", name), shown(driver["unit"]), reach, unsaid, shown(driver["about"])]


def change_row(name: str, module: Mapping[str, Any]) -> list[Cell]:
    """One module of a change-over as cells."""
    times = f" for each of {module['times']}" if module.get("times") else ""
    return [
        name,
        f"{module['minutes']}{times}" + ("" if module.get("holds", True) else ", beside the machine"),
        shown(module.get("people") or "one person"),
        shown(module.get("scrap_kg")),
        shown(module.get("tools")),
    ]


def shown(value: object) -> str:
    """A cell as text."""
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def paragraphs(text: str) -> list[nodes.Node]:
    """A docstring as paragraphs, lists and examples."""
    return [_block(block) for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]


def _block(block: str) -> nodes.Node:
    if ">>>" in block or block.startswith("    "):
        return nodes.literal_block(block, block, language="python")
    if block.lstrip().startswith("- "):
        items = re.split(r"\n\s*- ", block.strip().removeprefix("- "))
        return nodes.bullet_list("", *(nodes.list_item("", _paragraph(item)) for item in items))
    return _paragraph(block)


def _paragraph(text: str) -> nodes.paragraph:
    made = nodes.paragraph()
    for at, part in enumerate(re.split(r"``(.+?)``", " ".join(text.split()))):
        made += nodes.literal("", part) if at % 2 else nodes.Text(part.replace("`", ""))
    return made


class ProcessFigures(SphinxDirective):
    """A section for each process."""

    def run(self) -> list[nodes.Node]:
        """Build the sections."""
        return [self.section(name, table) for name, table in processes().items()]

    def section(self, name: str, table: dict[str, Any]) -> nodes.section:
        """A process with its formulas, measures, limits, machine and coefficients."""
        section = nodes.section(ids=[f"figures-{name}"])
        section += nodes.title("", name)
        section += [_paragraph(table.get("summary", "")), *paragraphs(docstring(name))]
        measures = [measure_row(key, driver) for key, driver in table.get("drivers", {}).items()]
        section += [nodes.rubric("", "what is asked"), make_table(MEASURES, measures)]
        section += scope_nodes(table.get("scope", {}))
        changes = [change_row(key, module) for key, module in table.get("changeover", {}).items()]
        if changes:
            section += [nodes.rubric("", "change-over"), make_table(CHANGES, changes)]
        for part in ("machine", "coefficients", "sigma"):
            rows = [
                figure_row(key, figure) for key, figure in table.get(part, {}).items() if "value" in figure
            ]
            if rows:
                section += [nodes.rubric("", part), make_table(FIGURES, rows)]
        return section


HELD = {
    "it_grade": "IT{} by itself",
    "best_it_grade": "IT{} with care",
    "ra_um": "Ra {} um by itself",
    "best_ra_um": "Ra {} um with care",
}


def scope_nodes(scope: Mapping[str, Any]) -> list[nodes.Node]:
    """What a process is for, and what it cannot do."""
    if not scope:
        return []
    least, most = shown(scope.get("from_quantity", 1)), shown(scope.get("to_quantity", "any number"))
    found: list[nodes.Node] = [
        nodes.rubric("", "what it is for"),
        _paragraph(f"Lots of {least} to {most}: {scope.get('why', '')}."),
    ]
    told = ", ".join(words.format(shown(scope[key])) for key, words in HELD.items() if key in scope)
    if told:
        found.append(_paragraph(f"Holds {told}."))
    refusals = [
        *(f"cannot: {text}" for text in scope.get("cannot", ())),
        *map(_limit, scope.get("limits", ())),
    ]
    if refusals:
        found.append(nodes.bullet_list("", *(nodes.list_item("", _paragraph(text)) for text in refusals)))
    return found


def _limit(limit: Mapping[str, Any]) -> str:
    bounds = (("at least", limit.get("least")), ("at most", limit.get("most")))
    reach = " and ".join(f"{words} {shown(bound)}" for words, bound in bounds if bound is not None)
    instead = f"; instead: {limit['instead']}" if limit.get("instead") else ""
    return f"{limit['driver']} {reach}: {limit['why']}{instead}"


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directive known."""
    app.add_directive("process-figures", ProcessFigures)
    return {"parallel_read_safe": True}
