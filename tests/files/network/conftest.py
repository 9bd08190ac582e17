"""A small sound network that each test may spoil."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

SOUND: Mapping[str, str] = {
    "network.toml": (
        'name = "Two shops"\ncurrency = "GBP"\nas_of = 2026-11-20\n\n[exchange]\nCNY = 0.1\nUSD = 0.75\n'
    ),
    "calendars.toml": '[shifts]\nday = "Mon-Fri 09:00-17:00 break 12:00-13:00"\n',
    "places.csv": "id,name,country,latitude,longitude,zone,kind\ndock,The dock,GB,51.46,-3.16,GB,hub\n",
    "shops.csv": (
        "id,name,place,country,latitude,longitude,timezone,shifts,holidays,certificates,minimum_charge,currency,rates\n"
        "bench,The bench,,CN,22.54,114.08,Asia/Shanghai,day,CN,ISO 9001 (boards) until 2027-03-31; CE,50,CNY,"
        "wage_per_hour=30; margin=0.05\n"
        "stall,The stall,dock,,,,Europe/London,Sat 09:00-12:00,GB-WLS,,0,,\n"
    ),
    "machines.csv": (
        "id,shop,name,count,capital,currency,coefficients\ntable,bench,Table,2,1000,CNY,place_seconds=8\n"
    ),
    "capabilities.csv": (
        "machine,process,materials,envelope_mm,min_pitch_mm,min_lot,max_lot\n"
        "table,hand-assembly,,300 x 200,0.5,1,300\n"
        "table,fdm-printing,ABS; PLA,200 x 200 x 180,,,\n"
    ),
    "workers.csv": "id,shop,name,processes,count\ncrew,bench,Crew,hand-assembly; fdm-printing,3\n",
    "tools.csv": "id,item,shop,owner,life_left\nold-mould,clip/mould-hard,bench,Somebody,\n",
    "offers.csv": (
        "id,seller,mpn,name,value,package,unit,units_per,breaks,currency,multiple,stock,condition,expected_yield,"
        "origin,valid_to\n"
        'o1,stall,,,100n,0603,reel,4000,"1:30; 5:25",CNY,1,9,new,1,CN,2027-01-31\n'
        "o2,stall,X-1,,,,,,1:0.5,,,,,,,\n"
    ),
    "lanes.csv": (
        "id,mode,from_zone,to_zone,tariff,currency,kg_per_m3,transit_p50_days,transit_p10_days,transit_p90_days,"
        "co2e_kg_per_tkm\n"
        'van,road,GB,GB,"0-5: 4 + 0; 5-100: 2 + 0.4/kg",USD,200,2,1,4,0.78\n'
    ),
}


@pytest.fixture
def network_folder(tmp_path: Path) -> Callable[..., Path]:
    """Write the sound network, with some files replaced, and give its folder."""

    def write(changed: Mapping[str, str | bytes | None] | None = None) -> Path:
        for name, text in {**SOUND, **(changed or {})}.items():
            if isinstance(text, bytes):
                (tmp_path / name).write_bytes(text)
            elif text is not None:
                (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def spoil(network_folder: Callable[..., Path]) -> Callable[[str, str, str], Path]:
    """Replace one stretch of text in one file of the sound network."""

    def replace(file: str, old: str, new: str) -> Path:
        assert old in SOUND[file]
        return network_folder({file: SOUND[file].replace(old, new)})

    return replace
