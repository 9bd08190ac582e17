"""Scheduling beside rivals: ``python -m benchmarks.scheduling run``, then the same with ``report``."""

from __future__ import annotations

import argparse
import sys

from benchmarks.scheduling import report, run


def main() -> int:
    """Run a series, or tell what came of it."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.scheduling", description=__doc__)
    verbs = asked.add_subparsers(required=True, metavar="run | report")
    for name, part in (("run", run), ("report", report)):
        verb = verbs.add_parser(name, description=part.__doc__)
        part.add_arguments(verb)
        verb.set_defaults(act=part.run if name == "run" else part.report)
    given = asked.parse_args()
    return int(given.act(given))


if __name__ == "__main__":
    sys.exit(main())
