"""Clearance of recommended entries, and disqualifying."""

from django.urls import path

from portal.lifecycle.clearance import views
from portal.lifecycle.clearance.departments.views import DepartmentLetters

urlpatterns = [
    path("desk/clearances/", views.ClearanceList.as_view(), name="clearance.list"),
    path("desk/clearances/letters/", DepartmentLetters.as_view(), name="clearance.letters"),
    path("desk/clearances/<str:code>/", views.ClearanceRecord.as_view(), name="clearance.record"),
    path("desk/clearances/<str:code>/disqualify/", views.Disqualify.as_view(), name="clearance.disqualify"),
]
