"""Addresses of the comparison queue."""

from django.urls import path

from portal.lifecycle.similarity import views

urlpatterns = [
    path("desk/similar/", views.PairList.as_view(), name="similarity.list"),
    path("desk/similar/<int:pk>/", views.PairPage.as_view(), name="similarity.pair"),
]
