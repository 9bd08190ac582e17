"""How thick a solid's walls are, seen by rays from its skin straight inwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from manyworks.shapes import Shape
    from manyworks.shapes.rays import Skin

    Floats = NDArray[np.float64]

_RAYS = 1_000
_FEWEST_RAYS = 24
# A ray this much longer than the typical wall may run along the wall instead of through it.
_SUSPECT = 1.1


def measure_walls(shapes: Sequence[Shape]) -> tuple[float | None, float | None]:
    """Typical and thick wall (mm): median and 95th percentile over the skin.

    Rays are spread evenly over the skin by a fixed rule, so that equal solids measure equal. A ray
    down a rim runs along the wall: there the shorter of two chords across its middle counts. None
    where the skin is too broken to tell.
    """
    import numpy as np

    from manyworks.shapes.rays import make_skin

    skins = [skin for shape in shapes if (skin := make_skin(shape)) is not None]
    total = sum(skin.area for skin in skins)
    rays = [max(_FEWEST_RAYS, round(_RAYS * skin.area / total)) for skin in skins]
    depths = [_depths(skin, count) for skin, count in zip(skins, rays, strict=True)]
    weights = [np.full(len(d), skin.area / max(len(d), 1)) for d, skin in zip(depths, skins, strict=True)]
    if not depths or sum(map(len, depths)) < _FEWEST_RAYS // 2:
        return None, None
    all_depths, all_weights = np.concatenate(depths), np.concatenate(weights)
    return _quantile(all_depths, all_weights, 0.5), _quantile(all_depths, all_weights, 0.95)


def _quantile(values: Floats, weights: Floats, share: float) -> float:
    import numpy as np

    order = np.argsort(values, kind="stable")
    running = np.cumsum(weights[order])
    at = int(np.searchsorted(running, share * running[-1]))
    return round(float(values[order][min(at, len(order) - 1)]), 4)


def _depths(skin: Skin, count: int) -> Floats:
    import numpy as np

    from manyworks.shapes.rays import OFF_SKIN, first_hits
    from manyworks.shapes.samples import spread_samples

    samples = spread_samples(skin, count)
    inwards = -samples.normals
    lift = OFF_SKIN * skin.scale
    depths, _ = first_hits(skin, samples.points + lift * inwards, inwards)
    depths += lift
    met = np.isfinite(depths)
    if not met.any():
        return np.zeros(0)
    suspect = np.flatnonzero(met & (depths > _SUSPECT * np.median(depths[met])))
    middles = samples.points[suspect] + depths[suspect, None] / 2 * inwards[suspect]
    depths[suspect] = np.minimum(depths[suspect], _narrowest(skin, middles, inwards[suspect]))
    return np.asarray(depths[met])


def _narrowest(skin: Skin, middles: Floats, ways: Floats) -> Floats:
    """The shorter of two chords across each ray."""
    import numpy as np

    from manyworks.shapes.rays import first_hits

    aside = np.cross(ways, np.eye(3)[np.abs(ways).argmin(axis=1)])
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    chords = [
        first_hits(skin, middles, way)[0] + first_hits(skin, middles, -way)[0]
        for way in (aside, np.cross(ways, aside))
    ]
    return np.minimum(*chords)
