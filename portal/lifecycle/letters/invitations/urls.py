"""Invitations that go out by letter."""

from django.urls import path

from portal.lifecycle.letters.invitations import views

PREFIX = "desk/letters/invitations"
urlpatterns = [
    path(f"{PREFIX}/", views.InvitationLetterList.as_view(), name="invitation_letter.list"),
    path(f"{PREFIX}/send/", views.InvitationLettersSend.as_view(), name="invitation_letter.send_many"),
    path(f"{PREFIX}/<int:pk>/", views.InvitationLetterDetail.as_view(), name="invitation_letter.detail"),
    path(f"{PREFIX}/<int:pk>/change/", views.InvitationLetterChange.as_view(), name="invitation_letter.change"),
    path(f"{PREFIX}/<int:pk>/send/", views.InvitationLetterSend.as_view(), name="invitation_letter.send"),
    path(f"{PREFIX}/<int:pk>/leave-out/", views.InvitationLetterLeaveOut.as_view(), name="invitation_letter.leave_out"),
]
