"""Conferrals, at the desk of the cycle's owner."""

from django.urls import path

from portal.lifecycle.conferral import views

urlpatterns = [
    path("desk/conferrals/", views.ConferralList.as_view(), name="conferral.list"),
    path("desk/conferrals/new/", views.ConferralChoose.as_view(), name="conferral.choose"),
    path("desk/conferrals/new/<int:cycle>/", views.ConferralCreate.as_view(), name="conferral.create"),
    path("desk/conferrals/<int:pk>/", views.ConferralDetail.as_view(), name="conferral.detail"),
    path("desk/conferrals/<int:pk>/change/", views.ConferralChange.as_view(), name="conferral.change"),
    path("desk/conferrals/<int:pk>/issue/", views.ConferralIssue.as_view(), name="conferral.issue"),
    path("desk/conferrals/<int:pk>/paper.docx", views.ConferralDocument.as_view(), name="conferral.docx"),
    path("desk/conferrals/items/<int:pk>/revoke/", views.HonourRevoke.as_view(), name="conferral.revoke"),
]
