"""Gathers the rooms' pages."""

from django.urls import include, path

app_name = "innovations"
urlpatterns = [
    path("desk/studios/", include("innovations.studios.urls")),
]
