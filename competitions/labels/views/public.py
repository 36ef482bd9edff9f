"""What the code at a window opens on a phone: five marks, a remark if one likes, thanks."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.labels import forms, queries
from competitions.labels.domain import ratings
from competitions.labels.views.base import url
from portal.core.context import PUBLIC, current_client
from portal.core.errors import DomainError, Invalid
from portal.web.ratelimit import limit
from portal.web.ui import PageContext
from portal.web.views import PageView

COOKIE = "rating-device"
DAY, HOUR = 86400, 3600
RATINGS = 60  # an hour and client: a hall's network is one address
WRONG_ADDRESSES = 30
TRAP = "website"  # a field that people do not see; what fills it in is no guest


class Uncached(PageView):
    abstract = True
    public = True
    layout = "public"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response


class Rate(Uncached):
    template_name = "competitions/public_rate.html"

    @cached_property
    def point(self) -> Any:
        found = queries.by_token(self.kwargs["token"])
        if found is None:
            limit("rating-address", times=WRONG_ADDRESSES, seconds=HOUR)
            raise Http404
        return found

    def page(self) -> PageContext:
        return PageContext(title=_("请您评价我们的服务"), subtitle=self.point.team.unit_name, narrow=True)

    def show(self, form: Any = None, status: int = 200) -> HttpResponse:
        response = self.render(status=status, form=form or forms.RateForm(), point=self.point, trap=TRAP)
        if COOKIE not in self.request.COOKIES:
            secure = self.request.is_secure()
            response.set_cookie(
                COOKIE, secrets.token_urlsafe(16), max_age=DAY, httponly=True, samesite="Lax", secure=secure,
                path="/public/rate/",
            )  # fmt: skip
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        point = self.point
        limit("rating", times=RATINGS, seconds=HOUR)
        form = forms.RateForm(request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        if request.POST.get(TRAP):  # told the same as everybody, kept nowhere
            return self.redirect(url("public.rated"))
        device = request.COOKIES.get(COOKIE, "")
        try:
            if not device:
                raise Invalid(_t("没有收到本机的标记，请允许浏览器使用Cookie，刷新本页后再评价。"))
            ratings.rate(
                actor=PUBLIC, point=point, scores=ratings.scores_of(form.cleaned_data), device=device,
                remark=form.cleaned_data["remark"], network=current_client(), now=self.now,
            )  # fmt: skip
        except DomainError as error:
            form.add_domain_error(error)
            return self.show(form, 422 if isinstance(error, Invalid) else error.status)
        return self.redirect(url("public.rated"))


class Rated(Uncached):
    template_name = "competitions/public_rated.html"
    title = _("感谢您的评价")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()
