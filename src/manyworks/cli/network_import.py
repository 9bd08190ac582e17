"""``manyworks network import``: tables of facilities and machines as others publish them -> a network."""

from __future__ import annotations

import csv
import io
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from manyworks.cli.outputs import OutputError, write_outputs
from manyworks.cli.saying import indent, lay_out, progress, say, say_findings
from manyworks.files.limits import PATTERN_BYTES
from manyworks.files.network.writing import write_network
from manyworks.files.open_know import Facilities, read_okw
from manyworks.files.open_know.completing import Completed, complete_facilities
from manyworks.files.open_know.merging import merge_facilities
from manyworks.files.sources import is_folder, open_source
from manyworks.logistics import LogisticsError, find_place
from manyworks.logistics.gazetteer import towns
from manyworks.market.enrolment import Enrolled, enrol
from manyworks.model import (
    Finding,
    FindingsError,
    Machine,
    Network,
    Place,
    Severity,
    Shop,
    error,
    errors,
    info,
    warning,
)
from manyworks.processes import known_countries, processes, unknown_coefficients

ASSUMPTIONS = "assumptions.csv"
_ENDINGS = (".csv", ".tsv", ".txt", ".yml", ".yaml", ".json")
_BOOK_CURRENCY = "USD"
_MOST_FILES = 200
_MOST_NAMES = 15
_LONGEST_TEXT = 2_000
_HOW = {
    "stated": "process stated in the table",
    "model": "model found in the catalogue",
    "name": "model found without its make",
    "make": "make found, model not",
    "words": "by words of its name",
    "class": "by its class alone",
    "unknown": "not understood",
    "idle": "said not to work",
    "nothing": "makes nothing, left out",
}


class TablesError(FindingsError):
    """Nothing could be made of the tables; carries every reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A network made of others' tables, with what was read, taken and assumed on the way."""

    network: Network
    told: int
    files: int
    completed: Completed
    enrolled: Enrolled
    origins: Mapping[str, str]
    findings: tuple[Finding, ...]


def import_network(arguments: Namespace) -> int:
    """Read tables of facilities, make a network of them, tell and list what was assumed."""
    with progress() as tell:
        tell("reading")
        made = make_network(
            arguments.files,
            name=getattr(arguments, "name", None) or "",
            as_of=arguments.as_of or date.today(),
            currency=getattr(arguments, "currency", None) or _BOOK_CURRENCY,
            dollar=getattr(arguments, "usd", None),
        )
        tell("writing")
        findings = (*made.findings, *_write(made, Path(arguments.out)))
    say(*describe_import(made, arguments.out))
    return say_findings(findings, remarks=getattr(arguments, "verbose", False))


def make_network(
    files: Sequence[str],
    *,
    name: str = "",
    as_of: date,
    currency: str = _BOOK_CURRENCY,
    dollar: float | None = None,
) -> Imported:
    """Make one network of all tables together.

    Parameters
    ----------
    files
        Tables and facility files, and folders of them.
    dollar
        Worth of one USD in ``currency``; must be given where that is another.

    Raises
    ------
    TablesError
        A file is no such table, nothing is in them, or the worth of a USD is missing.
    """
    parts, findings = _read_all(files)
    worth = _worth_of_dollar(currency, dollar, findings)
    if errors(findings):
        raise TablesError(findings)
    merged, noticed = merge_facilities(parts)
    completed = complete_facilities(merged, find_town=_town, find_land=_land)
    findings += [*noticed, *completed.findings]
    whole = completed.facilities
    if not whole.shops:
        text = "no facility says where it is, in a way that is understood"
        told = error("cli.import.empty", ", ".join(files)[:200], text, "fill in countries or positions")
        raise TablesError((*findings, told))
    enrolled = enrol(whole.machines, whole.classes, idle=whole.idle, dollar=worth)
    machines, dropped = _known_coefficients(enrolled.machines)
    network = Network(
        name=name or f"Imported from {', '.join(Path(file).name for file in files)}"[:200],
        currency=currency,
        as_of=as_of.isoformat(),
        places={place.id: place for place in whole.places},
        shops={shop.id: _described(shop, whole) for shop in whole.shops},
        machines={machine.id: machine for machine in machines},
        exchange={currency: 1.0, _BOOK_CURRENCY: worth},
    )
    findings += [*enrolled.findings, *dropped, *_without_rates(network), *_unknown(enrolled)]
    findings += _account(parts, noticed, completed, enrolled)
    return Imported(
        network=network,
        told=sum(len(part.machines) for part in parts),
        files=len(parts),
        completed=completed,
        enrolled=enrolled,
        origins=merged.origins,
        findings=tuple(findings),
    )


