"""URLs of the results, gathered in the review room's list."""

from django.urls import path

from portal.lifecycle.review.imported import file_views, views

urlpatterns = [
    path("desk/results/", views.ResultStages.as_view(), name="result.stages"),
    path("desk/results/confirm/", views.ConfirmResults.as_view(), name="result.confirm"),
    path("desk/results/return/", views.ReturnResults.as_view(), name="result.return"),
    path("desk/results/<int:pk>/", views.ResultList.as_view(), name="result.list"),
    path("desk/results/<int:pk>/confirm-all/", views.ConfirmAll.as_view(), name="result.confirm_all"),
    path("desk/results/<int:pk>/template/", file_views.ResultTemplate.as_view(), name="result.template"),
    path("desk/results/<int:pk>/upload/", file_views.UploadResults.as_view(), name="result.upload"),
    path("desk/results/entries/<int:pk>/", views.EditResult.as_view(), name="result.edit"),
    path("desk/results/files/<int:pk>/", file_views.BatchPage.as_view(), name="result.batch"),
    path("desk/results/files/<int:pk>/apply/", file_views.ApplyBatch.as_view(), name="result.apply"),
    path("desk/results/files/<int:pk>/cancel/", file_views.CancelBatch.as_view(), name="result.cancel"),
    path("desk/results/files/<int:pk>/errors/", file_views.BatchErrors.as_view(), name="result.errors"),
]
