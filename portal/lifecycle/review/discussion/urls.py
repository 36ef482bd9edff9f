"""Addresses of re-discussions; gathered in portal/lifecycle/review/urls.py."""

from django.urls import path

from portal.lifecycle.review.discussion import views

urlpatterns: list = [
    path("desk/reviews/entries/<int:pk>/discussion/", views.RaiseDiscussion.as_view(), name="discussion.raise"),
    path("desk/reviews/discussions/<int:pk>/settle/", views.SettleDiscussion.as_view(), name="discussion.settle"),
    path("review/<int:pk>/discussion/", views.ChairRaisesDiscussion.as_view(), name="discussion.chair"),
]
