"""Whatever is put into a folder: every file and every member of an archive is used or named."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import ezdxf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.files.designs import BOARD, RECTANGLE, footprint
from tests.files.fabrication_writer import zipped
from tests.files.mesh_writing import QUADS, brick, obj
from tests.files.test_fabricated_boards import BADGE, Invented, Mounted
from tests.files.test_garment_panels import pattern, rectangle
from tests.files.test_sheet_dxf import text_of
from tests.files.test_solid_reading import binary, box

from manyworks.files.folders import read_files, read_folder
from manyworks.model import BoardDesign, Finding, Product

REMOTE = Invented(parts=(Mounted("R1", 5, 5), Mounted("R7", 30, 35)), wide=40, tall=40, name="remote")


def _plate() -> bytes:
    document = ezdxf.new("R2010")
    document.modelspace().add_lwpolyline([(0, 0), (30, 0), (30, 20), (0, 20)], close=True)
    return text_of(document)


HARNESS = (
    "connectors:\n  X1: {pincount: 2}\n  X2: {pincount: 2}\n"
    "cables:\n  W1: {wirecount: 2, length: 0.2}\n"
    "connections:\n  - [X1: [1-2], W1: [1-2], X2: [1-2]]\n"
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="30mm" height="20mm" viewBox="0 0 30 20">'
    '<rect width="29" height="19" fill="none" stroke="red"/></svg>'
)
OKH = 'okhv = "2.4"\nname = "Loom"\nlicense = "MIT"\nfunction = "weaves"\n'

# Contents that are what a name may say, contents that are something else, and rubbish.
CONTENTS: Mapping[str, bytes] = {
    "board": BOARD.format(
        extra="\n".join((RECTANGLE, footprint("R1"), footprint("R2", at="20 10")))
    ).encode(),
    "mesh": binary(box(20, 10, 5)),
    "obj": obj(brick(20, 10, 5), QUADS).encode(),
    "dxf": _plate(),
    "svg": SVG.encode(),
    "garment": json.dumps(pattern({"front": rectangle(40, 60)})).encode(),
    "harness": HARNESS.encode(),
    "manifest": OKH.encode(),
    "bill": b"Reference,Value,Qty\nR1 R2,1k,2\n",
    "parts": b"Part Name,Quantity\nScrew M3,4\n",
    "order": b"Digi-Key Part Number,Quantity 1,Customer Reference\n311-10KCT-ND,10,R1\n",
    "positions": b"Ref,PosX,PosY,Rot,Side\nR1,10,10,0,top\nR2,20,10,0,top\n",
    "no positions": b"Ref,PosX,PosY,Rot,Side\n",
    "bad rows": b"Reference,Value,Qty\nR1,1k,-3\n",
    "empty": b"",
    "zeros": bytes(300),
    "rubbish": bytes(range(256)),
    "text": b"Hello, see the other folder.\n",
    "json": b'{"a": [1, 2]}',
    "yaml": b"a: 1\nb: [2, 3]\n",
    "netlist": b"P  JOB badge\nP  UNITS CUST 1\n"
    b"317GND              VIA         D0118PA00X+039370Y+039370X0236Y0000R000S0\n999\n",
    **{f"badge {Path(name).suffix}": text.encode() for name, text in BADGE.files().items()},
    **{f"remote {Path(name).suffix}": text.encode() for name, text in REMOTE.files().items()},
}
ENDINGS = (
    *(".kicad_pcb", ".brd", ".stl", ".obj", ".3mf", ".ply", ".dxf", ".svg", ".json", ".yml", ".toml"),
    *(".csv", ".txt", ".pos", ".xlsx", ".GTL", ".GBL", ".GKO", ".drl", ".gbr", ".gbrjob"),
    *(".zip", "", ".md", ".png", ".sldprt", ".pdf", ".xyz"),
)
FITTING = {
    "board": ".kicad_pcb",
    "mesh": ".stl",
    "obj": ".obj",
    "dxf": ".dxf",
    "svg": ".svg",
    "garment": ".json",
    "harness": ".yml",
    "manifest": ".toml",
    "bill": ".csv",
    "parts": ".csv",
    "order": ".csv",
    "positions": ".pos",
}
STEMS = (
    "badge",
    "lid",
    "lid_x2",
    "top side",
    "Größe µ",
    "a.b",
    "bom",
    "100%",
    "x&y <z>",
    "#1",
    "remote",
    "名前",
)
FOLDERS = ("", "", "stl/", "pcb/gerber/", "Ω (copy)/", "old.v1/")


@st.composite
def named_contents(draw: st.DrawFn) -> tuple[str, bytes]:
    kind = draw(st.sampled_from(sorted(CONTENTS)))
    ending = FITTING.get(kind, kind.rpartition(" ")[2] if " ." in kind else "")
    if not ending or draw(st.integers(0, 4)) == 0:
        ending = draw(st.sampled_from(ENDINGS))
    name = draw(st.sampled_from(FOLDERS)) + draw(st.sampled_from(STEMS)) + ending
    return name, CONTENTS[kind]


FILES = st.lists(named_contents(), max_size=7).map(dict)


def told(product: Product | None, findings: Sequence[Finding]) -> set[str]:
    """Files that an item or a finding names; rows and sheets stand for their file."""
    items = list(product.items.values()) if product is not None else []
    names = {reference.path for item in items for reference in item.files}
    names |= {layer.name for i in items if isinstance(i.design, BoardDesign) for layer in i.design.layers}
    where = {finding.where for finding in findings}
    return names | where | {name.rpartition(":")[0] for name in where} | {n.partition("!")[0] for n in where}


@pytest.mark.usefixtures("only_measures")
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(loose=FILES, packed=FILES, by_name=st.booleans())
@example(loose={}, packed=BADGE.files() | {"cpl.csv": BADGE.places(), "readme.md": "x"}, by_name=True)
@example(loose=dict(BADGE.files()), packed=dict(BADGE.files()), by_name=False)
def test_every_file_and_member_is_used_or_named(
    loose: dict[str, bytes | str], packed: dict[str, bytes | str], by_name: bool
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, data in loose.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        expected = set(loose)
        if packed:
            (folder / "packed.zip").write_bytes(zipped(packed))
            expected |= {f"packed.zip/{name}" for name in packed if not name.endswith(".zip")}
        if by_name and not packed:
            return
        # Behind the front door, which hands out no product beside an error.
        product, findings = read_files([folder / "packed.zip"]) if by_name else read_folder(folder)
        expected = {name for name in expected if name.startswith("packed.zip/") or not by_name}
        missing = expected - told(product, findings)
        assert not missing, (missing, [str(finding) for finding in findings])
        for finding in findings:
            assert str(folder) not in finding.message
        twice = [f.where for f in findings if f.code == "files.unused"]
        assert len(twice) == len(set(twice))
