"""Pages of marks by code: the list, one by hand, a file with its dry run, the second person."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.imports.results import error_workbook
from portal.core.policies import may
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.codes import marking, queries
from portal.lifecycle.review.codes.forms import ConfirmMarksForm, ReturnMarkForm
from portal.lifecycle.review.codes.views import MENU, OfStage
from portal.lifecycle.review.codes.workbook import label_of_code, marks_template
from portal.lifecycle.review.imported.forms import ResultForm, ResultsUploadForm
from portal.lifecycle.review.imported.models import ResultBatchState, ResultState
from portal.lifecycle.review.imported.tables import BATCH_TONES, MISSING, TONES
from portal.lifecycle.review.imported.workbook import in_words
from portal.web.exports import XLSX
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Badge, Crumb, Fact, PageContext, Tab
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, PageView

A_PAGE = 50
STATES = [
    (MISSING, gettext_lazy("待录入")),
    (ResultState.RECORDED, gettext_lazy("待复核")),
    (ResultState.RETURNED, gettext_lazy("退回核对")),
    (ResultState.CONFIRMED, gettext_lazy("已复核")),
]
RECENT = 5


class BelowMarks(OfStage):
    """A page below the list of marks."""

    def page_crumbs(self) -> list[Crumb]:
        return [*super().page_crumbs(), Crumb(_("按码录入成绩"), self.list_url)]

    @property
    def list_url(self) -> str:
        return reverse("lifecycle:codes.marks", args=[self.object.pk])

    def get_failure_url(self) -> str:
        return self.list_url

    def get_cancel_url(self) -> str:
        return self.list_url


class CodedMarks(OfStage, PageView):
    """Every code with its marks, in the order of the codes, and what to do next."""

    policy_action = "codes.mark"
    template_name = "lifecycle/codes_marks.html"

    @cached_property
    def marks(self) -> dict[str, Any]:
        return queries.marks(self.object)

    @cached_property
    def is_locked(self) -> bool:
        return bool(queries.approvals(self.object)) or not self.object.is_open_at(self.now)

    def state_of(self, code: str) -> str:
        return self.marks[code].state if code in self.marks else MISSING

    def page(self) -> PageContext:
        codes = queries.last_codes(self.object)
        here, wanted = reverse("lifecycle:codes.marks", args=[self.object.pk]), self.request.GET.get("state", "")
        counts = {state: sum(self.state_of(code) == state for code in codes) for state, _label in STATES}
        tabs = [Tab(_("全部"), here, not wanted, len(codes))] + [
            Tab(label, f"{here}?state={state}", wanted == state, counts[state])
            for state, label in STATES
            if counts[state] or wanted == state
        ]
        return PageContext(
            title=_("按码录入成绩"),
            crumbs=self.page_crumbs(),
            actions=self._actions(),
            tabs=tabs if codes else [],
            menu=MENU,
        )

    def _actions(self) -> list[Action]:
        here = [self.object.pk]
        if self.is_locked or not queries.last_codes(self.object):
            return []
        waiting = any(queries.waits_for(row, self.actor) for row in self.marks.values())
        actions = [
            Action(
                _("下载按码成绩单模板"), reverse("lifecycle:codes.template", args=here), icon="download", download=True
            ),
            Action(
                _("导入按码成绩单"), reverse("lifecycle:codes.upload", args=here), icon="upload",
                kind="secondary" if waiting else "primary",
            ),
        ]  # fmt: skip
        if waiting:
            url = reverse("lifecycle:codes.confirm", args=here)
            actions.append(Action(_("复核确认"), url, icon="checks", kind="primary"))
        return actions

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        params, wanted = params_of(self.object), request.GET.get("state", "")
        codes = queries.last_codes(self.object)
        files = list(queries.batches(actor=self.actor).filter(stage=self.object)[:RECENT])
        return self.render(
            rows=[self._row(code, params) for code in codes if wanted in {"", self.state_of(code)}],
            any=bool(codes),
            progress=queries.progress(self.object),
            locked=self.is_locked,
            code_name=label_of_code(params),
            files=[(file, Badge(file.get_state_display(), BATCH_TONES[file.state])) for file in files],
        )

    def _row(self, code: str, params: Any) -> dict[str, Any]:
        row, state = self.marks.get(code), self.state_of(code)
        text = "" if row is None else (_("缺考") if row.absent else " · ".join(in_words(params, row.marks)))
        is_editable = not self.is_locked and state != ResultState.CONFIRMED
        here = [self.object.pk, code]
        return {
            "code": code,
            "text": text,
            "row": row,
            "badge": Badge(dict(STATES)[state], TONES[state]),
            "edit": reverse("lifecycle:codes.mark", args=here) if is_editable else "",
            "send_back": ""
            if self.is_locked or state not in {ResultState.RECORDED, ResultState.CONFIRMED}
            else reverse("lifecycle:codes.return", args=here),
        }


class OfCode(BelowMarks):
    """A page about one code that exists."""

    policy_action = "codes.mark"

    @cached_property
    def mark(self) -> Any:
        if self.kwargs["code"] not in queries.last_codes(self.object):
            raise Http404
        return queries.marks(self.object).get(self.kwargs["code"])


class MarkCode(OfCode, FormView):
    form_class = ResultForm
    submit_label = gettext_lazy("保存成绩")
    intro = gettext_lazy("保存后由另一人对照原始成绩单复核，解密前不显示姓名和单位。")

    @property
    def title(self) -> str:
        return _("“%s”的成绩") % self.kwargs["code"]

    def get_form_kwargs(self) -> dict[str, Any]:
        _known = self.mark  # 404 for a code that nobody drew
        return {"params": params_of(self.object)}

    def get_initial(self) -> dict[str, Any]:
        row = self.mark
        if row is None:
            return {}
        return {f"mark_{key}": value for key, value in row.marks.items()} | {"absent": row.absent, "note": row.note}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        marking.mark(
            actor=self.actor, stage=self.object, code=self.kwargs["code"], typed=form.typed, absent=data["absent"],
            note=data["note"], now=self.now,
        )  # fmt: skip
        return self.done(_("成绩已保存，等待另一人复核。"), self.list_url)


class ReturnMark(OfCode, FormView):
    form_class = ReturnMarkForm
    submit_label = gettext_lazy("退回核对")

    @property
    def title(self) -> str:
        return _("退回“%s”的成绩") % self.kwargs["code"]

    def get_form_kwargs(self) -> dict[str, Any]:
        if self.mark is None:
            raise Http404
        return {}

    def perform(self, form: Any) -> HttpResponse:
        marking.return_mark(
            actor=self.actor, stage=self.object, code=self.kwargs["code"], now=self.now, **form.cleaned_data
        )
        return self.done(_("已退回，录入人更正后再复核。"), self.list_url)


class ConfirmMarks(BelowMarks, FormView):
    """Everything that somebody else has recorded, as one unit."""

    policy_action = "codes.mark"
    form_class = ConfirmMarksForm
    title = gettext_lazy("复核确认")
    submit_label = gettext_lazy("确认成绩")

    def context(self) -> dict[str, Any]:
        n = sum(queries.waits_for(row, self.actor) for row in queries.marks(self.object).values())
        text = _("将确认由他人录入的 %(n)s 个码的成绩。发现不符的，请先返回列表对该码“退回核对”。全部复核后才能解密。")
        return super().context() | {"intro": text % {"n": n}}

    def perform(self, form: Any) -> HttpResponse:
        n = marking.confirm_marks(actor=self.actor, stage=self.object, now=self.now)
        return self.done(_("已复核 %d 个码的成绩。") % n, self.list_url)


# --- by file ---


class MarksTemplate(OfStage, FileDownloadView):
    """Codes and what is recorded under them; the name of the file says no more than the contest."""

    policy_action = "codes.mark"

    def get_file(self) -> tuple[Any, str, str]:
        stage = self.object
        content = marks_template(params_of(stage), queries.last_codes(stage), queries.marks(stage))
        return BytesIO(content), f"{stage.cycle}按码成绩单.xlsx", XLSX


class UploadMarks(BelowMarks, FormView):
    policy_action = "codes.mark"
    form_class = ResultsUploadForm
    template_name = "lifecycle/codes_upload.html"
    title = gettext_lazy("导入按码成绩单")
    submit_label = gettext_lazy("上传并试导")

    def perform(self, form: Any) -> HttpResponse:
        content = form.cleaned_data["file"].read()
        batch = marking.upload_marks(actor=self.actor, stage=self.object, content=content, now=self.now)
        return self.done("", reverse("lifecycle:codes.batch", args=[batch.pk]))


class OfFile:
    """A page about one uploaded file of marks by code."""

    policy_action = "codes.mark"
    view_action = "codes.view"
    context_name = "batch"

    def get_queryset(self) -> Any:
        return queries.batches(actor=self.actor)

    @property
    def list_url(self) -> str:
        return reverse("lifecycle:codes.marks", args=[self.object.stage_id])

    def page_crumbs(self) -> list[Crumb]:
        page = reverse("lifecycle:codes.page", args=[self.object.stage_id])
        first = Crumb(_("抽签加密"), reverse("lifecycle:codes.stages"))
        return [first, Crumb(str(self.object.stage.cycle), page), Crumb(_("按码录入成绩"), self.list_url)]

    def get_failure_url(self) -> str:
        return reverse("lifecycle:codes.batch", args=[self.object.pk])


class MarksFilePage(OfFile, DetailView):
    """The dry run: every problem on its line, or what will change."""

    template_name = "lifecycle/codes_batch.html"

    def page(self) -> PageContext:
        batch = self.object
        badge = Badge(batch.get_state_display(), BATCH_TONES[batch.state])
        actions = self._actions() if may(self.actor, "codes.mark", batch.stage) else []
        return PageContext(title=batch.file_name, badge=badge, crumbs=self.page_crumbs(), actions=actions, menu=MENU)

    def _actions(self) -> list[Action]:
        batch, here, actions = self.object, [self.object.pk], []
        if batch.state in marking.UNAPPLIED:
            text = _("放弃后删除上传的文件。确定放弃？")
            url = reverse("lifecycle:codes.cancel", args=here)
            actions.append(Action(_("放弃"), url, kind="ghost", post=True, confirm=text))
        if batch.state == ResultBatchState.FAULTY:
            url = reverse("lifecycle:codes.upload", args=[batch.stage_id])
            actions.append(Action(_("修改后重新上传"), url, icon="upload", kind="primary"))
        if batch.state == ResultBatchState.CHECKED and batch.changes:
            text = _("将录入%(n)s个码的成绩，全部成功才写入；录入后由另一人复核。确定导入？") % {
                "n": len(batch.changes)
            }
            url = reverse("lifecycle:codes.apply", args=here)
            actions.append(Action(_("正式导入"), url, icon="database-import", kind="primary", post=True, confirm=text))
        return actions

    def context(self) -> dict[str, Any]:
        batch, number = self.object, self.request.GET.get("page")
        return {
            "problems": Paginator(batch.problems, A_PAGE).get_page(number),
            "changes": Paginator(batch.changes, A_PAGE).get_page(number),
            "has_rows": bool(batch.file) and any(p["row"] > 1 for p in batch.problems),
            "list_url": self.list_url,
            "code_name": label_of_code(params_of(batch.stage)),
            "facts": [
                Fact(_("上传人"), f"{batch.uploaded_by.name}，{cn_datetime(batch.uploaded_at)}"),
                Fact(_("文件指纹"), batch.sha256[:16]),
                Fact(_("导入时间"), cn_datetime(batch.applied_at) if batch.applied_at else "—"),
            ],
        }


class ApplyFile(OfFile, ActionView):
    def perform(self) -> HttpResponse:
        marking.apply_marks(actor=self.actor, batch=self.object, now=self.now)
        return self.done(_("成绩已录入，等待另一人复核。"), self.list_url + "?state=recorded")


class CancelFile(OfFile, ActionView):
    def perform(self) -> HttpResponse:
        marking.cancel_marks(actor=self.actor, batch=self.object, now=self.now)
        return self.done(_("已放弃，上传的文件已删除。"), self.list_url)


class FileErrors(OfFile, FileDownloadView):
    """The uploaded lines with what is wrong beside them."""

    def get_file(self) -> tuple[Any, str, str]:
        batch = self.object
        if not batch.file or not any(p["row"] > 1 for p in batch.problems):
            raise Http404
        with batch.file.open("rb") as handle:
            content = error_workbook(handle.read(), batch.problems)
        return BytesIO(content), f"错误说明-{batch.file_name}", XLSX
