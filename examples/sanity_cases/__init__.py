"""Cases a cost model has to get right, worked out from rates and times alone: no price is typed in.

Each module is one case with a function ``tell() -> Case``; ``python -m examples.sanity_cases`` prints all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from examples.sanity_cases.lots import Case

CASES = ("bracket", "bench_or_line", "print_or_mould", "declining_moulder", "clean_room", "phone")


def tell(name: str) -> Case:
    """One of `CASES`, worked out now."""
    case: Case = import_module(f"examples.sanity_cases.{name}").tell()
    return case
