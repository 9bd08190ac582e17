"""Print every case: ``python -m examples.sanity_cases``."""

from __future__ import annotations

from examples.sanity_cases import CASES, tell

from manyworks.cli.saying import lay_out, say


def main() -> None:
    """Tables of all cases, and the waterfalls as lines."""
    for name in CASES:
        case = tell(name)
        say("", name.replace("_", " ").upper())
        for grid in case.grids:
            say("", grid.title, *lay_out(grid.heads, grid.rows))
        for lot in case.lots:
            rows = [(kind, f"{amount / lot.quantity:.3f}") for kind, amount in lot.costs.items() if amount]
            say(
                "",
                *lay_out(
                    (f"{lot.name}, {lot.quantity:,}", "USD each"), [*rows, ("price", f"{lot.each:.3f}")], " r"
                ),
            )


if __name__ == "__main__":
    main()
