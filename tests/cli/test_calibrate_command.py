"""``manyworks calibrate``: factors from a table of finished jobs."""

import json
from pathlib import Path

import pytest

from manyworks.cli import main

JOBS = "examples/finished_jobs.csv"
HEAD = "job,machine,process,material,measures,quantity,setup_minutes,run_minutes\n"
GOOD = "A1,sz-fine-stencil-laser,stencil-cutting,,apertures=400; sheets=1; width_mm=80; height_mm=60,2,8,30\n"


def run(capsys, *arguments):
    code = main(["calibrate", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def table(tmp_path, *rows):
    path = tmp_path / "jobs.csv"
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return str(path)


def test_a_shop_that_runs_faster_than_the_model_is_found_out(capsys):
    code, out, _ = run(capsys, JOBS, "--network", "examples/network", "--json", "-")
    (fit,) = json.loads(out)["fits"]
    assert code == 0
    assert (fit["shop"], fit["process"]) == ("gb-rhondda-machining", "cnc-milling")
    assert 0.6 < fit["run"]["value"] < 0.9
    assert fit["run"]["low"] < fit["run"]["value"] < fit["run"]["high"]
    assert fit["setup"]["jobs"] == 14
    assert fit["coefficients"]["cnc-milling.run_time_factor"] == fit["run"]["value"]


def test_the_last_line_can_be_written_into_the_table_of_shops(capsys, tmp_path):
    _, out, _ = run(capsys, JOBS, "--network", "examples/network")
    pairs = out.strip().splitlines()[-1].partition(": ")[2]
    mill = "gb-rhondda-mills,gb-rhondda-machining,Vertical mill,,,3,,,,"
    for path in Path("examples/network").iterdir():
        text = path.read_text(encoding="utf-8").replace(mill, mill + pairs)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    assert pairs in (tmp_path / "machines.csv").read_text("utf-8")
    assert main(["network", "check", str(tmp_path)]) == 0


def test_jobs_that_cannot_be_compared_are_named_and_the_others_count(capsys, tmp_path):
    jobs = table(
        tmp_path,
        GOOD,
        GOOD.replace("A1", "A2").replace("sz-fine-stencil-laser", "nowhere"),
        GOOD.replace("A1", "A3").replace("; height_mm=60", ""),
    )
    code, out, err = run(capsys, jobs, "--network", "examples/network", "--json", "-")
    assert code == 1
    assert json.loads(out)["fits"][0]["run"]["jobs"] == 1
    assert "A2" in err
    assert "height_mm" in err


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("A1,m,stencil-cutting,,apertures=400,none,8,30\n", "quantity"),
        ("A1,m,stencil-cutting,,apertures=400,2,-8,30\n", "setup_minutes"),
        ("A1,,stencil-cutting,,apertures=400,2,8,30\n", "machine"),
    ],
)
def test_a_cell_that_cannot_be_is_an_error_with_its_row(capsys, tmp_path, row, says):
    code, _, err = run(capsys, table(tmp_path, row), "--network", "examples/network")
    assert code == 1
    assert says in err
    assert "row 2" in err


def test_a_table_that_is_not_there_is_said(capsys, tmp_path):
    code, _, err = run(capsys, str(tmp_path / "none.csv"), "--network", "examples/network")
    assert code == 1
    assert "files.jobs.file" in err
