"""STEP files that are broken, tangled or made to harm: one finding each, in bounded time."""

from __future__ import annotations

import os
import re
import threading
import time
from pathlib import Path

import pytest
from tests.files.step_writing import brick, cut, rod, step

from manyworks.files.solids import part21
from manyworks.files.solids import step as step_reading
from manyworks.files.solids.kernel.process import KERNEL, Kernel, KernelError
from manyworks.files.solids.step import read_step
from manyworks.files.sources import Source
from manyworks.model import Finding

WHOLE = step(cut(brick(30, 20, 10), rod(3, 10, (10, 10, 0))))
HEAD = (
    b"ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
    b"FILE_SCHEMA(('AUTOMOTIVE_DESIGN'));\nENDSEC;\nDATA;\n"
)
TAIL = b"ENDSEC;\nEND-ISO-10303-21;\n"


def source(data: bytes) -> Source:
    return Source(path=Path("a.step"), name="a.step", data=data)


def errors(data: bytes) -> list[str]:
    found, findings = read_step(source(data))
    bad = [finding.code for finding in findings if finding.severity == "error"]
    assert (found is None) == bool(bad)
    return bad


def volume(data: bytes) -> float:
    found, findings = read_step(source(data))
    assert found is not None, findings
    return sum(body.shape.volume * body.count for body in found.bodies)


class TestBeforeTheKernel:
    @pytest.mark.parametrize("data", [b"", b"solid x", b"\0" * 500, b"ISO-10303-21;\nHEADER;\n"])
    def test_what_is_no_step_file_is_said(self, data: bytes) -> None:
        assert errors(data) == ["files.solid.malformed"]

    @pytest.mark.parametrize(
        "entities",
        [
            b"#1=A(#1);",
            b"#1=A(#2);#2=B(#1);",
            b"#5=A((#6,#7));#6=B(#7);#7=(C()D(#5));",
            b"#1=A('it''s #9');#2=B(#1,#3);\n#3 = C ( # 2 ) ;",
        ],
        ids=["itself", "pair", "three", "spaces"],
    )
    def test_entities_that_contain_themselves_are_refused(self, entities: bytes) -> None:
        assert errors(HEAD + entities + TAIL) == ["files.solid.self-referring"]

    def test_a_reference_within_text_or_a_comment_is_none(self) -> None:
        entities = b"#1=A('#1',$);/* #1=(#1) */#2=B('it''s #2',#1);"
        assert "files.solid.self-referring" not in errors(HEAD + entities + TAIL)

    def test_a_chain_without_end_is_refused_at_once(self) -> None:
        chain = b"".join(b"#%d=A(#%d);\n" % (k, k + 1) for k in range(1, 60_000))
        begin = time.process_time()
        assert errors(HEAD + chain + b"#60000=B();" + TAIL) == ["files.solid.self-referring"]
        assert time.process_time() - begin < 5

    def test_too_many_entities_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(part21, "STEP_ENTITIES", 100)
        assert errors(WHOLE) == ["files.solid.too-large"]

    def test_without_the_kernel_the_finding_says_how_to_get_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(step_reading, "is_installed", lambda: False)
        found, findings = read_step(source(WHOLE))
        assert found is None
        assert [finding.code for finding in findings] == ["files.solid.kernel-missing"]
        assert "manyworks[solids]" in findings[0].hint


