"""URLs of background work."""

from django.urls import path

from portal.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.RunList.as_view(), name="run.list"),
    path("<int:pk>/", views.RunDetail.as_view(), name="run.detail"),
    path("files/<int:pk>/", views.FileDownload.as_view(), name="file.download"),
]
