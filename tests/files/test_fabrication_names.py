"""Layers are found by the names that many programs give, without any attribute inside the files."""

from __future__ import annotations

import pytest
from tests.files.fabrication_writer import (
    POSTS,
    VIAS,
    board,
    codes,
    copper,
    drawing,
    drill,
    mask,
    outline,
    read,
)

from manyworks.files.fabrication.naming import from_name, words_of

# Letters: T top copper, B bottom copper, 1 and 2 inner, M/m mask top/bottom, S/s silkscreen, P/p paste,
# O outline, D plated holes, N unplated holes, x drawing, r report.
_DIALECTS = """
# Altium
T:b.GTL; 1:b.G1; 2:b.GP1; B:b.GBL; M:b.GTS; m:b.GBS; S:b.GTO; s:b.GBO; P:b.GTP; p:b.GBP; O:b.GM1;
x:b.GD1; D:b.TXT
# Protel with keep-out
T:amp.GTL; B:amp.GBL; M:amp.GTS; m:amp.GBS; S:amp.GTO; O:amp.GKO; D:amp.TXT
# KiCad with Protel endings
T:top-amp-F_Cu.gtl; 1:top-amp-In1_Cu.g2; 2:top-amp-In2_Cu.g3; B:top-amp-B_Cu.gbl;
M:top-amp-F_Mask.gts; m:top-amp-B_Mask.gbs; S:top-amp-F_Silkscreen.gto; P:top-amp-F_Paste.gtp;
O:top-amp-Edge_Cuts.gm1; D:top-amp-PTH.drl; N:top-amp-NPTH.drl; x:top-amp-F_Fab.gbr;
x:top-amp-User_Drawings.gbr; x:top-amp-F_Courtyard.gbr; x:top-amp-PTH-drl_map.gbr;
x:top-amp-Margin.gbr
# KiCad with gbr
T:amp-F.Cu.gbr; 1:amp-In1.Cu.gbr; 2:amp-In2.Cu.gbr; B:amp-B.Cu.gbr; M:amp-F.Mask.gbr;
m:amp-B.Mask.gbr; S:amp-F.SilkS.gbr; s:amp-B.SilkS.gbr; P:amp-F.Paste.gbr; p:amp-B.Paste.gbr;
O:amp-Edge.Cuts.gbr; D:amp-PTH.drl; N:amp-NPTH.drl; x:amp-Dwgs.User.gbr; x:amp-Cmts.User.gbr;
x:amp-Eco1.User.gbr; x:amp-F.CrtYd.gbr; x:amp-F.Adhes.gbr
# KiCad of old
T:amp-Front.gtl; B:amp-Back.gbl; M:amp-Mask_Front.gts; S:amp-SilkS_Front.gto; P:amp-SoldP_Front.gtp;
O:amp-PCB_Edges.gbr; D:amp.drl
# KiCad of old with gbr
T:amp-Front.gbr; B:amp-Back.gbr; M:amp-Mask_Front.gbr; m:amp-Mask_Back.gbr; S:amp-SilkS_Front.gbr;
P:amp-SoldP_Front.gbr; O:amp-PCB_Edges.gbr; D:amp.drl
# JLC tools
T:amp-CuTop.gbr; 1:amp-CuIn1.gbr; 2:amp-CuIn2.gbr; B:amp-CuBottom.gbr; M:amp-MaskTop.gbr;
m:amp-MaskBottom.gbr; S:amp-SilkTop.gbr; P:amp-PasteTop.gbr; O:amp-EdgeCuts.gbr; D:amp-PTH.drl;
N:amp-NPTH.drl; x:amp-VScore.gbr
# Eagle CAM
T:amp.cmp; 1:amp.ly2; 2:amp.ly15; B:amp.sol; S:amp.plc; s:amp.pls; M:amp.stc; m:amp.sts; P:amp.crc;
p:amp.crs; O:amp.bor; D:amp.drd
# Eagle 9
T:CAMOutputs/GerberFiles/copper_top.gbr; B:CAMOutputs/GerberFiles/copper_bottom.gbr;
M:CAMOutputs/GerberFiles/soldermask_top.gbr; m:CAMOutputs/GerberFiles/soldermask_bottom.gbr;
S:CAMOutputs/GerberFiles/silkscreen_top.gbr; s:CAMOutputs/GerberFiles/silkscreen_bottom.gbr;
P:CAMOutputs/GerberFiles/solderpaste_top.gbr; O:CAMOutputs/GerberFiles/profile.gbr;
D:CAMOutputs/DrillFiles/drill_1_16.xln
# EasyEDA
T:Gerber_TopLayer.GTL; 1:Gerber_InnerLayer1.G1; 2:Gerber_InnerLayer2.G2; B:Gerber_BottomLayer.GBL;
M:Gerber_TopSolderMaskLayer.GTS; m:Gerber_BottomSolderMaskLayer.GBS; S:Gerber_TopSilkscreenLayer.GTO;
P:Gerber_TopPasteMaskLayer.GTP; O:Gerber_BoardOutlineLayer.GKO; D:Drill_PTH_Through.DRL;
N:Drill_NPTH_Through.DRL; x:Gerber_DocumentLayer.GDL
# OrCAD Layout
T:amp.TOP; 1:amp.IN1; 2:amp.IN2; B:amp.BOT; M:amp.SMT; m:amp.SMB; S:amp.SST; s:amp.SSB; P:amp.SPT;
x:amp.FAB; O:amp.OLN; D:thruhole.tap
# Allegro
T:TOP.art; 1:L2_GND.art; 2:L3_PWR.art; B:BOTTOM.art; M:SOLDERMASK_TOP.art; m:SOLDERMASK_BOTTOM.art;
S:SILKSCREEN_TOP.art; P:PASTEMASK_TOP.art; O:OUTLINE.art; x:ASSEMBLY_TOP.art; D:ncdrill-1-4.drl
# Allegro, short
T:TOP.art; 1:GND.art; 2:PWR.art; B:BOTTOM.art; M:SMTOP.art; m:SMBOT.art; S:SSTOP.art; P:SPTOP.art;
O:BOARD_OUTLINE.art; x:FAB.art; D:drill.drl
# PADS
T:art001.pho; 1:art002.pho; 2:art003.pho; B:art004.pho; M:sm001021.pho; m:sm004028.pho;
S:sst001026.pho; s:ssb004029.pho; P:smd001023.pho; O:outline.pho; D:drl001.drl; x:dd001024.pho
# DipTrace
T:Top.gbr; B:Bottom.gbr; M:TopMask.gbr; m:BottomMask.gbr; S:TopSilk.gbr; P:TopPaste.gbr;
x:TopAssy.gbr; O:BoardOutline.gbr; D:Through.drl
# gEDA
T:amp.top.gbr; 1:amp.group1.gbr; 2:amp.group2.gbr; B:amp.bottom.gbr; M:amp.topmask.gbr;
m:amp.bottommask.gbr; S:amp.topsilk.gbr; P:amp.toppaste.gbr; O:amp.outline.gbr;
D:amp.plated-drill.cnc; N:amp.unplated-drill.cnc; x:amp.fab.gbr
# Fritzing
T:amp_copperTop.gtl; B:amp_copperBottom.gbl; M:amp_maskTop.gts; m:amp_maskBottom.gbs;
S:amp_silkTop.gto; P:amp_pasteMaskTop.gtp; O:amp_contour.gm1; D:amp_drill.txt
# DesignSpark
T:Amp - Top Copper.gbr; B:Amp - Bottom Copper.gbr; M:Amp - Top Copper (Resist).gbr;
m:Amp - Bottom Copper (Resist).gbr; S:Amp - Top Silkscreen.gbr; P:Amp - Top Copper (Paste).gbr;
O:Amp - Board Outline.gbr; D:Amp - Drill Data - [Through Hole].drl;
x:Amp - Drill Ident Drawing - [Through Hole].gbr
# Proteus
T:amp - CADCAM Top Copper.TXT; 1:amp - CADCAM Inner Copper 1.TXT; 2:amp - CADCAM Inner Copper 2.TXT;
B:amp - CADCAM Bottom Copper.TXT; M:amp - CADCAM Top Solder Resist.TXT;
S:amp - CADCAM Top Silk Screen.TXT; O:amp - CADCAM Mechanical 1.TXT; D:amp - CADCAM Drill.TXT
# Ultiboard
T:amp - Copper Top.gbr; 1:amp - Copper Inner 1.gbr; 2:amp - Copper Inner 2.gbr;
B:amp - Copper Bottom.gbr; M:amp - Solder Mask Top.gbr; S:amp - Silkscreen Top.gbr;
O:amp - Board Outline.gbr; D:amp - Drill.drl
# numbers
T:layer1.ger; 1:layer2.ger; 2:layer3.ger; B:layer4.ger; O:edge.ger; D:drill.drl
# words by hand
T:front copper.ger; B:back copper.ger; M:front stop mask.ger; S:legend front.ger; O:border.ger;
D:holes.drl
"""


