"""Addresses of the visits; gathered in portal/lifecycle/review/urls.py."""

from django.urls import path

from portal.lifecycle.review.visits import views

urlpatterns: list = [
    path("desk/reviews/visits/", views.VisitStages.as_view(), name="visit.stages"),
    path("desk/reviews/visits/plan/", views.PlanVisits.as_view(), name="visit.plan"),
    path("desk/reviews/<int:pk>/visits/", views.VisitList.as_view(), name="visit.list"),
    path("desk/reviews/visits/<int:pk>/", views.VisitRecord.as_view(), name="visit.record"),
    path("desk/reviews/visits/<int:pk>/reopen/", views.ReopenVisit.as_view(), name="visit.reopen"),
    path("desk/reviews/visits/photos/<int:pk>/", views.Photo.as_view(), name="visit.photo"),
    path("desk/reviews/visits/photos/<int:pk>/remove/", views.RemovePhoto.as_view(), name="visit.photo_remove"),
    path("review/<int:pk>/visit/", views.ExpertVisit.as_view(), name="visit.reading"),
    path("review/<int:pk>/visit/<int:photo>/", views.ExpertPhoto.as_view(), name="visit.reading_photo"),
]
