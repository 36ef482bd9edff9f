"""参与情况: the figures with their definition, cut five ways, down to the units, and signed off at the period's end."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from competitions.rosters import counting, forms, queries
from competitions.rosters.domain import snapshots
from competitions.rosters.enums import Basis
from competitions.rosters.tables import LineTable, SnapshotFilters, SnapshotTable
from competitions.rosters.views.base import url
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.exports import workbook_response
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Badge, Chart, Crumb, Fact, PageContext, Series, Tab
from portal.web.views import DetailView, FormView, ListView, PageView

YEARS_BACK = 5
CHARTED = 12
CUTS = {code: found.label for code, found in counting.SLICES.items()} | {counting.FLAGS: _("按人群")}


class Chosen:
    """Year, basis, cut and union out of the query string; what does not fit is the default."""

    @cached_property
    def year(self) -> int:
        text = self.request.GET.get("year", "")
        return int(text) if text in {str(year) for year in self.years} else local_date(self.now).year

    @cached_property
    def years(self) -> list[int]:
        this = local_date(self.now).year
        return list(range(this, this - YEARS_BACK, -1))

    @cached_property
    def basis(self) -> str:
        text = self.request.GET.get("basis", "")
        return text if text in Basis.values else Basis.CALENDAR.value

    @cached_property
    def cut(self) -> str:
        text = self.request.GET.get("cut", "")
        return text if text in CUTS else "union"

    @cached_property
    def at(self) -> Organisation:
        """The union looked at: the desk's own, or one below it; anything else is 404."""
        key = self.request.GET.get("at", "")
        if not key:
            return Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        found = Organisation.objects.filter(pk=key).first() if key.isdigit() else None
        if found is None or not found.path.startswith(self.actor.path):
            raise Http404
        return found

    def query(self, **changes: Any) -> str:
        given = {"year": self.year, "basis": self.basis, "cut": self.cut, "at": self.request.GET.get("at", "")}
        return "?" + urlencode({key: value for key, value in (given | changes).items() if value})


class CountingPage(Chosen, PageView):
    policy_action = "roster.count"
    template_name = "competitions/counting.html"
    title = _("参与情况")

    def page(self) -> PageContext:
        own = self.at.pk == self.actor.at_desk.organisation_id
        actions = [Action(_("导出"), self.query() + "&export=xlsx", icon="download")]
        if may(self.actor, "roster.sign"):
            actions.append(Action(_("历次确认"), url("counting.snapshots"), icon="history"))
            sign = url("counting.sign") + self.query(cut="", at="")
            actions.append(Action(_("确认本年数字"), sign, icon="signature", kind="primary"))
        crumbs = [] if own else [Crumb(_("参与情况"), url("counting.overview"))]
        tabs = [Tab(label, self.query(cut=code), code == self.cut) for code, label in CUTS.items()]
        subtitle = f"{self.at.name} · {self.year}年 · {Basis(self.basis).label}"
        return PageContext(title=self.title, subtitle=subtitle, crumbs=crumbs, actions=actions, tabs=tabs)

    @cached_property
    def lines(self) -> list[counting.Line]:
        return counting.lines(self.cut, self.at.path, self.year, self.basis)

    @cached_property
    def total(self) -> counting.Line:
        return counting.total(self.at.path, self.year, self.basis)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "xlsx":
            return self.export()
        return self.render()

    def export(self) -> HttpResponse:
        table = LineTable([*self.lines, self.total])
        columns = table.export_columns()
        rows = [[table.export_value(row, column) for column in columns] for row in table.rows]
        rows += [[], [str(counting.DEFINITION)]]
        return workbook_response(f"参与情况{self.year}", [str(column.label) for column in columns], rows)

    def addresses(self) -> dict[str, str]:
        """Where a line leads: a union above units opens, a unit leads to its rosters."""
        if self.cut != "union":
            return {}
        keys = {o.path: o.pk for o in Organisation.objects.filter(path__in=[line.key for line in self.lines])}
        found = {}
        for line in self.lines:
            if line.unit or line.key == self.at.path:
                found[line.key] = url("roster.list") + "?" + urlencode({"q": line.label, "year": self.year})
            elif line.key in keys:
                found[line.key] = self.query(at=keys[line.key])
        return found

    def context(self) -> dict[str, Any]:
        total = self.total
        shown = [line for line in self.lines if line.times or line.employees or self.cut == counting.FLAGS]
        return {
            "total": total,
            "table": LineTable(shown, context={"addresses": self.addresses()}),
            "definition": counting.DEFINITION,
            "chart": _chart(shown),
            "years": [(year, self.query(year=year), year == self.year) for year in self.years],
            "bases": [Tab(b.label, self.query(basis=b.value), b.value == self.basis) for b in Basis],
            "more_persons": _change(total.persons, total.persons_before),
            "more_times": _change(total.times, total.times_before),
        }


