"""YAML text -> plain Python things, bounded: for manifests and harnesses that anybody may send."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable
from typing import Any, TypeAlias

from manyworks.files.limits import FINDINGS_PER_KIND
from manyworks.model import Finding, error, warning

YAML_CHARACTERS = 2_000_000
YAML_EVENTS = 300_000
YAML_DEPTH = 60
# Things after every alias is written out: a document of ten lines can stand for a billion of them.
YAML_THINGS = 300_000

Node: TypeAlias = Any  # a node of the YAML library, which has no types
Key: TypeAlias = str | int | float | bool | None

_TAG = "tag:yaml.org,2002:"
_MERGE = f"{_TAG}merge"
_TEXT_TAGS = frozenset({f"{_TAG}str", f"{_TAG}binary", "!"})
_PLAIN_TAGS = frozenset({_TAG + name for name in ("int", "float", "bool", "null", "timestamp", "value")})
_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})")
_FLOAT = re.compile(r"[-+]?(?:\d{1,20}\.\d{0,20}|\.\d{1,20}|\d{1,20})(?:[eE][-+]\d{1,3})?")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}


class YamlMapping(dict[Key, Any]):
    """A mapping that knows on which line of the file each of its keys stands.

    Keys that came with a merge (``<<``) have the line of where they were first written.
    """

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Key, int] = {}

    def line_of(self, key: Key) -> int:
        """Line of a key, else of the mapping."""
        return self.lines.get(key, self.line)


class YamlList(list[Any]):
    """A list that knows on which line of the file it and each of its entries stands."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []

    def line_of(self, index: int) -> int:
        """Line of an entry, else of the list."""
        return self.lines[index] if index < len(self.lines) else self.line


def load_yaml(text: str, where: str) -> tuple[object | None, tuple[Finding, ...]]:
    """Read one YAML document of plain data.

    Mappings become `YamlMapping` (a ``dict``), lists `YamlList` (a ``list``); anchors, aliases and
    merge keys are followed. Scalars follow the core schema of YAML 1.2: only ``true``, ``false``,
    ``null`` and ``~`` are words with a meaning, so ``NO``, ``off`` and ``y`` stay text; dates, digits
    with a leading zero (``0123``) and colon numbers (``1:30``) stay the text they were written as.

    Parameters
    ----------
    text
        The file's text.
    where
        What findings call the file.

    Returns
    -------
    The content and findings; None where a finding is an error, and also for an empty document.
    """
    import yaml

    if len(text) > YAML_CHARACTERS:
        message = f"{len(text):,} characters of YAML; at most {YAML_CHARACTERS:,} are read"
        return None, (error("files.yaml.too-large", where, message, "split it"),)
    findings: list[Finding] = []
    try:
        trouble = _look_over(text, where, findings)
        if trouble is not None:
            return None, (trouble,)
        loader = _loader(yaml)(text)
        try:
            root = loader.get_node() if loader.check_node() else None
        finally:
            loader.dispose()
    except yaml.YAMLError as trouble:
        return None, (_malformed(trouble, where),)
    except (ValueError, RecursionError) as trouble:
        return None, (error("files.yaml.malformed", where, f"not YAML: {str(trouble)[:200]}"),)
    return _build(root, where, findings)


def _loader(yaml: Any) -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _malformed(trouble: Any, where: str) -> Finding:
    mark = getattr(trouble, "problem_mark", None)
    problem = str(getattr(trouble, "problem", None) or trouble).split("\n")[0]
    place = f"{where}:{mark.line + 1}" if mark is not None else where
    return error("files.yaml.malformed", place, f"not YAML: {problem[:200]}", "check indents and quotes")


def _look_over(text: str, where: str, findings: list[Finding]) -> Finding | None:
    """Walk the events, which builds nothing: what makes the document too large or too deep to build."""
    import yaml

    depth = documents = 0
    for count, event in enumerate(yaml.parse(text, Loader=_loader(yaml))):
        if count > YAML_EVENTS:
            message = f"more than {YAML_EVENTS:,} pieces of YAML"
            return error("files.yaml.too-large", where, message, "split it")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > YAML_DEPTH:
                message = f"nested deeper than {YAML_DEPTH}"
                return error("files.yaml.too-deep", f"{where}:{event.start_mark.line + 1}", message)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents == 2:
                place = f"{where}:{event.start_mark.line + 1}"
                message = "more than one document; only the first is read"
                findings.append(warning("files.yaml.documents", place, message, "keep one in a file"))
    return None


def _build(
    root: Node | None, where: str, findings: list[Finding]
) -> tuple[object | None, tuple[Finding, ...]]:
    if root is None:
        return None, tuple(findings)
    builder = _Builder(where)
    try:
        thing, _, _ = builder.build(root)
    except _RefusedError as refusal:
        return None, (*findings, error(refusal.code, f"{where}:{refusal.line}", str(refusal)))
    return thing, (*findings, *builder.doubles)


