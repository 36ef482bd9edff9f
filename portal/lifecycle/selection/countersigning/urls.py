"""Countersigning."""

from django.urls import path

from portal.lifecycle.selection.countersigning import views

urlpatterns = [
    path("desk/joint/<int:pk>/rounds/", views.JointRounds.as_view(), name="joint.rounds"),
    path("desk/joint/rounds/<int:pk>/", views.JointRound.as_view(), name="joint.round"),
    path("desk/joint/rounds/<int:pk>/sign/", views.JointSign.as_view(), name="joint.sign"),
    path("desk/rounds/countersignatures/<int:pk>/answer/", views.AnswerRefusal.as_view(), name="round.answer"),
]