def _worth_of_dollar(currency: str, stated: float | None, findings: list[Finding]) -> float:
    worth = 1.0 if currency == _BOOK_CURRENCY else stated
    if worth is not None and 0 < worth < float("inf"):
        return worth
    text = f"what one USD is worth in {currency} is not said; usual prices are in USD"
    findings.append(error("cli.import.currency", currency, text, "say it with --usd, or import in USD"))
    return 1.0


def _described(shop: Shop, facilities: Facilities) -> Shop:
    """The shop with what it says it makes and has in its description: nothing can match such words."""
    said = {"says it makes": facilities.products, "says it has": facilities.supplies}
    told = [f"{word}: {', '.join(by[shop.id])}" for word, by in said.items() if by.get(shop.id)]
    whole = "; ".join(filter(None, (shop.description, *told)))
    return replace(shop, description=whole[:_LONGEST_TEXT].strip())


def _read_all(files: Sequence[str]) -> tuple[list[Facilities], list[Finding]]:
    parts: list[Facilities] = []
    findings: list[Finding] = []
    for path, asked in _paths(files, findings):
        part, noticed = _read_one(path)
        # Of a folder's files some may be something else; a file that was named must be right.
        findings += noticed if asked else map(_as_warning, noticed)
        parts += [part] if part is not None else []
    if not parts and not errors(findings):
        text = "no table of facilities or machines is among what was given"
        findings.append(
            error("cli.import.empty", ", ".join(files)[:200], text, "name CSV, YAML or JSON files")
        )
    return parts, findings


def _paths(files: Sequence[str], findings: list[Finding]) -> Iterator[tuple[Path, bool]]:
    for file in dict.fromkeys(files):
        path = Path(file)
        if not is_folder(path):
            yield path, True
            continue
        try:
            inside = sorted(one for one in path.iterdir() if one.suffix.lower() in _ENDINGS)
        except OSError as trouble:
            text = f"the folder cannot be read: {trouble.strerror}"
            findings.append(error("cli.import.folder", file, text, "give yourself the right to read it"))
            continue
        for one in inside[:_MOST_FILES]:
            yield one, False
        if inside[_MOST_FILES:]:
            text = f"{len(inside)} tables in one folder; the first {_MOST_FILES} are read"
            findings.append(warning("cli.import.many", file, text, "name the others"))


def _read_one(path: Path) -> tuple[Facilities | None, tuple[Finding, ...]]:
    source = open_source(path, path.name, PATTERN_BYTES)
    return (None, (source,)) if isinstance(source, Finding) else read_okw(source)


def _as_warning(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.WARNING) if finding.severity is Severity.ERROR else finding


def _town(name: str, country: str) -> Place | None:
    if not name:
        inside = (group[0] for group in _towns_in(country))
        return next(inside, None)
    try:
        found = find_place(f"{name[:150]}, {country}")
    except LogisticsError:
        return None
    return found if found.country == country else None


def _towns_in(country: str) -> Iterator[Sequence[Place]]:
    """Towns of a country, as the gazetteer lists them: its largest first."""
    groups = ([place for place in group if place.country == country] for group in towns().values())
    return (group for group in groups if group)


def _land(latitude: float, longitude: float) -> str:
    try:
        return find_place(f"{latitude:.5f},{longitude:.5f}").country
    except LogisticsError:
        return ""


def _known_coefficients(machines: Iterable[Machine]) -> tuple[list[Machine], list[Finding]]:
    """Machines without coefficients that no model of what they do has; those are told."""
    kept: list[Machine] = []
    findings: list[Finding] = []
    for machine in machines:
        able = {one.process for one in machine.capabilities} & set(processes())
        known = {
            name: value
            for name, value in machine.coefficients.items()
            if any(not unknown_coefficients(process, [name]) for process in able)
        }
        kept.append(machine if known == machine.coefficients else replace(machine, coefficients=known))
        for name in machine.coefficients.keys() - known.keys():
            text = f"{name} is no coefficient of {', '.join(able) or 'any model'}: not used"
            findings.append(info("cli.import.coefficient", str(machine.id), text))
    return kept, findings


def _without_rates(network: Network) -> Iterator[Finding]:
    """Countries whose wages, rents and power prices the rate book does not know: nothing is priced there."""
    there = Counter(network.places[shop.place].country for shop in network.shops.values())
    missing = [f"{country} ({count})" for country, count in there.items() if country not in known_countries()]
    if missing:
        text = f"no rates for {len(missing)} countries (facilities in each): {', '.join(sorted(missing))}"
        hint = "state the rates of their shops in shops.csv; until then nothing is quoted there"
        yield warning("cli.import.rates", "shops.csv", text, hint)


