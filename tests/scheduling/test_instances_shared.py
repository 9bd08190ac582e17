"""Every benchmark file there is: it reads, by what it holds, and has the size that is published."""

from __future__ import annotations

import csv
import gzip
from functools import cache
from pathlib import Path

import pytest

from manyworks.scheduling.instances import load_instance
from manyworks.scheduling.problem.tables import CARRIES

SHARED = Path(__file__).resolve().parents[3] / "shared" / "bench" / "scheduling"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="no shared benchmark files here")

FORMATS = {
    "fjsp": "fjsp",
    "jsp": "jsp",
    "fjsp_assembly": "fjsp_assembly",
    "fjsp_sdst": "fjsp_sdst",
    "fjsp_w": "fjsp_w",
    "fjspt": "fjspt",
    "sdst_jsp": "sdst_jsp",
}
LARGE = 300_000
"""Bytes from which a file is left to other tests, but for one."""
DIFFERENT_IN_THE_FILE = {"mk06", "fattahi6", "kacem1"}
"""Their headers state another number of machines than the table of best-known values."""


def folders():
    files = (path for path in SHARED.rglob("*") if path.is_file()) if SHARED.is_dir() else ()
    return sorted(
        {str(path.parent.relative_to(SHARED)) for path in files if path.parent != SHARED},
    )


def instances(folder):
    return [
        path
        for path in sorted((SHARED / folder).iterdir())
        if path.is_file()
        and "layout" not in path.name
        and (path.stat().st_size < LARGE or "1000_100_" in path.name)
    ]


@cache
def sizes():
    with (SHARED / "bks.csv").open(encoding="utf-8") as file:
        return {row["file"]: row["size"] for row in csv.DictReader(file)}


@cache
def load(path):
    return load_instance(path)


def header_of(path):
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    first = next(line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [int(float(number)) for number in first.split()[:3]]


def size_of(instance):
    kinds = list(instance.problem.kinds)
    return len(instance.problem.jobs), kinds.count("machine")


@pytest.mark.parametrize("folder", folders())
def test_every_file_of_a_folder_is_read_as_what_it_is(folder):
    for path in instances(folder):
        instance = load(path)
        assert instance.format == FORMATS[folder.split("/")[0]], path.name
        tables = instance.problem.tables
        assert tables.total == len(instance.problem.operations), path.name
        if instance.format == "sdst_jsp":
            continue
        header = header_of(path)
        if instance.format == "fjsp_assembly":
            assert (tables.total, len(tables.befores), size_of(instance)[1]) == tuple(header), path.name
        else:
            assert size_of(instance) == tuple(header[:2]), path.name


@pytest.mark.parametrize("folder", folders())
def test_sizes_are_those_of_the_table_of_best_known_values(folder):
    different = {
        path.name.split(".")[0]
        for path in instances(folder)
        if (size := sizes().get(str(path.relative_to(SHARED))))
        and " x ".join(map(str, size_of(load(path)))) != size
    }
    assert different <= DIFFERENT_IN_THE_FILE


def test_vehicles_and_transports_are_as_many_as_the_file_says():
    for folder in (SHARED / "fjspt").iterdir():
        for path in instances(folder.relative_to(SHARED)):
            instance = load(path)
            assert list(instance.problem.kinds).count("vehicle") == header_of(path)[2]
            flags = instance.problem.tables.operations["flags"][:-1]
            assert 2 * (flags & CARRIES > 0).sum() == instance.problem.tables.total
