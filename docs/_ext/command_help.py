"""``{command-help} quote``: what ``manyworks quote --help`` says in this very version."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

COMMAND = Path(sys.executable).parent / "manyworks"


class CommandHelp(SphinxDirective):
    """The help text of a command as a block."""

    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Run the command with ``--help``."""
        if importlib.util.find_spec("manyworks.cli") is None:
            return [nodes.paragraph("", "This version has no command line.")]
        words = self.arguments[0].split() if self.arguments else []
        done = subprocess.run(
            [str(COMMAND), *words, "--help"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "COLUMNS": "96", "NO_COLOR": "1"},
        )
        if done.returncode != 0:
            message = f"manyworks {' '.join(words)} --help ended with {done.returncode}: {done.stderr[-300:]}"
            return [self.state.document.reporter.warning(message, line=self.lineno)]
        return [nodes.literal_block(done.stdout, done.stdout, language="text")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directive known."""
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True}
