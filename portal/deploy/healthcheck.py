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
            body = json.load(answer)
    except urllib.error.HTTPError as error:
        body = json.load(error)
    except (OSError, ValueError):
        return 1
    return 0 if part == "web" or body.get(part, {}).get("status") == "ok" else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "web"))
