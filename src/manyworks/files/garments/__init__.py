"""Garments: sewing patterns (panel JSON, DXF after AAMA and ASTM D6673) -> `GarmentDesign`."""

from manyworks.files.garments.reader import is_garment, read_garment

__all__ = ["is_garment", "read_garment"]
