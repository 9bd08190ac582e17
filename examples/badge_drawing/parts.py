"""The parts of the badge: what they are, where they sit, which net each pad belongs to."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

Point = tuple[float, float]

LEDS = 12
LED_PITCH = 6.6
COLUMN_PITCH = 5.0
FIRST_COLUMN = 8.0
LED_PINS = {1: 7, 2: 6, 3: 5, 4: 4, 5: 3, 6: 2, 7: 19, 8: 18, 9: 17, 10: 15, 11: 14, 12: 13}
MOUNTING_HOLES = ((-37.5, -21.5), (37.5, -21.5), (-37.5, 21.5), (37.5, 21.5))
BUTTON = (24.0, 16.0)
SWITCH = (-40.0, 6.0)
CHIP = (0.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pad:
    """Copper of a footprint, about the footprint's own middle. ``drill`` 0: no hole."""

    name: str
    at: Point
    size: Point
    shape: str = "roundrect"
    drill: float = 0.0
    plated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """A pattern of pads and the body drawn on the board. ``kind`` as KiCad's attribute."""

    name: str
    pads: tuple[Pad, ...]
    body: Point
    kind: str = "smd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part on the board; ``nets`` by pad name. ``bought``: on the parts list."""

    designator: str
    value: str
    footprint: Footprint
    at: Point
    rotation: float = 0.0
    side: str = "top"
    nets: dict[str, str] = field(default_factory=dict)
    manufacturer: str = ""
    mpn: str = ""
    description: str = ""
    bought: bool = True
    fitted: bool = True

    def spot(self, pad: Pad) -> Point:
        """Where a pad's middle lies on the board."""
        angle = math.radians(self.rotation)
        x, y = pad.at
        cos, sin = math.cos(angle), math.sin(angle)
        return (
            round(self.at[0] + x * cos + y * sin, 6),
            round(self.at[1] - x * sin + y * cos, 6),
        )


def chip_pads(span: float, size: Point) -> tuple[Pad, Pad]:
    """Two end pads, ``span`` between their middles."""
    return (Pad(name="1", at=(-span / 2, 0.0), size=size), Pad(name="2", at=(span / 2, 0.0), size=size))


def wide_so20_pads() -> tuple[Pad, ...]:
    """Pins 1 to 10 down the left side, 11 to 20 up the right side."""
    rows = [round(-5.715 + 1.27 * i, 3) for i in range(10)]
    size = (2.05, 0.6)
    left = [Pad(name=str(i + 1), at=(-4.65, y), size=size) for i, y in enumerate(rows)]
    right = [Pad(name=str(20 - i), at=(4.65, y), size=size) for i, y in enumerate(rows)]
    return (*left, *reversed(right))


def slide_switch_pads() -> tuple[Pad, ...]:
    """Three contacts, four feet of the shell and two pegs."""
    contacts = [
        Pad(name=str(i), at=(x, -1.43), size=(0.7, 1.5)) for i, x in enumerate((-2.25, 0.75, 2.25), start=1)
    ]
    feet = [Pad(name="", at=(x, y), size=(1.0, 0.8)) for x in (-3.65, 3.65) for y in (-0.43, 1.78)]
    pegs = [
        Pad(name="", at=(x, 0.33), size=(0.9, 0.9), shape="circle", drill=0.9, plated=False)
        for x in (-1.5, 1.5)
    ]
    return (*contacts, *feet, *pegs)


def button_pads() -> tuple[Pad, ...]:
    """Four feet, joined in pairs inside the button."""
    feet = (("1", -3.15, -1.9), ("1", 3.15, -1.9), ("2", -3.15, 1.9), ("2", 3.15, 1.9))
    return tuple(Pad(name=name, at=(x, y), size=(1.7, 1.0)) for name, x, y in feet)


def retainer_pads() -> tuple[Pad, ...]:
    """Two ends of the spring (plus) and the bare disc that the cell lies on (minus)."""
    ends = [Pad(name="1", at=(x, 0.0), size=(2.54, 3.51), shape="rect") for x in (-10.985, 10.985)]
    return (*ends, Pad(name="2", at=(0.0, 0.0), size=(17.8, 17.8), shape="circle"))


def header_pads() -> tuple[Pad, ...]:
    """Three pins at a tenth of an inch in a row."""
    return tuple(
        Pad(name=str(i + 1), at=(2.54 * i, 0.0), size=(1.7, 1.7), shape="circle", drill=1.0) for i in range(3)
    )


