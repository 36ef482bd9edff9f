"""The desk's home and search."""

from django.urls import path

from portal.lifecycle.worklist import views

urlpatterns = [
    path("desk/", views.Home.as_view(), name="worklist.home"),
    path("desk/todo/", views.Count.as_view(), name="worklist.count"),
    path("desk/search/", views.Search.as_view(), name="worklist.search"),
]
