"""The same verbs from a terminal: ``manyworks read | network | quote | plan | check``.

The answer goes to standard output, findings and progress to standard error. The exit code is 0 where
all is well, 1 where a finding is an error, 2 for a command that cannot be understood, 130 after
Ctrl-C.
"""

from __future__ import annotations

import errno
import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from manyworks.cli.arguments import build_parser, pick_verb

__all__ = ["main"]

INTERRUPTED = 130
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}


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
    _open_streams()
    _accept_any_letter()
    try:
        arguments = build_parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped\n")
        return INTERRUPTED
    except BrokenPipeError:
        return _abandon_output()


def _run(arguments: Namespace) -> int:
    from manyworks.cli.saying import say_findings
    from manyworks.model import FindingsError, error

    try:
        code = pick_verb(arguments.verb)(arguments)
        sys.stdout.flush()
        return code
    except FindingsError as trouble:
        say_findings(trouble.findings, remarks=getattr(arguments, "verbose", False))
    except BrokenPipeError:
        raise
    except Exception as defect:  # the last door: a person gets a sentence
        if isinstance(defect, OSError) and defect.errno in _FULL and defect.filename is None:
            return _say_full(defect)
        say_findings([error("cli.defect", arguments.verb, *_describe(defect))])
    return 1


def _say_full(trouble: OSError) -> int:
    """Nothing more can be written to standard output."""
    from manyworks.cli.saying import say_findings
    from manyworks.model import error

    code = _abandon_output()
    why = f"cannot be written: {trouble.strerror}"
    say_findings([error("cli.output", "standard output", why, "name another place")])
    return code


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


def _open_streams() -> None:
    """Whoever started us may have closed what we write to: then it is written to nowhere."""
    from pathlib import Path

    nowhere = Path(os.devnull)
    if sys.stdout is None:
        sys.stdout = nowhere.open("w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = nowhere.open("w", encoding="utf-8")


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
