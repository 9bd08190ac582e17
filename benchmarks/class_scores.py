"""Precision, recall and F1 of classes, with intervals that say how little a few faces prove."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

# Normal quantile of a two-sided interval of 95 %.
QUANTILE = 1.959964
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassScore:
    """Counts of one class: found rightly, named wrongly, missed."""

    name: str
    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed)

    @property
    def precision(self) -> tuple[float, float]:
        """Wilson interval of the share of faces so named that are."""
        return wilson(self.right, self.right + self.wrong)

    @property
    def recall(self) -> tuple[float, float]:
        """Wilson interval of the share of such faces so named."""
        return wilson(self.right, self.right + self.missed)


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Interval of 95 % for a share (Wilson 1927); the whole range without trials."""
    if trials == 0:
        return 0.0, 1.0
    share, spread = hits / trials, QUANTILE**2 / trials
    middle = share + spread / 2
    half = QUANTILE * math.sqrt(share * (1 - share) / trials + spread / (4 * trials))
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def score_classes(pairs: Pairs) -> list[ClassScore]:
    """Scores of the classes that occur in the truth, from pairs (true class, class found)."""
    right = Counter(true for true, found in pairs if true == found)
    true_ones, found_ones = Counter(true for true, _ in pairs), Counter(found for _, found in pairs)
    return [
        ClassScore(
            name=name, right=right[name], wrong=found_ones[name] - right[name], missed=count - right[name]
        )
        for name, count in sorted(true_ones.items())
    ]


def macro_f1(pairs: Pairs) -> float:
    """Mean F1 over the classes of the truth, each counting alike."""
    scores = score_classes(pairs)
    return sum(score.f1 for score in scores) / len(scores)


def bootstrap_macro_f1(parts: Sequence[Pairs], rounds: int = 1000, seed: int = 1) -> tuple[float, float]:
    """Interval of 95 % for the macro F1, drawing whole parts anew: faces of one part go together."""
    random = Random(seed)
    drawn = sorted(
        macro_f1([pair for part in random.choices(parts, k=len(parts)) for pair in part])
        for _ in range(rounds)
    )
    return drawn[int(0.025 * rounds)], drawn[int(0.975 * rounds)]
