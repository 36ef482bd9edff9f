"""The library of cases, and the holders of honours who owe one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.exchange import forms, queries
from competitions.exchange.domain import cases, follows
from competitions.exchange.domain.cases import FACTS
from competitions.exchange.enums import CaseKind, CaseState
from competitions.exchange.tables import CaseFilters, CaseTable, FollowTable, HolderFilters, HolderTable
from competitions.exchange.tags import OFFERED
from competitions.exchange.views.base import TABS, action, crumb
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import ActionView, BulkActionView, DetailView, FileDownloadView, FormView, ListView, Tabbed


class CaseList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "case.view"
    table_class = CaseTable
    filters_class = CaseFilters
    title = _("经验案例")
    subtitle = _(
        "示范工程、示范单位、创新工作室、非公企业竞赛和其他典型，用同一模板总结；上一级工会审核后供全市工会学习。"
    )
    export_name = _("竞赛经验案例")
    saved_views = (
        SavedView(_("已发布"), "state=published"),
        SavedView(_("示范工程"), "kind=project"),
        SavedView(_("示范单位"), "kind=unit"),
        SavedView(_("创新工作室"), "kind=studio"),
        SavedView(_("非公企业竞赛经验"), "kind=nonpublic"),
        SavedView(_("节能故事"), "stories=on"),
        SavedView(_("待审核"), "state=submitted"),
        SavedView(_("本单位"), "mine=on"),
    )

    def get_queryset(self) -> Any:
        return queries.cases(self.actor)

    def page_actions(self) -> list[Action]:
        found = [Action(_("看公众页"), reverse("competitions:public.cases"), kind="ghost")]
        if may(self.actor, "case.add"):
            found.insert(0, action(_("写案例"), "case.add", icon="plus", kind="primary"))
        return found


class CaseAdd(FormView):
    policy_action = "case.add"
    form_class = forms.CaseForm
    title = _("写经验案例")
    submit_label = _("保存草稿")

    def page_crumbs(self) -> list[Crumb]:
        return [crumb("case.list")]

    def get_cancel_url(self) -> str:
        return reverse("competitions:case.list")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"used": queries.used_tags(queries.cases(self.actor), OFFERED)}

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("kind", "")
        return {"kind": asked} if asked in CaseKind.values else {}

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.select_related("parent").get(pk=self.actor.at_desk.organisation_id)
        row = cases.draft_case(actor=self.actor, owner=owner, facts=form.cleaned_data, now=self.now)
        return self.done(_("已保存草稿。可以上传照片和资料，然后报送。"), row.get_absolute_url())


class OneCase:
    view_action = "case.view"

    def get_queryset(self) -> Any:
        return queries.cases(self.actor)

    def page_crumbs(self) -> list[Crumb]:
        return [crumb("case.list"), Crumb(self.object.title, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    get_failure_url = get_cancel_url


class CaseDetail(OneCase, DetailView):
    policy_action = "case.view"
    template_name = "competitions/case_detail.html"
    context_name = "case"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.state == CaseState.PUBLISHED:
            follows.note_read(actor=self.actor, case=self.object, now=self.now)
        return super().get(request, *args, **kwargs)

    def page(self) -> PageContext:
        row = self.object
        return PageContext(
            title=row.title, subtitle=f"{row.model_name} · {row.owner.name}", badge=row.badge,
            crumbs=[crumb("case.list")], actions=self.page_actions(),
        )  # fmt: skip

    @cached_property
    def mine(self) -> Any:
        """The desk's own registration of using this case."""
        return queries.follows().filter(case=self.object, organisation__path=self.actor.path).first()

    def page_actions(self) -> list[Action]:
        row, found = self.object, []
        if may(self.actor, "case.change", row):
            words = _("报送后由%s审核，审核前不能再修改。确定报送？") % row.checked_at.name
            found = [
                action(_("报送"), "case.submit", row.pk, icon="send", kind="primary", post=True, confirm=words),
                action(_("修改"), "case.change", row.pk, icon="edit"),
                action(_("上传附件"), "case.file_add", row.pk, icon="upload"),
            ]
        if may(self.actor, "case.check", row):
            words = _("发布后全市各级工会都能看到。确定发布？")
            found = [
                action(_("发布"), "case.publish", row.pk, icon="check", kind="primary", post=True, confirm=words),
                action(_("退回修改"), "case.return", row.pk, icon="arrow-back-up"),
            ]
        if may(self.actor, "case.show", row):
            public = "case.hide" if row.is_public else "case.show"
            label = _("停止公开") if row.is_public else _("面向社会公开")
            words = (
                _("公众网不再显示这个案例。确定？")
                if row.is_public
                else _("案例正文将显示在公众网。确认不含商业秘密和个人隐私？")
            )
            found.append(action(label, public, row.pk, icon="world", post=True, confirm=words))
        if row.state == CaseState.PUBLISHED and self.mine is None and may(self.actor, "case.follow", row):
            found.insert(0, action(_("学用这条经验"), "case.follow", row.pk, icon="bulb", kind="primary"))
        if may(self.actor, "case.withdraw", row):
            found.append(action(_("撤下"), "case.withdraw", row.pk, icon="archive", kind="ghost"))
        return found

    def context(self) -> dict[str, Any]:
        row = self.object
        return {
            "mine": self.mine,
            "follows": FollowTable(list(queries.follows().filter(case=row)[:50])),
            "files": list(row.files.all()),
            "may_change": bool(may(self.actor, "case.change", row)),
            "facts": [
                Fact(_("案例类别"), row.get_kind_display()),
                Fact(_("节能类型"), row.get_saving_display() or "—"),
                Fact(_("典型"), f"{row.model_name}（{row.get_subject_display()}）"),
                Fact(_("领域"), row.field),
                Fact(_("所获荣誉"), row.honour or "—"),
                Fact(_("提供单位"), row.owner.name),
                Fact(_("审核工会"), row.checked_at.name),
                Fact(_("发布时间"), cn_datetime(row.published_at) if row.published_at else "—"),
                Fact(_("公众阅读"), _t("%d次") % row.views if row.is_public or row.views else _("没有面向社会公开")),
            ],
        }


