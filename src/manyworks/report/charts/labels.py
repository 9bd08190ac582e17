"""Finding room for words beside points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a drawing."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """Shared area with another box."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide * high if wide > 0 and high > 0 else 0.0

    def holds(self, other: Box) -> bool:
        """Whether the other box lies wholly inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )


@dataclass(slots=True)
class Room:
    """Keeps what is taken on a drawing and finds the freest of some boxes."""

    frame: Box
    taken: list[Box] = field(default_factory=list)

    def block(self, box: Box) -> None:
        """Nothing may be written here."""
        self.taken.append(box)

    def crowding(self, box: Box) -> float:
        """Area of a box that is already taken."""
        return sum(box.overlap(other) for other in self.taken)

    def take_best(self, boxes: Iterable[Box], allowed: float) -> Box | None:
        """Take the box with the least overlap that lies in the frame; None above ``allowed`` area."""
        inside = [box for box in boxes if self.frame.holds(box)]
        best = min(inside, key=self.crowding, default=None)
        if best is None or self.crowding(best) > allowed:
            return None
        self.block(best)
        return best


def boxes_beside(x: float, y: float, gap: float, width: float, height: float) -> list[Box]:
    """Boxes right, left, above, below and at the corners of a point, best reading order first."""
    half = height / 2
    corners = [
        (x + gap, y - half),
        (x - gap - width, y - half),
        (x - width / 2, y - gap - height),
        (x - width / 2, y + gap),
        (x + gap * 0.7, y - gap * 0.7 - height),
        (x + gap * 0.7, y + gap * 0.7),
        (x - gap * 0.7 - width, y - gap * 0.7 - height),
        (x - gap * 0.7 - width, y + gap * 0.7),
    ]
    return [Box(left, top, left + width, top + height) for left, top in corners]
