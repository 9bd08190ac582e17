"""How deep solids are searched for what their shape asks of a process."""

from __future__ import annotations

from typing import Literal

EXACT: Literal["exact"] = "exact"
"""Only where a file states faces exactly (STEP, IGES): meshes are mostly printed, and take longer."""

Features = bool | Literal["exact"]
"""Search all solids, none, or those with exact faces."""
