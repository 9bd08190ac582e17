"""``manyworks match``: which shops can make what a requirement states; and a truth table scored."""

from __future__ import annotations

import csv
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from manyworks.cli.outputs import STANDARD_OUTPUT, OutputError, as_json, check_outputs, write_outputs
from manyworks.cli.saying import lay_out, say, say_findings
from manyworks.files import read_network
from manyworks.market import Market, Match, Refusal, canonical
from manyworks.market.scoring import ScoredRow, score_row, tally
from manyworks.market.statements import Asked, read_json, read_requirement, unread_words
from manyworks.model import Finding, FindingsError, Network, error, errors, finding_to_json

MAX_BYTES = 100_000_000
MAX_ROWS = 200_000
SHOWN = 20
"""Rows of a table on the screen; the JSON holds all of them."""

COLUMNS = ("id", "requirement", "shop", "expected")


class MatchError(FindingsError):
    """What was asked cannot be read, so nobody can be matched to it."""


def match_requirement(arguments: Namespace) -> int:
    """Answer one requirement from a network's shops, or score a truth table.

    ``arguments`` holds ``requirement`` and ``network``, or ``golden``; further ``quantity``, ``on`` (a
    date), ``json`` and ``verbose``, each None where it is not given.
    """
    given = [name for name in (arguments.requirement, arguments.network) if name]
    if bool(arguments.golden) == bool(given) or (given and len(given) < 2):
        hint = "manyworks match REQUIREMENT.json --network DIR, or manyworks match --golden FILE"
        raise MatchError([error("cli.match.arguments", "match", "name a requirement and a network", hint)])
    inputs = [arguments.golden] if arguments.golden else given
    blocked = check_outputs(arguments.json, inputs=inputs)
    if blocked:
        raise OutputError(blocked)
    return _score(arguments) if arguments.golden else _match(arguments)


# ---- one requirement, one network ----------------------------------------------------------------


def _match(arguments: Namespace) -> int:
    statement, asked, findings = _asked(arguments)
    network, more = read_network(arguments.network)
    findings = (*findings, *more)
    if network is None:
        raise MatchError(findings)
    market = Market(network, ask_silent=True)
    budget = _budget(asked, network)
    matches = {
        process: market.match(
            replace(asked.requirement, process=process),
            quantity=asked.quantity,
            budget=budget,
            on=asked.on,
        )
        for process in asked.processes
    }
    findings = (*findings, *(finding for match in matches.values() for finding in match.findings))
    if arguments.json != STANDARD_OUTPUT:
        say(*_tell(asked, matches, network, all_rows=bool(arguments.verbose)))
    if arguments.json:
        content = _match_json(statement, asked, matches, network, findings)
        write_outputs({arguments.json: as_json(content)})
    return say_findings(findings, remarks=bool(arguments.verbose))


def _asked(arguments: Namespace) -> tuple[Mapping[str, Any], Asked, tuple[Finding, ...]]:
    path = arguments.requirement
    statement, findings = read_json(_text(path), path)
    if statement is None:
        raise MatchError(findings)
    asked, more = read_requirement(statement, path)
    findings = (*findings, *more)
    if asked is None or errors(findings):
        raise MatchError(findings)
    if arguments.quantity is not None:
        asked = replace(asked, quantity=float(arguments.quantity))
    if arguments.on is not None:
        asked = replace(asked, on=str(arguments.on))
    return statement, asked, (*findings, *unread_words(asked, path))


def _budget(asked: Asked, network: Network) -> float | None:
    """The budget in the network's currency."""
    if asked.budget is None or asked.budget.currency in ("", network.currency):
        return asked.budget.amount if asked.budget else None
    worth = network.exchange.get(asked.budget.currency)
    if worth is None:
        message = f"the network has no exchange rate for {asked.budget.currency}"
        hint = f"state the budget in {network.currency}, or add the rate to network.toml"
        raise MatchError([error("cli.match.currency", "budget", message, hint)])
    return asked.budget.amount * worth


