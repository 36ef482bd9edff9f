"""Composition root of all URLs."""

from django.conf import settings
from django.urls import include, path

from portal.core.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
handler400 = "portal.web.views.errors.bad_request"
handler403 = "portal.web.views.errors.forbidden"
handler404 = "portal.web.views.errors.not_found"
handler500 = "portal.web.views.errors.server_error"
