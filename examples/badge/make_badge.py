"""Draw the badge again: board, parts list, positions and the two halves of its case.

``python make_badge.py [FOLDER]`` writes the files beside this script, or into another folder; they come
out the same, bit for bit, every time. ``product.toml`` is written by hand and left alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from badge_drawing.board import board_text  # noqa: E402
from badge_drawing.copper import faults  # noqa: E402
from badge_drawing.shells import back_shell, front_shell, stl_bytes  # noqa: E402
from badge_drawing.tables import bill_text, positions_text  # noqa: E402


def files() -> dict[str, bytes]:
    """Every file of the badge by name."""
    return {
        "badge.kicad_pcb": board_text().encode(),
        "badge-bom.csv": bill_text().encode(),
        "badge-pos.csv": positions_text().encode(),
        "case-front.stl": stl_bytes("badge case, front", front_shell()),
        "case-back.stl": stl_bytes("badge case, back", back_shell()),
    }


def main(arguments: list[str]) -> int:
    """Check the copper and write the files; 1 when the copper is wrong."""
    folder = Path(arguments[0]) if arguments else HERE
    wrong = faults()
    if wrong:
        sys.stderr.write("\n".join(wrong) + "\n")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (folder / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