def _dialects() -> dict[str, dict[str, str]]:
    """Names and letters of each dialect."""
    found: dict[str, dict[str, str]] = {}
    for part in _DIALECTS.strip().removeprefix("# ").split("\n# "):
        title, _, names = part.partition("\n")
        pairs = [
            entry.strip().split(":", 1) for entry in names.replace("\n", " ").split(";") if entry.strip()
        ]
        found[title] = {name: letter for letter, name in pairs}
    return found


DIALECTS = _dialects()

CONTENT = {
    **dict.fromkeys("TB12", copper()),
    **dict.fromkeys("Mm", mask()),
    **dict.fromkeys("SsPpx", drawing()),
    "O": outline(),
    "D": drill(),
    "N": drill(POSTS, 3.2),
}
MEANING = {
    "T": ("copper", "top"),
    "B": ("copper", "bottom"),
    "1": ("copper", "inner"),
    "2": ("copper", "inner"),
    "M": ("mask", "top"),
    "m": ("mask", "bottom"),
    "S": ("silkscreen", "top"),
    "s": ("silkscreen", "bottom"),
    "P": ("paste", "top"),
    "p": ("paste", "bottom"),
    "O": ("outline", None),
    "D": ("drill", ""),
    "N": ("drill", ""),
    "x": ("drawing", None),
}


