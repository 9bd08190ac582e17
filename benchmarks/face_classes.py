"""Which cut left each face of the labelled machined blocks: scores per class, as they lie and turned."""

from __future__ import annotations

from class_scores import ClassScore, bootstrap_macro_f1, macro_f1, score_classes
from labelled_parts import read_labelled_parts, turned
from manyworks.shapes.face_classes import classify_faces
from table import SHARED, Row, median_seconds, show

PARTS = SHARED / "data" / "designs" / "solid-mfcad-labelled"
TURNS = 20
NAME = "face classes"


def measure() -> list[Row]:
    """Score every class, then the whole under random turns; nothing where the parts are not at hand."""
    if not PARTS.is_dir():
        return []
    parts = list(read_labelled_parts(PARTS))
    found = [list(zip(part.classes, classify_faces(part.shape), strict=True)) for part in parts]
    pairs = [pair for part in found for pair in part]
    low, high = bootstrap_macro_f1(found)
    note = f"{len(parts)} parts, {len(pairs)} faces; 95 % over parts drawn anew: {low:.3f} to {high:.3f}"
    rows = [_row("macro F1", macro_f1(pairs), ">= 0.85", 1, note), *map(_class_row, score_classes(pairs))]
    scores = []
    for turn in range(TURNS):
        shapes = [turned(part.shape, seed=1000 * turn + k) for k, part in enumerate(parts)]
        scores.append(
            macro_f1(
                [
                    pair
                    for part, shape in zip(parts, shapes, strict=True)
                    for pair in zip(part.classes, classify_faces(shape), strict=True)
                ]
            )
        )
    change = max(abs(score - macro_f1(pairs)) for score in scores)
    rows.append(_row("largest change of macro F1 by turning", change, "<= 0.01", TURNS, "random turns"))
    seconds = median_seconds(lambda: [classify_faces(part.shape) for part in parts], 5) / len(parts)
    rows.append(Row(benchmark=NAME, what="one part", value=seconds, unit="s", runs=5, note="after reading"))
    return rows


def _class_row(score: ClassScore) -> Row:
    (p_low, p_high), (r_low, r_high) = score.precision, score.recall
    note = (
        f"{score.right + score.missed} faces; precision {p_low:.2f} to {p_high:.2f}, "
        f"recall {r_low:.2f} to {r_high:.2f} (95 %, Wilson)"
    )
    return _row(f"F1 of `{score.name}`", score.f1, "", 1, note)


def _row(what: str, value: float, target: str, runs: int, note: str) -> Row:
    return Row(benchmark=NAME, what=what, value=value, unit="", target=target, runs=runs, note=note)


if __name__ == "__main__":
    show(measure)
