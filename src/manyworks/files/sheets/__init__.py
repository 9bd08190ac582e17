"""Sheets: drawings for laser, router, knife and water jet (DXF, SVG) -> `SheetDesign`."""

from manyworks.files.sheets.reader import read_sheet

__all__ = ["read_sheet"]
