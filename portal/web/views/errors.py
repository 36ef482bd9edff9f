"""Error pages: what happened, why, and what to do next. Also the handlers named in ``portal/urls.py``."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.translation import gettext as _

from portal.core.context import PUBLIC, current_request_id
from portal.core.errors import Conflict, Refused
from portal.web.ui import PageContext

TITLES = {
    400: _("请求有误"),
    403: _("不能办理"),
    404: _("没有找到这个页面"),
    409: _("内容已被更新"),
    413: _("文件过大"),
    429: _("操作过于频繁"),
    500: _("系统出现问题"),
}


def error_page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    """The page for ``status`` in the frame that fits who is looking."""
    inside = getattr(request, "actor", PUBLIC).desk is not None
    title = str(TITLES.get(status, TITLES[400]))
    everything = {
        "layout_template": "layouts/desk.html" if inside else "layouts/public.html",
        "page": PageContext(title=title, narrow=True),
        "inside": inside,
        "status": status,
        "title": title,
        "request_id": current_request_id(),
    } | context
    name = f"errors/{status}.html"
    try:
        get_template(name)
    except TemplateDoesNotExist:
        name = "errors/400.html"
    return render(request, name, everything, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without database and session: either may be what failed."""
    return render(request, "errors/500.html", {"request_id": current_request_id()}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _(
        "页面停留过久或登录状态已变化，刚才的提交没有生效。请返回上一页刷新后重新提交，已填写的内容请先复制保存。"
    )
    return error_page(request, 403, message=message)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return error_page(request, 429)


def refused_page(request: HttpRequest, error: Refused) -> HttpResponse:
    """403 with every reason."""
    return error_page(request, 403, decisions=error.decisions, message=error.message)


def conflict_page(request: HttpRequest, error: Conflict) -> HttpResponse:
    """409: somebody else was first; nothing was done."""
    return error_page(request, 409, message=error.message, back_url=request.headers.get("Referer", ""))
