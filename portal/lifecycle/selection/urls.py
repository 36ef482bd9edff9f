"""URLs of this room, gathered in portal/lifecycle/urls.py (namespace ``lifecycle``)."""

from django.urls import path

from portal.lifecycle.selection import line_views, paper_views, views, what_if_views

urlpatterns: list = [
    path("desk/rounds/", views.RoundList.as_view(), name="round.list"),
    path("desk/rounds/stages/<int:pk>/", views.StagePage.as_view(), name="round.stage"),
    path("desk/rounds/stages/<int:pk>/produce/", views.ProduceRound.as_view(), name="round.produce"),
    path("desk/rounds/<int:pk>/", views.RoundDetail.as_view(), name="round.detail"),
    path("desk/rounds/<int:pk>/paper/", paper_views.RoundPaper.as_view(), name="round.paper"),
    path("desk/rounds/<int:pk>/paper.docx", paper_views.RoundDocument.as_view(), name="round.docx"),
    path("desk/rounds/<int:pk>/what-if/", what_if_views.WhatIfPage.as_view(), name="round.what_if"),
    path("desk/rounds/<int:pk>/meter/", what_if_views.RoundMeter.as_view(), name="round.meter"),
    path("desk/rounds/<int:pk>/approve/", views.ApproveRound.as_view(), name="round.approve"),
    path("desk/rounds/<int:pk>/reject/", views.RejectRound.as_view(), name="round.reject"),
    path("desk/rounds/lines/", line_views.DecideLines.as_view(), name="round.lines"),
    path("desk/rounds/<int:pk>/lines/<int:entry>/", line_views.DecideLine.as_view(), name="round.line"),
    path("desk/rounds/<int:pk>/ties/<int:number>/", views.SettleTie.as_view(), name="round.tie"),
]
