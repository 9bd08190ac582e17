"""What the pages say about ``manyworks schedule`` is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

from manyworks.scheduling.instances import FORMATS, read_instance, read_problem, write_problem
from manyworks.scheduling.problem.data import GOAL_NAMES

ROOT = Path(__file__).resolve().parents[2]
JSON_PAGE = (ROOT / "docs" / "reference" / "schedule_json.md").read_text(encoding="utf-8")
HOW_TO = (ROOT / "docs" / "how-to" / "schedule_a_benchmark.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "workshop.json"


def keys_in(content, *skipped):
    """All keys of nested plain data, but for names in objects that go by names."""
    if isinstance(content, dict):
        return set(content).union(*(keys_in(value) for key, value in content.items() if key not in skipped))
    return set().union(*map(keys_in, content)) if isinstance(content, list) else set()


def named_on(page):
    return set(re.findall(r"`(\w+)`", page))


def test_the_page_names_every_field_of_a_problem():
    problem = write_problem(read_instance(EXAMPLE))
    assert keys_in(problem, "calendars") <= named_on(JSON_PAGE)


def test_the_page_names_every_field_of_a_schedule(run, tmp_path):
    code, *_ = run("schedule", EXAMPLE, "--iterations", 100, "--json", tmp_path / "o.json")
    assert code == 0
    assert keys_in(json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))) <= named_on(JSON_PAGE)


def test_the_pages_name_every_goal_and_every_format():
    assert set(GOAL_NAMES) <= named_on(JSON_PAGE) & named_on(HOW_TO)
    assert {name for name in FORMATS if name != "auto"} <= named_on(HOW_TO)


def test_the_example_says_the_same_read_and_written():
    data = read_instance(EXAMPLE)
    assert (len(data.jobs), data.tables.total) == (4, 9)
    written = write_problem(data)
    assert write_problem(read_problem(written)) == written


def test_the_example_for_python_works(monkeypatch):
    monkeypatch.chdir(ROOT)
    (example,) = re.findall(r"^```python\n(.*?)^```$", JSON_PAGE, re.MULTILINE | re.DOTALL)
    names = {}
    exec(example, names)
    assert names["problem"]["name"] == "Harbour Street workshop"
