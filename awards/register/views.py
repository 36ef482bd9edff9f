"""The register at the desk, and certificates as files."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from awards.certificates.domain import current_issue
from awards.certificates.render import certificate_pdf
from awards.register import forms, queries
from awards.register.earlier import enter_earlier
from awards.register.models import HonourStatus
from awards.register.tables import HonourFilters, HonourTable
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.policies import may
from portal.web.ui import Action, Crumb, PageContext
from portal.web.views import DetailView, FileDownloadView, FormView, ListView


class HonourList(ListView):
    policy_action = "honour.view"
    table_class = HonourTable
    filters_class = HonourFilters
    title = _("荣誉登记")
    export_name = _("荣誉登记")

    def get_queryset(self):
        return queries.honours()

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "honour.enter"):
            return []
        return [Action(_("补登早年荣誉"), reverse("awards:honour.enter"), icon="plus")]


class HonourDetail(DetailView):
    policy_action = "honour.view"
    template_name = "awards/honour_detail.html"
    context_name = "honour"

    def get_queryset(self):
        return queries.honours()

    def page(self) -> PageContext:
        honour = self.object
        certificate = reverse("awards:certificate", kwargs={"certificate_number": honour.certificate_number})
        public = reverse("awards:public.verify", kwargs={"certificate_number": honour.certificate_number})
        actions = [Action(_("核验页面"), public, icon="qrcode")]
        if honour.is_valid:
            url = reverse("awards:certificate.reissue", kwargs={"pk": honour.pk})
            decision = may(self.actor, "honour.reissue", honour)
            if decision:
                actions.append(Action(_("换发证书"), url, icon="refresh"))
            actions.append(Action(_("下载证书（PDF）"), certificate, icon="certificate", kind="primary", download=True))
        crumb = Crumb(_("荣誉登记"), reverse("awards:honour.list"))
        return PageContext(title=honour.recipient, badge=honour.badge, crumbs=[crumb], actions=actions)

    def context(self) -> dict[str, Any]:
        return {"issues": self.object.issues.select_related("issued_by")}


class EarlierAdd(FormView):
    policy_action = "honour.enter"
    form_class = forms.EarlierForm
    title = _("补登早年荣誉")
    submit_label = _("登记")
    intro = _("只登记本平台启用以前、或其他部门授予的荣誉；在平台上评选的由命名决定自动登记。登记后公众可以核验。")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("荣誉登记"), reverse("awards:honour.list"))]

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        issuer = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        unit = Organisation.objects.filter(code=data["unit_code"].strip(), path__startswith=issuer.path).first()
        if unit is None:
            form.add_error("unit_code", _("没有这个编号的所属工会，请核对。"))
            return self.render(form=form, status=422)
        row = enter_earlier(
            actor=self.actor, issuer=issuer, unit=unit, facts=data, id_number=data["id_number"], now=self.now
        )
        return self.done(_("已登记。"), reverse("awards:honour.detail", kwargs={"pk": row.pk}))


class Certificate(FileDownloadView):
    """The certificate of a valid honour; every download is recorded."""

    policy_action = "honour.certificate"
    lookup_field = "certificate_number"

    def get_queryset(self):
        return queries.honours().filter(status=HonourStatus.VALID)

    def get_file(self) -> tuple[Any, str, str]:
        honour = self.object
        with transaction.atomic():
            issue = current_issue(honour, actor=self.actor, now=self.now)
            content = certificate_pdf(honour, self.request.build_absolute_uri("/"), issue.token)
            record("awards.certificate.downloaded", honour, actor=self.actor, now=self.now)
        return content, f"{honour.honour}-{honour.recipient}.pdf", "application/pdf"
