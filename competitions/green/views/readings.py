"""Subjects, baselines and monthly values."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.green import forms, overview, queries
from competitions.green.comparison import next_month
from competitions.green.domain import many, readings
from competitions.green.enums import CheckState
from competitions.green.tables import ReadingFilters, ReadingTable, SubjectFilters, SubjectTable
from competitions.green.views.base import InRoom, OfBaseline, OfReading, OfSubject, home_crumb, url_of
from portal.core.policies import may
from portal.web.ui import Action, Crumb, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView


class SubjectList(InRoom, ListView):
    policy_action = "green.view"
    table_class = SubjectTable
    filters_class = SubjectFilters
    title = _("参赛主体")
    export_name = _("对标参赛主体")
    tab = "green.subjects"
    saved_views = (
        SavedView(_("有缺报"), "owed=on"),
        SavedView(_("有待核"), "waiting=on"),
        SavedView(_("没有基准值"), "unbased=on"),
    )

    def get_queryset(self) -> Any:
        return queries.subjects(now=self.now)

    def page_actions(self) -> list[Action]:
        add = Action(_("登记参赛主体"), reverse("competitions:green.subject_add"), icon="plus", kind="primary")
        return [add] if may(self.actor, "green.register") else []


class SubjectAdd(FormView):
    policy_action = "green.register"
    form_class = forms.SubjectForm
    title = _("登记参赛主体")
    submit_label = _("登记")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("参赛主体"), reverse("competitions:green.subjects"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"groups": list(queries.groups().filter(is_open=True))}

    def get_initial(self) -> dict[str, Any]:
        return {
            "group": self.request.GET.get("group", ""),
            "first_month": readings.last_month(self.now).replace(month=1),
        }

    def perform(self, form: Any) -> HttpResponse:
        data = dict(form.cleaned_data)
        row = readings.register_subject(actor=self.actor, group=data.pop("group"), facts=data, now=self.now)
        return self.done(_("已登记。下一步：报送基准值，然后每月填报。"), row.get_absolute_url())


class SubjectDetail(OfSubject, DetailView):
    policy_action = "green.view"
    template_name = "competitions/green_subject.html"
    context_name = "subject"

    def page(self) -> PageContext:
        row, may_report = self.object, may(self.actor, "green.report", self.object)
        actions = []
        if may_report:
            actions = [
                Action(_("填报月度能耗"), url_of(row, "report"), icon="send", kind="primary"),
                Action(_("用 Excel 表填报"), url_of(row.group, "workbook"), icon="table-import"),
                Action(_("报送基准值"), url_of(row, "baseline_add"), icon="ruler-measure"),
                Action(_("修改或退出"), url_of(row, "subject_edit"), icon="edit"),
            ]
        if row.waiting > 1 and may(self.actor, "green.decide") and row.organisation.path != self.actor.path:
            sure = _("%d个月的月报全部核定，计入对标排名。") % row.waiting
            label = _("全部核定（%d）") % row.waiting
            actions.append(
                Action(label, url_of(row, "subject_accept"), icon="checks", kind="primary", post=True, confirm=sure)
            )
        ranking = f"{row.group.get_absolute_url()}?level={row.level}"
        actions.append(Action(_("同组排名"), ranking, icon="trophy"))
        return PageContext(
            title=row.name, subtitle=f"{row.group.name} · {row.get_level_display()} · {row.organisation.name}",
            crumbs=self.page_crumbs()[:-1], actions=actions,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        return overview.subject_page(self.object, actor=self.actor, now=self.now)


class SubjectEdit(OfSubject, FormView):
    policy_action = "green.register"
    form_class = forms.SubjectChangeForm
    title = _("修改或退出")

    def get_initial(self) -> dict[str, Any]:
        return {"people": self.object.people, "leader": self.object.leader, "last": self.object.last_month}

    def perform(self, form: Any) -> HttpResponse:
        row = readings.change_subject(actor=self.actor, subject=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("参赛主体已修改。"), row.get_absolute_url())


class SubjectAccept(OfSubject, ActionView):
    """All waiting months of one subject at once."""

    policy_action = "green.decide"

    def policy_object(self) -> Any:
        """The first waiting month stands for all of them; the domain asks about each."""
        waiting = queries.readings().filter(subject=self.object, state=CheckState.SUBMITTED)
        return waiting.first() or queries.readings().filter(subject=self.object).first()

    def perform(self) -> HttpResponse:
        waiting = queries.readings().filter(subject=self.object, state=CheckState.SUBMITTED)
        done = many.accept_many(actor=self.actor, pks=list(waiting.values_list("pk", flat=True)), now=self.now)
        return self.done(_("已核定%d个月的月报。") % done, self.object.get_absolute_url())


class BaselineAdd(OfSubject, FormView):
    policy_action = "green.report"
    form_class = forms.BaselineForm
    title = _("报送基准值")
    submit_label = _("报送")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"unit": self.object.group.indicator.unit}

    def get_initial(self) -> dict[str, Any]:
        year = self.object.first_month.year - 1
        return {"starts_on": dt.date(year, 1, 1), "ends_on": dt.date(year, 12, 1)}

    def perform(self, form: Any) -> HttpResponse:
        readings.submit_baseline(actor=self.actor, subject=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("基准值已报送，等待上级工会核对。"), self.object.get_absolute_url())


class ReadingReport(OfSubject, FormView):
    policy_action = "green.report"
    form_class = forms.ReadingForm
    submit_label = _("报送")

    def page_title(self) -> Any:
        return _("填报%s的月度能耗") % self.object.name

    def months(self) -> list[dt.date]:
        """Owed months first, then those that may be corrected, newest first."""
        owed = queries.owed_months(self.object, self.now)
        last = min(readings.last_month(self.now), self.object.last_month or readings.last_month(self.now))
        month, done = last, []
        while month >= self.object.first_month:
            if month not in owed:
                done.append(month)
            month = next_month(month, -1)
        return owed + done

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"indicator": self.object.group.indicator, "months": self.months()}

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("month", "")
        initial: dict[str, Any] = {"month": asked}
        rows = queries.readings().filter(subject=self.object, is_last=True)
        row = next((r for r in rows if r.month.isoformat() == asked), None)
        if row is not None and row.indicator_id == self.object.group.indicator_id:
            initial |= {f"input_{code}": value for code, value in row.inputs.items()}
        return initial

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        row = readings.submit_reading(
            actor=self.actor, subject=self.object, month=data["month"], inputs=form.inputs, note=data["note"],
            files=data["files"], now=self.now,
        )  # fmt: skip
        words = {"month": row.label, "value": overview.plain(row.value), "unit": row.indicator.unit}
        return self.done(
            _("%(month)s已报送，指标值%(value)s %(unit)s，等待上级工会核对。") % words, row.get_absolute_url()
        )


class ReadingList(InRoom, ListView):
    policy_action = "green.view"
    table_class = ReadingTable
    filters_class = ReadingFilters
    title = _("能耗月报")
    export_name = _("能耗月报")
    tab = "green.readings"
    saved_views = (
        SavedView(_("待核"), "state=submitted"),
        SavedView(_("已退回"), "state=returned"),
        SavedView(_("逾期报送"), "late=on"),
        SavedView(_("最新版本"), "current=on"),
    )

    def get_queryset(self) -> Any:
        return queries.readings()


class ReadingDetail(OfReading, DetailView):
    policy_action = "green.view"
    template_name = "competitions/green_reading.html"
    context_name = "reading"

    def page(self) -> PageContext:
        row, actions = self.object, []
        if may(self.actor, "green.decide", row):
            sure = _("核定后计入对标排名和节能量。")
            actions = [
                Action(_("核定"), url_of(row, "reading_accept"), icon="check", kind="primary", post=True, confirm=sure),
                Action(_("退回"), url_of(row, "reading_return"), icon="arrow-back-up"),
            ]
        elif may(self.actor, "green.report", row) and row.is_last and row.state != CheckState.SUBMITTED:
            label = _("更正月报") if row.state == CheckState.ACCEPTED else _("修改后重报")
            address = url_of(row.subject, "report") + f"?month={row.month.isoformat()}"
            kind = "secondary" if row.state == CheckState.ACCEPTED else "primary"
            actions = [Action(label, address, icon="edit", kind=kind)]
        return PageContext(
            title=str(row), badge=row.badge, subtitle=row.subject.group.name, crumbs=self.page_crumbs(), actions=actions
        )

    def context(self) -> dict[str, Any]:
        row = self.object
        versions = queries.readings().filter(subject=row.subject, month=row.month).order_by("-version")
        before = queries.readings().filter(subject=row.subject, month__lt=row.month, state=CheckState.ACCEPTED)
        return {
            "facts": overview.reading_facts(row),
            "files": list(queries.files().filter(reading=row)),
            "versions": list(versions),
            "before": before.order_by("-month").first(),
            "due": readings.due_at(row.month),
        }


class ReadingAccept(OfReading, ActionView):
    policy_action = "green.decide"

    def perform(self) -> HttpResponse:
        row = readings.accept(actor=self.actor, row=self.object, now=self.now)
        following = queries.readings().filter(state=CheckState.SUBMITTED).exclude(pk=row.pk)
        following = (
            following.filter(subject__organisation__parent__path=self.actor.path).order_by("month", "pk").first()
        )
        if following is not None:
            return self.done(_("%s已核定。下面是下一份待核月报。") % row, following.get_absolute_url())
        return self.done(_("%s已核定，计入对标排名。") % row, row.get_absolute_url())


class ReadingReturn(OfReading, FormView):
    policy_action = "green.decide"
    form_class = forms.ReasonForm
    title = _("退回月报")
    submit_label = _("退回")

    def perform(self, form: Any) -> HttpResponse:
        row = readings.send_back(actor=self.actor, row=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已退回，填报单位的工作台会提示。"), row.get_absolute_url())


class BaselineAccept(OfBaseline, ActionView):
    policy_action = "green.decide"

    def perform(self) -> HttpResponse:
        row = readings.accept(actor=self.actor, row=self.object, now=self.now)
        return self.done(_("基准值已核定，节能量已按它计算。"), row.get_absolute_url())


class BaselineReturn(OfBaseline, FormView):
    policy_action = "green.decide"
    form_class = forms.ReasonForm
    title = _("退回基准值")
    submit_label = _("退回")

    def perform(self, form: Any) -> HttpResponse:
        row = readings.send_back(actor=self.actor, row=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已退回，填报单位会看到原因。"), row.get_absolute_url())


class FileDownload(FileDownloadView):
    policy_action = "green.view"
    view_action = "green.view"

    def get_queryset(self) -> Any:
        return queries.files()

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.name, self.object.content_type
