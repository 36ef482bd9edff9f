"""Composition root of all URLs.

Desks live under /desk/, the expert's review desk under /review/, public pages under / and /public/, the API under /api/v1/.
"""

from django.urls import include, path

from portal.core.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("portal.accounts.sign_in_urls")),  # what of the next line is not used
    path("accounts/", include("allauth.urls")),
    path("", include("portal.accounts.urls")),
    path("", include("portal.lifecycle.urls")),
    path("", include("awards.urls")),
    path("", include("competitions.urls")),
    path("", include("innovations.urls")),
    path("desk/styleguide/", include("portal.web.urls")),  # empty unless DEBUG or PORTAL_DEMO
    path("desk/jobs/", include("portal.jobs.urls")),
    path("desk/workplans/", include("portal.workplans.urls")),
    path("desk/reports/", include("portal.reports.urls")),
    path("desk/demo/", include("portal.demo.urls")),  # empty unless PORTAL_DEMO
    path("api/v1/", include("portal.api_urls")),
]

handler400 = "portal.web.views.errors.bad_request"
handler403 = "portal.web.views.errors.forbidden"
handler404 = "portal.web.views.errors.not_found"
handler500 = "portal.web.views.errors.server_error"
