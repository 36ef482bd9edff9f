"""The API, version 1: one router for all rooms, and its OpenAPI schema."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from awards.register.api import HonourViewSet
from portal.lifecycle.notice.api import NoticeViewSet
from portal.lifecycle.programmes.api import CycleViewSet, ProgrammeViewSet
from portal.lifecycle.recommendation.api import EntryViewSet
from portal.lifecycle.review.api import ReviewViewSet
from portal.lifecycle.review.checklist.api import SelfMarkViewSet
from portal.lifecycle.selection.api import RoundViewSet

app_name = "api"

router = SimpleRouter()
router.register("programmes", ProgrammeViewSet, basename="programme")
router.register("cycles", CycleViewSet, basename="cycle")
router.register("entries", EntryViewSet, basename="entry")
router.register("reviews", ReviewViewSet, basename="review")
router.register("rounds", RoundViewSet, basename="round")
router.register("notices", NoticeViewSet, basename="notice")
router.register("honours", HonourViewSet, basename="honour")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "self-marks/<str:code>/",
        SelfMarkViewSet.as_view({"get": "retrieve", "put": "update"}),  # belongs to an entry; there is no list
        name="self-mark-detail",
    ),
    path("", include(router.urls)),
]
