"""The front door of the room: any files a designer has -> one product."""

from __future__ import annotations

from pathlib import Path

from manyworks.files.depth import Features
from manyworks.files.doors import hand_over
from manyworks.files.folders import read_files, read_folder
from manyworks.files.limits import PRODUCT_BYTES
from manyworks.files.product_file import PRODUCT_FILE, read_product_file
from manyworks.files.registry import reader_of
from manyworks.files.sources import open_source, stands
from manyworks.model import Finding, Product, error


def read(
    *paths: str | Path, strict: bool = False, features: Features = True, views: bool = True
) -> tuple[Product | None, tuple[Finding, ...]]:
    """Read a product from a file, several files or a folder.

    A folder with a ``product.toml`` (or a path to one) is read by it, see
    `manyworks.files.product_file`. Otherwise each file's name and content decide what it is, see
    `manyworks.files.registry`; zip archives are opened. Whatever is not used is named.

    Parameters
    ----------
    *paths
        One folder, or one or more files.
    strict
        Raise instead of returning where there is an error.
    features
        Whether solids are searched for holes, walls, bends and the like; without, which is several
        times quicker, their ``details`` and ``views`` are empty. ``"exact"``: only those of files that
        state faces exactly (STEP, IGES), not meshes.
    views
        Whether pictures are drawn of solids that are searched.

    Returns
    -------
    The product and all findings; the product is None exactly where a finding is an error.
    Lengths in mm, areas in mm2, volumes in mm3.

    Raises
    ------
    FilesError
        At the strict door, with every finding, where at least one is an error.
    """
    given = [Path(path) for path in paths if str(path)]  # an empty text would mean the current folder
    product, findings = _read(given, features=features, views=views)
    return hand_over(product, dict.fromkeys(findings), strict=strict)


def _read(given: list[Path], *, features: Features, views: bool) -> tuple[Product | None, list[Finding]]:
    if not given:
        return None, [error("files.nothing", "read", "no file was given", "give a file or a folder")]
    absent = [path for path in given if not stands(path)]
    if absent:
        return None, [_absent(path) for path in absent]
    folders = [path for path in given if path.is_dir()]
    if folders and len(given) > 1:
        text = "a folder is read alone; several paths must all be files"
        return None, [error("files.paths.mixed", str(folders[0]), text, "give one folder, or only files")]
    if folders:
        told = given[0] / PRODUCT_FILE
        if not told.is_file():
            return read_folder(given[0], features=features, views=views)
        given = [told]
    if given[0].name.lower() == PRODUCT_FILE or (len(given) == 1 and _is_product_file(given[0])):
        return read_product_file(given[0], features=features, views=views)
    return read_files(list(dict.fromkeys(given)), features=features, views=views)


def _is_product_file(path: Path) -> bool:
    """A TOML file that is no OKH manifest is taken for a product file, under whatever name."""
    if path.suffix.lower() != ".toml":
        return False
    source = open_source(path, path.name, PRODUCT_BYTES)
    return isinstance(source, Finding) or reader_of(source) is None


def _absent(path: Path) -> Finding:
    near = _nearest(path)
    hint = f"did you mean {near!r}?" if near else "check the path"
    return error("files.file.missing", str(path)[:300], "there is no such file or folder", hint)


def _nearest(path: Path) -> str:
    import difflib

    try:
        names = sorted(other.name for other in path.parent.iterdir())[:2000]
    except (OSError, ValueError):
        return ""
    return next(iter(difflib.get_close_matches(path.name, names, n=1)), "")
