"""``{formats-read}`` and ``{manufacturability-limits}``: tables made from what the package itself uses."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from tables_of_nodes import make_table

from manyworks.files.registry import READERS
from manyworks.manufacturability import limits

LIMIT_HEAD = ("check", "threshold", "measured", "usual", "for", "severity", "source")


class FormatsRead(SphinxDirective):
    """Every format of designs, with the endings it is known by."""

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        rows = [(reader.role, reader.name, ", ".join(reader.endings)) for reader in READERS]
        return [make_table(("what", "format", "file names end in"), rows)]


class ManufacturabilityLimits(SphinxDirective):
    """Every threshold of every check."""

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        rows = []
        for limit in limits():
            others = "".join(f"; {name}: {value:g}" for name, value in limit.by.items())
            usual = f"{limit.sense} {limit.value:g} {limit.unit}".rstrip() + others
            source = f"{limit.source} ({limit.year}, {limit.confidence})"
            processes = ", ".join(limit.processes)
            rows.append(
                (
                    str(limit.number),
                    nodes.literal("", limit.name),
                    limit.measure,
                    usual,
                    processes,
                    limit.severity,
                    source,
                )
            )
        return [make_table(LIMIT_HEAD, rows)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directives known."""
    app.add_directive("formats-read", FormatsRead)
    app.add_directive("manufacturability-limits", ManufacturabilityLimits)
    return {"parallel_read_safe": True}