def _text(path: str) -> str:
    try:
        data = Path(path).read_bytes() if Path(path).stat().st_size <= MAX_BYTES else None
    except (OSError, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or str(trouble)
        raise MatchError(
            [error("cli.match.file", path, f"cannot be read: {reason}", "is the name right?")]
        ) from None
    if data is None:
        raise MatchError([error("cli.match.file", path, f"is larger than {MAX_BYTES:,} bytes")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MatchError([error("cli.match.file", path, "is not UTF-8 text", "save it as UTF-8")]) from None


def _tell(asked: Asked, matches: Mapping[str, Match], network: Network, *, all_rows: bool) -> Iterator[str]:
    for process, match in matches.items():
        known = canonical(process)
        name = f"{process} ({known})" if known and known != process else process
        shops = {candidate.shop for candidate in match.candidates}
        yield f"{name}: {_count(len(shops), 'shop')} can, with {_count(len(match.candidates), 'machine')}"
        yield from _section(("shop", "machine", "runs"), _candidate_rows(match, network), all_rows=all_rows)
        near, ask, far = _sorted(match.refusals)
        yield from _titled("near misses", ("shop", "machine", "why"), _rows(near, network), all_rows)
        yield from _titled("to ask", ("shop", "machine", "what"), _rows(ask, network), all_rows)
        yield from _titled("cannot", ("shop", "machine", "why"), _rows(far, network), all_rows)
        if match.without_process:
            yield f"{_count(match.without_process, 'shop')} without the process"
        yield ""
    if len(matches) > 1:
        able = sorted(_able(matches))
        yield f"all {len(matches)} processes in one shop: {', '.join(able) or 'none'}"


def _able(matches: Mapping[str, Match]) -> set[str]:
    """Shops that can do every process."""
    return set.intersection(*({str(c.shop) for c in match.candidates} for match in matches.values()))


def _sorted(refusals: Sequence[Refusal]) -> tuple[list[Refusal], list[Refusal], list[Refusal]]:
    """Near misses, shops to ask, and the rest."""
    near = [one for one in refusals if one.would_match]
    ask = [one for one in refusals if one.verdict == "unknown"]
    return near, ask, [one for one in refusals if one.verdict != "unknown" and not one.would_match]


def _candidate_rows(match: Match, network: Network) -> list[tuple[str, ...]]:
    return [
        (c.shop, network.machines[c.machine].name, c.capability.process or network.machines[c.machine].model)
        for c in match.candidates
    ]


def _rows(refusals: Iterable[Refusal], network: Network) -> list[tuple[str, ...]]:
    return [
        (
            one.shop,
            network.machines[one.machine].name if one.machine else "",
            one.reason,
        )
        for one in refusals
    ]


def _titled(
    title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], all_rows: bool
) -> Iterator[str]:
    if rows:
        yield from ("", f"{title}: {_count(len(rows), 'machine')}")
        yield from _section(head, rows, all_rows=all_rows)


def _section(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, all_rows: bool) -> Iterator[str]:
    shown = rows if all_rows else rows[:SHOWN]
    if shown:
        yield from lay_out(head, shown)
    if len(shown) < len(rows):
        yield f"and {len(rows) - len(shown)} more (--verbose shows all)"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _match_json(
    statement: Mapping[str, Any],
    asked: Asked,
    matches: Mapping[str, Match],
    network: Network,
    findings: Iterable[Finding],
) -> dict[str, Any]:
    return {
        "format": "manyworks-match/1",
        "network": network.name,
        "requirement": statement,
        "quantity": asked.quantity,
        "on": asked.on or network.as_of,
        "shops": sorted(_able(matches)),
        "processes": [_process_json(process, match, network) for process, match in matches.items()],
        "findings": [finding_to_json(finding) for finding in findings],
    }


def _process_json(process: str, match: Match, network: Network) -> dict[str, Any]:
    near, ask, far = _sorted(match.refusals)
    return {
        "process": process,
        "canonical": canonical(process),
        "matches": [
            {
                "shop": c.shop,
                "machine": c.machine,
                "runs": c.capability.process or network.machines[c.machine].model,
                "reason": "all that is asked holds on this machine and its shop",
            }
            for c in match.candidates
        ],
        "near_misses": [_refusal_json(one) for one in near],
        "ask": [_refusal_json(one) for one in ask],
        "refused": [_refusal_json(one) for one in far],
        "without_process": match.without_process,
    }


def _refusal_json(refusal: Refusal) -> dict[str, Any]:
    told = {"would_match": refusal.would_match} if refusal.would_match else {}
    return {
        "shop": refusal.shop,
        "machine": refusal.machine,
        "verdict": refusal.verdict,
        "reason": refusal.reason,
        "codes": list(refusal.codes),
        **told,
    }


# ---- a truth table -------------------------------------------------------------------------------


def _score(arguments: Namespace) -> int:
    rows = [score_row(row) for row in _table(arguments.golden)]
    if arguments.json != STANDARD_OUTPUT:
        say(*_tell_score(rows))
    if arguments.json:
        write_outputs({arguments.json: as_json(_score_json(rows))})
    return 0


def _table(path: str) -> list[dict[str, str]]:
    """Rows of the file; a file that is no such table is an error, a row that cannot be read is judged."""
    text = _text(path)
    try:
        reader = csv.DictReader(text.splitlines(keepends=True), strict=True)
        lacking = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        rows = [] if lacking else [row for row, _ in zip(reader, range(MAX_ROWS + 1), strict=False)]
    except csv.Error as trouble:
        raise MatchError([error("cli.match.table", path, f"is no CSV table: {trouble}")]) from None
    if lacking:
        message = f"has no column {' and no column '.join(lacking)}"
        raise MatchError([error("cli.match.table", path, message, f"the columns are {', '.join(COLUMNS)}")])
    if len(rows) > MAX_ROWS:
        raise MatchError([error("cli.match.table", path, f"has more than {MAX_ROWS:,} rows")])
    return rows


def _tell_score(rows: Sequence[ScoredRow]) -> Iterator[str]:
    head = ("kind", "rows", "right", "false matches", "missed matches")
    counts = [(kind, *map(str, asdict(count).values())) for kind, count in tally(rows).items()]
    yield from lay_out(head, counts, " rrrr")
    yield f"{sum(row.is_right for row in rows)} of {len(rows)} right"
    wrong = [
        (row.id, row.expected, row.answer.verdict, row.answer.reason) for row in rows if not row.is_right
    ]
    if wrong:
        yield from ("", *lay_out(("id", "expected", "got", "reason"), wrong))


def _score_json(rows: Sequence[ScoredRow]) -> dict[str, Any]:
    counts = tally(rows)
    return {
        "rows": len(rows),
        "right": sum(row.is_right for row in rows),
        "wrong": [
            {"id": row.id, "expected": row.expected, "got": row.answer.verdict, "reason": row.answer.reason}
            for row in rows
            if not row.is_right
        ],
        "false_matches": sum(count.false_matches for count in counts.values()),
        "missed_matches": sum(count.missed_matches for count in counts.values()),
        "kinds": {kind: asdict(count) for kind, count in counts.items()},
        "answers": [
            {"id": row.id, "got": row.answer.verdict, "reason": row.answer.reason}
            | ({"would_match": row.answer.would_match} if row.answer.would_match else {})
            for row in rows
        ],
    }
