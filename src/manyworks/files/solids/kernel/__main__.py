"""The worker: reads requests, answers with solids as arrays, until its input ends."""

from __future__ import annotations

import os
import sys
from typing import Any, BinaryIO

from manyworks.files.solids.kernel.limits import resident, restrain, restrain_time
from manyworks.files.solids.kernel.messages import pack, receive, store


def main() -> None:
    """Answer requests of the standard input on the standard output, one after another.

    The one argument is the number of bytes of memory that may be mapped.
    """
    answers = _private_output()
    restrain(int(sys.argv[1]))
    _warm_up()
    requests = sys.stdin.buffer
    while (request := receive(requests)) is not None:
        head, data = request
        restrain_time(float(head["cpu_seconds"]))
        answers.write(_answer(head, data))
        answers.flush()


def _warm_up() -> None:
    """Load the kernel before the first request comes."""
    from manyworks.files.solids.kernel.bodies import describe_solid  # noqa: F401
    from manyworks.files.solids.kernel.loading import quiet

    quiet()


def _private_output() -> BinaryIO:
    """The real standard output; whatever the kernel prints goes to the error output instead."""
    mine = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return mine


def _answer(head: dict[str, Any], data: bytes) -> bytes:
    try:
        found, arrays = _read(head, data)
        return pack(found, store(arrays))
    except MemoryError:
        return pack({"trouble": "memory", "message": ""}, b"")
    except Exception as trouble:  # the kernel raises many kinds, all of them about this file
        return pack({"trouble": type(trouble).__name__, "message": str(trouble)[:300]}, b"")


def _read(head: dict[str, Any], data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    from manyworks.files.solids.kernel.bodies import describe_solid
    from manyworks.files.solids.kernel.products import read

    contents = read(data, str(head["form"]), int(head["most_solids"]))
    room = int(head["most_triangles"])
    bodies: list[dict[str, Any]] = []
    arrays: dict[str, Any] = {}
    for number, solid in enumerate(contents.solids):
        measured, columns = describe_solid(solid.shape, solid.moves(), room)
        room -= len(columns["triangles"])
        arrays.update({f"{number}.{name}": column for name, column in columns.items()})
        bodies.append({"name": solid.name, **measured})
    return {"bodies": bodies, "resident": resident(), **contents.remarks()}, arrays


if __name__ == "__main__":
    main()
