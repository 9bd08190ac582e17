"""Bytes of a STEP or IGES file -> the kernel's document of parts."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from OCP.collections import Sequence_TCollection_AsciiString as Texts
from OCP.IFSelect import IFSelect_ReturnStatus
from OCP.IGESCAFControl import IGESCAFControl_Reader
from OCP.Message import Message
from OCP.STEPCAFControl import STEPCAFControl_Reader
from OCP.TCollection import TCollection_ExtendedString
from OCP.TDocStd import TDocStd_Document


class UnreadableError(Exception):
    """The kernel makes nothing of the file."""


def quiet() -> None:
    """Keep the kernel from printing."""
    Message.DefaultMessenger_s().ChangePrinters().Clear()


def load(data: bytes, form: str) -> tuple[Any, list[str]]:
    """The document of parts in a file, and the units of length it names.

    Parameters
    ----------
    data
        The file.
    form
        ``step`` or ``iges``.

    Raises
    ------
    UnreadableError
        Where the kernel refuses the file.
    """
    document = TDocStd_Document(TCollection_ExtendedString("BinXCAF"))
    reader = _step_reader() if form == "step" else _iges_reader()
    with _as_path(data) as path:
        if reader.ReadFile(path) != IFSelect_ReturnStatus.IFSelect_RetDone:
            raise UnreadableError("the kernel cannot parse it")
    units = _step_units(reader) if form == "step" else _iges_units(reader)
    if not reader.Transfer(document):
        raise UnreadableError("the kernel finds no shape in it")
    return document, units


def _step_reader() -> Any:
    reader = STEPCAFControl_Reader()
    reader.SetNameMode(True)
    for unused in (reader.SetColorMode, reader.SetLayerMode, reader.SetGDTMode, reader.SetViewMode):
        unused(False)
    return reader


def _iges_reader() -> Any:
    reader = IGESCAFControl_Reader()
    reader.SetNameMode(True)
    reader.SetColorMode(False)
    reader.SetLayerMode(False)
    return reader


def _step_units(reader: Any) -> list[str]:
    lengths, angles, solid_angles = Texts(), Texts(), Texts()
    reader.ChangeReader().FileUnits(lengths, angles, solid_angles)
    return sorted({lengths.Value(i).ToCString() for i in range(1, lengths.Length() + 1)})


def _iges_units(reader: Any) -> list[str]:
    name = reader.IGESModel().GlobalSection().UnitName()
    return [] if name is None else [str(name.ToCString())]


@contextmanager
def _as_path(data: bytes) -> Iterator[str]:
    """The bytes under a name the kernel can open: in memory where the system can, else a private file."""
    if hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir():
        file = os.memfd_create("solid")
        try:
            with open(file, "wb", closefd=False) as stream:
                stream.write(data)
            yield f"/proc/self/fd/{file}"
        finally:
            os.close(file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "solid.step"
        path.write_bytes(data)
        yield str(path)