def files_of(dialect: str) -> dict[str, str]:
    """A whole set in a dialect."""
    return {name: CONTENT[letter] for name, letter in DIALECTS[dialect].items()}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_file_of_a_dialect_gets_its_role(dialect: str) -> None:
    layers = {layer.name: (layer.role, layer.side) for layer in board(files_of(dialect)).layers}
    wrong = {}
    for name, letter in DIALECTS[dialect].items():
        role, side = MEANING[letter]
        if layers[name][0] != role or side not in (None, layers[name][1]):
            wrong[name] = layers[name]
    assert wrong == {}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_board_of_a_dialect_is_measured(dialect: str) -> None:
    letters = list(DIALECTS[dialect].values())
    made = board(files_of(dialect))
    assert (made.width_mm, made.height_mm) == (50.0, 30.0)
    assert made.copper_layers == sum(letter in "TB12" for letter in letters)
    assert (made.plated_holes, made.nonplated_holes) == (len(VIAS), len(POSTS) * letters.count("N"))
    assert (made.min_track_mm, made.min_drill_mm) == (0.2, 0.4)
    assert not made.blind_vias


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_copper_of_a_dialect_is_in_order(dialect: str) -> None:
    numbers = {layer.name: layer.number for layer in board(files_of(dialect)).layers if layer.number}
    order = [DIALECTS[dialect][name] for name in sorted(numbers, key=lambda name: numbers[name] or 0)]
    assert order == [letter for letter in "T12B" if letter in order]


def test_the_name_of_the_board_does_not_name_its_layers() -> None:
    made = board(
        {
            f"bottom-solder-paste-robot-{name}": CONTENT[letter]
            for name, letter in DIALECTS["KiCad with gbr"].items()
        }
    )
    assert made.copper_layers == 4


def test_a_layer_that_nothing_names_is_said_aloud() -> None:
    files = {**files_of("Protel with keep-out"), "amp.gbr": drawing()}
    (found,), findings = read(files)
    layer = next(layer for layer in found.design.layers if layer.name == "amp.gbr")
    assert (layer.role, layer.used) == ("unknown", False)
    assert "unknown-layer" in codes(findings)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Gerber_TopLayer.GTL", "gerber top layer"),
        ("amp-F.Cu.gbr", "amp f cu"),
        ("copperTop.gtl", "copper top"),
        ("a/b/c d.GBR", "c d"),
        ("noending", "noending"),
    ],
)
def test_names_are_split_into_words(name: str, words: str) -> None:
    assert words_of(name) == words


def test_a_name_that_says_nothing_is_unknown() -> None:
    assert from_name("x1.gbr").role == "unknown"


@pytest.mark.parametrize("comment", [False, True])
def test_attributes_win_over_names_that_say_nothing_or_something_else(comment: bool) -> None:
    told = {
        "1.gbr": copper(["TF.FileFunction,Copper,L4,Bot"]),
        "top.gbl": copper(["TF.FileFunction,Copper,L2,Inr"]),
        "3.gbr": copper(["TF.FileFunction,Copper,L1,Top"]),
        "4.gbr": copper(["TF.FileFunction,Copper,L3,Inr"]),
        "silk.gbr": outline(["TF.FileFunction,Profile,NP"]),
        "6.gbr": mask(["TF.FileFunction,Soldermask,Bot"]),
        "7.drl": drill(header=("; #@! TF.FileFunction,NonPlated,1,4,NPTH", "METRIC")),
    }
    if comment:
        told = {
            name: text.replace("%TF", "G04 #@! TF", 1).replace("*%", "*", 1) for name, text in told.items()
        }
    made = board(told)
    numbers = {layer.name: layer.number for layer in made.layers if layer.number}
    assert numbers == {"3.gbr": 1, "top.gbl": 2, "4.gbr": 3, "1.gbr": 4}
    assert (made.width_mm, made.nonplated_holes, made.plated_holes) == (50.0, len(VIAS), 0)


def test_without_names_and_attributes_content_finds_copper_and_outline() -> None:
    told = copper().replace("%ADD11", "%TA.AperFunction,ViaPad*%\n%ADD11", 1)
    (found,), _ = read({"x1.gbr": told, "x2.gbr": outline(), "x3.drl": drill()})
    made = found.design
    assert {layer.name: layer.role for layer in made.layers} == {
        "x1.gbr": "copper",
        "x2.gbr": "outline",
        "x3.drl": "drill",
    }
    assert made.width_mm == 50.0
