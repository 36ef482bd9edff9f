from django.urls import path

from portal.workplans.views import plans, reports, schemes

app_name = "workplans"
urlpatterns = [
    path("", plans.PlanList.as_view(), name="plan.list"),
    path("<int:pk>/", plans.PlanDetail.as_view(), name="plan.detail"),
    path("<int:pk>/open/", plans.YearOpen.as_view(), name="year.open"),
    path("years/<int:pk>/", plans.BoardView.as_view(), name="board"),
    path("years/<int:pk>/print/", plans.BoardPrint.as_view(), name="board.print"),
    path("tasks/<int:pk>/", plans.TaskDetail.as_view(), name="task.detail"),
    path("schemes/", schemes.SchemeList.as_view(), name="scheme.list"),
    path("schemes/<int:pk>/", schemes.SchemeDetail.as_view(), name="scheme.detail"),
    path("schemes/<int:pk>/edit/", schemes.SchemeEdit.as_view(), name="scheme.edit"),
    path("schemes/<int:pk>/assign/", schemes.SchemeAssign.as_view(), name="scheme.assign"),
    path("schemes/<int:pk>/upload/", schemes.SchemeUpload.as_view(), name="scheme.upload"),
    path("schemes/<int:pk>/submit/", schemes.SchemeSubmit.as_view(), name="scheme.submit"),
    path("schemes/<int:pk>/return/", schemes.SchemeReturn.as_view(), name="scheme.return"),
    path("schemes/<int:pk>/accept/", schemes.SchemeAccept.as_view(), name="scheme.accept"),
    path("schemes/<int:pk>/revise/", schemes.SchemeRevise.as_view(), name="scheme.revise"),
    path("schemes/files/<int:pk>/", schemes.FileDownload.as_view(), name="scheme.file"),
    path("schemes/files/<int:pk>/remove/", schemes.FileRemove.as_view(), name="scheme.file_remove"),
    path("versions/<int:pk>/", schemes.VersionDetail.as_view(), name="version.detail"),
    path("reports/<int:pk>/", reports.ReportDetail.as_view(), name="report.detail"),
    path("reports/<int:pk>/file/", reports.ReportFile.as_view(), name="report.file"),
]
