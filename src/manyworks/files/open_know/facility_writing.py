"""A shop with its machines -> a facility file (OKW) in YAML or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from manyworks.model import Finding, Machine, Place, Shop, info


def write_okw(
    shop: Shop, machines: Iterable[Machine] = (), place: Place | None = None, *, as_json: bool = False
) -> tuple[str, tuple[Finding, ...]]:
    """Write one facility; rates, costs, people and load are never written.

    Returns
    -------
    The text, and findings that name what the format has no place for.
    """
    content: dict[str, Any] = {"title": shop.name, "id": str(shop.id), "status": shop.status}
    if shop.description:
        content["description"] = shop.description
    if place is not None:
        content["location"] = _location(place)
    if shop.certificates:
        content["certifications"] = [certificate.name for certificate in shop.certificates]
    own = [machine for machine in machines if machine.shop == shop.id]
    content["equipment"] = [row for machine in own for row in _rows(machine)]
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n" if as_json else _yaml(content)
    return text, tuple(_lost(shop, own))


def _location(place: Place) -> dict[str, Any]:
    location: dict[str, Any] = {"city": place.name, "country": place.country}
    if place.latitude == place.latitude and place.longitude == place.longitude:  # a number
        location |= {"latitude": place.latitude, "longitude": place.longitude}
    return location


def _rows(machine: Machine) -> Iterator[dict[str, Any]]:
    """One row for each process of a machine."""
    base = {"name": machine.name, "make": machine.make, "model": machine.model, "quantity": machine.count}
    plain: dict[str, Any] = {key: value for key, value in base.items() if value}
    if not machine.capabilities:
        yield plain
    for capability in machine.capabilities:
        row = {**plain, "process": capability.process}
        if capability.envelope_mm:
            row["envelope_mm"] = list(capability.envelope_mm)
        if capability.materials:
            row["materials"] = list(capability.materials)
        yield row


def _lost(shop: Shop, machines: Iterable[Machine]) -> Iterator[Finding]:
    kept = {"process", "materials", "envelope_mm"}
    stated = {
        name
        for machine in machines
        for capability in machine.capabilities
        for name in capability.__slots__
        if name not in kept and getattr(capability, name) not in (None, ())
    }
    if stated:
        text = f"the format has no place for {', '.join(sorted(stated))}; not written"
        yield info("files.okw.lost", shop.id, text)
    if shop.shifts:
        yield info("files.okw.lost", shop.id, "the format has no place for shifts; not written")


def _yaml(content: dict[str, Any]) -> str:
    import yaml

    text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    return text
