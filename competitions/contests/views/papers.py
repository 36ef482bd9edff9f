"""Papers of a contest: the report on the 700 scale, rank certificates, and the public register of certificates."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.contests import certificates, overview, queries
from competitions.contests.domain import results
from competitions.contests.views.base import OfContestPart, OfOneContest
from portal.core.text import safe_file_name
from portal.web.ratelimit import limit
from portal.web.ui import Crumb, PageContext
from portal.web.views import DetailView, FileDownloadView, PageView


class ScaleReport(OfOneContest, DetailView):
    """700分制报告: optional, never what ranks are made of."""

    policy_action = "contest.people"
    template_name = "competitions/contest_scale.html"

    def get_queryset(self) -> Any:
        return queries.contests().filter(with_scale=True, locked_at__isnull=False)

    def page(self) -> PageContext:
        return PageContext(title=_t("%s：700分制报告") % self.object.name, subtitle=self.object.owner.name,
                           crumbs=self.page_crumbs())  # fmt: skip

    def context(self) -> dict[str, Any]:
        return overview.scale_report(self.object)


class _Certificates(FileDownloadView):
    abstract = True
    inline = True

    def pdf(self, contest: Any, rows: list[Any], name: str) -> tuple[Any, str, str]:
        def address(number: str) -> str:
            return self.request.build_absolute_uri(
                reverse("competitions:public.contest_certificate", kwargs={"number": number})
            )

        results.print_certificates(actor=self.actor, contest=contest, results=rows, now=self.now)
        content = certificates.rank_certificates(contest, rows, address)
        return BytesIO(content), safe_file_name(name), "application/pdf"


class ContestCertificates(OfOneContest, _Certificates):
    """All certificates of the contest in one file, in the order of ranks."""

    policy_action = "contest.certify"

    def get_file(self) -> tuple[Any, str, str]:
        rows = list(queries.results().filter(contest=self.object).exclude(certificate_number="").order_by("rank", "pk"))
        return self.pdf(self.object, rows, _t("%s名次证书.pdf") % self.object.name)


class CompetitorCertificate(OfContestPart, _Certificates):
    """One certificate, for the host and for the delegation's own union."""

    view_action = "competitor.view"
    policy_action = "competitor.certify"

    def get_queryset(self) -> Any:
        return queries.competitors()

    def policy_object(self) -> Any:
        return self.object

    def get_file(self) -> tuple[Any, str, str]:
        rows = list(queries.results().filter(competitor=self.object).exclude(certificate_number=""))
        if not rows:
            raise Http404
        return self.pdf(self.object.contest, rows, _t("名次证书%s.pdf") % rows[0].certificate_number)


class PublicCertificate(PageView):
    """What the register says about a number: who scans a certificate compares it with the paper."""

    public = True
    layout = "public"
    template_name = "competitions/public_contest_certificate.html"
    title = _("名次证书核对")
    narrow = True

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("职工技能竞赛"), reverse("competitions:public.contests"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limit("contest_certificate", times=120, seconds=60)
        number = kwargs["number"]
        row = queries.public_certificate(number)
        return self.render(number=number, result=row, facts=overview.certificate_facts(row) if row else [])
