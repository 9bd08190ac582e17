"""The same verbs from a terminal: ``manyworks read | network | quote | plan | check``.

The answer goes to standard output, findings and progress to standard error. The exit code is 0 where
all is well, 1 where a finding is an error, 2 for a command that cannot be understood, 130 after
Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from manyworks.cli.arguments import build_parser, pick_verb

__all__ = ["main"]

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv
        Arguments after the program's name; None: those of this process.

    Returns
    -------
    The exit code: 0, 1, 2 or 130. It never raises for bad input.
    """
    _accept_any_letter()
    try:
        arguments = build_parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped\n")
        return INTERRUPTED
    except BrokenPipeError:
        return _abandon_output()
    return code


def _run(arguments: Namespace) -> int:
    from manyworks.cli.saying import say_findings
    from manyworks.model import FindingsError, error

    try:
        return pick_verb(arguments.verb)(arguments)
    except FindingsError as trouble:
        say_findings(trouble.findings, remarks=getattr(arguments, "verbose", False))
    except BrokenPipeError:
        raise
    except Exception as defect:  # the last door: a person gets a sentence
        say_findings([error("cli.defect", arguments.verb, *_describe(defect))])
    return 1


def _describe(defect: Exception) -> tuple[str, str]:
    """What went wrong inside and where, for the people who can mend it."""
    trace = defect.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace is not None else "?"
    first = (str(defect).splitlines() or [""])[0][:200]
    return (
        f"a defect of manyworks itself, {type(defect).__name__} in {place}: {first}",
        "please report it with this line and your input",
    )


def _accept_any_letter() -> None:
    """Write letters the terminal does not know as question marks instead of failing on them."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _abandon_output() -> int:
    """Whoever read our output has gone: say no more, or the interpreter complains as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
