"""Clearance of recommended entries, and disqualifying."""

from django.urls import path

from portal.lifecycle.clearance import views
from portal.lifecycle.clearance.departments import views as departments

urlpatterns = [
    path("desk/clearances/", views.ClearanceList.as_view(), name="clearance.list"),
    path("desk/clearances/letters/", departments.DepartmentLetters.as_view(), name="clearance.letters"),
    path("desk/clearances/letters/sent/", departments.LetterSent.as_view(), name="clearance.letter_sent"),
    path("desk/clearances/letters/<int:pk>/", departments.LetterReplies.as_view(), name="clearance.letter"),
    path("desk/clearances/replies/<int:pk>/scan/", departments.ReplyScan.as_view(), name="clearance.reply_scan"),
    path("desk/clearances/requests/<int:pk>/waive/", departments.ProposeWaiver.as_view(), name="clearance.waive"),
    path(
        "desk/clearances/waivers/<int:pk>/confirm/", departments.ConfirmWaiver.as_view(), name="clearance.waive_confirm"
    ),
    path("desk/clearances/<str:code>/", views.ClearanceRecord.as_view(), name="clearance.record"),
    path("desk/clearances/<str:code>/disqualify/", views.Disqualify.as_view(), name="clearance.disqualify"),
]
