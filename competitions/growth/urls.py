"""Pages of the room."""

from django.urls import path

from competitions.growth.views import mentoring

PAIR = "desk/mentoring/"
urlpatterns = [
    path(PAIR, mentoring.MentorshipList.as_view(), name="mentorship.list"),
    path(f"{PAIR}add/", mentoring.MentorshipAdd.as_view(), name="mentorship.add"),
    path(f"{PAIR}figures/", mentoring.MentorshipFigures.as_view(), name="mentorship.figures"),
    path(f"{PAIR}<int:pk>/", mentoring.MentorshipDetail.as_view(), name="mentorship.detail"),
    path(f"{PAIR}<int:pk>/change/", mentoring.MentorshipChange.as_view(), name="mentorship.change"),
    path(f"{PAIR}<int:pk>/sign/", mentoring.MentorshipSign.as_view(), name="mentorship.sign"),
    path(f"{PAIR}<int:pk>/assess/", mentoring.MentorshipAssess.as_view(), name="mentorship.assess"),
    path(f"{PAIR}<int:pk>/terminate/", mentoring.MentorshipTerminate.as_view(), name="mentorship.terminate"),
    path(f"{PAIR}<int:pk>/print/", mentoring.MentorshipPrint.as_view(), name="mentorship.print"),
    path(f"{PAIR}months/<int:pk>/", mentoring.MentorMonthRecord.as_view(), name="mentorship.month"),
]