class CaseChange(OneCase, FormView):
    policy_action = "case.change"
    form_class = forms.CaseForm
    title = _("修改经验案例")
    submit_label = _("保存")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in FACTS}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"used": queries.used_tags(queries.cases(self.actor), OFFERED)}

    def perform(self, form: Any) -> HttpResponse:
        row = cases.change_case(actor=self.actor, case=self.object, facts=form.cleaned_data, now=self.now)
        return self.done(_("已保存。"), row.get_absolute_url())


class CaseFileAdd(OneCase, FormView):
    policy_action = "case.change"
    form_class = forms.CaseFileForm
    title = _("上传案例附件")
    submit_label = _("上传")

    def perform(self, form: Any) -> HttpResponse:
        cases.add_file(actor=self.actor, case=self.object, upload=form.cleaned_data["file"], now=self.now)
        return self.done(_("已上传。"), self.object.get_absolute_url())


class CaseFileDownload(FileDownloadView):
    policy_action = "case.view"

    def get_queryset(self) -> Any:
        return queries.case_files(self.actor)

    def policy_object(self) -> Any:
        return self.object.case

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.name, self.object.content_type


class CaseFileRemove(ActionView):
    policy_action = "case.change"
    view_action = "case.view"

    def get_queryset(self) -> Any:
        return queries.case_files(self.actor)

    def policy_object(self) -> Any:
        return self.object.case

    def get_failure_url(self) -> str:
        return self.object.case.get_absolute_url()

    def perform(self) -> HttpResponse:
        cases.remove_file(actor=self.actor, file=self.object, now=self.now)
        return self.done(_("已删除。"), self.object.case.get_absolute_url())


