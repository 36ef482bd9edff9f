"""Addresses of the checklist; gathered in portal/lifecycle/review/urls.py."""

from django.urls import path

from portal.lifecycle.review.checklist import views

unit = "desk/entries/<str:code>/checklist/"

urlpatterns: list = [
    path(unit, views.SelfMarkPage.as_view(), name="checklist.self"),
    path(f"{unit}save/", views.SaveSelfMarks.as_view(), name="checklist.self_save"),
    path(f"{unit}<str:item>/file/", views.Evidence.as_view(), name="checklist.evidence"),
    path("review/<int:pk>/checklist/save/", views.SaveItems.as_view(), name="checklist.save"),
    path(
        "review/<int:pk>/checklist/<str:item>/file/", views.ReviewEvidence.as_view(), name="checklist.review_evidence"
    ),
]
