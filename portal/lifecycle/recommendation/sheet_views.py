"""推荐排序表: rank, forward, print, and hand in as document."""

from __future__ import annotations

import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook

from portal.core.crypto import decrypt
from portal.core.dates import local_date
from portal.core.decisions import ALLOWED, refuse
from portal.core.errors import Invalid, Refused
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.fields import map_sensitive
from portal.lifecycle.engine.perform import preview
from portal.lifecycle.entries.documents import SummaryData, SummaryLine, summary_docx
from portal.lifecycle.recommendation import domain, queries
from portal.lifecycle.recommendation.forms import EndorseForm
from portal.lifecycle.recommendation.models import Recommendation
from portal.lifecycle.recommendation.rules import recommendation_params
from portal.lifecycle.recommendation.tables import SheetTable
from portal.lifecycle.recommendation.views import nomination_tabs
from portal.web.exports import XLSX, write_sheet
from portal.web.ui import Action, Crumb, PageContext, Tab
from portal.web.views import DetailView, FileDownloadView, FormView, ListView, PageView
from portal.web.views.bulk import BulkRow

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class SheetList(ListView):
    policy_action = "entry.rank"
    table_class = SheetTable
    title = _("推荐审核")

    def get_queryset(self) -> Any:
        return queries.sheets(actor=self.actor)

    def page_tabs(self) -> list[Tab]:
        return nomination_tabs("nomination.list")


class SheetBase(PageView):
    """One union's sheet in one cycle (and track)."""

    abstract = True
    context_name = "cycle"
    view_action = "cycle.view"

    def get_queryset(self) -> Any:
        return queries.sheets(actor=self.actor)

    def policy_object(self) -> None:
        """Asked of the role; whose entries they are is decided by the desk's own organisation."""

    @cached_property
    def tracks(self) -> list[Any]:
        return list(self.object.tracks.all())

    @cached_property
    def track(self) -> Any:
        wanted = self.request.GET.get("track") or self.request.POST.get("track") or ""
        if not wanted:
            return None
        track = next((track for track in self.tracks if track.code == wanted), None)
        if track is None:
            raise Http404
        return track

    @property
    def organisation_id(self) -> int:
        return self.actor.desk.organisation_id

    def url(self, name: str) -> str:
        address = reverse(f"lifecycle:nomination.{name}", kwargs={"pk": self.object.pk})
        return f"{address}?track={self.track.code}" if self.track else address

    def get_failure_url(self) -> str:
        return self.url("sheet")

    def crumbs(self) -> list[Crumb]:
        return [Crumb(_("推荐排序表"), reverse("lifecycle:nomination.list"))]

    def waiting(self) -> list[Any]:
        return list(queries.sheet_entries(cycle=self.object, organisation_id=self.organisation_id, track=self.track))

    def sent(self) -> list[Recommendation]:
        return list(queries.forwarded(cycle=self.object, organisation_id=self.organisation_id, track=self.track))


class Sheet(SheetBase, DetailView):
    policy_action = "entry.rank"
    template_name = "lifecycle/nomination_sheet.html"

    def page(self) -> PageContext:
        actions = [
            Action(_("打印"), self.url("print"), icon="printer", kind="ghost", new_tab=True),
            Action(_("汇总表 Excel"), self.url("xlsx"), icon="file-spreadsheet", download=True),
        ]
        if any(document.kind == "summary" for document in self.object.rules.documents):
            actions.insert(1, Action(_("汇总表 Word"), self.url("docx"), icon="file-text", download=True))
        if waiting := self.waiting():
            ranked = any(entry.nomination_rank for entry in waiting)
            ready = ALLOWED if ranked else refuse("unranked", _("请先排定次序并保存。"))
            actions.append(Action(_("整体上报"), self.url("forward"), icon="send", kind="primary", decision=ready))
        title = _t("%(cycle)s 推荐排序表") % {"cycle": self.object}
        return PageContext(
            title=title, subtitle=self.actor.desk.organisation_name, crumbs=self.crumbs(), actions=actions
        )

    def context(self) -> dict[str, Any]:
        organisation = self.own_organisation()
        return {
            "waiting": self.waiting(),
            "sent": self.sent(),
            "places": queries.places(
                cycle=self.object, organisation=organisation, level=self.actor.level, track=self.track
            ),
            "ratios": queries.sheet_ratios(cycle=self.object, organisation_id=self.organisation_id),
            "params": recommendation_params(self.object),
            "notice_days": recommendation_params(self.object).notice_days(self.actor.level),
            "tracks": self.tracks,
            "track": self.track,
            "rank_url": self.url("rank"),
        }

    def own_organisation(self) -> Any:
        return policy_for("organisation").rows(self.actor, "view").get(pk=self.organisation_id)


