"""The style guide; only mounted with DEBUG or PORTAL_DEMO (``portal/urls.py`` asks ``style_guide_enabled``)."""

from django.conf import settings
from django.urls import re_path

from portal.web.views.styleguide import StyleGuide, StyleGuideFocus

app_name = "web"


def style_guide_enabled() -> bool:
    return bool(settings.DEBUG or settings.DEMO)


urlpatterns = (
    [
        re_path(r"^$", StyleGuide.as_view(), name="styleguide"),
        re_path(r"^(?P<part>components|forms|data|charts|record)/$", StyleGuide.as_view(), name="styleguide.part"),
        re_path(r"^layout/(?P<layout>public|focus|print)/$", StyleGuideFocus.as_view(), name="styleguide.layout"),
    ]
    if style_guide_enabled()
    else []
)
