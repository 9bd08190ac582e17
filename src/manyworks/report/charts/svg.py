"""Writing SVG elements: escaping, short numbers, nothing else."""

from __future__ import annotations

import math
from html import escape

Value = str | float | int | None


def element(name: str, *children: str, **attributes: Value) -> str:
    """One element. Children are finished markup; attribute values are escaped here.

    ``class_`` writes ``class``, other underscores become hyphens; attributes that are None are
    left out.
    """
    written = "".join(
        f' {_attribute(key)}="{_text(value)}"' for key, value in attributes.items() if value is not None
    )
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def label(words: str, x: Value, y: Value, **attributes: Value) -> str:
    """A text element; ``words`` are escaped."""
    return element("text", escape(words), x=x, y=y, **attributes)


def tooltip(words: str) -> str:
    """What a browser shows while the pointer rests on the parent element."""
    return f"<title>{escape(words)}</title>"


def drawing(width: float, height: float, name: str, *children: str, class_: str = "") -> str:
    """A whole ``<svg>`` that scales with its box and is one image called ``name`` to screen readers."""
    return element(
        "svg",
        *children,
        viewBox=f"0 0 {_text(width)} {_text(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=name,
        class_=f"chart {class_}".strip(),
    )


def text_width(words: str, size: float = 12.0) -> float:
    """About how wide text prints, in the unit of ``size`` (wide scripts count double)."""
    return sum(1.75 if ord(letter) > 0x2E80 else 1.0 for letter in words) * size * 0.6


def shorten(words: str, width: float, size: float = 12.0) -> str:
    """Text cut with an ellipsis to fit ``width``."""
    if text_width(words, size) <= width:
        return words
    keep = max(int(len(words) * width / text_width(words, size)) - 1, 1)
    return f"{words[:keep].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _text(value: Value) -> str:
    if isinstance(value, float | int):
        return f"{round(value, 2):g}" if abs(value) < 1e5 and math.isfinite(value) else f"{value:.0f}"
    return escape(str(value))
