"""竞赛监督 for everybody: the competitions of the year, a complaint, and what became of it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.filings import following_forms as forms
from competitions.filings import queries
from competitions.filings.domain.complaints import make_complaint
from portal.core.context import PUBLIC
from portal.core.dates import local_date
from portal.core.errors import DomainError
from portal.web.ratelimit import limit
from portal.web.ui import Crumb
from portal.web.views import FormView, PageView

PAGE_SIZE = 20


def crumb() -> Crumb:
    return Crumb(_("竞赛监督"), reverse("competitions:public.competitions"))


class PublicCompetitions(PageView):
    public = True
    layout = "public"
    template_name = "public/competitions.html"
    title = _("竞赛监督")
    subtitle = _("已备案的劳动和技能竞赛，接受职工和社会监督。")

    def get(self, request: HttpRequest) -> HttpResponse:
        word, year = request.GET.get("q", "").strip()[:60], local_date(self.now).year
        rows = queries.public_filings().filter(year__in=(year, year - 1)).order_by("-year", "-starts_on", "-pk")
        if word:
            rows = rows.filter(title__icontains=word)
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        return self.render(competitions=page, word=word)


class PublicComplain(FormView):
    """Anybody may complain about a competition; five an hour from one address."""

    public = True
    policy_action = "complaint.make"
    layout = "public"
    form_class = forms.ComplaintForm
    template_name = "public/complain.html"
    lookup_field = "number"
    context_name = "filing"
    title = _("竞赛投诉")
    submit_label = _("提交投诉")

    def get_queryset(self) -> Any:
        return queries.public_filings()

    def may_see(self, obj: Any) -> Any:
        return True

    def page_crumbs(self) -> list[Crumb]:
        return [crumb()]

    def get_cancel_url(self) -> str:
        return reverse("competitions:public.competitions")

    def perform(self, form: Any) -> HttpResponse:
        limit("complaint", times=5, seconds=3600)
        receipt = make_complaint(actor=PUBLIC, filing=self.object, now=self.now, **form.cleaned_data)
        return self.render(template="public/complain_done.html", receipt=receipt)


class PublicComplaint(FormView):
    """Follow a complaint with the code one was given; twenty tries an hour."""

    public = True
    layout = "public"
    form_class = forms.QueryForm
    template_name = "public/complaint_status.html"
    title = _("投诉查询")
    submit_label = _("查询")

    def page_crumbs(self) -> list[Crumb]:
        return [crumb()]

    def perform(self, form: Any) -> HttpResponse:
        limit("complaint-query", times=20, seconds=3600)
        complaint = queries.complaint_by_code(form.cleaned_data["code"])
        if complaint is None:
            raise DomainError(_t("没有找到这个查询码，请核对后重试。"))
        return self.render(form=form, complaint=complaint)
