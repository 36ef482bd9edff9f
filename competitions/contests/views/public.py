"""For everybody: contests taking entries, results with masked names, technical documents, the brand's editions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.contests import queries
from competitions.contests.enums import SHOWN
from portal.web.ui import Crumb, PageContext
from portal.web.views import DetailView, FileDownloadView, PageView

LINES = 60


class PublicContests(PageView):
    public = True
    layout = "public"
    template_name = "competitions/public_contests.html"
    title = _("“海河工匠杯”职工技能竞赛")
    subtitle = _("赛项、技术文件、竞赛成绩和历届赛况。")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("year", "")
        rows = queries.public_contests()
        editions = queries.editions()
        year = int(asked) if asked.isdigit() and len(asked) == 4 else (editions[0]["year"] if editions else 0)
        words = request.GET.get("q", "").strip()[:40]
        rows = rows.filter(year=year)
        if words:
            rows = rows.filter(name__icontains=words)
        return self.render(contests=list(rows[:LINES]), count=rows.count(), year=year, editions=editions, words=words)


class PublicContest(DetailView):
    public = True
    layout = "public"
    template_name = "competitions/public_contest.html"
    context_name = "contest"

    def get_queryset(self) -> Any:
        return queries.public_contests()

    def page(self) -> PageContext:
        row = self.object
        crumbs = [Crumb(_("职工技能竞赛"), reverse("competitions:public.contests"))]
        return PageContext(title=row.name, subtitle=f"{row.get_klass_display()} · {row.owner.name}", badge=row.badge,
                           crumbs=crumbs)  # fmt: skip

    def context(self) -> dict[str, Any]:
        row = self.object
        return {
            "results": list(queries.public_results(row)) if row.state in SHOWN else [],
            "documents": list(queries.public_documents(row)),
        }


class PublicContestFile(FileDownloadView):
    public = True
    layout = "public"

    def get_queryset(self) -> Any:
        return queries.public_files()

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file, self.object.name, self.object.content_type