def _change(now: int, before: int) -> str:
    if not before:
        return str(_("上年没有数据"))
    return str(_("上年%(n)s，%(p)+.1f%%") % {"n": f"{before:,}", "p": 100 * (now - before) / before})


def _chart(lines: list[counting.Line]) -> Chart | None:
    """Who takes part most; nothing for one bar."""
    top = [line for line in lines if line.times][:CHARTED]
    if len(top) < 2:
        return None
    series = [
        Series(_("参与职工"), [line.persons for line in top]),
        Series(_("参与人次"), [line.times for line in top]),
    ]
    return Chart("hbar", _("参与职工和参与人次"), [line.label for line in top], series, definition=counting.DEFINITION)


class SnapshotTake(Chosen, FormView):
    policy_action = "roster.sign"
    form_class = forms.SignForm
    submit_label = _("确认")
    confirm = _("确认后分子、分母和各单位的数字固定保存，以后更正须写明原因。")

    def page_title(self) -> Any:
        return _("确认%d年参与情况") % self.year

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("参与情况"), url("counting.overview"))]

    def context(self) -> dict[str, Any]:
        total = counting.total(self.at.path, self.year, self.basis)
        words = _("%(at)s，%(basis)s：参与职工%(p)d人，参与人次%(t)d，还有%(w)d人次待同意、不计入。") % {
            "at": self.at.name, "basis": Basis(self.basis).label, "p": total.persons, "t": total.times, "w": total.pending,
        }  # fmt: skip
        return super().context() | {"intro": words}

    def get_form_kwargs(self) -> dict[str, Any]:
        own = self.actor.at_desk.organisation_id
        return {"needed": bool(snapshots.taken(own, self.year, self.basis))}

    def perform(self, form: Any) -> HttpResponse:
        own = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        row = snapshots.take_snapshot(
            actor=self.actor, organisation=own, year=self.year, basis=self.basis,
            reason=form.cleaned_data.get("reason", ""), now=self.now,
        )  # fmt: skip
        return self.done(_("已确认，数字固定保存。"), url("counting.snapshot", pk=row.pk))


class SnapshotList(ListView):
    policy_action = "roster.count"
    table_class = SnapshotTable
    filters_class = SnapshotFilters
    title = _("历次确认")

    def get_queryset(self) -> Any:
        return queries.snapshots()

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("参与情况"), url("counting.overview"))]


class SnapshotDetail(DetailView):
    policy_action = "roster.count"
    view_action = "roster.view"
    template_name = "competitions/snapshot_detail.html"
    context_name = "snapshot"

    def get_queryset(self) -> Any:
        return queries.snapshots()

    def policy_object(self) -> Any:
        return None

    def page(self) -> PageContext:
        row = self.object
        crumbs = [Crumb(_("参与情况"), url("counting.overview")), Crumb(_("历次确认"), url("counting.snapshots"))]
        newest = row.number == snapshots.taken(row.organisation_id, row.year, row.basis)
        badge = Badge(_("现行"), "ok") if newest else Badge(_("已更正"), "neutral")
        return PageContext(title=str(row), subtitle=row.organisation.name, badge=badge, crumbs=crumbs)

    def context(self) -> dict[str, Any]:
        row = self.object
        tables = [
            (label, LineTable([counting.Line(**line) for line in row.content.get(code, [])]))
            for code, label in {"total": _("合计"), **CUTS}.items()
        ]
        return {
            "tables": tables,
            "definition": counting.DEFINITION,
            "facts": [
                Fact(_("口径"), row.get_basis_display()),
                Fact(_("确认人"), f"{row.taken_by}，{cn_datetime(row.taken_at)}"),
                Fact(_("更正原因"), row.reason or "—"),
            ],
        }
