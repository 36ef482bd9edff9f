"""The public site: home, register of honours, verification. What a notice or a showcase shows is its own room's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from awards.register import queries
from awards.register.tables import HonourFilters
from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.notice.queries import public_notices
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.programmes.queries import open_calls
from portal.lifecycle.showcase.queries import public_showcase
from portal.web.forms import BaseForm
from portal.web.ratelimit import limit
from portal.web.ui import Crumb
from portal.web.views import FormView, PageView

PAGE_SIZE = 20


class PublicHome(PageView):
    public = True
    layout = "public"
    template_name = "public/home.html"

    def get(self, request: Any) -> HttpResponse:
        return self.render(
            calls=open_calls(now=self.now)[:5],
            notices=public_notices()[:6],
            honours=queries.honours().filter(status="valid")[:6],
            showcase=public_showcase()[:4],
            verify_form=VerifyForm(),
        )


class PublicHonours(PageView):
    """Register of honours with search: also the revoked ones, said to be so."""

    public = True
    layout = "public"
    template_name = "public/honours.html"
    title = _("荣誉查询")

    def get(self, request: Any) -> HttpResponse:
        limit("honours", times=120, seconds=60)
        filters = HonourFilters(request.GET, actor=self.actor, now=self.now)
        page = Paginator(filters.apply(queries.honours()), PAGE_SIZE).get_page(request.GET.get("page"))
        return self.render(filters=filters, honours=page)


class VerifyForm(BaseForm):
    number = forms.CharField(
        label=_("证书编号"), max_length=60, help_text=_("证书左下角的编号，如“津工创〔2026〕0007”，括号形式不限。")
    )
    guard_leaving = False


class PublicVerifyForm(FormView):
    """Type a certificate number; forty tries a minute from one address."""

    public = True
    layout = "public"
    form_class = VerifyForm
    template_name = "public/verify_form.html"
    title = _("证书核验")
    submit_label = _("核验")

    def get(self, request: Any) -> HttpResponse:
        """The field on the home page leads here with the number in the address."""
        if "number" not in request.GET:
            return super().get(request)
        form = VerifyForm(data=request.GET)
        return self.perform(form) if form.is_valid() else self.render(form=form, status=422)

    def perform(self, form: Any) -> HttpResponse:
        limit("verify", times=40, seconds=60)
        number = queries.normalise_number(form.cleaned_data["number"])
        return self.redirect(reverse("awards:public.verify", kwargs={"certificate_number": number}))


class PublicVerify(PageView):
    """The page behind the QR code: genuine, revoked, or unknown – in so many words."""

    public = True
    layout = "public"
    template_name = "public/verify.html"
    title = _("核验结果")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("证书核验"), reverse("awards:public.verify_form"))]

    @property
    def has_object(self) -> bool:
        return False

    def get(self, request: Any, certificate_number: str) -> HttpResponse:
        limit("verify", times=40, seconds=60)
        honour = queries.honour_by_number(certificate_number)
        return self.render(honour=honour, number=certificate_number, status=200 if honour else 404)


class PublicAccessibility(PageView):
    public = True
    layout = "public"
    template_name = "public/accessibility.html"
    title = _("无障碍声明")

    def get(self, request: Any) -> HttpResponse:
        return self.render()


class PublicCalls(PageView):
    """正在征集: what units can enter now."""

    public = True
    layout = "public"
    template_name = "public/calls.html"
    title = _("正在征集")

    def get(self, request: Any) -> HttpResponse:
        return self.render(calls=open_calls(now=self.now))


class PublicCall(PageView):
    """One call: who may enter, what is needed, the calendar, and how it is judged."""

    public = True
    layout = "public"
    template_name = "public/call.html"

    @property
    def has_object(self) -> bool:
        return False

    def page_title(self) -> Any:
        return str(self.cycle)

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("正在征集"), reverse("awards:public.calls"))]

    @cached_property
    def cycle(self) -> Cycle:
        rows = Cycle.objects.select_related("programme", "blueprint", "owner").prefetch_related("stages", "tracks")
        cycle = rows.filter(pk=self.kwargs["pk"]).first()
        if cycle is None:
            raise Http404
        return cycle

    def get(self, request: Any, pk: int) -> HttpResponse:
        cycle = self.cycle
        stages = list(cycle.stages.all())
        call = next((s for s in stages if s.kind == "application"), None)
        review = cycle.rules.stage(StageKind.REVIEW)
        return self.render(
            cycle=cycle,
            rules=cycle.rules,
            stages=stages,
            call=call,
            is_open=bool(call and call.is_open_at(self.now)),
            rubric=review.params.rubric if review else (),
            announcements=cycle.announcements.all()[:10],
        )
