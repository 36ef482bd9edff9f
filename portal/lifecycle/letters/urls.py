"""Letters: the organiser's desk, and everybody's inbox."""

from django.urls import path

from portal.lifecycle.letters import views

urlpatterns = [
    path("desk/letters/", views.BatchList.as_view(), name="letters.list"),
    path("desk/letters/new/", views.BatchDraft.as_view(), name="letters.draft"),
    path("desk/letters/<int:pk>/", views.BatchDetail.as_view(), name="letters.batch"),
    path("desk/letters/<int:pk>/change/", views.BatchChange.as_view(), name="letters.change"),
    path("desk/letters/<int:pk>/send/", views.BatchSend.as_view(), name="letters.send"),
    path("desk/letters/<int:pk>/resend/", views.BatchResend.as_view(), name="letters.resend"),
    path("desk/letters/<int:pk>/discard/", views.BatchDiscard.as_view(), name="letters.discard"),
    path("desk/letters/single/<int:pk>/", views.LetterDetail.as_view(), name="letters.letter"),
    path("desk/letters/single/<int:pk>/change/", views.LetterChange.as_view(), name="letters.letter_change"),
    path("desk/letters/single/<int:pk>/leave-out/", views.LetterLeaveOut.as_view(), name="letters.leave_out"),
    path("desk/letters/single/<int:pk>/take-in/", views.LetterTakeIn.as_view(), name="letters.take_in"),
    path("desk/messages/", views.Inbox.as_view(), name="message.list"),
    path("desk/messages/remind/", views.Remind.as_view(), name="message.remind"),
    path("desk/messages/<int:pk>/", views.Message.as_view(), name="message.detail"),
]
