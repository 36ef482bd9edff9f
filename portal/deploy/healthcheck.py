"""``healthcheck.py web|worker|beat``: exit 0 when that part is well. Standard library only, for container probes."""

import json
import os
import sys
import urllib.error
import urllib.request


def main(part: str) -> int:
    base = os.environ.get("HEALTH_URL") or ("http://127.0.0.1:8000" if part == "web" else "http://web:8000")
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".") or "localhost"
    path = "/healthz" if part == "web" else "/readyz"
    request = urllib.request.Request(base + path, headers={"Host": host, "X-Forwarded-Proto": "https"})  # noqa: S310 -- fixed scheme
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310 -- fixed scheme
            return 0 if _is_ok(part, answer.read()) else 1
    except urllib.error.HTTPError as error:  # /readyz says 503 when any part is unwell, perhaps another one
        return 0 if part != "web" and _is_ok(part, error.read()) else 1
    except OSError:
        return 1


def _is_ok(part: str, body: bytes) -> bool:
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return (answer if part == "web" else answer.get(part, {})).get("status") == "ok"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "web"))
