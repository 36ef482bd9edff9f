"""Addresses of the votes; gathered in portal/lifecycle/review/urls.py."""

from django.urls import path

from portal.lifecycle.review.vote import views

urlpatterns: list = [
    path("desk/reviews/votes/", views.VoteStages.as_view(), name="vote.stages"),
    path("desk/reviews/<int:pk>/vote/", views.VoteOverview.as_view(), name="vote.overview"),
    path("desk/reviews/<int:pk>/vote/open/", views.OpenVote.as_view(), name="vote.open"),
    path("desk/votes/<str:token>/", views.StaffBallot.as_view(), name="vote.staff"),
    path("public/votes/<str:token>/", views.PublicBallot.as_view(), name="vote.public"),
]
