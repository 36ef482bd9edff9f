"""URLs of this room, gathered in portal/lifecycle/urls.py (namespace ``lifecycle``)."""

urlpatterns: list = []
