"""One union's self-assessment: written item by item, handed in, confirmed or returned."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic import policy_forms, queries
from competitions.nonpublic.domain import policy
from competitions.nonpublic.enums import Reached
from competitions.nonpublic.models import AnswerFile
from competitions.nonpublic.views.policy import list_crumb
from portal.core.policies import may
from portal.web.formats import cn_date, cn_datetime
from portal.web.ui import Action, Badge, Crumb, Fact, PageContext
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView

TONES = {Reached.FULL: "ok", Reached.PARTLY: "waiting", Reached.NOT: "stopped"}


def badge_of(reached: str) -> Badge:
    return Badge(Reached(reached).label, TONES[Reached(reached)]) if reached else Badge(_("未填写"), "neutral")


class OneAnswer:
    view_action = "selfanswer.view"

    def get_queryset(self) -> Any:
        return queries.self_answers()

    def page_crumbs(self) -> list[Crumb]:
        row = self.object
        board = Crumb(_("%d年度自评") % row.assessment.year, row.assessment.get_absolute_url())
        return [list_crumb(), board, Crumb(row.union.name, row.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class AnswerDetail(OneAnswer, DetailView):
    policy_action = "selfanswer.view"
    template_name = "competitions/selfanswer_detail.html"
    context_name = "answer"

    def page(self) -> PageContext:
        row = self.object
        confirm = {"file": _("报送后不能修改，市总工会退回的除外。")}
        possible = (
            ("write", _("填写自评"), "selfanswer.write", "edit", "primary", False),
            ("file", _("报送"), "selfanswer.file", "send", "primary", True),
            ("upload", _("上传佐证"), "selfanswer.write", "upload", "secondary", False),
            ("confirm", _("确认"), "selfanswer.decide", "check", "primary", True),
            ("return", _("退回"), "selfanswer.decide", "arrow-back-up", "secondary", False),
        )
        actions = [
            Action(
                label, reverse(f"competitions:selfanswer.{name}", kwargs={"pk": row.pk}), icon=icon, kind=kind,
                post=post, confirm=confirm.get(name, ""),
            )
            for name, label, policy_action, icon, kind, post in possible
            if may(self.actor, policy_action, row)
        ]  # fmt: skip
        crumbs = self.page_crumbs()[:-1]
        return PageContext(
            title=row.union.name, subtitle=row.assessment, badge=row.badge, crumbs=crumbs, actions=actions
        )

    def context(self) -> dict[str, Any]:
        row, before = self.object, queries.answer_before(self.object)
        files = list(queries.answer_files(row))
        may_write = may(self.actor, "selfanswer.write", row)
        lines = []
        for number, item in enumerate(row.assessment.items):
            mark, last = row.mark(number), before.mark(number) if before else {}
            lines.append(
                SimpleNamespace(
                    number=number + 1, words=item["words"], evidence=item["evidence"], told=mark.get("words", ""),
                    badge=badge_of(mark.get("reached", "")), files=[f for f in files if f.item == number],
                    last=badge_of(last["reached"]) if last.get("reached") else None,
                )
            )  # fmt: skip
        facts = [
            Fact(_("报送截止"), cn_date(row.assessment.due_on)),
            Fact(_("报送"), f"{cn_datetime(row.filed_at)} {row.filed_by or ''}" if row.filed_at else "—"),
            Fact(_("办理"), f"{cn_datetime(row.decided_at)} {row.decided_by or ''}" if row.decided_at else "—"),
            Fact(_("已落实"), row.full, unit=_("项")),
            Fact(_("部分落实"), row.partly, unit=_("项")),
            Fact(_("未落实"), row.missing, unit=_("项")),
        ]
        return {"lines": lines, "facts": facts, "may_write": may_write, "before": before}


class AnswerWrite(OneAnswer, FormView):
    policy_action = "selfanswer.write"
    form_class = policy_forms.MarksForm
    title = _("填写自评")
    submit_label = _("保存")
    intro = _("可以分几次填，随时保存；全部填完后在自评页面报送。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"answer": self.object}

    def perform(self, form: Any) -> HttpResponse:
        policy.save_marks(actor=self.actor, answer=self.object, marks=form.marks, now=self.now)
        return self.done(_("已保存。"), self.object.get_absolute_url())


class EvidenceAdd(OneAnswer, FormView):
    policy_action = "selfanswer.write"
    form_class = policy_forms.EvidenceForm
    title = _("上传佐证")
    submit_label = _("上传")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"answer": self.object}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        policy.add_file(actor=self.actor, answer=self.object, item=data["item"], upload=data["file"], now=self.now)
        return self.done(_("已上传。"), self.object.get_absolute_url())


class AnswerFileIn(OneAnswer, ActionView):
    policy_action = "selfanswer.file"

    def perform(self) -> HttpResponse:
        policy.file_answer(actor=self.actor, answer=self.object, now=self.now)
        return self.done(_("已报送市总工会。"), self.object.get_absolute_url())


class AnswerConfirm(OneAnswer, ActionView):
    policy_action = "selfanswer.decide"

    def perform(self) -> HttpResponse:
        policy.decide_answer(actor=self.actor, answer=self.object, reason="", now=self.now)
        return self.done(_("已确认。"), self.object.assessment.get_absolute_url())


class AnswerReturn(OneAnswer, FormView):
    policy_action = "selfanswer.decide"
    form_class = policy_forms.ReturnForm
    title = _("退回自评")
    submit_label = _("退回")
    submit_kind = "danger"

    def perform(self, form: Any) -> HttpResponse:
        policy.decide_answer(actor=self.actor, answer=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已退回，原因会出现在对方工作台。"), self.object.assessment.get_absolute_url())


class OneEvidence:
    view_action = "selfanswer.view"

    def get_queryset(self) -> Any:
        return AnswerFile.objects.select_related("answer__assessment__policy__owner", "answer__union")

    def policy_object(self) -> Any:
        return self.object.answer


class EvidenceDownload(OneEvidence, FileDownloadView):
    policy_action = "selfanswer.view"

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.file_name, self.object.content_type


class EvidenceRemove(OneEvidence, ActionView):
    policy_action = "selfanswer.write"

    def perform(self) -> HttpResponse:
        answer = self.object.answer
        policy.remove_file(actor=self.actor, file=self.object, now=self.now)
        return self.done(_("已删除。"), answer.get_absolute_url())
