"""From what people write to a place on the map."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from math import isfinite

from manyworks.logistics.distances import great_circle_km
from manyworks.logistics.errors import LogisticsError
from manyworks.logistics.geography import countries
from manyworks.logistics.tables import read_table
from manyworks.model import Network, Place, PlaceId, ShopId, error

_LONGEST_TEXT = 200
_COORDINATES = re.compile(r"^\s*([-+]?[\d.]+)\s*[,; ]\s*([-+]?[\d.]+)\s*(?:[,; ]\s*([A-Za-z]{2}))?\s*$")
_SUGGESTIONS = 5


def _plain(text: str) -> str:
    """Lower case without accents, apostrophes and double blanks."""
    stripped = unicodedata.normalize("NFKD", text)
    letters = "".join(letter for letter in stripped if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", " ", letters.lower().replace("'", "").replace("’", "")).strip()


@cache
def towns() -> Mapping[str, tuple[Place, ...]]:
    """The room's own towns by plain name, largest first."""
    groups: dict[str, list[tuple[int, Place]]] = {}
    for row in read_table("places"):
        name = _plain(row["name"])
        place = Place(
            id=PlaceId(f"{name.replace(' ', '-')}-{row['country'].lower()}"),
            name=row["name"],
            country=row["country"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            kind="town",
        )
        groups.setdefault(name, []).append((int(row["population"]), place))
    return {
        name: tuple(place for _, place in sorted(group, key=lambda pair: -pair[0]))
        for name, group in groups.items()
    }


@cache
def _all_towns() -> tuple[Place, ...]:
    return tuple(place for group in towns().values() for place in group)


@cache
def _country_names() -> Mapping[str, str]:
    names = {}
    for country in countries().values():
        for name in (country.code, country.name, *country.aliases):
            names[_plain(name)] = country.code
    return names


def _refuse(code: str, text: str, message: str, hint: str) -> LogisticsError:
    return LogisticsError([error(f"logistics.place.{code}", text[:60] or "place", message, hint)])


def _in_network(text: str, network: Network) -> Place | None:
    """A place or shop of the network by id, or a place by its name."""
    if PlaceId(text) in network.places:
        return network.places[PlaceId(text)]
    shop = network.shops.get(ShopId(text))
    if shop is not None and shop.place in network.places:
        return network.places[shop.place]
    named = [place for place in network.places.values() if _plain(place.name) == _plain(text)]
    return named[0] if len(named) == 1 else None


def _nearest_country(probe: Place, network: Network | None) -> str:
    known: Iterable[Place] = (*_all_towns(), *(network.places.values() if network else ()))
    return min(known, key=lambda place: great_circle_km(probe, place)).country


def _at(text: str, latitude: float, longitude: float, country: str, network: Network | None) -> Place:
    if not (isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        message = f"{text!r} is not on the earth: latitude must be within 90, longitude within 180 degrees"
        raise _refuse("coordinates", text, message, "write latitude first, e.g. 51.48,-3.18")
    name = f"{latitude:.4f},{longitude:.4f}"
    probe = Place(id=PlaceId(name), name=name, country=country, latitude=latitude, longitude=longitude)
    code = country or _nearest_country(probe, network)
    if code not in countries():
        raise _refuse("country", text, f"{code!r} is no country code", "give two letters of ISO 3166 (GB)")
    return Place(
        id=PlaceId(f"{name},{code}"), name=name, country=code, latitude=latitude, longitude=longitude
    )


def _coordinates(text: str, network: Network | None) -> Place | None:
    match = _COORDINATES.match(text)
    if match is None:
        return None
    try:
        latitude, longitude = float(match[1]), float(match[2])
    except ValueError:
        return None
    return _at(text, latitude, longitude, (match[3] or "").upper(), network)


def _split_country(text: str) -> tuple[str, str | None]:
    """Plain town name and country code, as far as the last part after a comma names a country."""
    town, comma, tail = text.rpartition(",")
    code = _country_names().get(_plain(tail)) if comma else None
    return (_plain(town), code) if code else (_plain(text), None)


def _suggest(text: str, code: str | None) -> str:
    town = _split_country(text)[0]
    names = {name for name, group in towns().items() if not code or any(p.country == code for p in group)}
    close = get_close_matches(town, sorted(names), n=_SUGGESTIONS, cutoff=0.6)
    nearest = [f"{place.name}, {place.country}" for name in close for place in towns()[name]]
    meant = f"did you mean {' or '.join(nearest[:_SUGGESTIONS])}? " if nearest else ""
    ways = "a town with its country (Cardiff, GB), latitude and longitude (51.48,-3.18), an id of the network"
    return f"{meant}Write one of: {ways}"


def _choose(text: str, candidates: tuple[Place, ...], code: str | None) -> Place:
    if not candidates:
        raise _refuse("unknown", text, f"no place is known by the name {text!r}", _suggest(text, code))
    if len({place.country for place in candidates}) > 1:
        lands = " or ".join(f"{place.name}, {place.country}" for place in candidates)
        raise _refuse("ambiguous", text, f"{text!r} may be more than one place", f"write {lands}")
    return candidates[0]


def _town(text: str) -> Place:
    by_id = next((place for place in _all_towns() if place.id == text), None)
    if by_id is not None:
        return by_id
    name, code = _split_country(text)
    group = towns().get(name, ())
    return _choose(text, tuple(place for place in group if code in (None, place.country)), code)


def find_place(text: str, network: Network | None = None) -> Place:
    """Find the place somebody means.

    Parameters
    ----------
    text
        The id of a place or shop of the network, a town with its country (``Cardiff, GB``), or
        latitude and longitude in degrees with or without a country (``51.48,-3.18,GB``).
    network
        Its places and shops are looked at first.

    Returns
    -------
    Place
        Its id can be given to this function again.

    Raises
    ------
    LogisticsError
        Where nothing, or more than one country's town, answers to the text; with suggestions.
    """
    wanted = text.strip()
    if not wanted or len(wanted) > _LONGEST_TEXT:
        message = "no place is given" if not wanted else f"the text of {len(wanted)} letters is no place"
        raise _refuse("empty", wanted, message, "write a town and its country, e.g. Cardiff, GB")
    found = _in_network(wanted, network) if network is not None else None
    return found or _coordinates(wanted, network) or _town(wanted)
