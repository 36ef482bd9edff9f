"""Real PostgreSQL and real Redis out of Python wheels, for the demo, development and tests.

``ensure_services()`` starts them when DATABASE_URL / REDIS_URL are unset and puts the addresses of the running
servers into the environment, so that child processes find them there. Any number of processes may call it: the
first starts the servers, all others find them running, and the last one that ends stops them.

* One lock file (``start.lock``) is held while servers are looked for, started or stopped.
* Every user keeps a shared lock on ``users.lock`` for as long as it lives. The kernel drops it with the process,
  however that ends, so there are no stale entries; whoever gets it exclusively was the last.
* PostgreSQL listens on a Unix socket in a private folder only; Redis, which Celery reaches most simply by TCP, on a
  loopback port with a random password.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from portal.embedded_servers import EmbeddedError, Postgres, Redis

ROOT = Path(__file__).resolve().parent.parent


# What this process uses; the supervisor of the demo keeps an eye on it.
_active: list["Services"] = []


def data_dir(*, throwaway: bool = False) -> Path:
    """Folder of all embedded data. Throwaway servers (tests) have their own, so they never touch the demo's data."""
    base = Path(os.environ.get("PORTAL_DATA_DIR") or ROOT / ".data").absolute()
    return base / "test" if throwaway else base


def ensure_services(*, throwaway: bool = False, data: Path | None = None) -> None:
    """Make DATABASE_URL and REDIS_URL name running servers.

    What is set already is left alone; what is missing is started (once per data folder, by whichever process comes
    first) and stopped when the last process using it ends. ``throwaway`` gives up durability for speed.
    Raises EmbeddedError with the reason and a way out.
    """
    want_postgres = not os.environ.get("DATABASE_URL")
    want_redis = not os.environ.get("REDIS_URL")
    if not (want_postgres or want_redis):
        return
    services = Services(data or data_dir(throwaway=throwaway), durable=not throwaway)
    services.acquire(postgres=want_postgres, redis=want_redis)
    _active.append(services)
    if want_postgres:
        os.environ["DATABASE_URL"] = services.postgres.url
    if want_redis:
        os.environ["REDIS_URL"] = services.redis.url
    # A worker forked from this process inherits the handler; only the process itself may act on it.
    owner = os.getpid()
    atexit.register(lambda: services.release() if os.getpid() == owner else None)


def active() -> "Services | None":
    """The servers that ``ensure_services`` found or started for this process; None when both are somebody else's."""
    return _active[-1] if _active else None


class Services:
    """Both servers of one data folder, and who uses them."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.data = data
        self.postgres = Postgres(data / "postgres", durable=durable)
        self.redis = Redis(data / "redis")
        self.used: tuple[Postgres | Redis, ...] = ()
        self._users: int | None = None

    def acquire(self, *, postgres: bool = True, redis: bool = True) -> None:
        """Start what is not running and count this process as a user. Safe to call again after a server died."""
        self.data.mkdir(parents=True, exist_ok=True)
        with _locked(self.data / "start.lock"):
            if self._users is None:
                self._users = os.open(self.data / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self._users, fcntl.LOCK_SH)
            self.used = ((self.postgres,) if postgres else ()) + ((self.redis,) if redis else ())
            for server in self.used:
                server.ensure_running()

    def release(self) -> bool:
        """Stop counting this process; the last user stops the servers. True when they were stopped."""
        if self._users is None or not self.data.exists():
            return False
        with _locked(self.data / "start.lock"):
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            else:
                self._stop_both()
                return True
            finally:
                os.close(self._users)
                self._users = None

    def stop(self) -> None:
        """Stop the servers whoever uses them (``make clean``, ``FRESH=1``)."""
        if self.data.exists():
            with _locked(self.data / "start.lock"):
                self._stop_both()

    def drop(self) -> None:
        """Stop the servers and delete all data of the folder, files included.

        Raises EmbeddedError while another process uses them.
        """
        if not self.release() and self._in_use():
            raise EmbeddedError(f"Another process uses the servers in {self.data}; end it first.")
        self.stop()
        for entry in self.data.iterdir() if self.data.exists() else ():
            if entry.name != "test":  # the servers of a test run live below and are not ours
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def _in_use(self) -> bool:
        if not (self.data / "users.lock").exists():
            return False
        with (self.data / "users.lock").open() as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _stop_both(self) -> None:
        self.postgres.stop()
        self.redis.stop()


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def main(arguments: list[str]) -> int:
    """``python -m portal.embedded status|stop|drop [--test]``, for the Makefile."""
    services = Services(data_dir(throwaway="--test" in arguments))
    if "drop" in arguments:
        services.drop()
    elif "stop" in arguments:
        services.stop()
    for name, server in (("PostgreSQL", services.postgres), ("Redis", services.redis)):
        sys.stdout.write(f"{name}: {'running' if server.is_running() else 'stopped'}\n")
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except EmbeddedError as error:
        raise SystemExit(str(error)) from None
