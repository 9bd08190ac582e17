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
DIALECTS: dict[str, dict[str, str]] = {
    "Altium": {
        "b.GTL": "T", "b.G1": "1", "b.GP1": "2", "b.GBL": "B", "b.GTS": "M", "b.GBS": "m", "b.GTO": "S",
        "b.GBO": "s", "b.GTP": "P", "b.GBP": "p", "b.GM1": "O", "b.GD1": "x", "b.TXT": "D",
    },
    "Protel with keep-out": {
        "amp.GTL": "T", "amp.GBL": "B", "amp.GTS": "M", "amp.GBS": "m", "amp.GTO": "S", "amp.GKO": "O",
        "amp.TXT": "D",
    },
    "KiCad with Protel endings": {
        "top-amp-F_Cu.gtl": "T", "top-amp-In1_Cu.g2": "1", "top-amp-In2_Cu.g3": "2", "top-amp-B_Cu.gbl": "B",
        "top-amp-F_Mask.gts": "M", "top-amp-B_Mask.gbs": "m", "top-amp-F_Silkscreen.gto": "S",
        "top-amp-F_Paste.gtp": "P", "top-amp-Edge_Cuts.gm1": "O", "top-amp-PTH.drl": "D",
        "top-amp-NPTH.drl": "N", "top-amp-F_Fab.gbr": "x", "top-amp-User_Drawings.gbr": "x",
        "top-amp-F_Courtyard.gbr": "x", "top-amp-PTH-drl_map.gbr": "x", "top-amp-Margin.gbr": "x",
    },
    "KiCad with gbr": {
        "amp-F.Cu.gbr": "T", "amp-In1.Cu.gbr": "1", "amp-In2.Cu.gbr": "2", "amp-B.Cu.gbr": "B",
        "amp-F.Mask.gbr": "M", "amp-B.Mask.gbr": "m", "amp-F.SilkS.gbr": "S", "amp-B.SilkS.gbr": "s",
        "amp-F.Paste.gbr": "P", "amp-B.Paste.gbr": "p", "amp-Edge.Cuts.gbr": "O", "amp-PTH.drl": "D",
        "amp-NPTH.drl": "N", "amp-Dwgs.User.gbr": "x", "amp-Cmts.User.gbr": "x", "amp-Eco1.User.gbr": "x",
        "amp-F.CrtYd.gbr": "x", "amp-F.Adhes.gbr": "x",
    },
    "KiCad of old": {
        "amp-Front.gtl": "T", "amp-Back.gbl": "B", "amp-Mask_Front.gts": "M", "amp-SilkS_Front.gto": "S",
        "amp-SoldP_Front.gtp": "P", "amp-PCB_Edges.gbr": "O", "amp.drl": "D",
    },
    "KiCad of old with gbr": {
        "amp-Front.gbr": "T", "amp-Back.gbr": "B", "amp-Mask_Front.gbr": "M", "amp-Mask_Back.gbr": "m",
        "amp-SilkS_Front.gbr": "S", "amp-SoldP_Front.gbr": "P", "amp-PCB_Edges.gbr": "O", "amp.drl": "D",
    },
    "JLC tools": {
        "amp-CuTop.gbr": "T", "amp-CuIn1.gbr": "1", "amp-CuIn2.gbr": "2", "amp-CuBottom.gbr": "B",
        "amp-MaskTop.gbr": "M", "amp-MaskBottom.gbr": "m", "amp-SilkTop.gbr": "S", "amp-PasteTop.gbr": "P",
        "amp-EdgeCuts.gbr": "O", "amp-PTH.drl": "D", "amp-NPTH.drl": "N", "amp-VScore.gbr": "x",
    },
    "Eagle CAM": {
        "amp.cmp": "T", "amp.ly2": "1", "amp.ly15": "2", "amp.sol": "B", "amp.plc": "S", "amp.pls": "s",
        "amp.stc": "M", "amp.sts": "m", "amp.crc": "P", "amp.crs": "p", "amp.bor": "O", "amp.drd": "D",
    },
    "Eagle 9": {
        "CAMOutputs/GerberFiles/copper_top.gbr": "T", "CAMOutputs/GerberFiles/copper_bottom.gbr": "B",
        "CAMOutputs/GerberFiles/soldermask_top.gbr": "M",
        "CAMOutputs/GerberFiles/soldermask_bottom.gbr": "m",
        "CAMOutputs/GerberFiles/silkscreen_top.gbr": "S", "CAMOutputs/GerberFiles/silkscreen_bottom.gbr": "s",
        "CAMOutputs/GerberFiles/solderpaste_top.gbr": "P", "CAMOutputs/GerberFiles/profile.gbr": "O",
        "CAMOutputs/DrillFiles/drill_1_16.xln": "D",
    },
    "EasyEDA": {
        "Gerber_TopLayer.GTL": "T", "Gerber_InnerLayer1.G1": "1", "Gerber_InnerLayer2.G2": "2",
        "Gerber_BottomLayer.GBL": "B", "Gerber_TopSolderMaskLayer.GTS": "M",
        "Gerber_BottomSolderMaskLayer.GBS": "m", "Gerber_TopSilkscreenLayer.GTO": "S",
        "Gerber_TopPasteMaskLayer.GTP": "P", "Gerber_BoardOutlineLayer.GKO": "O",
        "Drill_PTH_Through.DRL": "D", "Drill_NPTH_Through.DRL": "N", "Gerber_DocumentLayer.GDL": "x",
    },
    "OrCAD Layout": {
        "amp.TOP": "T", "amp.IN1": "1", "amp.IN2": "2", "amp.BOT": "B", "amp.SMT": "M", "amp.SMB": "m",
        "amp.SST": "S", "amp.SSB": "s", "amp.SPT": "P", "amp.FAB": "x", "amp.OLN": "O", "thruhole.tap": "D",
    },
    "Allegro": {
        "TOP.art": "T", "L2_GND.art": "1", "L3_PWR.art": "2", "BOTTOM.art": "B", "SOLDERMASK_TOP.art": "M",
        "SOLDERMASK_BOTTOM.art": "m", "SILKSCREEN_TOP.art": "S", "PASTEMASK_TOP.art": "P", "OUTLINE.art": "O",
        "ASSEMBLY_TOP.art": "x", "ncdrill-1-4.drl": "D",
    },
    "Allegro, short": {
        "TOP.art": "T", "GND.art": "1", "PWR.art": "2", "BOTTOM.art": "B", "SMTOP.art": "M", "SMBOT.art": "m",
        "SSTOP.art": "S", "SPTOP.art": "P", "BOARD_OUTLINE.art": "O", "FAB.art": "x", "drill.drl": "D",
    },
    "PADS": {
        "art001.pho": "T", "art002.pho": "1", "art003.pho": "2", "art004.pho": "B", "sm001021.pho": "M",
        "sm004028.pho": "m", "sst001026.pho": "S", "ssb004029.pho": "s", "smd001023.pho": "P",
        "outline.pho": "O", "drl001.drl": "D", "dd001024.pho": "x",
    },
    "DipTrace": {
        "Top.gbr": "T", "Bottom.gbr": "B", "TopMask.gbr": "M", "BottomMask.gbr": "m", "TopSilk.gbr": "S",
        "TopPaste.gbr": "P", "TopAssy.gbr": "x", "BoardOutline.gbr": "O", "Through.drl": "D",
    },
    "gEDA": {
        "amp.top.gbr": "T", "amp.group1.gbr": "1", "amp.group2.gbr": "2", "amp.bottom.gbr": "B",
        "amp.topmask.gbr": "M", "amp.bottommask.gbr": "m", "amp.topsilk.gbr": "S", "amp.toppaste.gbr": "P",
        "amp.outline.gbr": "O", "amp.plated-drill.cnc": "D", "amp.unplated-drill.cnc": "N",
        "amp.fab.gbr": "x",
    },
    "Fritzing": {
        "amp_copperTop.gtl": "T", "amp_copperBottom.gbl": "B", "amp_maskTop.gts": "M",
        "amp_maskBottom.gbs": "m", "amp_silkTop.gto": "S", "amp_pasteMaskTop.gtp": "P",
        "amp_contour.gm1": "O", "amp_drill.txt": "D",
    },
    "DesignSpark": {
        "Amp - Top Copper.gbr": "T", "Amp - Bottom Copper.gbr": "B", "Amp - Top Copper (Resist).gbr": "M",
        "Amp - Bottom Copper (Resist).gbr": "m", "Amp - Top Silkscreen.gbr": "S",
        "Amp - Top Copper (Paste).gbr": "P", "Amp - Board Outline.gbr": "O",
        "Amp - Drill Data - [Through Hole].drl": "D", "Amp - Drill Ident Drawing - [Through Hole].gbr": "x",
    },
    "Proteus": {
        "amp - CADCAM Top Copper.TXT": "T", "amp - CADCAM Inner Copper 1.TXT": "1",
        "amp - CADCAM Inner Copper 2.TXT": "2", "amp - CADCAM Bottom Copper.TXT": "B",
        "amp - CADCAM Top Solder Resist.TXT": "M", "amp - CADCAM Top Silk Screen.TXT": "S",
        "amp - CADCAM Mechanical 1.TXT": "O", "amp - CADCAM Drill.TXT": "D",
    },
    "Ultiboard": {
        "amp - Copper Top.gbr": "T", "amp - Copper Inner 1.gbr": "1", "amp - Copper Inner 2.gbr": "2",
        "amp - Copper Bottom.gbr": "B", "amp - Solder Mask Top.gbr": "M", "amp - Silkscreen Top.gbr": "S",
        "amp - Board Outline.gbr": "O", "amp - Drill.drl": "D",
    },
    "numbers": {
        "layer1.ger": "T", "layer2.ger": "1", "layer3.ger": "2", "layer4.ger": "B", "edge.ger": "O",
        "drill.drl": "D",
    },
    "words by hand": {
        "front copper.ger": "T", "back copper.ger": "B", "front stop mask.ger": "M", "legend front.ger": "S",
        "border.ger": "O", "holes.drl": "D",
    },
}

CONTENT = {
    **dict.fromkeys("TB12", copper()), **dict.fromkeys("Mm", mask()), **dict.fromkeys("SsPpx", drawing()),
    "O": outline(), "D": drill(), "N": drill(POSTS, 3.2),
}
MEANING = {
    "T": ("copper", "top"), "B": ("copper", "bottom"), "1": ("copper", "inner"), "2": ("copper", "inner"),
    "M": ("mask", "top"), "m": ("mask", "bottom"), "S": ("silkscreen", "top"), "s": ("silkscreen", "bottom"),
    "P": ("paste", "top"), "p": ("paste", "bottom"), "O": ("outline", None), "D": ("drill", ""),
    "N": ("drill", ""), "x": ("drawing", None),
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
