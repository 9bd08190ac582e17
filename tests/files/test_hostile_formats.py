"""Each format's classic traps through the front door: one clear answer, in bounded time and memory."""

from __future__ import annotations

import io
import math
import random
import struct
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.files.designs import BOARD, RECTANGLE
from tests.files.mesh_writing import THREES, archive, brick, mesh_xml, threemf
from tests.files.test_spreadsheets import ods, xlsx

from manyworks.files import read
from manyworks.model import Finding, Product

Write = Callable[[str, str | bytes], Path]
Make = Callable[[], str | bytes]

MEMORY_MB = 700
# Five on an idle machine; a shared one takes twice that, an endless loop never ends.
SECONDS = 12.0
SECRET = "a-line-nobody-may-see"
STEP_HEAD = (
    "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
    "FILE_SCHEMA(('AUTOMOTIVE_DESIGN'));\nENDSEC;\nDATA;\n"
)
STEP_TAIL = "ENDSEC;\nEND-ISO-10303-21;\n"
GERBER = "%FSLAX24Y24*%\n%MOMM*%\n%ADD10C,0.1*%\n"
DRILL = "M48\nMETRIC\nT1C0.3\n%\nT1\n"
PLY = "property float x\nproperty float y\nproperty float z\n"
LAUGHS = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10 if k else "ha"}">' for k in range(12))


@contextmanager
def bounded(seconds: float = SECONDS, megabytes: float = MEMORY_MB) -> Iterator[None]:
    """Fail where what is done inside takes more processor time or more memory at its height."""
    _forget_peak()
    before, begin = _status("VmRSS"), time.process_time()
    yield
    taken, grown = time.process_time() - begin, _status("VmHWM") - before
    assert taken < seconds, f"{taken:.1f} s"
    assert grown < megabytes, f"{grown:.0f} MB"


def _forget_peak() -> None:
    """Let the system count the most memory anew; where it cannot, only time is bounded."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def _status(name: str) -> float:
    """Megabytes by a line of the process's status; 0 where the system has none."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith(name)), 0.0)


def front_door(path: Path, seconds: float = SECONDS) -> tuple[Product | None, tuple[Finding, ...]]:
    """The product and findings; their contract holds, and they are few and short."""
    with bounded(seconds):
        product, findings = read(path)
    assert (product is None) == any(finding.severity == "error" for finding in findings)
    assert len(findings) <= 60
    assert all(len(str(finding)) < 2_000 for finding in findings)
    return product, findings


def refused(path: Path, code: str, seconds: float = SECONDS) -> tuple[Finding, ...]:
    """The findings about a file that makes no product, one of them the expected one."""
    product, findings = front_door(path, seconds)
    assert product is None
    assert code in {finding.code for finding in findings}, [str(finding) for finding in findings]
    return findings


def zipped(files: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return stream.getvalue()


def overlapping(members: int) -> bytes:
    """A zip whose directory lists one and the same data again and again under many names."""
    data = zipped({"a.gtl": random.Random(1).randbytes(200_000)}, zipfile.ZIP_STORED)
    start = data.index(b"PK\x01\x02")
    directory = b""
    for k in range(members):
        name = b"%04d.gtl" % k
        entry = bytearray(data[start : start + 46])
        entry[28:30] = struct.pack("<H", len(name))
        directory += bytes(entry) + name
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, members, members, len(directory), start, 0)
    return data[:start] + directory + end


def lying(files: Mapping[str, str | bytes]) -> bytes:
    """A zip whose checksums are wrong."""
    data = bytearray(zipped(files))
    for mark, offset in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        place = data.index(mark) + offset
        data[place : place + 4] = b"\1\2\3\4"
    return bytes(data)


def in_model(text: str, *, head: str = "") -> bytes:
    """A 3MF file whose model has a text and declarations in it."""
    with zipfile.ZipFile(io.BytesIO(threemf("", ""))) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    model = parts["3D/3dmodel.model"].replace("<model", f"{head}<model")
    parts["3D/3dmodel.model"] = model.replace("<resources>", f"<resources>{text}")
    return archive({**parts})


