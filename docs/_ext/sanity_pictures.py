"""``{sanity-case} NAME``: a case of ``examples.sanity_cases`` worked out now, as tables and waterfalls."""

from __future__ import annotations

import sys
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from tables_of_nodes import make_table

sys.path.insert(0, str(Path(__file__).parents[2]))

from examples.sanity_cases import tell
from examples.sanity_cases.lots import Lot

from manyworks.report.charts.waterfall import Fall, draw_waterfall
from manyworks.report.tables import index_table

WIDTH = 640.0
COLOURS = {
    "things": "#3d6ea8",
    "making": "#13806f",
    "shops": "#ad6f28",
    "moving": "#7a5aa6",
    "other": "#777",
    "total": "#333",
}
STYLE = "".join(f".fill-{group} {{ fill: {colour}; }} " for group, colour in COLOURS.items()) + (
    ".waterfall text { font: 13px sans-serif; fill: currentColor; } .waterfall .name { text-anchor: end; } "
    ".waterfall .total text { font-weight: 700; } .waterfall .axis, .waterfall .thread { stroke: #999; }"
)


class SanityCase(SphinxDirective):
    """Tables and waterfalls of one case."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Work the case out and draw it."""
        case = tell(self.arguments[0])
        made: list[nodes.Node] = []
        for grid in case.grids:
            made += [
                nodes.rubric("", grid.title),
                make_table(tuple(grid.heads), [list(row) for row in grid.rows]),
            ]
        for lot in case.lots:
            made += [
                nodes.rubric("", f"{lot.name}: one of {lot.quantity:,}"),
                nodes.raw("", picture(lot), format="html"),
            ]
        return made


def picture(lot: Lot) -> str:
    """The waterfall of one piece."""
    kinds = index_table("cost_kinds", "kind")
    falls = [
        Fall(
            words=kinds.get(kind, {}).get("words") or kind[:1].upper() + kind[1:],
            amount=amount / lot.quantity,
            shown=f"{amount / lot.quantity:.3g}",
            group=kinds.get(kind, {}).get("group", "other"),
        )
        for kind, amount in lot.costs.items()
        if amount
    ]
    total = Fall(words="Price, USD", amount=lot.each, shown=f"{lot.each:.3g}", group="total")
    return f"<style>{STYLE}</style>{draw_waterfall(falls, total, width=WIDTH)}"


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directive known."""
    app.add_directive("sanity-case", SanityCase)
    return {"parallel_read_safe": True}
