"""Monthly entry by workbook: template, upload with a dry run, errors by row."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.green import forms, queries, workbook
from competitions.green.domain import many
from competitions.green.views.base import home_crumb, url_of
from portal.web.ui import Action, Crumb
from portal.web.views import FormView, PageView
from portal.web.views.downloads import file_response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class OfGroup:
    view_action = "green.view"

    def get_queryset(self) -> Any:
        return queries.groups()

    def policy_object(self) -> None:
        """A group belongs to the federation; whether this unit may report is asked without it."""

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(self.object.name, self.object.get_absolute_url())]


class WorkbookTemplate(OfGroup, PageView):
    """The owed months of the unit's subjects in this group."""

    policy_action = "green.report"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = queries.subjects(now=self.now).filter(group=self.object, organisation__path=self.actor.path)
        owed = [(row.name, month) for row in own.order_by("name") for month in queries.owed_months(row, self.now)]
        content = workbook.template(self.object.indicator, owed)
        name = _("能耗月报-%s.xlsx") % self.object.name
        return file_response(workbook.BytesIO(content), name=str(name), content_type=XLSX)


class WorkbookUpload(OfGroup, FormView):
    policy_action = "green.report"
    form_class = forms.WorkbookForm
    title = _("用 Excel 表批量填报")
    submit_label = _("上传")
    intro = _("下载模板，填写各主体各月的数据后上传；先试填检查，没有错误再正式报送。要么全部报送，要么一行也不写入。")

    def page_actions(self) -> list[Action]:
        return [Action(_("下载模板"), url_of(self.object, "template"), icon="download")]

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        lines = workbook.read(data["workbook"].read(), self.object.indicator)
        rows = many.submit_many(
            actor=self.actor, group=self.object, lines=lines, files=data["files"], now=self.now, dry=data["dry"]
        )
        if data["dry"]:
            message = _("检查通过：%d行都可以报送，还没有写入。请去掉“只检查”后再上传一次。") % len(rows)
            return self.done(message, url_of(self.object, "workbook"))
        message = _("已报送%d份月报，等待上级工会核对。") % len(rows)
        return self.done(message, reverse("competitions:green.readings") + "?state=submitted")
