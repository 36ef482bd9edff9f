"""Children of the demo: restarted with growing pauses, ended together, logged apart."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.core.supervisor import FIRST_PAUSE, Child, Supervisor

pytestmark = pytest.mark.integration
SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]


def until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def said():
    return []


def supervise(tmp_path, said, *commands):
    return Supervisor(
        [Child(f"c{n}", command, tmp_path / f"c{n}.log") for n, command in enumerate(commands)], said.append
    )


def test_children_run_and_stop_together(tmp_path, said):
    supervisor = supervise(tmp_path, said, SLEEP, SLEEP)
    supervisor.start()
    processes = [child.process for child in supervisor.children]
    until(lambda: all(child.tail() == "up" for child in supervisor.children))
    supervisor.stop()
    assert all(process.poll() is not None for process in processes)


def test_dead_child_starts_again_after_a_growing_pause(tmp_path, said):
    supervisor = supervise(tmp_path, said, [sys.executable, "-c", "raise SystemExit(3)"])
    child = supervisor.children[0]
    supervisor.start()
    child.process.wait(10)
    now = time.monotonic()
    supervisor.tick(now)
    assert "ended with 3" in said[-1]
    supervisor.tick(now + FIRST_PAUSE / 2)
    assert child.process is None
    supervisor.tick(now + FIRST_PAUSE)
    assert child.process is not None
    child.process.wait(10)
    supervisor.tick(time.monotonic())
    assert child.pause == FIRST_PAUSE * 4
    supervisor.stop()


def test_child_that_ignores_the_request_is_killed(tmp_path, said, monkeypatch):
    monkeypatch.setattr("portal.core.supervisor.STOP_SECONDS", 0.3)
    deaf = [
        sys.executable,
        "-c",
        "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
    ]
    supervisor = supervise(tmp_path, said, deaf)
    supervisor.start()
    process = supervisor.children[0].process
    until(lambda: supervisor.children[0].tail() == "up")
    supervisor.stop()
    assert process.returncode == -signal.SIGKILL


def test_only_lines_worth_showing_are_shown_all_are_logged(tmp_path, said):
    supervisor = supervise(
        tmp_path,
        said,
        [
            sys.executable,
            "-c",
            "print('quiet'); print('[warning  ] short of paper', flush=True); import time; time.sleep(60)",
        ],
    )
    supervisor.start()
    until(lambda: said)
    supervisor.stop()
    assert said == ["c0     | [warning  ] short of paper"]
    assert (tmp_path / "c0.log").read_text().splitlines() == ["quiet", "[warning  ] short of paper"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_children_end_when_the_supervisor_is_killed(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from portal.core.supervisor import Child, Supervisor\n"
        f"s = Supervisor([Child('c', {SLEEP!r}, Path({str(tmp_path / 'c.log')!r}))], print)\n"
        "s.start(); print(s.children[0].process.pid, flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    pid = int(supervisor.stdout.readline())
    supervisor.kill()
    supervisor.communicate()

    def gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        with Path(f"/proc/{pid}/stat").open() as stat:
            return stat.read().split()[2] == "Z"

    until(gone)
