"""Every kind of mistake is named: file and row, what was found, what to do."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manyworks.files.network import read_network
from manyworks.files.network import rows as rows_module
from manyworks.model import Severity

CELLS = [
    # file, old, new, row, words of the message or hint
    ("machines.csv", "Table,2,", "Table,two,", 2, "found 'two', expected a number"),
    ("machines.csv", "Table,2,", "Table,2.5,", 2, "a whole number"),
    ("machines.csv", "Table,2,", "Table,0,", 2, "at least 1"),
    ("machines.csv", ",1000,", ",-1,", 2, "at least 0"),
    ("machines.csv", ",1000,", ',"1,000",', 2, "write 1000 without the thousands mark"),
    ("machines.csv", ",1000,", ',"0,5",', 2, "decimal mark: 0.5"),
    ("machines.csv", ",1000,", ",£1000,", 2, "write only the number: 1000"),
    ("machines.csv", ",1000,", ",1000 CNY,", 2, "write only the number: 1000"),
    ("machines.csv", ",1000,", ",nan,", 2, "leave the cell empty"),
    ("machines.csv", ",1000,", ",inf,", 2, "expected a number"),
    ("machines.csv", ",1000,", ",1e999,", 2, "not infinite"),
    ("machines.csv", ",1000,", ",1e308,", 2, "at most 1e+15"),
    ("machines.csv", "place_seconds=8", "place_seconds=1e308", 2, "at most 1e+15"),
    ("machines.csv", "place_seconds=8", "place_seconds", 2, "is not name=value"),
    ("machines.csv", "place_seconds=8", "a=1; a=2", 2, "each name once"),
    ("machines.csv", "table,bench", "table,bnch", 2, "did you mean 'bench'?"),
    ("machines.csv", "table,bench,Table", "table,bench,", 2, "name is empty"),
    ("machines.csv", "CNY", "CN", 2, "three-letter currency code"),
    ("machines.csv", "CNY", "CHF", 2, "no exchange rate for CHF"),
    ("machines.csv", "CNY,place", "CNY,,,,extra,place", 2, "cells, expected 7"),
    ("capabilities.csv", "300 x 200", "300", 2, "two or three lengths"),
    ("capabilities.csv", "300 x 200", "300 x -200", 2, "above 0"),
    ("capabilities.csv", "1,300", "300,1", 2, "min_lot 300 is above max_lot 1"),
    ("capabilities.csv", "table,fdm", "tabel,fdm", 3, "did you mean 'table'?"),
    ("capabilities.csv", "fdm-printing", "12", 3, "name of a process"),
    ("shops.csv", ",CN,22", ",XX,22", 2, "two-letter country code"),
    ("shops.csv", ",CN,22", ",China,22", 2, "write CN"),
    ("shops.csv", ",CN,22", ",UK,22", 2, "the United Kingdom is GB"),
    ("shops.csv", "22.54", "122.54", 2, "at most 90"),
    ("shops.csv", "CN,22.54,114.08", "CN,,114.08", 2, "no position"),
    ("shops.csv", "The bench,,CN", "The bench,dock,CN", 2, "both a place and its own"),
    ("shops.csv", "stall,dock", "stall,dokc", 3, "did you mean 'dock'?"),
    ("shops.csv", "Asia/Shanghai", "Asia/Shangai", 2, "did you mean 'Asia/Shanghai'?"),
    ("shops.csv", "Asia/Shanghai", "../etc/passwd", 2, "a time zone"),
    ("shops.csv", "Shanghai,day", "Shanghai,dya", 2, "did you mean 'day'?"),
    ("shops.csv", "Sat 09:00-12:00", "Sat 09:00-25:00", 3, "00:00 to 24:00"),
    ("shops.csv", "GB-WLS", "GB-wales", 3, "country with its part"),
    ("shops.csv", "2027-03-31", "31.3.2027", 2, "a date such as"),
    ("shops.csv", "margin", "margn", 2, "did you mean 'margin'?"),
    ("shops.csv", "margin=0.05", "margin=-1", 2, "at least 0"),
    ("workers.csv", "hand-assembly; fdm-printing", "", 2, "processes is empty"),
    ("tools.csv", "clip/mould-hard", "", 2, "item is empty"),
    ("offers.csv", "o1,stall", "o1,stalls", 2, "did you mean 'stall'?"),
    ("offers.csv", "1:30; 5:25", "5:25; 1:30", 2, "ascending order"),
    ("offers.csv", "1:30; 5:25", "1:30; 1:25", 2, "each quantity once"),
    ("offers.csv", "1:30; 5:25", "1:thirty", 2, "'thirty' is none"),
    ("offers.csv", "1:30; 5:25", "1-30", 2, "is not quantity:price"),
    ("offers.csv", "1:30; 5:25", "0:30", 2, "quantities above 0"),
    ("offers.csv", "1:30; 5:25", "1:-3", 2, "prices not below 0"),
    ("offers.csv", "reel,4000", "pcs,4000", 2, "write piece"),
    ("offers.csv", ",new,", ",nwe,", 2, "did you mean 'new'?"),
    ("offers.csv", ",new,1,", ",new,1.2,", 2, "at most 1"),
    ("offers.csv", ",CN,2027", ",Chna,2027", 2, "two-letter country code"),
    ("offers.csv", "2027-01-31", "2027-02-30", 2, "a date such as"),
    ("offers.csv", "o2,stall,X-1", "o1,stall,X-1", 3, "already used at offers.csv:row 2"),
    ("offers.csv", "o2,stall,X-1", "o2,stall,", 3, "nothing says what is sold"),
    ("lanes.csv", "road", "rode", 2, "did you mean 'road'?"),
    ("lanes.csv", "0-5: 4 + 0", "5-0: 4 + 0", 2, "weights ascend"),
    ("lanes.csv", "0-5: 4 + 0", "up to 5: 4", 2, "is not min-max"),
    ("lanes.csv", ",2,1,4,", ",2,3,4,", 2, "do not ascend"),
]


@pytest.mark.parametrize(("file", "old", "new", "row", "words"), CELLS, ids=[f"{c[0]}-{c[2]}" for c in CELLS])
def test_mistake_is_an_error_at_its_row(spoil, file, old, new, row, words):
    network, findings = read_network(spoil(file, old, new))
    assert network is None
    told = [f for f in findings if f.severity is Severity.ERROR]
    assert [f.where for f in told] == [f"{file}:row {row}"]
    assert words in f"{told[0].message} | {told[0].hint}"


DOUBTS = [
    ("offers.csv", "1:30; 5:25", "1:30; 5:35", "a larger quantity costs more"),
    ("offers.csv", "2027-01-31", "2026-11-19", "before the network's day"),
    ("offers.csv", "1:30; 5:25", "10:30", "stock 9 is less"),
    ("offers.csv", "CNY,1,9", "CNY,2,9", "is not a multiple of 2"),
    ("offers.csv", "reel,4000", "reel,", "a reel of one piece"),
    ("offers.csv", "100n,0603", "100n,", "without a package"),
    ("shops.csv", "2027-03-31", "2026-03-31", "ISO 9001 ended"),
    ("shops.csv", "CN,22.54,114.08", "CN,0,0", "sea off Africa"),
    (
        "capabilities.csv",
        "table,hand-assembly,,300 x 200,0.5,1,300\ntable,fdm-printing,ABS; PLA,200 x 200 x 180,,,\n",
        "",
        "never be asked",
    ),
    ("workers.csv", "; fdm-printing", "", "nobody in bench can attend fdm-printing"),
    ("lanes.csv", "5-100", "7-100", "nothing is carried between 5 and 7 kg"),
]


@pytest.mark.parametrize(("file", "old", "new", "words"), DOUBTS, ids=[f"{c[0]}-{c[3]}" for c in DOUBTS])
def test_doubt_is_a_warning_and_the_network_still_reads(spoil, file, old, new, words):
    network, findings = read_network(spoil(file, old, new))
    assert network is not None
    assert [f.severity for f in findings] == [Severity.WARNING]
    assert words in findings[0].message


def test_all_mistakes_are_told_at_once(network_folder):
    folder = network_folder(
        {
            "machines.csv": "id,shop,name,count\na,bench,A,x\na,nowhere,B,0\n",
            "capabilities.csv": "machine,process\nz,turning\n",
            "network.toml": 'name = "N"\ncurrency = "pounds"\nas_of = "soon"\n[exchange]\nUSD = 1\nCNY = 1\n',
        }
    )
    _, findings = read_network(folder)
    places = {f.where for f in findings if f.severity is Severity.ERROR}
    assert places == {
        "network.toml:2",
        "network.toml:3",
        "machines.csv:row 2",
        "machines.csv:row 3",
        "capabilities.csv:row 2",
    }
    assert len([f for f in findings if f.where == "machines.csv:row 3"]) == 3


def test_rows_are_counted_over_remarks_blanks_and_cells_of_several_lines(network_folder):
    text = '# people\n\nid,shop,name,processes\na,bench,"two\nlines",hand-assembly\nb,nowhere,B,x\n'
    _, findings = read_network(network_folder({"workers.csv": text}))
    assert [f.where for f in findings if f.severity is Severity.ERROR] == ["workers.csv:row 6"]


def test_unknown_column_gets_a_suggestion(spoil):
    _, findings = read_network(spoil("offers.csv", "expected_yield", "expected_yeild"))
    assert [(f.where, f.hint) for f in findings] == [("offers.csv:row 1", "did you mean 'expected_yield'?")]


def test_missing_column_is_told_once_and_nothing_is_blamed_on_it(spoil):
    _, findings = read_network(spoil("shops.csv", "id,name", "identity,name"))
    assert {f.message for f in findings} == {"column id is missing", "unknown column 'identity'"}


def test_column_given_twice(spoil):
    _, findings = read_network(spoil("machines.csv", "capital,currency", "count,currency"))
    assert "column count stands there twice" in [f.message for f in findings]


def test_a_missing_required_file_is_the_only_trouble(network_folder):
    folder = network_folder()
    (folder / "shops.csv").unlink()
    network, findings = read_network(folder)
    assert network is None
    assert [(f.where, f.message) for f in findings] == [("shops.csv", "shops.csv is not there")]


def test_no_shops_is_an_error(network_folder):
    folder = network_folder({"shops.csv": "id,name\n"})
    assert "no shop in the network" in [f.message for f in read_network(folder)[1]]


def test_misspelt_file_gets_a_suggestion(network_folder):
    network, findings = read_network(network_folder({"offer.csv": "id\n"}))
    assert network is not None
    assert [(f.code, f.hint) for f in findings] == [("files.network.unused", "did you mean 'offers.csv'?")]


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("name = 'N'\ncurrency = GBP\n", "network.toml:2", "not valid TOML"),
        ("name = 'N'\ncurrency = 'GBP'\n", "network.toml", "as_of is empty"),
        (
            "name = 'N'\ncurrency = 'GBP'\nas_of = 2026-11-20\n[exchange]\nCNY = '0.1'\nUSD = 1\n",
            "network.toml:5",
            "CNY",
        ),
        (
            "name = 'N'\ncurrency = 'GBP'\nas_of = 2026-11-20\n[exchange]\nUSD=1\nCNY = nan\n",
            "network.toml:6",
            "above 0",
        ),
        (
            "name='N'\ncurrency='GBP'\nas_of=2026-11-20\n[exchange]\nUSD=1\nCNY=0.1\nGBP=2\n",
            "network.toml:7",
            "2 GBP",
        ),
        (
            "name='N'\ncurrency='GBP'\nas_of=2026-11-20\n[exchnge]\nUSD=1\nCNY=0.1\n",
            "network.toml:4",
            "exchnge",
        ),
        (
            "name='N'\ncurrency='GBP'\nas_of=2026-11-20\n[exchange]\nCNY=0.1\n",
            "network.toml:4",
            "no rate for USD",
        ),
        (
            "name=3\ncurrency='GBP'\nas_of=2026-11-20\n[exchange]\nUSD=1\nCNY=0.1\n",
            "network.toml:1",
            "text in quotes",
        ),
        ("x = " + "[" * 9000, "network.toml", "nested too deeply"),
    ],
    ids=[
        "syntax",
        "missing-key",
        "text-rate",
        "nan-rate",
        "own-rate",
        "misspelt-table",
        "no-dollar",
        "number-name",
        "deep",
    ],
)
def test_head_mistakes(network_folder, text, where, words):
    network, findings = read_network(network_folder({"network.toml": text}))
    assert network is None
    assert (where, True) in [(f.where, words in f.message) for f in findings]


def test_a_missing_rate_is_told_once_for_each_file(network_folder):
    rows = "".join(f"m{number},bench,Table,1,5,CHF,\n" for number in range(40))
    header = "id,shop,name,count,capital,currency,coefficients\n"
    _, findings = read_network(network_folder({"machines.csv": header + rows}))
    told = [(f.where, f.message) for f in findings if f.code == "files.network.exchange"]
    assert told == [("machines.csv:row 2", "no exchange rate for CHF, nor for 39 more rows of this file")]


def test_a_broken_rate_is_told_only_where_it_stands(network_folder):
    head = "name='N'\ncurrency='GBP'\nas_of=2026-11-20\n[exchange]\nUSD=0.75\nCNY='0.1'\n"
    _, findings = read_network(network_folder({"network.toml": head}))
    assert [f.where for f in findings] == ["network.toml:6"]


def test_bad_shift_pattern_is_told_at_its_line(network_folder):
    folder = network_folder({"calendars.toml": '[shifts]\nday = "Mon-Fri 9 to 5"\n'})
    _, findings = read_network(folder)
    assert [f.where for f in findings] == ["calendars.toml:2"]


def test_not_a_folder(tmp_path):
    network, findings = read_network(tmp_path / "nowhere")
    assert network is None
    assert [f.message for f in findings] == ["not a folder"]


def test_quotation_mark_never_closed(network_folder):
    text = 'id,shop,name,processes\na,bench,"A,hand-assembly; fdm-printing\n' + "x" * 140_000
    network, findings = read_network(network_folder({"workers.csv": text}))
    assert network is None
    assert any("never closed" in f.hint for f in findings)


@pytest.mark.parametrize(("encoding", "name"), [("gb18030", "深圳小组"), ("cp1252", "Atelier fermé le soir")])
def test_old_encodings_are_read_with_a_warning(network_folder, encoding, name):
    text = f"id,shop,name,processes\nx,bench,{name},hand-assembly; fdm-printing\n"
    network, findings = read_network(network_folder({"workers.csv": text.encode(encoding)}))
    assert network.workers["x"].name == name
    assert [(f.where, f.severity) for f in findings] == [("workers.csv", Severity.WARNING)]


def test_a_pipe_is_not_waited_for(network_folder):
    folder = network_folder()
    (folder / "workers.csv").unlink()
    os.mkfifo(folder / "workers.csv")
    _, findings = read_network(folder)
    assert [(f.where, f.message) for f in findings] == [("workers.csv", "not an ordinary file")]


def test_file_too_large(network_folder, monkeypatch):
    monkeypatch.setattr(rows_module, "MAX_BYTES", 10)
    network, findings = read_network(network_folder())
    assert network is None
    assert all("at most 10" in f.message for f in findings)


def test_thousands_of_mistakes_are_counted_not_listed(network_folder):
    rows = "".join(f"o{number},nobody,X,-1\n" for number in range(3000))
    network, findings = read_network(network_folder({"offers.csv": f"id,seller,mpn,breaks\n{rows}"}))
    assert network is None
    assert len(findings) < 1100
    assert [f.message for f in findings if f.code == "files.network.many"] == [
        "and 2500 more problems in this file",
        "and 2500 more problems of this kind in this file",
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    file=st.sampled_from(
        ["shops.csv", "machines.csv", "offers.csv", "lanes.csv", "network.toml", "calendars.toml"]
    ),
    data=st.one_of(
        st.binary(max_size=300), st.text(alphabet=st.characters(codec="utf-8"), max_size=300).map(str.encode)
    ),
    position=st.floats(0, 1),
)
def test_no_bytes_make_the_reader_fall_over(network_folder, file, data, position):
    folder = network_folder()
    sound = (folder / file).read_bytes()
    cut = int(position * len(sound))
    read_network(network_folder({file: sound[:cut] + data + sound[cut:]}))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cell=st.text(alphabet=st.characters(codec="utf-8", exclude_characters='\n\r\x00"'), max_size=60),
    column=st.integers(1, 15),
)
def test_no_cell_makes_the_reader_fall_over(network_folder, cell, column):
    cells = ["o1", "stall", "X", "", "", "", "", "", "1:1", "", "", "", "", "", "", ""]
    cells[column] = cell
    line = ",".join(f'"{text}"' for text in cells)
    header = (network_folder() / "offers.csv").read_text().splitlines()[0]
    network, findings = read_network(network_folder({"offers.csv": f"{header}\n{line}\n"}))
    assert (network is None) == any(f.severity is Severity.ERROR for f in findings)


@pytest.mark.parametrize("name", ["network.toml", "offers.csv", "lanes.csv", "calendars.toml"])
def test_a_link_to_nothing_is_an_error_even_where_the_file_may_be_absent(network_folder, name):
    folder = network_folder({})
    (folder / name).unlink()
    (folder / name).symlink_to(name)
    network, findings = read_network(folder)
    assert network is None
    assert any(f.where == name and f.code == "files.network.file" for f in findings)


@pytest.mark.parametrize("filling", [b"," * 1_200_000, b"a" * 1_200_000, b"\0" * 1_200_000])
def test_an_endless_line_is_no_table(network_folder, filling):
    network, findings = read_network(network_folder({"offers.csv": b"id,seller\n" + filling}))
    assert network is None
    assert any(f.where == "offers.csv" and "a line of more than" in f.message for f in findings)


def test_blank_lines_without_end_are_no_table(network_folder, monkeypatch):
    monkeypatch.setattr(rows_module, "MAX_ROWS", 100)
    network, findings = read_network(network_folder({"offers.csv": b"id,seller\n" + b"\n" * 300}))
    assert network is None
    assert any(f.where == "offers.csv" and "lines" in f.message for f in findings)