R_0603 = Footprint(name="Resistor_SMD:R_0603_1608Metric", pads=chip_pads(1.65, (0.8, 0.95)), body=(1.6, 0.8))
C_0603 = Footprint(name="Capacitor_SMD:C_0603_1608Metric", pads=chip_pads(1.55, (0.9, 0.95)), body=(1.6, 0.8))
C_0805 = Footprint(name="Capacitor_SMD:C_0805_2012Metric", pads=chip_pads(1.9, (1.0, 1.45)), body=(2.0, 1.25))
LED_0805 = Footprint(
    name="LED_SMD:LED_0805_2012Metric", pads=chip_pads(1.875, (0.975, 1.4)), body=(2.0, 1.25)
)
SO20W = Footprint(
    name="Package_SO:SOIC-20W_7.5x12.8mm_P1.27mm",
    pads=wide_so20_pads(),
    body=(7.5, 12.8),
)
SLIDE_SWITCH = Footprint(name="Button_Switch_SMD:SW_SPDT_PCM12", pads=slide_switch_pads(), body=(6.7, 2.6))
PUSH_BUTTON = Footprint(name="Button_Switch_SMD:SW_SPST_TL3342", pads=button_pads(), body=(5.2, 5.2))
RETAINER = Footprint(
    name="Battery:BatteryHolder_Keystone_3034_1x20mm", pads=retainer_pads(), body=(24.5, 15.9)
)
HEADER = Footprint(
    name="Connector_PinHeader_2.54mm:PinHeader_1x03_P2.54mm_Vertical",
    pads=header_pads(),
    body=(7.6, 2.5),
    kind="through_hole",
)
TEST_PAD = Footprint(
    name="TestPoint:TestPoint_Pad_D1.5mm",
    pads=(Pad(name="1", at=(0.0, 0.0), size=(1.5, 1.5), shape="circle"),),
    body=(1.5, 1.5),
    kind="marker",
)
FIDUCIAL = Footprint(
    name="Fiducial:Fiducial_1mm_Mask2mm",
    pads=(Pad(name="", at=(0.0, 0.0), size=(1.0, 1.0), shape="circle"),),
    body=(2.0, 2.0),
    kind="marker",
)
HOLE = Footprint(
    name="MountingHole:MountingHole_2.2mm_M2",
    pads=(Pad(name="", at=(0.0, 0.0), size=(2.2, 2.2), shape="circle", drill=2.2, plated=False),),
    body=(4.2, 4.2),
    kind="marker",
)


def led_spot(number: int) -> Point:
    """Where an LED sits: twelve along a wave from left to right."""
    x = LED_PITCH * (number - (LEDS + 1) / 2)
    return (round(x, 4), round(-9.0 + 3.5 * math.sin(2 * math.pi * x / 48.0), 4))


def resistor_spot(number: int) -> Point:
    """Where an LED's resistor stands: below it, in the column its track comes up in."""
    x, y = led_spot(number)
    column = FIRST_COLUMN + COLUMN_PITCH * (abs(number - (LEDS + 1) / 2) - 0.5)
    return (math.copysign(column, x), y + 5.2)


def light(number: int) -> Part:
    """One LED; green and yellow take turns."""
    green = number % 2 == 1
    colour, letter = ("green", "G") if green else ("yellow", "S")
    return Part(
        designator=f"D{number}",
        value=colour,
        footprint=LED_0805,
        at=led_spot(number),
        rotation=270.0,
        nets={"1": "GND", "2": f"LED{number}_A"},
        manufacturer="Lite-On",
        mpn=f"LTST-C170K{letter}KT",
        description=f"LED {colour}, clear, 0805",
    )


def resistor(designator: str, value: str, at: Point, rotation: float, nets: dict[str, str]) -> Part:
    """A 1 % thick-film resistor, 0603."""
    return Part(
        designator=designator,
        value=value,
        footprint=R_0603,
        at=at,
        rotation=rotation,
        nets=nets,
        manufacturer="Yageo",
        mpn=f"RC0603FR-07{value}L",
        description=f"Resistor {value}, 1 %, 0.1 W, 0603",
    )


