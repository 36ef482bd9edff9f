"""Keeps a few long-running programs alive side by side; the demo runs on it.

Each child has its own log file and its own session, so that Ctrl-C reaches only the supervisor, which then ends the
children in order. A child that dies is started again, after a pause that doubles while it keeps dying.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
HEALTHY_SECONDS = 30.0  # a child that lived this long starts again without a pause
STOP_SECONDS = 15.0
WORTH_SHOWING = re.compile(
    r"\[(warning|error|critical) *\]|\[(ERROR|CRITICAL)\]|^[\w.]+(Error|Exception|DoesNotExist)\b"
)
WIDTH = 160

# Runs in the child before the program: the kernel ends it (SIGTERM) when the supervisor is killed without a chance to
# clean up. 1 is PR_SET_PDEATHSIG; other systems than Linux have no such call.
LAUNCHER = """
import ctypes, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 15)
os.execv(sys.argv[1], sys.argv[1:])
"""


@dataclass
class Child:
    """One program: its command, its log file, and how it has been faring."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0  # when to start (again), on the monotonic clock
    reader: threading.Thread | None = None

    def start(self, say: Callable[[str], None]) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 -- our own commands
            [sys.executable, "-c", LAUNCHER, *self.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, args=(self.process, say), daemon=True)
        self.reader.start()

    def _read(self, process: subprocess.Popen, say: Callable[[str], None]) -> None:
        with self.log.open("ab", buffering=0) as log:
            for line in process.stdout or ():
                log.write(line)
                text = line.decode(errors="replace").rstrip()
                if WORTH_SHOWING.search(text):
                    say(f"{self.name:<7}| {text[:WIDTH]}")

    def tail(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def signal(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, number)


@dataclass
class Supervisor:
    """``start()``, then ``run()`` until ``stopping`` is set, then ``stop()``."""

    children: list[Child]
    say: Callable[[str], None]
    check: Callable[[], None] = lambda: None  # called every few seconds, e.g. to restart a server that died
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        for child in self.children:
            if child.log.exists():
                child.log.replace(child.log.with_suffix(".log.1"))
            child.start(self.say)

    def run(self) -> None:
        next_check = 0.0
        while not self.stopping.wait(0.5):
            self.tick(time.monotonic())
            if time.monotonic() >= next_check:
                self.check()
                next_check = time.monotonic() + 3

    def tick(self, now: float) -> None:
        """Start again who died, not before its pause is over."""
        for child in self.children:
            if child.process and child.process.poll() is not None:
                if now - child.started >= HEALTHY_SECONDS:
                    child.pause = FIRST_PAUSE
                self.say(
                    f"{child.name} ended with {child.process.returncode}; again in {child.pause:.0f} s ({child.log})"
                )
                child.process = None
                child.due = now + child.pause
                child.pause = min(child.pause * 2, LONGEST_PAUSE)
            elif child.process is None and now >= child.due:
                child.start(self.say)

    def stop(self) -> None:
        """End the children, last started first; who does not listen within STOP_SECONDS is killed."""
        for child in reversed(self.children):
            if child.process and child.process.poll() is None:
                child.process.terminate()  # the main process tells its own children
        deadline = time.monotonic() + STOP_SECONDS
        for child in reversed(self.children):
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{child.name} does not stop; killed")
                child.signal(signal.SIGKILL)
                child.process.wait()
            child.process = None
