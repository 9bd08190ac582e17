"""The side that asks: one worker process, started when first needed, kept warm, ended when it misbehaves."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from manyworks.files.solids.kernel.messages import LENGTHS, load, pack

if TYPE_CHECKING:
    from manyworks.files.solids.kernel.messages import Arrays

_ANSWER_BYTES = 400_000_000
_HEAD_BYTES = 20_000_000
# A worker that holds this much memory after an answer is replaced by a fresh one.
_TIRED_BYTES = 450_000_000
_SOLIDS = 5_000
_SECONDS = 30.0
_SECONDS_PER_MEGABYTE = 10.0
# The kernel's own libraries take 570 MB of address space; large assemblies need the rest.
ADDRESS_SPACE = 2_000_000_000
_KEPT_FROM_ENVIRONMENT = (
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "SYSTEMROOT",
    "TMPDIR",
    "TEMP",
    "LANG",
)
_END_SECONDS = 2.0


class KernelError(Exception):
    """The kernel gave no solids; ``kind`` is ``slow``, ``memory``, ``crash`` or ``unreadable``."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        self.message = message
        super().__init__(message)


class Kernel:
    """A worker process and the conversation with it; one question at a time, from any thread.

    Parameters
    ----------
    address_space
        Bytes of memory that the worker may map.
    seconds
        That the worker may take for a small file; large ones get more.
    """

    def __init__(self, *, address_space: int = ADDRESS_SPACE, seconds: float = _SECONDS) -> None:
        self._address_space = address_space
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def start(self) -> None:
        """Start the worker without waiting for it, so that it is warm when the first question comes."""
        with self._lock:
            self._running()

    def ask(self, data: bytes, most_triangles: int, form: str = "step") -> tuple[dict[str, Any], Arrays]:
        """The solids of a file in the form ``step`` or ``iges``: a head and arrays.

        What is in them is said in `bodies.describe_solid` and `products.Contents`.

        Raises
        ------
        KernelError
            Where the worker cannot read it, takes too long or too much memory, or dies.
        """
        seconds = self._seconds + _SECONDS_PER_MEGABYTE * len(data) / 1e6
        bounds = {"cpu_seconds": seconds, "most_solids": _SOLIDS, "most_triangles": most_triangles}
        with self._lock:
            found, body = self._exchange(pack({"form": form, **bounds}, data), seconds)
            if _is_tired(found):
                self._end()
        if "trouble" in found:
            raise _refusal(found)
        try:
            return found, load(body)
        except (ValueError, OSError, KeyError, EOFError) as trouble:
            raise KernelError("crash", f"its answer is garbled ({trouble})") from trouble

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        process = self._process
        if process is not None and self._owner == os.getpid() and process.poll() is None:
            return process
        # After a fork the pipes are the parent's: the child needs a worker of its own.
        self._process = process = subprocess.Popen(
            [sys.executable, "-P", "-m", "manyworks.files.solids.kernel", str(self._address_space)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        self._owner = os.getpid()
        return process

    def _exchange(self, message: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        process = self._running()
        late = threading.Event()
        clock = threading.Timer(seconds, _stop, (process, late))
        clock.daemon = True
        clock.start()
        try:
            return _converse(process, message)
        except (OSError, EOFError, ValueError) as trouble:
            self._end()
            raise _death(process.returncode, seconds, late=late.is_set()) from trouble
        finally:
            clock.cancel()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:  # what was still to be written has no reader any more
        return


def _environment() -> dict[str, str]:
    """Little of what this process was given: the kernel reads files of strangers."""
    kept = {name: os.environ[name] for name in _KEPT_FROM_ENVIRONMENT if name in os.environ}
    package = str(Path(__file__).absolute().parents[4])
    return {**kept, "PYTHONPATH": package, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _converse(process: subprocess.Popen[bytes], message: bytes) -> tuple[dict[str, Any], bytes]:
    import json

    writer, reader = process.stdin, process.stdout
    if writer is None or reader is None:
        raise EOFError
    writer.write(message)
    writer.flush()
    head_length, body_length = LENGTHS.unpack(_exactly(reader, LENGTHS.size))
    if head_length > _HEAD_BYTES or body_length > _ANSWER_BYTES:
        raise ValueError("the answer is too long")
    head = json.loads(_exactly(reader, head_length))
    return head, _exactly(reader, body_length)


def _exactly(reader: Any, length: int) -> bytes:
    data: bytes = reader.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _is_tired(found: dict[str, Any]) -> bool:
    """Whether the worker should be replaced: after much memory, or after trouble it did not foresee."""
    unforeseen = found.get("trouble") not in (None, "UnreadableError", "TooManyTrianglesError")
    return unforeseen or found.get("resident", 0) > _TIRED_BYTES


def _refusal(found: dict[str, Any]) -> KernelError:
    if found["trouble"] == "memory":
        return KernelError("memory", "it needs more memory than it may take")
    kind = "large" if found["trouble"] == "TooManyTrianglesError" else "unreadable"
    return KernelError(kind, str(found.get("message", ""))[:300])


def _death(code: int | None, seconds: float, *, late: bool) -> KernelError:
    slow = f"it took more than {seconds:.0f} seconds"
    if late or (hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU):
        return KernelError("slow", slow)
    names = {-one.value: one.name for one in signal.Signals}
    return KernelError("crash", f"it ended without an answer ({names.get(code or 0, f'code {code}')})")


def is_installed() -> bool:
    """Whether the optional kernel is there."""
    return find_spec("OCP") is not None


KERNEL = Kernel()
atexit.register(KERNEL.close)
