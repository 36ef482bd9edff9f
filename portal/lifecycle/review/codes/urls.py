"""Addresses of the codes; gathered in portal/lifecycle/review/urls.py. None carries the key of an entry."""

from django.urls import path

from portal.lifecycle.review.codes import mark_views, views

urlpatterns: list = [
    path("desk/reviews/codes/", views.CodeStages.as_view(), name="codes.stages"),
    path("desk/reviews/<int:pk>/codes/", views.CodesPage.as_view(), name="codes.page"),
    path("desk/reviews/<int:pk>/codes/draw/<int:layer>/", views.DrawCodes.as_view(), name="codes.draw"),
    path("desk/reviews/<int:pk>/codes/append/", views.AppendCodes.as_view(), name="codes.append"),
    path("desk/reviews/<int:pk>/codes/table/", views.OwnTable.as_view(), name="codes.table"),
    path("desk/reviews/<int:pk>/codes/table/print/", views.OwnTablePrint.as_view(), name="codes.print"),
    path("desk/reviews/<int:pk>/codes/marks/", mark_views.CodedMarks.as_view(), name="codes.marks"),
    path("desk/reviews/<int:pk>/codes/marks/template/", mark_views.MarksTemplate.as_view(), name="codes.template"),
    path("desk/reviews/<int:pk>/codes/marks/upload/", mark_views.UploadMarks.as_view(), name="codes.upload"),
    path("desk/reviews/<int:pk>/codes/marks/confirm/", mark_views.ConfirmMarks.as_view(), name="codes.confirm"),
    path("desk/reviews/<int:pk>/codes/code/<slug:code>/", mark_views.MarkCode.as_view(), name="codes.mark"),
    path("desk/reviews/<int:pk>/codes/code/<slug:code>/return/", mark_views.ReturnMark.as_view(), name="codes.return"),
    path("desk/reviews/codes/files/<int:pk>/", mark_views.MarksFilePage.as_view(), name="codes.batch"),
    path("desk/reviews/codes/files/<int:pk>/apply/", mark_views.ApplyFile.as_view(), name="codes.apply"),
    path("desk/reviews/codes/files/<int:pk>/cancel/", mark_views.CancelFile.as_view(), name="codes.cancel"),
    path("desk/reviews/codes/files/<int:pk>/errors/", mark_views.FileErrors.as_view(), name="codes.errors"),
    path("desk/reviews/<int:pk>/codes/decode/", views.Decode.as_view(), name="codes.decode"),
]
