"""``{finding-codes}``: a table of every finding the package can make, read from its source.

A finding is made by ``error(code, where, message, hint)``, ``warning(...)`` or ``info(...)``. Reading
the calls instead of keeping a list by hand means that the page cannot be out of date.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from tables_of_nodes import make_table

import manyworks

SEVERITIES = ("error", "warning", "info")
SOURCE = Path(manyworks.__file__).parent


@dataclass(frozen=True, slots=True, order=True)
class Code:
    """One kind of finding; placeholders in the message are names in braces."""

    code: str
    severity: str
    message: str


def text(node: ast.expr | None) -> str:
    """A string or f-string as people would write it down; "" for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return "{" + last_name(node.value) + "}"
    if isinstance(node, ast.BinOp):
        return text(node.left) + text(node.right)
    return ""


def last_name(node: ast.expr) -> str:
    """A short name for what a placeholder holds."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Call) and node.args:
        return last_name(node.args[0])
    return "…"


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """An argument of a call, by place or by name."""
    if len(call.args) > position:
        return call.args[position]
    return next((word.value for word in call.keywords if word.arg == name), None)


def texts_named(function: ast.AST) -> dict[str, str]:
    """Texts that a function puts together under a name before it makes the finding."""
    named: dict[str, str] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and text(node.value):
            named.setdefault(node.targets[0].id, text(node.value))
    return named


def message_of(call: ast.Call, named: dict[str, str]) -> str:
    """The message of a finding: written in the call, or named before it."""
    node = argument(call, 2, "message")
    return named.get(node.id, "") if isinstance(node, ast.Name) else text(node)


def codes_in(source: str) -> Iterator[Code]:
    """Every finding made in one module; nested functions are looked at with the one around them."""
    module = ast.parse(source)
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    for scope in (module, *functions):
        named = texts_named(scope) if scope is not module else {}
        for node in ast.walk(scope):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SEVERITIES:
                code = text(argument(node, 0, "code"))
                if "." in code:
                    yield Code(code, node.func.id, message_of(node, named))


def all_codes() -> list[Code]:
    """Every finding of the package in order; one without a readable message only where it has no other."""
    modules = sorted(SOURCE.rglob("*.py"))
    found = {code for module in modules for code in codes_in(module.read_text(encoding="utf-8"))}
    spoken = {(code.code, code.severity) for code in found if code.message}
    return sorted(code for code in found if code.message or (code.code, code.severity) not in spoken)


class FindingCodes(SphinxDirective):
    """The table."""

    def run(self) -> list[nodes.Node]:
        """Build the table's nodes."""
        rows = [(nodes.literal("", code.code), code.severity, code.message) for code in all_codes()]
        return [make_table(("Code", "Severity", "Message"), rows)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directive known."""
    app.add_directive("finding-codes", FindingCodes)
    return {"parallel_read_safe": True}
