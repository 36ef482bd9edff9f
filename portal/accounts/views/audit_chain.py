"""证据链: how far the log is sealed, what the last verification found, and the daily roots to keep elsewhere."""

from __future__ import annotations

import io
import json
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from portal.audit.models import AuditRoot
from portal.audit.queries import chain_status, daily_roots, roots_as_json
from portal.core.dates import local_date
from portal.web.columns import Column, DateColumn, DateTimeColumn, NumberColumn
from portal.web.tables import Table
from portal.web.ui import Action, Crumb, Empty, PageContext
from portal.web.views import ListView
from portal.web.views.downloads import FileDownloadView


class RootTable(Table):
    day = DateColumn(_("日期"), sort="day", phone="title")
    sequence = NumberColumn(_("累计条数"), accessor="sequence", sort="sequence", phone="fact")
    sha256 = Column(_("根值（SHA-256）"), accessor="sha256", phone="fact", width="wide")
    made = DateTimeColumn(_("生成时间"), accessor="made_at", phone="hide")

    def render_sha256(self, row: AuditRoot, value: str) -> str:
        """In groups of eight: read aloud, and broken on narrow screens."""
        return " ".join(value[start : start + 8] for start in range(0, len(value), 8))

    class Meta:
        default_sort = "-day"
        empty = Empty(_("还没有每日根值"), _("每天零点十分生成前一天的根值。"), icon="link")


class AuditChain(ListView):
    policy_action = "audit.chain"
    table_class = RootTable
    template_name = "accounts/audit_chain.html"
    export_name = _("每日根值")

    def get_queryset(self):
        return daily_roots()

    def page(self) -> PageContext:
        return PageContext(
            title=_g("证据链"),
            subtitle=_g("每一条审计记录写入后即封存；改动、删除、调换或截去任何一条，核验时都能发现。"),
            crumbs=[Crumb(_("审计日志"), reverse("accounts:audit.log"))],
            actions=[Action(_("下载每日根值"), reverse("accounts:audit.roots"), icon="download", kind="primary")],
        )

    def context(self) -> dict[str, Any]:
        return {"chain": chain_status(self.actor.path)}


class DailyRoots(FileDownloadView):
    """All daily roots as ``audit verify --roots`` reads them."""

    policy_action = "audit.chain"

    def get_file(self) -> tuple[Any, str, str]:
        text = json.dumps(roots_as_json(), ensure_ascii=False, indent=2)
        name = _g("证据链每日根值-%s.json") % f"{local_date(self.now):%Y%m%d}"
        return io.BytesIO(text.encode()), name, "application/json"
