"""What the demo's sign-in pages show: its public accounts and their current second-factor code."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpRequest

from portal.demo.accounts import DEMO_ACCOUNTS, TOTP_SECRET

PERIOD = 30  # seconds a code lives (RFC 6238)


def current_code() -> str:
    return format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // PERIOD))


def demo(request: HttpRequest) -> dict[str, Any]:
    """Context processor, installed with PORTAL_DEMO only."""
    return {"demo_accounts": DEMO_ACCOUNTS, "demo_code": current_code}
