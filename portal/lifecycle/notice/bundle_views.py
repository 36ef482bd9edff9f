"""The result bundle behind a notice: everybody can take it home and recompute it."""

from __future__ import annotations

import io
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _t

from portal.lifecycle.notice import queries
from portal.lifecycle.notice.models import NoticeKind
from portal.lifecycle.selection.bundle.build import verifier_source
from portal.lifecycle.selection.bundle.queries import bundles
from portal.web.ratelimit import limit
from portal.web.views import FileDownloadView


class PublicBundle(FileDownloadView):
    """The file whose fingerprint the notice prints, byte for byte."""

    public = True
    layout = "public"
    lookup_field = "code"

    def get_queryset(self):
        return queries.public_notices().filter(kind=NoticeKind.SELECTION)

    def get_file(self) -> tuple[Any, str, str]:
        limit("bundle", times=30, seconds=60)
        bundle = bundles().filter(round__stage__cycle=self.object.cycle_id).first()
        if bundle is None:
            raise Http404
        return io.BytesIO(bundle.text.encode()), _t("成绩包-%s.json") % self.object.code, "application/json"


class PublicVerifier(FileDownloadView):
    """The stand-alone programme that recomputes a bundle."""

    public = True
    layout = "public"

    @property
    def has_object(self) -> bool:
        return False

    def get_file(self) -> tuple[Any, str, str]:
        return io.BytesIO(verifier_source().encode()), "verify_result.py", "text/x-python"
