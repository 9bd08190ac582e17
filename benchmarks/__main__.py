"""All benchmarks one after the other: ``python benchmarks``. Takes some minutes; leave the machine alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCHMARKS = (
    "quote_badge",
    "quote_gap",
    "read_boards",
    "read_designs",
    "face_classes",
    "match_speed",
    "estimate_speed",
    "calibration_coverage",
    "published_points",
    "dispatch_scale",
)


def main() -> int:
    """Run every script in a process of its own: OR-Tools and highspy each bring a HiGHS and clash in one."""
    here = Path(__file__).resolve().parent
    runs = [subprocess.run([sys.executable, here / f"{name}.py"], check=False) for name in BENCHMARKS]
    return max(run.returncode for run in runs)


if __name__ == "__main__":
    sys.exit(main())
