"""Mounted only with PORTAL_DEMO."""

from django.conf import settings
from django.urls import path

from portal.demo import views

app_name = "demo"
urlpatterns = (
    [
        path("clock/", views.Clock.as_view(), name="clock"),
        path("others/", views.Others.as_view(), name="others"),
    ]
    if settings.DEMO
    else []
)
