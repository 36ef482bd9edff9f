"""Addresses of meetings; gathered in portal/lifecycle/review/urls.py."""

from django.urls import path

from portal.lifecycle.review.meeting import member_views, views

urlpatterns: list = [
    path("desk/reviews/<int:pk>/meetings/", views.MeetingList.as_view(), name="meeting.list"),
    path("desk/reviews/<int:pk>/meetings/new/", views.CallMeeting.as_view(), name="meeting.call"),
    path("desk/reviews/meetings/<int:pk>/", views.MeetingDetail.as_view(), name="meeting.detail"),
    path("desk/reviews/meetings/<int:pk>/open/", views.OpenMeeting.as_view(), name="meeting.open"),
    path("desk/reviews/meetings/<int:pk>/close/", views.CloseMeeting.as_view(), name="meeting.close"),
    path("desk/reviews/meetings/<int:pk>/minutes.docx", views.Minutes.as_view(), name="meeting.minutes"),
    path("desk/reviews/meetings/items/<int:pk>/take-up/", views.TakeUp.as_view(), name="meeting.take_up"),
    path("desk/reviews/meetings/items/<int:pk>/put-off/", views.PutOff.as_view(), name="meeting.put_off"),
    path("desk/reviews/meetings/items/<int:pk>/ballot/", views.OpenBallot.as_view(), name="meeting.ballot_open"),
    path("desk/reviews/meetings/ballots/<int:pk>/close/", views.CloseBallot.as_view(), name="meeting.ballot_close"),
    path("review/meetings/", member_views.OwnMeetings.as_view(), name="meeting.own"),
    path("review/meetings/<int:pk>/", member_views.Room.as_view(), name="meeting.room"),
    path("review/meetings/<int:pk>/cast/", member_views.Cast.as_view(), name="meeting.cast"),
]