def _unknown(enrolled: Enrolled) -> Iterator[Finding]:
    if enrolled.unknown:
        listed = ", ".join(f"{name} x {count}" for name, count in [*enrolled.unknown.items()][:_MOST_NAMES])
        rest = len(enrolled.unknown) - _MOST_NAMES
        more = f" and {rest} more names" if rest > 0 else ""
        text = f"{sum(enrolled.unknown.values())} machines nobody understood: {listed}{more}"
        yield warning("cli.import.unknown", "machines.csv", text, "give each a row in capabilities.csv")


def _account(
    parts: Sequence[Facilities], noticed: Sequence[Finding], completed: Completed, enrolled: Enrolled
) -> Iterator[Finding]:
    """Every machine told must be in the network or be named as left out; anything else is a defect."""
    told = sum(len(part.machines) for part in parts)
    merged = sum(one.code in ("files.okw.merged-machine", "files.okw.merged-word") for one in noticed)
    left = len(completed.left_machines) + len(enrolled.idle_things)
    if told != merged + left + len(enrolled.machines):
        text = f"{told} machines were told, {merged} merged, {left} left out, {len(enrolled.machines)} kept"
        yield error("cli.import.lost", "machines.csv", text, "please report it with your tables")


def _write(made: Imported, folder: Path) -> tuple[Finding, ...]:
    """Write the tables and the list of what was assumed; refuse to replace a network made otherwise."""
    if (folder / "network.toml").exists() and not (folder / ASSUMPTIONS).exists():
        text = "a network stands there that was not imported"
        raise OutputError([error("cli.output", str(folder), text, "give another folder")])
    texts, findings = write_network(made.network)
    if errors(findings):
        raise TablesError((*made.findings, *findings))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or str(trouble)
        raise OutputError([error("cli.output", str(folder), reason, "give another folder")]) from None
    texts[ASSUMPTIONS] = _assumptions((*made.findings, *findings), made.origins)
    write_outputs({str(folder / name): text for name, text in texts.items()})
    return findings


def _assumptions(findings: Iterable[Finding], origins: Mapping[str, str]) -> str:
    """Every finding as a row: what about, where it was told, what was taken, and from where that is."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("kind", "about", "told_in", "what", "source_or_advice"))
    for one in findings:
        kind = one.code.rpartition(".")[2]
        writer.writerow((kind, one.where, origins.get(one.where, ""), one.message, one.hint))
    return buffer.getvalue()


def describe_import(made: Imported, folder: str) -> Iterator[str]:
    """Summary for the screen."""
    network = made.network
    countries = {place.country for place in network.places.values()}
    yield f"{network.name}: {len(network.shops)} shops in {len(countries)} countries, {network.as_of}"
    yield f"{made.told} machines told in {made.files} files, {len(network.machines)} in the network"
    waiting = sum(shop.status != "open" for shop in network.shops.values())
    if waiting:
        yield f"{waiting} of the shops are planned or closed: they are not asked"
    yield ""
    yield from indent(lay_out(("machines", "", "share"), _understood_rows(made), "rlr"))
    yield ""
    yield "assumed or noticed (each in assumptions.csv)"
    counts = Counter(one.code.rpartition(".")[2] for one in made.findings)
    rows = [(str(count), kind.replace("-", " ")) for kind, count in counts.most_common()]
    yield from indent(lay_out(("rows", "what"), rows, "rl"))
    if made.enrolled.unknown:
        yield from ("", "not understood by name")
        names = [*made.enrolled.unknown.items()][:_MOST_NAMES]
        yield from indent(lay_out(("machines", "name"), [(str(n), name) for name, n in names], "rl"))
    yield ""
    yield f"written to {folder}; people, tools and offers are not in such tables: add what you know of them"


def _understood_rows(made: Imported) -> Iterator[tuple[str, ...]]:
    understood = made.enrolled.understood
    whole = max(1, sum(understood.values()))
    for how, text in _HOW.items():
        if understood.get(how):
            yield str(understood[how]), text, f"{understood[how] / whole:.1%}"
    sized = sum(any(_is_sized(one) for one in machine.capabilities) for machine in made.enrolled.machines)
    yield str(sized), "of these with a size", f"{sized / whole:.1%}"


def _is_sized(capability: Any) -> bool:
    sizes = ("envelope_mm", "max_diameter_mm", "max_bend_length_mm", "clamp_force_t")
    return any(getattr(capability, name) is not None for name in sizes)
