"""Addresses of re-markings; gathered in portal/lifecycle/review/urls.py."""

from django.urls import path

from portal.lifecycle.review.remarking import views

urlpatterns: list = [
    path("desk/reviews/remarkings/begin/", views.RemarkSelected.as_view(), name="remarking.selected"),
    path("desk/reviews/<int:pk>/remarkings/", views.RemarkingList.as_view(), name="remarking.list"),
    path("desk/reviews/<int:pk>/remarkings/new/", views.OpenRemarking.as_view(), name="remarking.open"),
    path("desk/reviews/remarkings/<int:pk>/", views.RemarkingDetail.as_view(), name="remarking.detail"),
    path("desk/reviews/remarkings/<int:pk>/apply/", views.ApplyRemarking.as_view(), name="remarking.apply"),
    path("desk/reviews/remarkings/<int:pk>/cancel/", views.CancelRemarking.as_view(), name="remarking.cancel"),
]
