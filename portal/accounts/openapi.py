"""How the API's schema describes signing in by token."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension

from portal.accounts.authentication import DESK_HEADER


class DeskTokenScheme(OpenApiAuthenticationExtension):
    target_class = "portal.accounts.authentication.DeskTokenAuthentication"
    name = "deskToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": _("`Token <令牌>`；持有多个工作台时，用请求头 %s 指明工作台编号。") % DESK_HEADER,
        }