class CaseSubmit(OneCase, ActionView):
    policy_action = "case.change"

    def perform(self) -> HttpResponse:
        row = cases.submit_case(actor=self.actor, case=self.object, now=self.now)
        return self.done(_t("已报送%s审核。") % row.checked_at.name, row.get_absolute_url())


class CasePublish(OneCase, ActionView):
    policy_action = "case.check"

    def perform(self) -> HttpResponse:
        row = cases.publish_case(actor=self.actor, case=self.object, now=self.now)
        return self.done(_("已发布。"), row.get_absolute_url())


class CaseReturn(OneCase, FormView):
    policy_action = "case.check"
    form_class = forms.ReasonForm
    title = _("退回修改")
    submit_label = _("退回")

    def perform(self, form: Any) -> HttpResponse:
        row = cases.return_case(actor=self.actor, case=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已退回。"), row.get_absolute_url())


class CaseWithdraw(OneCase, FormView):
    policy_action = "case.withdraw"
    form_class = forms.ReasonForm
    title = _("撤下案例")
    submit_label = _("撤下")

    def perform(self, form: Any) -> HttpResponse:
        row = cases.withdraw_case(actor=self.actor, case=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已撤下。"), row.get_absolute_url())


class CaseShow(OneCase, ActionView):
    policy_action = "case.show"
    public_page = True  # before everybody, or back among unions

    def perform(self) -> HttpResponse:
        row = cases.show_case(actor=self.actor, case=self.object, public=self.public_page, now=self.now)
        words = _("已在公众网公开。") if self.public_page else _("公众网不再显示。")
        return self.done(words, row.get_absolute_url())


class CaseHide(CaseShow):
    policy_action = "case.show"
    public_page = False


class SharingList(Tabbed, ListView):
    """Who was honoured in the year, and how often they have shared since."""

    room_tabs = TABS
    policy_action = "case.view"
    table_class = HolderTable
    filters_class = HolderFilters
    title = _("获奖单位交流")
    export_name = _("获奖单位交流情况")
    saved_views = (SavedView(_("还没有交流过"), "silent=on"),)

    @property
    def year(self) -> int:
        return year_of(self)

    @property
    def subtitle(self) -> Any:
        words = _("%d年命名的获奖对象；交流次数＝命名以来所属工会发布的案例＋主办并已小结的活动＋已登记的参观接待。")
        return words % self.year

    def page_actions(self) -> list[Action]:
        before = self.year - 1
        return [Action(_("看%d年") % before, f"?year={before}", kind="ghost")]

    def get_queryset(self) -> Any:
        return queries.holders(self.year)


def year_of(view: Any) -> int:
    """``?year=`` of the page; the current year without it."""
    this_year, asked = local_date(view.now).year, view.request.GET.get("year", "")
    return int(asked) if asked.isdigit() and this_year - 9 <= int(asked) <= this_year else this_year


class SharingRemind(BulkActionView):
    policy_action = "case.remind"
    label = _("提醒交流经验")
    form_class = forms.RemindForm

    def get_queryset(self) -> Any:
        this_year = local_date(self.now).year
        return queries.holders(this_year) | queries.holders(this_year - 1)

    def back_url(self) -> str:
        return reverse("competitions:sharing.list")

    def row_title(self, obj: Any) -> str:
        return f"{obj}（{obj.organisation.label}）"

    def perform(self, objects: list[Any], data: dict[str, Any]) -> HttpResponse:
        if data["due_on"] <= local_date(self.now):
            return self.fail(_("没有提醒：报送日期应在今天以后。"), self.back_url())
        made, passed = cases.remind_holders(actor=self.actor, entries=objects, now=self.now, **data)
        words = _t("已提醒%d个，会出现在其工会的工作台。") % made
        return self.done(
            words + (_t("%d个已有未完成的提醒，没有重复提醒。") % passed if passed else ""), self.back_url()
        )
