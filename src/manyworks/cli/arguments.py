"""What can be asked, and how it is spelled. Light to load: ``--help`` needs nothing else."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from typing import Any

from manyworks import __version__

_VERBS = {
    "read": ("reading", "read_design"),
    "estimate": ("estimates", "estimate_process"),
    "match": ("matching", "match_requirement"),
    "calibrate": ("calibration", "calibrate_shop"),
    "network import": ("network_import", "import_network"),
    "network check": ("networks", "check_network"),
    "network show": ("networks", "show_network"),
    "quote": ("quotes", "quote_product"),
    "plan": ("plans", "plan_orders"),
    "check": ("plans", "check_plans"),
    "replan": ("replans", "replan_plan"),
    "explain": ("replans", "explain_plan"),
    "schedule": ("schedules", "schedule_file"),
}

_FORMATS = ("auto", "jsp", "fjsp", "fjsp_assembly", "fjsp_sdst", "fjsp_w", "fjspt", "sdst_jsp", "manyworks")
MOST_THREADS = 256
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NETWORK = "folder of the network's tables"
_JSON = "write all of it as JSON to FILE ('-': to standard output, and nothing else there)"


def pick_verb(verb: str) -> Callable[[Any], int]:
    """The function that carries out a verb; its module is loaded only now."""
    module, function = _VERBS[verb]
    found: Callable[[Any], int] = getattr(import_module(f"manyworks.cli.{module}"), function)
    return found


def build_parser() -> argparse.ArgumentParser:
    """All verbs with their arguments; ``verb`` of the result names one of them."""
    parser = argparse.ArgumentParser(
        prog="manyworks",
        description="The operating system of a network of micro-factories: who can make a product, "
        "at which landed price, by when, with which footprint; and the schedule for it.",
        epilog="Exit codes: 0 fine, 1 an error is told, 2 the command was not understood, 130 stopped.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"manyworks {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    _add_read(verbs)
    _add_estimate(verbs)
    _add_match(verbs)
    _add_calibrate(verbs)
    _add_network(verbs)
    _add_quote(verbs)
    _add_plan(verbs)
    _add_check(verbs)
    _add_replan(verbs)
    _add_explain(verbs)
    _add_schedule(verbs)
    return parser


def _add_verb(verbs: Any, name: str, verb: str, help_: str, more: str = "") -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(
        name, help=help_, description=f"{help_[0].upper()}{help_[1:]}. {more}".strip(), allow_abbrev=False
    )
    parser.set_defaults(verb=verb)
    return parser


def _add_read(verbs: Any) -> None:
    parser = _add_verb(verbs, "read", "read", "say what was understood of design files and parts lists")
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a folder, a product.toml, or files")
    parser.add_argument("--network", metavar="DIR", help=f"{_NETWORK}: says which shops can take it as it is")
    parser.add_argument(
        "--process",
        metavar="ITEM=PROCESS",
        type=_pair,
        action="append",
        default=[],
        help="check an item as made by this process, whatever its shape suggests",
    )
    parser.add_argument(
        "--limit",
        metavar="NAME=VALUE",
        type=_number_pair,
        action="append",
        default=[],
        help="own threshold for a manufacturability check, such as min_track_mm=0.15",
    )
    parser.add_argument("--json", metavar="FILE", help=_JSON)
    parser.add_argument("--html", metavar="FILE", help="write a page with drawings")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is no pair written NAME=VALUE")
    return name.strip(), value.strip()


def _number_pair(text: str) -> tuple[str, float]:
    name, value = _pair(text)
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{value!r} is no number")
    return name, number


def _add_estimate(verbs: Any) -> None:
    parser = _add_verb(
        verbs,
        "estimate",
        "estimate",
        "price one operation of a process from its measures, argued line by line",
        "Without PROCESS: lists the processes. Without measures: lists what the process asks for.",
    )
    parser.add_argument("process", metavar="PROCESS", nargs="?", help="such as cnc-milling")
    parser.add_argument(
        "measures", metavar="NAME=VALUE", type=_number_pair, nargs="*", help="such as cut_mm=2400"
    )
    parser.add_argument(
        "--material", metavar="NAME", default="", help="fills measures that are its properties"
    )
    parser.add_argument(
        "--quantity", "-q", metavar="N[,N...]", type=_quantities, action="extend", help="1,10,100,1000"
    )
    parser.add_argument(
        "--country",
        metavar="CC[,CC...]",
        type=_countries,
        action="extend",
        help="at an ordinary machine there (CN,GB,US)",
    )
    parser.add_argument("--network", metavar="DIR", help=f"{_NETWORK}: on its machines instead")
    for name, of in (("coefficient", "of the process"), ("rate", "of the country, such as wage_per_hour")):
        parser.add_argument(
            f"--{name}",
            metavar="NAME=VALUE",
            type=_number_pair,
            action="append",
            default=[],
            help=f"own value for a figure {of}",
        )
    parser.add_argument("--json", metavar="FILE", help=_JSON)
    parser.add_argument("--html", metavar="FILE", help="write a page with waterfalls")
    parser.add_argument("--verbose", "-v", action="store_true", help="show lines and assumptions")


def _countries(text: str) -> Sequence[str]:
    return [part.strip().upper() for part in text.split(",") if part.strip()]


def _add_match(verbs: Any) -> None:
    parser = _add_verb(verbs, "match", "match", "say which shops can do what is asked, which cannot, and why")
    parser.add_argument("requirement", metavar="REQUIREMENT.json", nargs="?", help="what is asked")
    parser.add_argument("--network", metavar="DIR", help=_NETWORK)
    parser.add_argument("--quantity", "-q", metavar="N", type=_whole, help="pieces of one lot")
    parser.add_argument("--on", metavar="YYYY-MM-DD", type=_day, help="day certificates must hold on")
    parser.add_argument("--golden", metavar="FILE", help="score a table of requirements with known answers")
    parser.add_argument("--json", metavar="FILE", nargs="?", const="-", help=_JSON)
    parser.add_argument("--verbose", "-v", action="store_true", help="list every shop that cannot, too")


def _add_calibrate(verbs: Any) -> None:
    parser = _add_verb(
        verbs, "calibrate", "calibrate", "fit a shop's own times, scrap and spread from its finished jobs"
    )
    parser.add_argument("jobs", metavar="JOBS.csv", help="one row for each finished job, the oldest first")
    parser.add_argument("--network", metavar="DIR", required=True, help=f"{_NETWORK}, with the machines")
    parser.add_argument(
        "--half-life",
        metavar="N",
        type=_positive,
        default=math.inf,
        help="after N later jobs of its kind a job counts half; for a shop that changes (never)",
    )
    parser.add_argument("--json", metavar="FILE", help=_JSON)


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not number > 0.0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return number


def _add_network(verbs: Any) -> None:
    network = verbs.add_parser("network", help="check, show or import a network", allow_abbrev=False)
    inner = network.add_subparsers(title="verbs", metavar="VERB", required=True)
    check = _add_verb(inner, "check", "network check", "list every problem of a network's tables at once")
    show = _add_verb(inner, "show", "network show", "list the shops of a network and what they do")
    for parser in (check, show):
        parser.add_argument("network", metavar="DIR", help=_NETWORK)
    show.add_argument("--verbose", "-v", action="store_true", help="show what is only worth knowing, too")
    _add_import(inner)


def _add_import(inner: Any) -> None:
    parser = _add_verb(
        inner, "import", "network import", "turn tables of workshops and machines into a network's tables"
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="CSV tables or YAML files of facilities")
    parser.add_argument("--out", metavar="DIR", required=True, help="folder for the network's tables")
    parser.add_argument("--as-of", metavar="YYYY-MM-DD", type=_day, help="day the network stands for (today)")
    parser.add_argument("--currency", metavar="CCC", default="USD", help="currency of the network (USD)")
    parser.add_argument(
        "--usd", metavar="RATE", type=_positive, help="worth of a USD in that currency, where it is another"
    )
    parser.add_argument("--name", metavar="TEXT", help="name of the network")
    parser.add_argument("--verbose", "-v", action="store_true", help="show every remark")


def _add_quote(verbs: Any) -> None:
    parser = _add_verb(
        verbs, "quote", "quote", "find who makes and sells what, with landed price, lead time and CO2e"
    )
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a folder, a product.toml, or files")
    parser.add_argument("--network", metavar="DIR", required=True, help=_NETWORK)
    parser.add_argument(
        "--quantity",
        "-q",
        metavar="N[,N...]",
        type=_quantities,
        action="extend",
        required=True,
        help="how many good pieces; several are compared",
    )
    parser.add_argument("--to", metavar="PLACE", required=True, help="where to, such as 'Cardiff, GB'")
    parser.add_argument("--by", metavar="YYYY-MM-DD", type=_day, help="day by which all should be there")
    parser.add_argument("--exact", action="store_true", help="prove the cheapest option; may take long")
    _add_seed(parser)
    parser.add_argument("--json", metavar="FILE", help=_JSON)
    parser.add_argument("--html", metavar="FILE", help="write one page with everything")
    parser.add_argument(
        "--verbose", "-v", action="store_true", help="show every option in full, assumptions and remarks"
    )


def _add_plan(verbs: Any) -> None:
    parser = _add_verb(verbs, "plan", "plan", "schedule several orders on the shops of one network")
    parser.add_argument("orders", metavar="ORDERS", help="orders.toml")
    parser.add_argument("--network", metavar="DIR", required=True, help=_NETWORK)
    parser.add_argument("--out", metavar="DIR", required=True, help="folder for plan.json and index.html")
    _add_budget(parser)
    _add_seed(parser)
    parser.add_argument("--verbose", "-v", action="store_true", help="show every step and all remarks")


def _add_budget(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", metavar="S", type=_positive, help="time to search for a schedule")
    parser.add_argument(
        "--iterations",
        metavar="N",
        type=_count,
        help="moves of the search (by itself as many as the number of works allows in a few seconds); "
        "without --seconds, same seed, same result",
    )


def _add_check(verbs: Any) -> None:
    parser = _add_verb(verbs, "check", "check", "check a plan on disk from scratch, whoever wrote it")
    parser.add_argument("plan", metavar="PLAN", help="plan.json, or the folder that holds it")


def _add_replan(verbs: Any) -> None:
    parser = _add_verb(
        verbs,
        "replan",
        "replan",
        "plan again after something went otherwise: what runs stays, little else moves",
    )
    parser.add_argument("plan", metavar="PLAN", help="plan.json, or the folder that holds it")
    parser.add_argument("--events", metavar="FILE", required=True, help="what happened: TOML or JSON")
    parser.add_argument("--out", metavar="DIR", required=True, help="folder for plan.json and index.html")
    parser.add_argument(
        "--improve", action="store_true", help="look for less lateness even where nothing became later"
    )
    _add_budget(parser)
    _add_seed(parser)
    parser.add_argument("--verbose", "-v", action="store_true", help="show all remarks")


def _add_explain(verbs: Any) -> None:
    parser = _add_verb(
        verbs,
        "explain",
        "explain",
        "say why orders of a plan are late, or why a work is done here and now",
        "Without --order and --work: every late order.",
    )
    parser.add_argument("plan", metavar="PLAN", help="plan.json, or the folder that holds it")
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--order", metavar="ID", help="this late order only")
    asked.add_argument("--work", metavar="ID", help="this work: what it waited for, and its other ways")


def _add_schedule(verbs: Any) -> None:
    parser = _add_verb(
        verbs,
        "schedule",
        "schedule",
        "schedule a problem from a file: a published benchmark, or a shop's own as JSON",
        "Ctrl-C ends the search and gives the best schedule so far.",
    )
    parser.add_argument("file", metavar="FILE", help="the problem; gzipped or not")
    parser.add_argument(
        "--format", choices=_FORMATS, default=_FORMATS[0], help="what the file is written in (auto)"
    )
    parser.add_argument("--layout", metavar="FILE", help="travel times, for a problem with vehicles")
    parser.add_argument("--seconds", metavar="S", type=_positive, help="time to search")
    parser.add_argument(
        "--iterations",
        metavar="N",
        type=_count,
        help="moves to make; with this alone, same seed, same result",
    )
    _add_seed(parser)
    parser.add_argument(
        "--threads", metavar="T", type=_threads, help="searches side by side (one a processor)"
    )
    parser.add_argument(
        "--objective",
        metavar="GOALS",
        help="levels of goals, such as makespan, tardiness,makespan or 2*tardiness+setup,makespan "
        "(what the file says, else makespan)",
    )
    parser.add_argument(
        "--due-factor",
        metavar="F",
        type=_factor,
        help="jobs are due at F x their shortest work and weigh 4, 2, 1 (asks for tardiness,makespan)",
    )
    parser.add_argument("--json", metavar="FILE", help=_JSON)
    parser.add_argument("--gantt", metavar="FILE", help="write a page with the schedule")
    parser.add_argument("--verbose", "-v", action="store_true", help="show all remarks")


def _count(text: str) -> int:
    number = _whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is below 1")
    return number


def _threads(text: str) -> int:
    number = _count(text)
    if number > MOST_THREADS:
        raise argparse.ArgumentTypeError(f"{text} is more than {MOST_THREADS}")
    return number


def _factor(text: str) -> str:
    """A number above 0, as it is written: 1.3 is to be 13/10."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) or not float(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0 such as 1.3")
    return text


def _add_seed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seed", metavar="N", type=_seed, default=0, help="of everything random (0); same seed, same result"
    )


def _quantities(text: str) -> Sequence[int]:
    return [_whole(part.strip()) for part in text.split(",")]


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        message = f"{text!r} is not a whole number; write quantities like 50 or 50,500,5000"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _seed(text: str) -> int:
    seed = _whole(text)
    if seed < 0:
        message = f"{text!r} is below 0"
        raise argparse.ArgumentTypeError(message)
    return seed


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a day; write it like 2026-12-18"
        raise argparse.ArgumentTypeError(message) from None
