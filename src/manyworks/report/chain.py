"""Who takes part in an option and what travels between them, ready for a map."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from manyworks.model import Move, Option, PlaceId, ShopId
from manyworks.report.charts.geography import MapPoint
from manyworks.report.charts.world_map import ChainMap, Flow, draw_chain_map
from manyworks.report.formats import (
    capitalise,
    count_words,
    describe_mode,
    format_days,
    format_mass,
    humanise,
    join_words,
    name_country,
)
from manyworks.report.naming import Names


@dataclass(slots=True, kw_only=True)
class Stop:
    """A place of the chain: who stands there and what they do."""

    number: int
    place: PlaceId
    shops: list[ShopId] = field(default_factory=list)
    processes: list[str] = field(default_factory=list)
    lines_sold: int = 0
    receives: bool = False

    @property
    def role(self) -> str:
        """What its mark on the map looks like."""
        if self.receives:
            return "receives"
        return "sells" if self.lines_sold and not self.processes else "makes"

    @property
    def doing(self) -> str:
        """What happens there, in words."""
        made = [humanise(process) for process in dict.fromkeys(self.processes)]
        sold = [f"sells {count_words(self.lines_sold, 'line')}"] if self.lines_sold else []
        got = ["receives the goods"] if self.receives else []
        return capitalise(join_words([*made, *sold, *got]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainView:
    """Numbered stops, the map (None when no place is known) and the stops that no map can show."""

    stops: tuple[Stop, ...]
    names: dict[int, str]
    towns: dict[int, str]
    numbers: dict[PlaceId, int]
    unmapped: tuple[int, ...]
    modes: tuple[str, ...]
    map: ChainMap | None


def view_chain(option: Option, ship_to: PlaceId, names: Names) -> ChainView:
    """Number every place that makes, sells, sends or receives, and draw them."""
    stops = _find_stops(option, ship_to, names)
    known = {stop.number: _point(stop, names) for stop in stops.values()}
    points = [point for point in known.values() if point is not None]
    flows = [_flow(move, stops, names) for move in option.moves]
    drawn = [f for f in flows if known[f.origin] and known[f.destination] and f.origin != f.destination]
    return ChainView(
        stops=tuple(stops.values()),
        names={stop.number: _stop_name(stop, names) for stop in stops.values()},
        towns={stop.number: _town(stop, names) for stop in stops.values()},
        numbers={place: stop.number for place, stop in stops.items()},
        unmapped=tuple(number for number, point in known.items() if point is None),
        modes=tuple(dict.fromkeys(flow.mode for flow in drawn)),
        map=draw_chain_map(points, drawn),
    )


def _find_stops(option: Option, ship_to: PlaceId, names: Names) -> dict[PlaceId, Stop]:
    stops: dict[PlaceId, Stop] = {}

    def stop(place: PlaceId) -> Stop:
        return stops.setdefault(place, Stop(number=len(stops) + 1, place=place))

    for step in option.steps:
        _add_shop(stop(_place_of(step.shop, names)), step.shop).processes.append(step.process)
    for seller in (purchase.seller for purchase in option.purchases):
        if seller is not None:
            _add_shop(stop(_place_of(seller, names)), seller).lines_sold += 1
    for move in option.moves:
        stop(move.origin)
        stop(move.destination)
    stop(ship_to).receives = True
    return stops


def _add_shop(stop: Stop, shop: ShopId) -> Stop:
    if shop not in stop.shops:
        stop.shops.append(shop)
    return stop


def _place_of(shop: ShopId, names: Names) -> PlaceId:
    found = names.network.shops.get(shop)
    return found.place if found is not None else PlaceId(str(shop))


def _stop_name(stop: Stop, names: Names) -> str:
    return join_words([names.shop(shop) for shop in stop.shops]) or names.place(stop.place)


def _town(stop: Stop, names: Names) -> str:
    """Where a stop is, unless its name has said so."""
    place = names.network.places.get(stop.place)
    if place is None:
        return ""
    town = place.name if stop.shops and place.name not in _stop_name(stop, names) else ""
    return ", ".join(filter(None, [town, name_country(place.country)]))


def _point(stop: Stop, names: Names) -> MapPoint | None:
    place = names.network.places.get(stop.place)
    if place is None or not _on_globe(place.latitude, place.longitude):
        return None
    return MapPoint(
        number=stop.number,
        name=_stop_name(stop, names),
        longitude=place.longitude,
        latitude=place.latitude,
        role=stop.role,
        town=place.name if place.name not in {names.shop(shop) for shop in stop.shops} else "",
        region=name_country(place.country),
    )


def _on_globe(latitude: float, longitude: float) -> bool:
    return (
        math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 360
    )


def _flow(move: Move, stops: dict[PlaceId, Stop], names: Names) -> Flow:
    ends = f"{names.place(move.origin)} to {names.place(move.destination)}"
    days = format_days(move.transit_days.mean)
    words = f"{ends}, {describe_mode(move.mode)}: {format_mass(move.mass_kg)}, {days}"
    return Flow(
        origin=stops[move.origin].number,
        destination=stops[move.destination].number,
        mode=move.mode,
        words=words,
    )