class _RefusedError(Exception):
    def __init__(self, code: str, line: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.line = line


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


class _Builder:
    """Nodes -> things. A node met again by an alias is the same thing, counted anew."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.done: dict[int, tuple[Any, int, int]] = {}
        self.doing: set[int] = set()
        self.doubles: list[Finding] = []
        self._kinds: dict[str, Callable[[Node], tuple[Any, int, int]]] = {
            "mapping": self._mapping,
            "sequence": self._sequence,
        }

    def build(self, node: Node) -> tuple[Any, int, int]:
        """A thing, how many things it is written out, and how deep it nests."""
        if node.id == "scalar":
            return _scalar(node), 1, 0
        key = id(node)
        if key in self.doing:
            raise _RefusedError("files.yaml.endless", _line(node), "a thing that holds itself by an alias")
        if key not in self.done:
            self.doing.add(key)
            built = self._kinds[node.id](node)
            self.doing.discard(key)
            if built[1] > YAML_THINGS or built[2] > YAML_DEPTH:
                text = f"its aliases written out make more than {YAML_THINGS:,} things or {YAML_DEPTH} levels"
                raise _RefusedError("files.yaml.too-large", _line(node), text)
            self.done[key] = built
        return self.done[key]

    def _sequence(self, node: Node) -> tuple[YamlList, int, int]:
        _check_tag(node, "seq")
        things, size, depth = YamlList(_line(node)), 1, 0
        for part in node.value:
            thing, inside, below = self.build(part)
            things.append(thing)
            things.lines.append(_line(part))
            size, depth = size + inside, max(depth, below)
        return things, size, depth + 1

    def _mapping(self, node: Node) -> tuple[YamlMapping, int, int]:
        _check_tag(node, "map")
        mapping, size, depth = YamlMapping(_line(node)), 1, 0
        merged: list[YamlMapping] = []
        for key_node, value_node in node.value:
            value, inside, below = self.build(value_node)
            size, depth = size + 1 + inside, max(depth, below)
            if key_node.tag == _MERGE:
                merged += _merged(value, _line(key_node))
                continue
            key = _key(key_node)
            if key in mapping:
                self._tell_double(key, key_node)
            mapping[key] = value
            mapping.lines[key] = _line(key_node)
        for other in merged:
            for key, value in other.items():
                if key not in mapping:
                    mapping[key] = value
                    mapping.lines[key] = other.line_of(key)
        return mapping, size, depth + 1

    def _tell_double(self, key: Hashable, node: Node) -> None:
        if len(self.doubles) < FINDINGS_PER_KIND:
            text = f"the key {str(key)[:60]!r} stands twice in one place; the last is followed"
            place = f"{self.where}:{_line(node)}"
            self.doubles.append(warning("files.yaml.key-twice", place, text, "remove one of them"))


def _merged(value: object, line: int) -> list[YamlMapping]:
    """What a merge key brings: one mapping, or several of which the first wins."""
    given = value if isinstance(value, YamlList) else [value]
    if not all(isinstance(one, YamlMapping) for one in given):
        raise _RefusedError("files.yaml.merge", line, "'<<' takes a mapping or a list of mappings")
    return list(given)


def _key(node: Node) -> Key:
    if node.id != "scalar":
        raise _RefusedError("files.yaml.key", _line(node), "a list or a mapping cannot be a key")
    return _scalar(node)


def _check_tag(node: Node, kind: str) -> None:
    if node.tag not in (_TAG + kind, "!"):
        raise _foreign(node)


def _foreign(node: Node) -> _RefusedError:
    text = f"the tag {str(node.tag)[:80]!r} is no plain data"
    return _RefusedError("files.yaml.tag", _line(node), text)


def _scalar(node: Node) -> Key:
    text: str = node.value
    if node.tag in _TEXT_TAGS:
        return _number(text) if _looks_numeric(node) else text
    if node.tag == _MERGE:
        return text
    if node.tag not in _PLAIN_TAGS:
        raise _foreign(node)
    if text in _WORDS:
        return _WORDS[text]
    return _number(text)


def _looks_numeric(node: Node) -> bool:
    """Plain ``1e-3``: a number in YAML 1.2, text in the older rules that the library follows."""
    return not node.style and "e" in node.value.lower() and bool(_FLOAT.fullmatch(node.value))


def _number(text: str) -> str | int | float:
    if _INTEGER.fullmatch(text):
        return int(text)
    digits = text.lstrip("+-")
    if _FLOAT.fullmatch(text) and not (digits.isdigit() and digits.startswith("0")):
        value = float(text)
        return value if math.isfinite(value) else text
    return text
