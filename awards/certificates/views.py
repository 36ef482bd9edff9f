"""Certificates: re-issued at the desk; checked, with keys and lists to take home, by everybody."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from awards.certificates.domain import reissue_certificate
from awards.certificates.lists import public_keys, revocation_list
from awards.certificates.verification import Verdict, check_token
from awards.register import queries
from portal.core.policies import may
from portal.web.forms import BaseForm
from portal.web.ratelimit import limit
from portal.web.ui import Crumb
from portal.web.views import FileDownloadView, FormView, PageView

VERIFIER = Path(__file__).with_name("verify_certificate.py")
JSON = "application/json"


class ReissueForm(BaseForm):
    recipient = forms.CharField(label=_("获得者"), max_length=200, help_text=_("姓名或名称有误的，在此更正。"))
    unit_name = forms.CharField(label=_("单位"), max_length=120, required=False)
    reason = forms.CharField(
        label=_("换发原因"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=300,
        help_text=_("如“姓名有误，经核对更正”“证书遗失”。原因记入审计日志，核验页面只显示“已换发”。"),
    )


class CertificateReissue(FormView):
    """A new version with its own signature; whoever scans the old paper is told so."""

    policy_action = "honour.reissue"
    form_class = ReissueForm
    title = _("换发证书")
    submit_label = _("换发")
    confirm = _("换发后，旧证书扫码核验即显示“已换发”，请收回或销毁旧证书。确认换发？")

    @property
    def intro(self) -> str:
        return _t("“%(honour)s”证书，编号%(number)s，编号不变。") % {
            "honour": self.object.honour,
            "number": self.object.certificate_number,
        }

    def get_queryset(self):
        return queries.honours()

    def may_see(self, obj: Any) -> Any:
        return may(self.actor, "honour.view", obj)

    def page_crumbs(self) -> list[Crumb]:
        here = reverse("awards:honour.detail", kwargs={"pk": self.object.pk})
        return [Crumb(_("荣誉登记"), reverse("awards:honour.list")), Crumb(self.object.recipient, here)]

    def get_cancel_url(self) -> str:
        return reverse("awards:honour.detail", kwargs={"pk": self.object.pk})

    def get_initial(self) -> dict[str, Any]:
        return {"recipient": self.object.recipient, "unit_name": self.object.unit_name}

    def perform(self, form: Any) -> HttpResponse:
        reissue_certificate(honour=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("已换发，请重新下载证书。"), self.get_cancel_url())


class PublicCertificate(PageView):
    """The page behind the QR code: first what the signature proves, then what the register says today."""

    public = True
    layout = "public"
    template_name = "public/certificate.html"
    title = _("核验结果")

    @property
    def has_object(self) -> bool:
        return False

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("证书核验"), reverse("awards:public.verify_form"))]

    def get(self, request: Any, token: str) -> HttpResponse:
        limit("verify", times=40, seconds=60)
        check = check_token(token)
        return self.render(check=check, status=404 if check.verdict is Verdict.MALFORMED else 200)


class PublicKeys(FileDownloadView):
    public = True
    layout = "public"

    @property
    def has_object(self) -> bool:
        return False

    def get_file(self) -> tuple[Any, str, str]:
        return _json(public_keys()), "certificate-keys.json", JSON


class PublicRevocations(FileDownloadView):
    public = True
    layout = "public"

    @property
    def has_object(self) -> bool:
        return False

    def get_file(self) -> tuple[Any, str, str]:
        return _json(revocation_list(now=self.now)), "certificate-revocations.json", JSON


class PublicVerifier(FileDownloadView):
    """The stand-alone programme that checks certificates without a network."""

    public = True
    layout = "public"

    @property
    def has_object(self) -> bool:
        return False

    def get_file(self) -> tuple[Any, str, str]:
        return io.BytesIO(VERIFIER.read_bytes()), VERIFIER.name, "text/x-python"


def _json(value: dict[str, Any]) -> io.BytesIO:
    return io.BytesIO(json.dumps(value, ensure_ascii=False, indent=1).encode())
