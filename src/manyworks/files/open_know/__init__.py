"""Open Know-How manifests (OKH) and Open Know-Where facilities (OKW), read and written."""

from manyworks.files.open_know.facilities import Facilities, read_okw
from manyworks.files.open_know.facility_writing import write_okw
from manyworks.files.open_know.manifests import Atom, Manifest, ManifestPart, is_okh, read_okh
from manyworks.files.open_know.products import merge_manifest, product_of
from manyworks.files.open_know.writing import write_okh

__all__ = [
    "Atom",
    "Facilities",
    "Manifest",
    "ManifestPart",
    "is_okh",
    "merge_manifest",
    "product_of",
    "read_okh",
    "read_okw",
    "write_okh",
    "write_okw",
]
