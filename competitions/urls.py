"""Gathers the rooms' pages."""

from django.urls import include, path

from competitions.challenges.urls import public_urlpatterns as public_challenges
from competitions.exchange.urls import public_urlpatterns as public_exchange

app_name = "competitions"
urlpatterns = [
    path("desk/challenges/", include("competitions.challenges.urls")),
    path("", include(public_challenges)),
    path("", include("competitions.contests.urls")),
    path("desk/exchange/", include("competitions.exchange.urls")),
    path("", include(public_exchange)),
    path("", include("competitions.filings.urls")),
    path("", include("competitions.growth.urls")),
    path("", include("competitions.learning.urls")),
    path("", include("competitions.labels.urls")),
    path("", include("competitions.marking.urls")),
    path("desk/green/", include("competitions.green.urls")),
    path("desk/nonpublic/", include("competitions.nonpublic.urls")),
    path("", include("competitions.rosters.urls")),
    path("desk/projects/", include("competitions.projects.urls")),
]
