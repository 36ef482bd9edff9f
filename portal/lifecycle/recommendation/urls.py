"""The union's queue and decisions, nomination sheets, places."""

from django.urls import path

from portal.lifecycle.recommendation import quota_views, sheet_views, views

urlpatterns = [
    path("desk/nominations/", sheet_views.SheetList.as_view(), name="nomination.list"),
    path("desk/nominations/waiting/", views.WaitingList.as_view(), name="nomination.waiting"),
    path("desk/nominations/endorse/", views.BulkEndorse.as_view(), name="nomination.bulk_endorse"),
    path("desk/nominations/entries/<str:code>/endorse/", views.Endorse.as_view(), name="nomination.endorse"),
    path("desk/nominations/entries/<str:code>/return/", views.Return.as_view(), name="nomination.return"),
    path("desk/nominations/entries/<str:code>/decline/", views.Decline.as_view(), name="nomination.decline"),
    path("desk/nominations/quotas/", quota_views.QuotaList.as_view(), name="quota.list"),
    path("desk/nominations/quotas/<int:pk>/", quota_views.QuotaEdit.as_view(), name="quota.edit"),
    path("desk/nominations/<int:pk>/", sheet_views.Sheet.as_view(), name="nomination.sheet"),
    path("desk/nominations/<int:pk>/rank/", sheet_views.SaveRanking.as_view(), name="nomination.rank"),
    path("desk/nominations/<int:pk>/forward/", sheet_views.Forward.as_view(), name="nomination.forward"),
    path("desk/nominations/<int:pk>/print/", sheet_views.SheetPrint.as_view(), name="nomination.print"),
    path("desk/nominations/<int:pk>/summary.docx", sheet_views.SheetDocument.as_view(), name="nomination.docx"),
    path("desk/nominations/<int:pk>/summary.xlsx", sheet_views.SheetWorkbook.as_view(), name="nomination.xlsx"),
]
