"""Questions of a quiz: one by one, by workbook; removal."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.learning import forms, lists, queries
from competitions.learning.domain import quizzes
from competitions.learning.views.resources import OneResource
from portal.accounts.imports.template import template
from portal.web.exports import XLSX
from portal.web.ui import Action
from portal.web.views import ActionView, FileDownloadView, FormView


class QuestionAdd(OneResource, FormView):
    policy_action = "learning.change"
    form_class = forms.QuestionForm
    title = _("出题")
    submit_label = _("保存")

    def page_actions(self) -> list[Action]:
        load = reverse("competitions:learning.question_load", kwargs={"pk": self.object.pk})
        return [Action(_("用 Excel 出题"), load, icon="file-spreadsheet")]

    def perform(self, form: Any) -> HttpResponse:
        quizzes.add_questions(actor=self.actor, resource=self.object, questions=[form.cleaned_data], now=self.now)
        return self.done(_("已保存。"), self.object.get_absolute_url())


class QuestionLoad(OneResource, FormView):
    policy_action = "learning.change"
    form_class = forms.SheetForm
    title = _("用 Excel 出题")
    submit_label = _("导入")
    intro = _("下载模板，一行一题；有一题不合格就全部不导入，按提示修改后重新上传。")

    def page_actions(self) -> list[Action]:
        return [
            Action(_("下载模板"), reverse("competitions:learning.question_template"), icon="download", download=True)
        ]

    def perform(self, form: Any) -> HttpResponse:
        found = lists.read_questions(form.cleaned_data["file"].read())
        count = quizzes.add_questions(actor=self.actor, resource=self.object, questions=found, now=self.now)
        return self.done(_t("已导入%d题。") % count, self.object.get_absolute_url())


class QuestionTemplate(FileDownloadView):
    policy_action = "learning.add"

    def get_file(self) -> tuple[Any, str, str]:
        return BytesIO(template(lists.QUESTIONS)), "测验题模板.xlsx", XLSX


class QuestionRemove(ActionView):
    policy_action = "learning.change"
    view_action = "learning.view"

    def get_queryset(self) -> Any:
        return queries.all_questions()

    def policy_object(self) -> Any:
        return self.object.resource

    def get_failure_url(self) -> str:
        return self.object.resource.get_absolute_url()

    def perform(self) -> HttpResponse:
        quizzes.remove_question(actor=self.actor, question=self.object, now=self.now)
        return self.done(_("已删除。"), self.object.resource.get_absolute_url())
