"""What made things look like, as far as cost and capability ask."""

from __future__ import annotations

from typing import TypeAlias

from manyworks.model.boards import BoardDesign
from manyworks.model.harnesses import HarnessDesign
from manyworks.model.sheets import GarmentDesign, SheetDesign
from manyworks.model.solids import SolidDesign

Design: TypeAlias = BoardDesign | SolidDesign | SheetDesign | GarmentDesign | HarnessDesign