class TestInTheKernel:
    def test_garbage_in_the_data_is_an_error(self) -> None:
        assert errors(HEAD + b"\xff\xfe((((;;;" * 50 + TAIL)

    @pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
    def test_a_file_cut_short_is_an_error_or_read(self, share: float) -> None:
        errors(WHOLE[: int(len(WHOLE) * share)])
        assert volume(WHOLE) == pytest.approx(6000 - 90 * 3.14159265, rel=1e-6)

    @pytest.mark.parametrize("figure", [b"1.E+300", b"-1.E+7", b"NAN", b"1.E+999"])
    def test_figures_beyond_sense_never_come_out(self, figure: bytes) -> None:
        data = re.sub(rb"(CARTESIAN_POINT\('',\()30\.,", rb"\g<1>" + figure + b",", WHOLE)
        assert data != WHOLE
        found, findings = read_step(source(data))
        assert found is not None or findings
        if found is not None:
            assert abs(found.bodies[0].boxes).max() <= 1e5

    def test_a_worker_that_was_killed_is_replaced(self) -> None:
        assert volume(WHOLE) > 0
        process = KERNEL._process
        assert process is not None
        process.kill()
        process.wait()
        assert volume(WHOLE) > 0

    def test_a_worker_killed_at_work_is_one_finding(self, monkeypatch: pytest.MonkeyPatch) -> None:
        kernel = Kernel()
        monkeypatch.setattr(step_reading, "KERNEL", kernel)
        kernel.start()
        process = kernel._process
        assert process is not None
        # It still loads the kernel then; the question waits in the pipe.
        threading.Timer(0.15, process.kill).start()
        assert errors(WHOLE) == ["files.solid.kernel-crash"]
        kernel.close()

    def test_too_slow_is_one_finding(self, monkeypatch: pytest.MonkeyPatch) -> None:
        kernel = Kernel(seconds=0.05)
        monkeypatch.setattr(step_reading, "KERNEL", kernel)
        assert errors(WHOLE) == ["files.solid.kernel-slow"]
        kernel.close()

    def test_too_much_memory_is_one_finding(self, monkeypatch: pytest.MonkeyPatch) -> None:
        kernel = Kernel(address_space=300_000_000)
        monkeypatch.setattr(step_reading, "KERNEL", kernel)
        (code,) = errors(WHOLE)
        assert code in ("files.solid.kernel-memory", "files.solid.kernel-crash")
        kernel.close()

    def test_the_mesh_of_a_body_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(step_reading, "STEP_TRIANGLES", 20)
        assert errors(WHOLE) == ["files.solid.too-large"]

    def test_the_worker_gets_little_of_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOME_SECRET", "x")
        kernel = Kernel()
        kernel.start()
        process = kernel._process
        assert process is not None
        given = Path(f"/proc/{process.pid}/environ")
        if not given.is_file():
            pytest.skip("the system does not show what a process was given")
        assert b"SOME_SECRET" not in given.read_bytes()
        kernel.close()
        assert process.returncode is not None

    def test_questions_from_several_threads_are_answered_one_by_one(self) -> None:
        answers: list[float] = []
        threads = [threading.Thread(target=lambda: answers.append(volume(WHOLE))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(answers)) == 1
        assert len(answers) == 4

    def test_a_forked_process_has_a_worker_of_its_own(self) -> None:
        assert volume(WHOLE) > 0
        read, write = os.pipe()
        child = os.fork()
        if child == 0:  # pragma: no cover - in the other process
            try:
                found, _ = KERNEL.ask(WHOLE, 10_000)
                os.write(write, b"y" if found["bodies"] else b"n")
                KERNEL.close()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        assert os.read(read, 1) == b"y"
        assert volume(WHOLE) > 0

    def test_an_answer_that_is_garbled_is_one_finding(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Garbled(Kernel):
            def _exchange(self, message: bytes, seconds: float) -> tuple[dict[str, object], bytes]:
                return {"bodies": []}, b"no archive"

        monkeypatch.setattr(step_reading, "KERNEL", Garbled())
        assert errors(WHOLE) == ["files.solid.kernel-crash"]

    def test_every_kind_of_trouble_has_a_finding(self) -> None:
        kinds = ("slow", "memory", "large", "crash", "unreadable")
        found = [step_reading._explain(KernelError(kind, "x"), "a.step") for kind in kinds]
        assert all(isinstance(one, Finding) and one.severity == "error" for one in found)
