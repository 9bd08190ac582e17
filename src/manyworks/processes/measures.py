"""Operations from plain measures: what somebody types instead of a design."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from manyworks.model import Finding, Operation, OperationId, Requirement, error, warning
from manyworks.processes.materials import Material, find_material, known_materials
from manyworks.processes.plastics import Plastic, find_plastic, known_plastics
from manyworks.processes.tables import Driver, ProcessesError, ProcessTable, ScopeLimit, process_table

MOST_RANGES = 1e4
"""A measure this many times beyond its usual range is a slip of the pen, not a part."""


def make_operation(
    process: str, measures: Mapping[str, float], *, material: str = "", name: str = ""
) -> Operation:
    """An operation of a process from its measures, without any design.

    Parameters
    ----------
    process
        One of `processes`.
    measures
        Value by name of driver (see `describe`); what is not stated and has a default takes it when
        the operation is estimated, and the estimate says so.
    material
        Fills the drivers that are properties of a material (density, price); stated ones win.
    name
        What to call it; the process's name otherwise.

    Raises
    ------
    ProcessesError
        Unknown process, material or measures, missing ones, numbers that cannot be: all at once.
    """
    table = process_table(process)
    of_material, found = _of_material(table, material)
    drivers = {**of_material, **{key: float(value) for key, value in measures.items()}}
    found += _faults(table, drivers)
    if found:
        raise ProcessesError(found)
    label = name or process
    return Operation(
        id=OperationId(label),
        name=name or table.title,
        process=process,
        requirement=Requirement(process=process, materials=(material,) if material else ()),
        drivers=drivers,
        setup_family=label,
    )


def typical_operation(process: str) -> Operation:
    """An ordinary operation of a process, every driver at its typical value."""
    drivers = process_table(process).drivers
    return make_operation(process, {name: driver.typical for name, driver in drivers.items()})


def _of_material(table: ProcessTable, text: str) -> tuple[dict[str, float], list[Finding]]:
    wanted = {name: driver.of_material for name, driver in table.drivers.items() if driver.of_material}
    if not text or not wanted:
        return {}, []
    material, plastic = find_material(text), find_plastic(text)
    found = {name: value for name, key in wanted.items() if (value := _property(material, plastic, key))}
    if found:
        return found, []
    known = ", ".join((*known_materials(), *known_plastics()))
    message = f"{table.process} knows no material {text!r}"
    return {}, [error("processes.material.unknown", table.process, message, f"known: {known}")]


def _property(material: Material | None, plastic: Plastic | None, key: str) -> float | None:
    """A property by its name, ``plastic.density`` for one of the plastics' table."""
    owner, _, short = key.rpartition(".")
    thing = plastic if owner == "plastic" else material
    value: float | None = getattr(thing, short, None) if thing is not None else None
    return value


def _faults(table: ProcessTable, drivers: Mapping[str, float]) -> list[Finding]:
    known = ", ".join(table.drivers)
    found = [
        error("processes.measure.unknown", table.process, f"no measure {name!r}", f"known: {known}")
        for name in drivers
        if name not in table.drivers
    ]
    found += [
        error(
            "processes.measure.missing",
            table.process,
            f"{name} is not stated: {driver.about}",
            _usual(driver),
        )
        for name, driver in table.drivers.items()
        if name not in drivers and driver.default is None
    ]
    return found + [
        error(
            "processes.measure.value",
            table.process,
            f"{name} = {value!r} {table.drivers[name].unit}; expected a number of 0 or more that can be",
            _usual(table.drivers[name]),
        )
        for name, value in drivers.items()
        if name in table.drivers and not 0.0 <= value <= MOST_RANGES * max(table.drivers[name].high, 1.0)
    ]


def _usual(driver: Driver) -> str:
    return f"usual: {driver.low:g} to {driver.high:g} {driver.unit}"


def out_of_scope(operation: Operation) -> tuple[Finding, ...]:
    """Why the process cannot make what an operation states; empty where it can.

    Each finding names the number, the limit and what could be done instead.
    """
    table = process_table(operation.process)
    return tuple(_broken(operation, table))


def _broken(operation: Operation, table: ProcessTable) -> Iterator[Finding]:
    for limit in table.scope.limits:
        value = operation.drivers.get(limit.driver)
        if value is not None and not limit.least <= value <= limit.most:
            unit = table.drivers[limit.driver].unit
            message = f"{limit.driver} = {value:g} {unit}, {table.process} takes {_range(limit)}: {limit.why}"
            yield warning("processes.scope.limit", operation.id, message, limit.instead)


def _range(limit: ScopeLimit) -> str:
    if math.isinf(limit.most):
        return f"{limit.least:g} and more"
    return f"up to {limit.most:g}" if math.isinf(limit.least) else f"{limit.least:g} to {limit.most:g}"


def beyond_range(operation: Operation) -> tuple[Finding, ...]:
    """Measures outside the range the model was made for: it is still asked, and less sure."""
    drivers = process_table(operation.process).drivers
    return tuple(
        warning(
            "processes.measure.range",
            operation.id,
            f"{name} = {value:g} {drivers[name].unit} lies outside the range the model was made for",
            _usual(drivers[name]),
        )
        for name, value in operation.drivers.items()
        if name in drivers and drivers[name].effect != "flag" and not _is_usual(drivers[name], value)
    )


def _is_usual(driver: Driver, value: float) -> bool:
    return driver.low <= value <= driver.high or value == driver.default
