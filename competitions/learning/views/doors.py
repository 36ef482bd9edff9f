"""学习入口 of the own unit, and proofs of points: list, page, handing in, checking."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.learning import forms, queries
from competitions.learning.domain import doors
from competitions.learning.enums import ProofState
from competitions.learning.tables import ProofFilters, ProofTable
from competitions.learning.views.base import TABS
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.formats import cn_date, cn_datetime, thousands
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, PageView, Tabbed

DOOR = "competitions:door.page"
SVG = "image/svg+xml"


def own_union(view: Any) -> Organisation:
    return Organisation.objects.get(pk=view.actor.at_desk.organisation_id)


class DoorPage(Tabbed, PageView):
    room_tabs = TABS
    policy_action = "learning.door"
    template_name = "competitions/learning_door.html"
    title = _("学习入口")
    subtitle = _("本单位职工扫码即可学习、答题、提交积分截图，不用登录；成绩自动登记到本单位。")

    def page_actions(self) -> list[Action]:
        door, renew = queries.door_of(self.actor.path), reverse("competitions:door.renew")
        if door is None or not door.is_open:
            return [Action(_("启用"), reverse("competitions:door.open"), icon="qrcode", kind="primary", post=True)]
        words = _("原来的二维码和网址立即失效，需要重新打印张贴。确定更换？")
        return [
            Action(_("下载二维码"), reverse("competitions:door.code"), icon="download", kind="primary", download=True),
            Action(_("更换网址"), renew, icon="refresh", post=True, confirm=words),
            Action(
                _("关闭"), reverse("competitions:door.close", kwargs={"pk": door.pk}), kind="ghost", post=True,
                confirm=_("关闭后职工不能再从这里答题和提交。确定关闭？"),
            ),
        ]  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        door = queries.door_of(self.actor.path)
        is_open = door is not None and door.is_open
        return self.render(
            door=door if is_open else None,
            address=address_of(request, door) if is_open else "",
            offered=queries.offered_at(door, local_date(self.now)) if is_open else [],
        )


def address_of(request: HttpRequest, door: Any) -> str:
    return request.build_absolute_uri(reverse("competitions:public.door", kwargs={"token": door.token}))


class DoorOpen(ActionView):
    policy_action = "learning.door"
    renew = False

    def get_failure_url(self) -> str:
        return reverse(DOOR)

    def perform(self) -> HttpResponse:
        doors.open_door(actor=self.actor, organisation=own_union(self), renew=self.renew, now=self.now)
        return self.done(_("学习入口已启用，请打印二维码张贴。"), reverse(DOOR))


class DoorRenew(DoorOpen):
    policy_action = "learning.door"
    renew = True


class DoorClose(ActionView):
    policy_action = "learning.door"
    view_action = "learning.door"

    def get_queryset(self) -> Any:
        return queries.doors()

    def get_failure_url(self) -> str:
        return reverse(DOOR)

    def perform(self) -> HttpResponse:
        doors.close_door(actor=self.actor, door=self.object, now=self.now)
        return self.done(_("学习入口已关闭。"), reverse(DOOR))


class DoorCode(FileDownloadView):
    policy_action = "learning.door"

    def get_file(self) -> tuple[Any, str, str]:
        door = queries.door_of(self.actor.path)
        if door is None or not door.is_open:
            raise Http404
        stream = BytesIO()
        segno.make(address_of(self.request, door), error="q", micro=False).save(stream, kind="svg", scale=10)
        stream.seek(0)
        return stream, "学习入口二维码.svg", SVG


class ProofList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "proof.view"
    table_class = ProofTable
    filters_class = ProofFilters
    title = _("积分证明")
    subtitle = _("职工在国家平台的学习积分：本人扫码提交或单位代交，单位审核人对照截图认定。")
    export_name = _("职工学习积分")
    saved_views = (SavedView(_("待核对"), "state=submitted"), SavedView(_("已认定"), "state=accepted"))

    def get_queryset(self) -> Any:
        return queries.proofs()

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "proof.add"):
            return []
        return [Action(_("上传截图"), reverse("competitions:proof.add"), icon="upload", kind="primary")]


def proofs_crumb() -> Crumb:
    return Crumb(_("积分证明"), reverse("competitions:proof.list"))


class ProofAdd(FormView):
    policy_action = "proof.add"
    form_class = forms.ProofForm
    title = _("上传积分截图")
    submit_label = _("提交")
    intro = _("代职工提交；须由本单位另一位审核人核对。")

    def page_crumbs(self) -> list[Crumb]:
        return [proofs_crumb()]

    def get_cancel_url(self) -> str:
        return reverse("competitions:proof.list")

    def perform(self, form: Any) -> HttpResponse:
        row = doors.hand_in_proof(
            actor=self.actor, organisation=own_union(self), door=None, facts=form.facts,
            upload=form.cleaned_data["file"], now=self.now,
        )  # fmt: skip
        return self.done(_("已提交，等待核对。"), row.get_absolute_url())


class OneProof:
    view_action = "proof.view"
    context_name = "proof"

    def get_queryset(self) -> Any:
        return queries.proofs()

    def page_crumbs(self) -> list[Crumb]:
        return [proofs_crumb()]


class ProofDetail(OneProof, DetailView):
    policy_action = "proof.view"
    template_name = "competitions/learning_proof.html"

    def page(self) -> PageContext:
        row, actions = self.object, []
        if may(self.actor, "proof.check", row):
            url = reverse("competitions:proof.check", kwargs={"pk": row.pk})
            actions.append(Action(_("核对"), url, icon="check", kind="primary"))
        return PageContext(
            title=row.masked_name, subtitle=row.get_platform_display(), badge=row.badge, crumbs=[proofs_crumb()],
            actions=actions,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        row = self.object
        by = _("职工本人") if row.by_worker else (row.uploaded_by.name if row.uploaded_by else "—")
        checked = f"{row.checked_by.name}，{cn_datetime(row.checked_at)}" if row.checked_by else "—"
        return {
            "waiting": row.state == ProofState.SUBMITTED,
            "facts": [
                Fact(_("总积分"), thousands(row.points)),
                Fact(_("截图日期"), cn_date(row.as_of)),
                Fact(_("证件号码"), row.masked_id),
                Fact(_("登记单位"), row.organisation.name),
                Fact(_("提交"), f"{by}，{cn_datetime(row.uploaded_at)}"),
                Fact(_("核对"), checked),
            ],
        }


class ProofCheck(OneProof, FormView):
    policy_action = "proof.check"
    form_class = forms.CheckForm
    title = _("核对积分证明")
    submit_label = _("提交核对结果")

    @property
    def intro(self) -> Any:
        row = self.object
        words = {"who": row.masked_name, "n": thousands(row.points), "on": cn_date(row.as_of)}
        return _("%(who)s，%(on)s，填写积分%(n)s。请与截图对照。") % words

    def perform(self, form: Any) -> HttpResponse:
        row = doors.check_proof(actor=self.actor, proof=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已核对。"), row.get_absolute_url())


class ProofFile(OneProof, FileDownloadView):
    policy_action = "proof.view"

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.file_name, self.object.content_type
