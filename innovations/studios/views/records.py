"""Topics, results, trainings and people of studios: entering, the lists of all studios, proofs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from innovations.studios import forms, queries
from innovations.studios.domain import records
from innovations.studios.tables import ResultFilters, ResultTable, TopicFilters, TopicTable
from innovations.studios.views.base import ROOM, OneRecord, OneStudio
from portal.core.dates import local_date
from portal.web.ui import SavedView
from portal.web.views import ActionView, FileDownloadView, FormView, ListView, Tabbed


class TopicList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "studio.view"
    table_class = TopicTable
    filters_class = TopicFilters
    title = _("工作室课题")
    export_name = _("工作室课题")
    saved_views = (
        SavedView(_("待立项"), "status=proposed"),
        SavedView(_("攻关中"), "status=approved"),
        SavedView(_("逾期未完成"), "late=on"),
    )

    def get_queryset(self) -> Any:
        return queries.records("topic")


class ResultList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "studio.view"
    table_class = ResultTable
    filters_class = ResultFilters
    title = _("工作室成果")
    export_name = _("工作室成果")

    def get_queryset(self) -> Any:
        return queries.records("result")


class RecordAdd(OneStudio, FormView):
    """Subclasses name the form, the domain function and the card to come back to."""

    abstract = True
    policy_action = "studio.keep"
    submit_label = _("登记")
    card = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"studio": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {"on": local_date(self.now)}

    def add(self, **kwargs: Any) -> Any:
        raise NotImplementedError

    def perform(self, form: Any) -> HttpResponse:
        self.add(
            actor=self.actor, studio=self.object, facts=form.facts, file=form.cleaned_data.get("file"), now=self.now
        )
        return self.done(_("已登记。"), f"{self.object.get_absolute_url()}#{self.card}")


class TopicAdd(RecordAdd):
    form_class = forms.TopicForm
    title = _("提出课题")
    submit_label = _("提出")
    intro = _("由单位立项后开始攻关：单位工会审核人登记立项文号。")
    card = "topics"
    add = staticmethod(records.propose_topic)

    def get_initial(self) -> dict[str, Any]:
        return {"year": local_date(self.now).year, "budget": 0}


class ResultAdd(RecordAdd):
    form_class = forms.ResultForm
    title = _("登记成果")
    card = "results"
    add = staticmethod(records.add_result)


class ActivityAdd(RecordAdd):
    form_class = forms.ActivityForm
    title = _("登记培训交流")
    card = "activities"
    add = staticmethod(records.add_activity)


class GrowthAdd(RecordAdd):
    form_class = forms.GrowthForm
    title = _("登记带徒、晋级")
    card = "people"
    add = staticmethod(records.add_growth)


class OneTopic(OneRecord):
    kind = "topic"

    def get_cancel_url(self) -> str:
        return f"{self.object.get_absolute_url()}#topics"

    @property
    def intro(self) -> Any:
        return f"{self.object.title}（{self.object.head}）"


class TopicApprove(OneTopic, FormView):
    policy_action = "studio.approve"
    form_class = forms.ApproveForm
    title = _("登记单位立项")
    submit_label = _("登记立项")

    def get_initial(self) -> dict[str, Any]:
        return {"on": local_date(self.now)}

    def perform(self, form: Any) -> HttpResponse:
        records.approve_topic(actor=self.actor, topic=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已立项，开始攻关。"), self.get_cancel_url())


class TopicFinish(OneTopic, FormView):
    policy_action = "studio.keep"
    form_class = forms.FinishForm
    title = _("课题完成")
    submit_label = _("完成")

    def get_initial(self) -> dict[str, Any]:
        return {"on": local_date(self.now), "benefit": 0}

    def perform(self, form: Any) -> HttpResponse:
        records.finish_topic(actor=self.actor, topic=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("课题已完成。形成成果的，请再登记成果。"), self.get_cancel_url())


class TopicStop(OneTopic, FormView):
    policy_action = "studio.keep"
    form_class = forms.ReasonForm
    title = _("中止课题")
    submit_label = _("中止")
    submit_kind = "danger"

    def perform(self, form: Any) -> HttpResponse:
        records.stop_topic(actor=self.actor, topic=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("课题已中止。"), self.get_cancel_url())


class OneOfAnyKind:
    """``kind`` of the address names the sort of record, ``pk`` the record."""

    view_action = "studio.view"

    def get_queryset(self) -> Any:
        if self.kwargs["kind"] not in queries.RECORDS:
            raise Http404
        return queries.records(self.kwargs["kind"])

    def policy_object(self) -> Any:
        return self.object.studio


class RecordRemove(OneOfAnyKind, ActionView):
    policy_action = "studio.keep"

    def perform(self) -> HttpResponse:
        records.remove_record(actor=self.actor, kind=self.kwargs["kind"], row=self.object, now=self.now)
        return self.done(_("已删除，内容记入审计。"), self.object.get_absolute_url())


class RecordProof(OneOfAnyKind, FileDownloadView):
    policy_action = "studio.view"
    inline = True

    def get_queryset(self) -> Any:
        return super().get_queryset().exclude(file_name="")

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.file_name, self.object.content_type
