"""The API, version 1: one router for all rooms."""

app_name = "api"
urlpatterns: list = []
