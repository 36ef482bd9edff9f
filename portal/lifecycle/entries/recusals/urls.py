"""URLs of staff who keep away, gathered in portal/lifecycle/urls.py."""

from django.urls import path

from portal.lifecycle.entries.recusals import views

urlpatterns: list = [
    path("desk/recusals/", views.RecusalList.as_view(), name="recusal.list"),
    path("desk/recusals/<int:pk>/end/", views.RecusalEnd.as_view(), name="recusal.end"),
    path("desk/recusals/new/<str:code>/", views.RecusalRecord.as_view(), name="recusal.record"),
]
