"""Rows of a truth table (one requirement, one shop, the right answer) judged and scored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from manyworks.market.answers import Match
from manyworks.market.market import Market
from manyworks.market.statements import Asked, read_json, read_requirement, read_shop, unread_words
from manyworks.model import Finding, Network

VERDICTS = ("match", "no_match", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether one shop can make what is asked: ``match``, ``no_match`` or ``unknown``, and why.

    ``would_match`` is what a near miss would match at.
    """

    verdict: str
    reason: str
    would_match: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredRow:
    """One row with the answer given."""

    id: str
    kind: str
    expected: str
    answer: Answer

    @property
    def is_right(self) -> bool:
        """Whether the answer is the expected one."""
        return self.answer.verdict == self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Rows of one kind: how many, how many right, promised falsely, and not found."""

    rows: int
    right: int
    false_matches: int
    missed_matches: int


def answer_statement(requirement: Mapping[str, Any], shop: Mapping[str, Any]) -> Answer:
    """Say whether a shop can make what is asked, both as statements.

    ``no_match`` where something stated fails, ``unknown`` where nothing fails but the shop has to be
    asked, or where a statement cannot be read; ``match`` where all of it holds on one machine.
    """
    asked, findings = read_requirement(requirement, "requirement")
    if asked is None:
        return _unread(findings)
    network, more = read_shop(shop, asked, "shop")
    findings = (*findings, *unread_words(asked, "requirement"), *more)
    if network is None:
        return _unread(findings)
    return replace(_answer(network, asked), findings=findings)


def _unread(findings: tuple[Finding, ...]) -> Answer:
    reason = "; ".join(finding.message for finding in findings if finding.severity == "error")
    return Answer(verdict="unknown", reason=reason, findings=findings)


def _answer(network: Network, asked: Asked) -> Answer:
    """The worst answer over all processes asked: each must be there."""
    market = Market(network, ask_silent=True)
    budget = asked.budget.amount if asked.budget else None
    answers = [
        _word(
            market.match(
                replace(asked.requirement, process=process),
                quantity=asked.quantity,
                budget=budget,
                on=asked.on,
            ),
            network,
            process,
        )
        for process in asked.processes
    ]
    for verdict in ("no_match", "unknown"):
        same = [answer for answer in answers if answer.verdict == verdict]
        if same:
            return replace(same[0], reason="; ".join(answer.reason for answer in same))
    return replace(answers[0], reason="; ".join(answer.reason for answer in answers))


def _word(match: Match, network: Network, process: str) -> Answer:
    if match.candidates:
        machine = network.machines[match.candidates[0].machine]
        runs = match.candidates[0].capability.process or machine.name
        return Answer(verdict="match", reason=f"{machine.name} runs {runs} and all that is asked holds on it")
    for verdict in ("unknown", "no_match"):
        refused = [refusal for refusal in match.refusals if refusal.verdict == verdict]
        if refused:
            near = next((refusal.would_match for refusal in refused if refusal.would_match), "")
            return Answer(verdict=verdict, reason=refused[0].reason, would_match=near)
    said = {c.process or m.name for m in network.machines.values() for c in m.capabilities}
    return Answer(verdict="no_match", reason=f"runs {', '.join(sorted(said)) or 'nothing'}, asked {process}")


def score_row(row: Mapping[str, str]) -> ScoredRow:
    """Judge one row with the columns id, requirement, shop, expected and kind."""
    requirement, trouble = read_json(row.get("requirement") or "", "requirement")
    shop, more = read_json(row.get("shop") or "", "shop")
    findings = (*trouble, *more)
    if requirement is None or shop is None or findings:
        answer = _unread(findings)
    else:
        answer = answer_statement(requirement, shop)
    return ScoredRow(
        id=row.get("id") or "",
        kind=row.get("kind") or "",
        expected=(row.get("expected") or "").strip(),
        answer=answer,
    )


def tally(rows: Iterable[ScoredRow]) -> dict[str, Tally]:
    """Counts by kind, in order of appearance."""
    kinds: dict[str, list[ScoredRow]] = {}
    for row in rows:
        kinds.setdefault(row.kind, []).append(row)
    return {kind: _count(found) for kind, found in kinds.items()}


def _count(rows: list[ScoredRow]) -> Tally:
    return Tally(
        rows=len(rows),
        right=sum(row.is_right for row in rows),
        false_matches=sum(row.answer.verdict == "match" != row.expected for row in rows),
        missed_matches=sum(row.expected == "match" != row.answer.verdict for row in rows),
    )