def capacitor(designator: str, at: Point, rotation: float, nets: dict[str, str]) -> Part:
    """A 100 nF ceramic capacitor, 0603."""
    return Part(
        designator=designator,
        value="100nF",
        footprint=C_0603,
        at=at,
        rotation=rotation,
        nets=nets,
        manufacturer="Samsung Electro-Mechanics",
        mpn="CL10B104KB8NNNC",
        description="Capacitor 100 nF, 50 V, X7R, 0603",
    )


def chip() -> Part:
    """The microcontroller."""
    nets = {str(pin): f"LED{led}_P" for led, pin in LED_PINS.items()}
    nets |= {"1": "VDD", "20": "GND", "16": "UPDI_CHIP", "12": "BUTTON"}
    return Part(
        designator="U1",
        value="ATtiny1616-SN",
        footprint=SO20W,
        at=CHIP,
        nets=nets,
        manufacturer="Microchip",
        mpn="ATTINY1616-SN",
        description="Microcontroller, 8 bit, 16 KB flash, SOIC-20",
    )


def power_and_keys() -> list[Part]:
    """The bulk capacitor, the cell's retainer, the slide switch, the button and the unfitted header."""
    return [
        Part(
            designator="C3",
            value="10uF",
            footprint=C_0805,
            at=(0.0, -1.8),
            nets={"1": "VDD", "2": "GND"},
            manufacturer="Samsung Electro-Mechanics",
            mpn="CL21A106KAYNNNE",
            description="Capacitor 10 uF, 25 V, X5R, 0805",
        ),
        Part(
            designator="BT1",
            value="CR2032 retainer",
            footprint=RETAINER,
            at=CHIP,
            side="bottom",
            nets={"1": "BAT", "2": "GND"},
            manufacturer="Keystone",
            mpn="3034",
            description="Coin cell retainer, 20 mm, surface mounted",
        ),
        Part(
            designator="SW1",
            value="SPDT slide",
            footprint=SLIDE_SWITCH,
            at=SWITCH,
            rotation=270.0,
            nets={"1": "VDD", "2": "BAT"},
            manufacturer="C&K",
            mpn="PCM12SMTR",
            description="Slide switch, right angle, surface mounted",
        ),
        Part(
            designator="SW2",
            value="Push button",
            footprint=PUSH_BUTTON,
            at=BUTTON,
            nets={"1": "BUTTON", "2": "GND"},
            manufacturer="E-Switch",
            mpn="TL3342F160QG",
            description="Tactile switch, 5.2 x 5.2 mm, 1.6 N",
        ),
        Part(
            designator="J1",
            value="UPDI",
            footprint=HEADER,
            at=(-30.0, 20.0),
            nets={"1": "VDD", "2": "UPDI", "3": "GND"},
            description="Pin header 1x03, for development only",
            fitted=False,
        ),
    ]


def markers() -> list[Part]:
    """Pads for the programmer, fiducials and mounting holes: on the board, never bought."""
    test = [
        Part(
            designator=f"TP{i + 1}",
            value=net,
            footprint=TEST_PAD,
            at=(-30.0 + 2.54 * i, 16.5),
            nets={"1": net},
            bought=False,
        )
        for i, net in enumerate(("VDD", "UPDI", "GND"))
    ]
    spots = ((-28.0, -22.0), (28.0, -22.0), (30.0, 22.0))
    fiducials = [
        Part(designator=f"FID{i}", value="Fiducial", footprint=FIDUCIAL, at=spot, bought=False)
        for i, spot in enumerate(spots, start=1)
    ]
    holes = [
        Part(designator=f"H{i}", value="M2", footprint=HOLE, at=spot, bought=False)
        for i, spot in enumerate(MOUNTING_HOLES, start=1)
    ]
    return [*test, *fiducials, *holes]


def parts() -> list[Part]:
    """Everything on the board, in the order of the parts list."""
    numbers = range(1, LEDS + 1)
    return [
        chip(),
        *(light(i) for i in numbers),
        *(
            resistor(f"R{i}", "220R", resistor_spot(i), 90.0, {"1": f"LED{i}_P", "2": f"LED{i}_A"})
            for i in numbers
        ),
        resistor("R13", "470R", (10.5, 9.365), 0.0, {"1": "UPDI_CHIP", "2": "UPDI"}),
        capacitor("C1", (0.0, 1.5), 0.0, {"1": "VDD", "2": "GND"}),
        capacitor("C2", (15.5, 16.0), 270.0, {"1": "BUTTON", "2": "GND"}),
        *power_and_keys(),
        *markers(),
    ]
