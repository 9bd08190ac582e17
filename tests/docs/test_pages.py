"""What the pages show must be so: their examples are read and their commands run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from manyworks.files.network import read_network, read_orders
from manyworks.files.product_fields import ITEM_KEYS, LINE_KEYS
from manyworks.model import errors
from manyworks.quoting import quotes_to_json

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "examples" / "badge" / "README.md", *DOCS.rglob("*.md")])
COMMAND = re.compile(r"^(?:\$ |    )(manyworks .*)$", re.MULTILINE)


def commands():
    """The commands of each page that no earlier page shows; those on made-up paths are only a pattern."""
    seen = set()
    for page in PAGES:
        lines = dict.fromkeys(COMMAND.findall(page.read_text(encoding="utf-8")))
        fresh = [line for line in lines if not {"path/to", "..."} & set(re.findall(r"path/to|\.\.\.", line))]
        new = [line for line in fresh if line not in seen]
        seen.update(new)
        if new:
            yield pytest.param(new, id=str(page.relative_to(ROOT)))


def files_of(page):
    """Files that a page shows: a name in backquotes, then a block."""
    text = page.read_text(encoding="utf-8")
    return dict(re.findall(r"^`([\w.]+)`\n\n```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


def test_the_smallest_network_is_read_without_errors(tmp_path):
    files = files_of(DOCS / "how-to" / "describe_a_network.md")
    assert {"network.toml", "shops.csv", "machines.csv", "capabilities.csv", "offers.csv"} <= set(files)
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    network, findings = read_network(tmp_path)
    assert errors(findings) == []
    assert (len(network.shops), len(network.machines), len(network.offers)) == (2, 1, 1)


def test_the_orders_of_the_page_are_read_without_errors(tmp_path):
    (tmp_path / "badge").symlink_to(ROOT / "examples" / "badge")
    path = tmp_path / "orders.toml"
    path.write_text(files_of(DOCS / "how-to" / "plan_several_orders.md")["orders.toml"], encoding="utf-8")
    orders, findings = read_orders(path)
    assert errors(findings) == []
    assert [(order.id, order.option) for order in orders] == [
        ("beach-2027", "cheapest"),
        ("harbour-lights", "fastest"),
    ]


@pytest.mark.parametrize("lines", list(commands()))
def test_the_commands_of_a_page_work(lines, tmp_path):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for line in lines:
        done = subprocess.run(
            [str(Path(sys.executable).parent / "manyworks"), *shlex.split(line)[1:]],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr


def test_the_process_of_the_page_can_be_added_and_keeps_the_laws(tmp_path):
    """Put beside a copy of the package's processes, the page's two files pass the laws of every process."""
    page = (DOCS / "how-to" / "add_a_process.md").read_text(encoding="utf-8")
    (data,) = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (module,) = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    copy = tmp_path / "manyworks"
    shutil.copytree(ROOT / "src" / "manyworks", copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "processes" / "data" / "oxy_fuel_cutting.toml").write_text(data, encoding="utf-8")
    (copy / "processes" / "models" / "oxy_fuel_cutting.py").write_text(module, encoding="utf-8")
    laws = ROOT / "tests" / "processes" / "test_every_process_laws.py"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(laws), "-k", "oxy-fuel-cutting"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 10


def test_every_room_says_what_can_go_wrong(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS / "_ext"))
    from finding_codes import all_codes

    rooms = {code.code.split(".")[0] for code in all_codes()}
    assert {"files", "quoting", "scheduling"} <= rooms


def test_the_page_of_the_product_file_names_every_key():
    page = (DOCS / "reference" / "product_toml.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", "\n".join(row for row in page.splitlines() if row.startswith("|"))))
    assert set(ITEM_KEYS) | set(LINE_KEYS) <= named


@pytest.fixture(scope="module")
def shown():
    """What the first example on the page for Python leaves behind."""
    page = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    example = re.search(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[1]
    names = {}
    exec(example.replace('"examples/', f'"{ROOT}/examples/'), names)
    return names


def keys_in(data):
    """All keys of nested plain data."""
    if isinstance(data, dict):
        return set(data).union(*map(keys_in, data.values()))
    return set().union(*map(keys_in, data)) if isinstance(data, list) else set()


def test_the_example_for_python_gets_a_price(shown):
    assert shown["quotes"].quotes[0].options[0].total > 0


def test_the_page_of_the_json_names_every_field(shown):
    data = quotes_to_json(shown["quotes"], shown["product"], shown["network"])
    page = (DOCS / "reference" / "quote_json.md").read_text(encoding="utf-8")
    assert keys_in(data) <= set(re.findall(r"`(\w+)`", page))
