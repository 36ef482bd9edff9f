"""Addresses of the codes; gathered in portal/lifecycle/review/urls.py. None carries the key of an entry."""

from django.urls import path

from portal.lifecycle.review.codes import views

urlpatterns: list = [
    path("desk/reviews/codes/", views.CodeStages.as_view(), name="codes.stages"),
    path("desk/reviews/<int:pk>/codes/", views.CodesPage.as_view(), name="codes.page"),
    path("desk/reviews/<int:pk>/codes/draw/<int:layer>/", views.DrawCodes.as_view(), name="codes.draw"),
    path("desk/reviews/<int:pk>/codes/append/", views.AppendCodes.as_view(), name="codes.append"),
    path("desk/reviews/<int:pk>/codes/table/", views.OwnTable.as_view(), name="codes.table"),
    path("desk/reviews/<int:pk>/codes/table/print/", views.OwnTablePrint.as_view(), name="codes.print"),
    path("desk/reviews/<int:pk>/codes/marks/", views.CodedMarks.as_view(), name="codes.marks"),
    path("desk/reviews/<int:pk>/codes/marks/<slug:code>/", views.MarkCode.as_view(), name="codes.mark"),
    path("desk/reviews/<int:pk>/codes/decode/", views.Decode.as_view(), name="codes.decode"),
]
