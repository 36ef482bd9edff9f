"""URLs of reports."""

from django.urls import path

from portal.reports import views

app_name = "reports"
urlpatterns = [path("", views.ReportHome.as_view(), name="home")]