class SaveRanking(Sheet):
    """``rank_<pk>`` numbers and ``list_<pk>`` (main, reserve, none) of the sheet's form.

    A refused order is shown again as it was typed, with the reason above it.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.redirect(self.url("sheet"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = {entry: self._typed(entry) for entry in self.waiting()}
        chosen = sorted((rank, entry.pk) for entry, (rank, place) in typed.items() if place != "none")
        reserves = {entry.pk for entry, (_rank, place) in typed.items() if place == "reserve"}
        ranked = [pk for _rank, pk in chosen]
        try:
            domain.save_ranking(
                cycle=self.object, actor=self.actor, now=self.now, order=ranked, reserves=reserves, track=self.track
            )
        except (Invalid, Refused) as error:
            for entry, (rank, place) in typed.items():  # for the page only, never saved
                entry.nomination_rank = None if place == "none" else rank
                entry.is_reserve_nomination = place == "reserve"
            as_typed = sorted(typed, key=lambda entry: typed[entry][0])
            return self.render(status=422, waiting=as_typed, error=error.message)
        message = _t("排序已保存：正选%(main)s件，递补%(spare)s件。") % {
            "main": len(ranked) - len(reserves),
            "spare": len(reserves),
        }
        return self.done(message, self.url("sheet"))

    def _typed(self, entry: Any) -> tuple[int, str]:
        place = self.request.POST.get(f"list_{entry.pk}", "none")
        rank = _number(self.request.POST.get(f"rank_{entry.pk}", ""))
        return rank, place if place in {"main", "reserve"} else "none"


def _number(text: str) -> int:
    """A typed rank; what is no number comes last."""
    return int(text) if text.isdigit() and len(text) < 6 else 10**6


class Forward(SheetBase, FormView):
    """整体上报: shows what will go and what would be refused, then endorses in order."""

    policy_action = "entry.endorse"
    form_class = EndorseForm
    template_name = "lifecycle/nomination_forward.html"
    title, submit_label = _("整体上报"), _("确认上报")
    narrow = False

    def page_crumbs(self) -> list[Crumb]:
        return [*self.crumbs(), Crumb(str(self.object), self.url("sheet"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"cycle": self.object}

    def get_cancel_url(self) -> str:
        return self.url("sheet")

    def rows(self) -> list[BulkRow]:
        return [BulkRow(entry, str(entry), self._decision(entry)) for entry in self.waiting() if entry.nomination_rank]

    def _decision(self, entry: Any) -> Any:
        refusals = preview(entry, "endorse", actor=self.actor, now=self.now, vetoes_checked=True)
        return refuse("refused", "；".join(d.message for d in refusals)) if refusals else ALLOWED

    def context(self) -> dict[str, Any]:
        rows = self.rows()
        ratios = queries.sheet_ratios(cycle=self.object, organisation_id=self.organisation_id)
        return super().context() | {
            "rows": rows,
            "back": Action(_("去排定次序"), self.url("sheet"), icon="arrow-left"),
            "allowed": sum(bool(row.decision) for row in rows),
            "ratios": ratios,
            "broken": [figure for figure in ratios if not figure.is_met],
        }

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        result = domain.endorse_sheet(
            cycle=self.object,
            actor=self.actor,
            now=self.now,
            opinion=data["opinion"],
            vetoes_checked=data.get("vetoes_checked", False),
            track=self.track,
        )
        if not result.endorsed:
            reasons = "；".join(dict.fromkeys(reason for _entry, reason in result.refused)) or _t(
                "没有排定次序的申报件。"
            )
            raise Invalid(reasons)
        message = _t("已上报%(n)s件。") % {"n": len(result.endorsed)}
        if result.refused:
            message += _t("另有%(n)s件未能上报，原因见各件。") % {"n": len(result.refused)}
        return self.done(message, self.url("sheet"))


class SheetPrint(SheetBase, DetailView):
    policy_action = "entry.rank"
    layout = "print"
    template_name = "lifecycle/nomination_print.html"

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("推荐排序表"), self.url("sheet"))]

    def context(self) -> dict[str, Any]:
        waiting = self.waiting()
        ranked = any(entry.nomination_rank for entry in waiting)
        return {"waiting": waiting, "ranked": ranked, "sent": self.sent(), "track": self.track}


class SheetDocument(SheetBase, FileDownloadView):
    """汇总表 as Word document for the seal; sent-on entries first, then ranked ones at hand."""

    policy_action = "entry.rank"

    def lines(self) -> list[tuple[Any, int | None, bool]]:
        sent = [(row.entry, row.rank, row.is_reserve) for row in self.sent()]
        here = [(e, e.nomination_rank, e.is_reserve_nomination) for e in self.waiting() if e.nomination_rank]
        return sorted(sent + here, key=lambda line: (line[2], line[1] or 10**6))

    def get_file(self) -> tuple[Any, str, str]:
        rules = self.object.rules
        if not any(document.kind == "summary" for document in rules.documents):
            raise Http404
        lines = tuple(
            SummaryLine(number, entry.code, map_sensitive(rules, entry.answers, decrypt), is_reserve=reserve)
            for number, (entry, _rank, reserve) in enumerate(self.lines(), 1)
        )
        data = SummaryData(str(self.object), self.actor.desk.organisation_name, lines, local_date(self.now))
        return io.BytesIO(summary_docx(rules, data)), f"{self.object}推荐汇总表.docx", DOCX


class SheetWorkbook(SheetDocument):
    """The same lines as a workbook."""

    policy_action = "entry.rank"

    def get_file(self) -> tuple[Any, str, str]:
        book = Workbook(write_only=True)
        heads = [
            _("序号"),
            _("类型"),
            _("排序"),
            _("编号"),
            _("名称"),
            _("申报单位"),
            _("用人单位"),
            _("类别"),
            _("状态"),
        ]
        rows = [
            (
                number,
                _t("递补") if reserve else _t("正选"),
                rank,
                entry.code,
                str(entry),
                entry.organisation.name,
                str(entry.employer or ""),
                str(entry.track or ""),
                str(entry.get_state_display()),
            )
            for number, (entry, rank, reserve) in enumerate(self.lines(), 1)
        ]
        write_sheet(book, _t("推荐汇总表"), heads, rows)
        stream = io.BytesIO()
        book.save(stream)
        stream.seek(0)
        return stream, f"{self.object}推荐汇总表.xlsx", XLSX
