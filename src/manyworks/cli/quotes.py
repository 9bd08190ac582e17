"""``manyworks quote``: ask, tell, write."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from manyworks.cli.option_text import describe_option, describe_options, nearest_option
from manyworks.cli.outputs import as_json, check_outputs, write_outputs
from manyworks.cli.saying import indent, progress, say, say_findings
from manyworks.files import read, read_network
from manyworks.model import Finding, FindingsError, Network, Place, Product, Quote, QuoteSet, error, errors
from manyworks.report.naming import Names

MOST_QUANTITIES = 30


class RequestError(FindingsError):
    """What was asked cannot be answered; carries every reason found before starting."""


def quote_product(arguments: Namespace) -> int:
    """Quote a product as read on a network as read."""
    with progress() as tell:
        tell("reading")
        product, network, place, noticed = _gather(arguments)
        quotes = _ask(arguments, product, network, place, tell)
    quotes = replace(quotes, findings=tuple(dict.fromkeys((*noticed, *quotes.findings))))
    if arguments.json != "-":
        say(*describe_quotes(quotes, _names(product, network, place), place, arguments.verbose))
    write_outputs(dict(_outputs(arguments, quotes, product, network.with_places(place))))
    findings = [*quotes.findings, *(finding for quote in quotes.quotes for finding in quote.findings)]
    return say_findings(findings, remarks=arguments.verbose)


def _gather(arguments: Namespace) -> tuple[Product, Network, Place, tuple[Finding, ...]]:
    """Read everything that is needed; tell all that is wrong with any of it at once."""
    product, of_product = read(*arguments.paths, features="exact", views=False)
    network, of_network = read_network(arguments.network)
    place, of_place = _find(arguments.to, network)
    findings = (*of_product, *of_network)
    inputs = (*arguments.paths, arguments.network)
    blocked = check_outputs(arguments.json, arguments.html, inputs=inputs)
    asked = [*blocked, *_check_quantities(arguments.quantity)]
    if product is None or network is None or place is None or asked:
        raise RequestError((*findings, *of_place, *asked))
    return product, network, place, findings


def _find(text: str, network: Network | None) -> tuple[Place | None, Sequence[Finding]]:
    from manyworks.logistics import find_place

    try:
        return find_place(text, network), ()
    except FindingsError as trouble:
        # Without the network nobody knows whether the text is a name in it.
        return None, trouble.findings if network is not None else ()


def _check_quantities(quantities: Sequence[int]) -> list[Finding]:
    if len(set(quantities)) > MOST_QUANTITIES:
        text = f"{len(set(quantities))} quantities; at most {MOST_QUANTITIES} are compared at once"
        return [error("cli.quantity", "--quantity", text, "ask for fewer, or in several runs")]
    return [
        error("cli.quantity", "--quantity", f"{quantity} pieces cannot be made", "ask for at least one piece")
        for quantity in dict.fromkeys(quantities)
        if quantity < 1
    ]


def _ask(
    arguments: Namespace, product: Product, network: Network, place: Place, tell: Callable[[str], None]
) -> QuoteSet:
    # Late: the solvers take a while to load, and bad input should be told without them.
    from manyworks.quoting import quote

    return quote(
        product,
        network,
        quantities=arguments.quantity,
        ship_to=place,
        by=arguments.by,
        exact=arguments.exact,
        seed=arguments.seed,
        progress=tell,
    )


def _names(product: Product, network: Network, place: Place) -> Names:
    """Names of everything, the place at the end too."""
    return Names(product=product, network=network.with_places(place))


def _outputs(
    arguments: Namespace, quotes: QuoteSet, product: Product, network: Network
) -> Iterator[tuple[str, str]]:
    if arguments.json:
        from manyworks.quoting import quotes_to_json

        yield arguments.json, as_json(quotes_to_json(quotes, product, network))
    if arguments.html:
        from manyworks.report import quote_page

        yield arguments.html, quote_page(quotes, product, network)


def describe_quotes(quotes: QuoteSet, names: Names, place: Place, verbose: bool) -> Iterator[str]:
    """The whole answer in lines of text."""
    yield f"{names.item(quotes.product)} to {place.name}, {place.country}"
    for quote in quotes.quotes[:1]:
        yield (
            f"{names.network.name} as of {quote.as_of}, valid until {quote.valid_until}; "
            f"{quotes.currency}, {quote.incoterm}, without value added tax"
        )
    for quote in quotes.quotes:
        yield from _describe_quote(quote, names, verbose)
    if quotes.break_evens:
        yield from ("", "from which quantity on another way is cheaper")
        for one in quotes.break_evens:
            what = names.item(one.item)
            yield f"  {one.quantity}: {what} {one.after} instead of {one.before}"


def _describe_quote(quote: Quote, names: Names, verbose: bool) -> Iterator[str]:
    yield from ("", f"{quote.quantity} pieces")
    if not quote.options:
        yield f"  nobody can: {len(errors(quote.findings))} reasons below"
        return
    yield from indent(describe_options(quote))
    for number, option in enumerate(quote.options):
        compared = None if verbose else nearest_option(option, quote.options[:number])
        yield ""
        yield from indent(describe_option(option, names, compared, verbose=verbose))