def in_sheet(data: bytes, before: str, text: str) -> bytes:
    """A workbook whose first sheet has declarations and a text in it."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    sheet = sheet.replace("<worksheet", f"{before}<worksheet", 1).replace("R1", text, 1)
    return archive({**parts, "xl/worksheets/sheet1.xml": sheet})


PARTS = xlsx({"Parts": [["Designator", "Qty", "Value"], ["R1", 1, "1k"]]})
INNER = zipped({"a.gtl": bytes(30_000_000)})

ARCHIVES: dict[str, tuple[Make, str]] = {
    "bombs in a zip": (lambda: zipped({f"{k}.zip": INNER for k in range(100)}), "files.archive.bomb"),
    "65 000 members": (
        lambda: zipped({f"{k}.txt": "" for k in range(65_000)}, zipfile.ZIP_STORED),
        "files.archive.too-many",
    ),
    "members on top of each other": (lambda: overlapping(2_900), "files.archive.malformed"),
    "wrong checksums": (lambda: lying({"a.gtl": "G04*" * 100}), "files.archive.malformed"),
    "cut short": (lambda: zipped({"a.gtl": "G04*" * 1000})[:80], "files.archive.malformed"),
    "a way out": (lambda: zipped({"../../a.gtl": GERBER, "/etc/b.gtl": GERBER}), "files.archive.unsafe"),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_made_to_harm_is_refused_by_name(write: Write, kind: str) -> None:
    make, code = ARCHIVES[kind]
    refused(write("a.zip", make()), code)


def test_nothing_of_an_archive_is_written_to_disk(write: Write, tmp_path: Path) -> None:
    path = write(
        "deep/er/a.zip", zipped({"../../../out.csv": "Value,Qty\n1k,1\n", "in.csv": "Value,Qty\n1k,1\n"})
    )
    front_door(path)
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == ["a.zip"]


ENTITIES: dict[str, tuple[str, Callable[[str, str], str | bytes]]] = {
    "Eagle": (
        "a.brd",
        lambda head, text: (
            f'<?xml version="1.0"?>{head.replace("DOCTYPE x", "DOCTYPE eagle")}<eagle version="7"><drawing>'
            f"<board><plain><text>{text}</text></plain></board></drawing></eagle>"
        ),
    ),
    "SVG": ("a.svg", lambda head, text: f'{head}<svg xmlns="http://www.w3.org/2000/svg">{text}</svg>'),
    "AMF": ("a.amf", lambda head, text: f'{head}<amf><object id="1">{text}</object></amf>'),
    "3MF": ("a.3mf", lambda head, text: in_model(text, head=head)),
    "spreadsheet": ("a.xlsx", lambda head, text: in_sheet(PARTS, head, text)),
}


@pytest.mark.parametrize("form", ENTITIES)
def test_entities_that_grow_without_end_are_not_written_out(write: Write, form: str) -> None:
    name, make = ENTITIES[form]
    path = write(name, make(f"<!DOCTYPE x [{LAUGHS}]>", "&l11;"))
    product, findings = front_door(path)
    assert product is None
    assert len(findings) == 1


@pytest.mark.parametrize("form", ENTITIES)
def test_entities_that_name_another_file_do_not_open_it(write: Write, form: str) -> None:
    secret = write("secret.txt", SECRET)
    name, make = ENTITIES[form]
    path = write(name, make(f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]>', "&s;"))
    product, findings = front_door(path)
    assert SECRET not in repr((product, findings))


def test_pictures_and_styles_of_other_files_are_not_fetched(write: Write) -> None:
    secret = write(
        "secret.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><text>{SECRET}</text></svg>'
    ).as_uri()
    path = write(
        "a.svg",
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9mm" '
        f'height="9mm" viewBox="0 0 9 9"><image xlink:href="{secret}"/><use xlink:href="{secret}#x"/>'
        f'<style>@import url({secret});</style><rect width="5" height="5" stroke="red"/></svg>',
    )
    product, findings = front_door(path)
    assert product is not None
    assert SECRET not in repr((product, findings))


NUMBERS_OF_A_PANEL = '{"pattern":{"panels":{"a":{"vertices":[[NaN,1e999],[Infinity,0],[0,1]],"edges":['
WHAT_IS_TOO_DEEP: dict[str, tuple[str, Make, str]] = {
    "board": ("a.kicad_pcb", lambda: "(kicad_pcb " + "(a " * 200_000, "files.board.malformed"),
    "old board": (
        "a.brd",
        lambda: "PCBNEW-BOARD Version 1 date x\n" + "$MODULE A\n" * 200_000,
        "files.board.malformed",
    ),
    "Eagle": (
        "a.brd",
        lambda: '<?xml version="1.0"?><eagle version="7"><drawing>' + "<plain>" * 100_000,
        "files.board.malformed",
    ),
    "AMF": ("a.amf", lambda: "<amf>" + "<object>" * 200_000, "files.solid.malformed"),
    "harness": (
        "a.yml",
        lambda: "connectors: {}\ncables: {}\nconnections: " + "[" * 100_000,
        "files.yaml.too-deep",
    ),
    "manifest": (
        "a.okh.toml",
        lambda: 'okhv = "OKH-LOSHv1.0"\nname="x"\nb = ' + "[" * 100_000,
        "files.okh.malformed",
    ),
    "pattern": ("a.json", lambda: '{"pattern":{"panels":' + "[" * 200_000, "files.format.unknown"),
    "STEP lists": ("a.step", lambda: STEP_HEAD + "#1=A(" + "(" * 300_000, "files.solid.malformed"),
    "STEP entities": (
        "a.step",
        lambda: STEP_HEAD + "".join(f"#{k}=A(#{k + 1});\n" for k in range(1, 60_000)) + STEP_TAIL,
        "files.solid.self-referring",
    ),
    "3MF components": (
        "a.3mf",
        lambda: threemf(
            f'<object id="1">{mesh_xml(brick(1, 2, 3))}</object>'
            + "".join(
                f'<object id="{k}"><components>'
                + f'<component objectid="{k - 1}"/>' * 10
                + "</components></object>"
                for k in range(2, 25)
            ),
            '<item objectid="24"/>',
        ),
        "files.solid.malformed",
    ),
    "a 3MF part in itself": (
        "a.3mf",
        lambda: threemf(
            '<object id="1"><components><component objectid="1"/></components></object>',
            '<item objectid="1"/>',
        ),
        "files.solid.malformed",
    ),
    "pattern blocks": (
        "a.dxf",
        lambda: (
            "0\nSECTION\n2\nBLOCKS\n"
            + "".join(
                f"0\nBLOCK\n8\n0\n2\nB{k}\n70\n0\n10\n0\n20\n0\n0\nTEXT\n8\n1\n10\n0\n20\n0\n40\n1\n1\n"
                f"Piece Name: P{k}\n" + f"0\nINSERT\n8\n0\n2\nB{k + 1}\n10\n0\n20\n0\n" * 10 + "0\nENDBLK\n"
                for k in range(30)
            )
            + "0\nENDSEC\n0\nSECTION\n2\nENTITIES\n0\nINSERT\n8\n0\n2\nB0\n10\n0\n20\n0\n0\nENDSEC\n0\nEOF\n"
        ),
        "files.garment.too-much",
    ),
}


@pytest.mark.parametrize("kind", WHAT_IS_TOO_DEEP)
def test_nesting_without_end_is_one_finding(write: Write, kind: str) -> None:
    name, make, code = WHAT_IS_TOO_DEEP[kind]
    assert len(refused(write(name, make()), code)) == 1


CLAIMS: dict[str, tuple[str, Make, str]] = {
    "a gigabyte of STL": (
        "a.stl",
        lambda: bytes(80) + struct.pack("<I", 20_000_000) + bytes(50),
        "files.solid.size-claim",
    ),
    "a thousand million PLY rows": (
        "a.ply",
        lambda: (
            f"ply\nformat binary_little_endian 1.0\nelement vertex 1000000000\n{PLY}"
            "element face 1000000000\nproperty list uchar int vertex_indices\nend_header\n"
        ),
        "files.solid.too-large",
    ),
    "a PLY face of all corners": (
        "a.ply",
        lambda: (
            (
                f"ply\nformat binary_little_endian 1.0\nelement vertex 3\n{PLY}element face 1\n"
                "property list uint int vertex_indices\nend_header\n"
            ).encode()
            + bytes(36)
            + b"\xff" * 4
        ),
        "files.solid.malformed",
    ),
    "PLY rows of nothing": (
        "a.ply",
        lambda: (
            f"ply\nformat ascii 1.0\nelement vertex 0\n{PLY}element nothing 1000000000000\n"
            "element face 0\nproperty list uchar int vertex_indices\nend_header\n"
        ),
        "files.solid.too-large",
    ),
    "OBJ corners that are not there": (
        "a.obj",
        lambda: "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 999999999999999999999\n",
        "files.solid.malformed",
    ),
    "OBJ corners before the first": (
        "a.obj",
        lambda: "v 0 0 0\nv 1 0 0\nv 0 1 0\nf -1 -2 -999999999\n",
        "files.solid.malformed",
    ),
    "3MF corners that are not there": (
        "a.3mf",
        lambda: threemf(
            f'<object id="1">{mesh_xml(brick(1, 2, 3), [*THREES, (0, 1, 10**9)])}</object>',
            '<item objectid="1"/>',
        ),
        "files.solid.malformed",
    ),
    "DXF meshes": (
        "a.dxf",
        lambda: (
            "0\nSECTION\n2\nENTITIES\n0\nPOLYLINE\n8\n0\n66\n1\n70\n16\n71\n2000000000\n72\n2000000000\n"
            "0\nSEQEND\n0\nENDSEC\n0\nEOF\n"
        ),
        "files.sheet.nothing-cut",
    ),
    "DXF rows and columns": (
        "a.dxf",
        lambda: (
            "0\nSECTION\n2\nBLOCKS\n0\nBLOCK\n8\n0\n2\nA\n70\n0\n10\n0\n20\n0\n0\nLINE\n8\n0\n10\n0\n20\n0\n11\n1\n21\n1\n"
            "0\nENDBLK\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n0\nINSERT\n8\n0\n2\nA\n10\n0\n20\n0\n70\n32767\n71\n32767\n"
            "44\n1\n45\n1\n0\nENDSEC\n0\nEOF\n"
        ),
        "files.sheet.too-much",
    ),
    "harness wires": (
        "a.yml",
        lambda: (
            "connectors: {X1: {pincount: 999999999}}\ncables: {W1: {wirecount: 1000000000}}\n"
            "connections: [[X1: [1-999999999], W1: [1-999999999]]]\n"
        ),
        "files.harness.malformed",
    ),
    "spreadsheet columns": (
        "a.ods",
        lambda: ods([["Designator", "Qty"], ["R1", "1"]], ' table:number-columns-repeated="1000000000"'),
        "files.nothing",
    ),
    "Gerber repeats": (
        "a.gbr",
        lambda: GERBER + "%SRX1000000Y1000000I0.1J0.1*%\nD10*\nX0Y0D03*\n%SR*%\nM02*\n",
        "files.fabrication.too-large",
    ),
    "Gerber blocks that double": (
        "a.gbr",
        lambda: (
            GERBER
            + "".join(f"%ABD{k}*%\nD{k - 1}*\nX0Y0D03*\nX10Y0D03*\nX20Y0D03*\n%AB*%\n" for k in range(11, 60))
            + "D59*\nX0Y0D03*\nM02*\n"
        ),
        "files.fabrication.too-large",
    ),
    "Gerber coordinates": (
        "a.gbr",
        lambda: (
            GERBER.replace("24", "66") + "D10*\nX999999999999Y999999999999D03*\nX-999999999999Y0D01*\nM02*\n"
        ),
        "files.fabrication.too-large",
    ),
    "Gerber macro corners": (
        "a.gbr",
        lambda: (
            GERBER
            + "%AMA*4,1,1000000000,0,0,1,1,0,0,0*5,1,1000000000,0,0,1,0*%\n%ADD11A*%\nD11*\nX0Y0D03*\nM02*\n"
        ),
        "files.fabrication.malformed",
    ),
    "Gerber macro brackets": (
        "a.gbr",
        lambda: GERBER + "%AMA*$1=" + "(" * 100_000 + "1*1,1,$1,0,0*%\n%ADD11A*%\nD11*\nX0Y0D03*\nM02*\n",
        "files.fabrication.malformed",
    ),
    "drill repeats": (
        "a.drl",
        lambda: DRILL + "X0Y0\nR1000000000X0.1Y0\nM30\n",
        "files.fabrication.malformed",
    ),
    "drill blocks": (
        "a.drl",
        lambda: DRILL + "M25\n" + "X0Y0\n" * 1000 + "M01\n" + "M02X1Y1\n" * 2_000 + "M08\nM30\n",
        "files.fabrication.too-large",
    ),
    "drill sizes": ("a.drl", lambda: DRILL.replace("0.3", "1e300") + "X0Y0\nM30\n", "files.nothing"),
}


@pytest.mark.parametrize("kind", [kind for kind in CLAIMS if kind != "drill sizes"])
def test_what_a_file_only_claims_is_not_built(write: Write, kind: str) -> None:
    name, make, code = CLAIMS[kind]
    refused(write(name, make()), code)


def test_a_drill_of_no_sensible_size_makes_no_board(write: Write) -> None:
    product, findings = front_door(write("a.drl", CLAIMS["drill sizes"][1]()))
    assert product is None
    assert findings


TANGLES: dict[str, tuple[str, Make]] = {
    "an open text": ("a.step", lambda: STEP_HEAD + "#1=A('" + "x" * 20_000_000),
    "an open text of quotes": ("a.step", lambda: STEP_HEAD + "#1=A('" + "a''" * 5_000_000),
    "comments that open": ("a.step", lambda: STEP_HEAD + "/*" + "/* " * 5_000_000),
    "rubbish": ("a.step", lambda: STEP_HEAD.encode() + random.Random(1).randbytes(1_000_000)),
    "huge numbers": ("a.step", lambda: f"{STEP_HEAD}#{'9' * 5000}=A(#{'9' * 4999});\n#-1=B();\n{STEP_TAIL}"),
    "one long STL line": (
        "a.stl",
        lambda: "solid x\nfacet normal 0 0 0 outer loop vertex " + "1" * 20_000_000,
    ),
    "one long OBJ line": ("a.obj", lambda: "v 0 0 0\nv 1 0 0\nv 0 1 0\nf " + "1 2 3 " * 2_000_000),
    "no numbers in STL": (
        "a.stl",
        lambda: bytes(80) + struct.pack("<I", 500) + struct.pack("<12fH", *[math.nan] * 12, 0) * 500,
    ),
    "no numbers in OBJ": ("a.obj", lambda: "v nan 0 0\nv inf 0 0\nv 0 1e999 0\nf 1 2 3\n" * 500),
    "no numbers in a pattern": (
        "a.json",
        lambda: NUMBERS_OF_A_PANEL + '{"endpoints":[0,1]},{"endpoints":[1,2]},{"endpoints":[2,0]}]}}}}',
    ),
    "a long AMF tag": ("a.amf", lambda: '<amf unit="' + "m" * 60_000_000 + '">'),
    "a long AMF figure": ("a.amf", lambda: "<amf><object><mesh><vertices><vertex><x>" + "1" * 30_000_000),
    "a long Eagle attribute": (
        "a.brd",
        lambda: '<?xml version="1.0"?><eagle version="' + "7" * 20_000_000 + '"/>',
    ),
    "a page of zero bytes": ("a.csv", lambda: bytes(19_000_000)),
    "a long cell": ("a.csv", lambda: "Designator,Value\n" + "R1 " * 5_000_000 + ",1k\n"),
    "many columns": ("a.csv", lambda: "Designator,Qty,Value" + ",x" * 4_000_000 + "\nR1,1,1k\n"),
    "a quote that stays open": ("a.csv", lambda: 'Designator,Qty,Value\nR1,1,"' + "x\n" * 5_000_000),
    "a long SVG path": (
        "a.svg",
        lambda: (
            '<svg xmlns="http://www.w3.org/2000/svg" width="9mm" height="9mm"><path d="M0 0'
            + "l1 1" * 2_000_000
            + '"/></svg>'
        ),
    ),
    "a long SVG attribute": (
        "a.svg",
        lambda: (
            '<svg xmlns="http://www.w3.org/2000/svg"><g transform="'
            + "translate(1,1)" * 900_000
            + '"><rect width="1" height="1"/></g></svg>'
        ),
    ),
    "many style rules": (
        "a.svg",
        lambda: (
            '<svg xmlns="http://www.w3.org/2000/svg"><style>'
            + "a b c d{fill:red}" * 100_000
            + "</style>"
            + "<g><rect width='1' height='1' class='a b c'/></g>" * 2_000
            + "</svg>"
        ),
    ),
    "aliases of aliases": (
        "a.yml",
        lambda: (
            "connectors: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"k{k}: &{chr(98 + k)} [{', '.join(['*' + chr(97 + k)] * 8)}]\n" for k in range(15))
            + "connections: *p\n"
        ),
    ),
    "an alias of itself": ("a.yml", lambda: "connectors: &a {X1: *a}\ncables: *a\nconnections: [*a]\n"),
    "a product file of tables": ("product.toml", lambda: '[product]\nid="a"\n' + "[[bill]]\n" * 90_000),
    "one long word": ("product.toml", lambda: 'a = "' + "x" * 900_000),
    "thousands of vias": (
        "a.kicad_pcb",
        lambda: BOARD.format(
            extra=RECTANGLE + '(via (at 1 1) (size 0.6) (drill 0.3) (layers "F.Cu" "B.Cu"))' * 40_000
        ),
    ),
}


@pytest.mark.parametrize("kind", TANGLES)
def test_what_is_endless_comes_to_an_end(write: Write, kind: str) -> None:
    name, make = TANGLES[kind]
    _, findings = front_door(write(name, make()))
    assert len(findings) <= 5 or kind == "a product file of tables"


def test_a_heap_of_triangles_is_no_solid(write: Write) -> None:
    corners = "".join(f"v {k % 100} {k // 100} {k % 7}\n" for k in range(10_000))
    across = "".join(f"f {k % 9999 + 1} {k * 7 % 9999 + 1} {k * 13 % 9999 + 1}\n" for k in range(30_000))
    refused(write("a.obj", corners + across), "files.solid.soup")


def test_ten_million_rows_are_one_finding(write: Write) -> None:
    (finding,) = refused(write("a.csv", "Value,Qty\n" + "1,1\n" * 10_000_000), "files.file.too-large")
    assert "bytes" in finding.message


def test_three_million_rows_are_cut_and_said(write: Write) -> None:
    product, (finding,) = front_door(write("a.csv", "Value,Qty\n" + "1k,1\n" * 3_000_000), seconds=10)
    assert product is not None
    assert finding.code == "files.table.too-long"


@pytest.mark.parametrize(
    "design", ["../../etc/passwd", "/etc/passwd", "..\\\\..\\\\x", "a/../../b.csv", "C:/x"]
)
def test_a_product_file_does_not_lead_out_of_its_folder(write: Write, design: str) -> None:
    text = f'[product]\nid = "a"\n[[item]]\nid = "b"\ndesign = "{design}"\n'
    refused(write("product.toml", text), "files.product.path")
