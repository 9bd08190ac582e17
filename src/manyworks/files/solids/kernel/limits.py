"""What the worker may take: address space and processor time."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


def restrain(address_space: int) -> None:
    """Bound the worker's memory, and leave no core file behind; where the system has such limits."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in ((resource.RLIMIT_AS, address_space), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))


def restrain_time(seconds: float) -> None:
    """Let the system end the worker when it uses this much more processor time."""
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(time.process_time() + seconds) + 1
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )


def resident() -> int:
    """Bytes of memory this process holds now; 0 where the system does not say.

    The figure for the most it ever held would be inherited from the process that started it.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
