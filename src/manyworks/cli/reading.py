"""``manyworks read``: what was understood of a design, and whether it can be made like that."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from manyworks.cli.design_text import describe_checks, describe_product
from manyworks.cli.outputs import OutputError, as_json, check_outputs, write_outputs
from manyworks.cli.saying import say, say_findings
from manyworks.files import read, read_network
from manyworks.manufacturability import Check, check, limits
from manyworks.market import Understanding, understand_parts
from manyworks.model import Finding, FindingsError, ItemId, Network, Product, error, finding_to_json


class ChoiceError(FindingsError):
    """A process or threshold was chosen for something that is not there."""


def read_design(arguments: Namespace) -> int:
    """Read, check, tell, and write what was asked for."""
    inputs = [*arguments.paths, *([arguments.network] if arguments.network else [])]
    blocked = check_outputs(arguments.json, arguments.html, inputs=inputs)
    if blocked:
        raise OutputError(blocked)
    product, findings = read(*arguments.paths)
    network, noticed = _network(arguments)
    checks = _checks(arguments, product, network)
    parts = Understanding(words={}) if product is None else understand_parts(product, network)
    findings = (*findings, *noticed, *parts.findings)
    if product is not None and arguments.json != "-":
        say(*describe_product(product), *describe_checks(checks))
    write_outputs(dict(_outputs(arguments, product, findings, checks, parts)))
    return say_findings(findings)


def _network(arguments: Namespace) -> tuple[Network | None, tuple[Finding, ...]]:
    return read_network(arguments.network) if arguments.network else (None, ())


def _checks(arguments: Namespace, product: Product | None, network: Network | None) -> tuple[Check, ...]:
    """The checks with the user's own processes and thresholds; names nobody knows are errors."""
    if product is None:
        return ()
    chosen = {ItemId(item): process for item, process in arguments.process}
    own = dict(arguments.limit)
    wrong = [*_unknown("--process", chosen, list(product.items), "item")]
    wrong += _unknown("--limit", own, [limit.name for limit in limits()], "threshold")
    if wrong:
        raise ChoiceError(wrong)
    return check(product, processes=chosen, network=network, thresholds=own)


def _unknown(option: str, given: Mapping[Any, Any], known: list[Any], noun: str) -> Iterator[Finding]:
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "run without the option to see what there is"
            yield error("cli.read.unknown", option, f"no {noun} is called {name!r}", hint)


def _outputs(
    arguments: Namespace,
    product: Product | None,
    findings: tuple[Finding, ...],
    checks: tuple[Check, ...],
    parts: Understanding,
) -> Iterator[tuple[str, str]]:
    if arguments.json:
        yield arguments.json, as_json(product_to_json(product, findings, checks, parts.words))
    if arguments.html and product is not None:
        from manyworks.report import read_page

        yield arguments.html, read_page(product, findings, checks, parts.words)


def product_to_json(
    product: Product | None,
    findings: tuple[Finding, ...],
    checks: tuple[Check, ...] = (),
    understood: Mapping[ItemId, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """Everything understood, field by field as in `manyworks.model`; ``product`` is null after errors."""
    return {
        "format": "manyworks-product/1",
        "product": None if product is None else asdict(product),
        "understood": dict(understood),
        "checks": [asdict(one) for one in checks],
        "findings": [finding_to_json(finding) for finding in findings],
    }
