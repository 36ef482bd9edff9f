"""Notices and objections: the publisher's desk under /desk/, everybody's pages under /public/."""

from django.urls import path

from portal.lifecycle.notice import bundle_views, objection_views, public_views, views
from portal.web.public_cache import public_page

urlpatterns = [
    path("desk/notices/", views.NoticeList.as_view(), name="notice.list"),
    path("desk/notices/new/", views.NoticeChoose.as_view(), name="notice.choose"),
    path("desk/notices/new/<int:cycle>/<slug:kind>/", views.NoticeCreate.as_view(), name="notice.create"),
    path("desk/notices/<int:pk>/", views.NoticeDetail.as_view(), name="notice.detail"),
    path("desk/notices/<int:pk>/change/", views.NoticeChange.as_view(), name="notice.change"),
    path("desk/notices/<int:pk>/publish/", views.NoticePublish.as_view(), name="notice.publish"),
    path("desk/notices/<int:pk>/close/", views.NoticeClose.as_view(), name="notice.close"),
    path("desk/notices/<int:pk>/cancel/", views.NoticeCancel.as_view(), name="notice.cancel"),
    path("desk/notices/<int:pk>/paper.docx", views.NoticeDocument.as_view(), name="notice.docx"),
    path("desk/objections/", objection_views.ObjectionList.as_view(), name="objection.list"),
    path("desk/objections/<int:pk>/", objection_views.ObjectionDetail.as_view(), name="objection.detail"),
    path("desk/objections/<int:pk>/accept/", objection_views.ObjectionAccept.as_view(), name="objection.accept"),
    path(
        "desk/objections/<int:pk>/letters/<slug:kind>.docx",
        objection_views.ObjectionLetter.as_view(),
        name="objection.letter",
    ),
    path("desk/notices/<int:pk>/objections.docx", objection_views.ClosingReport.as_view(), name="objection.report"),
    path("desk/objections/<int:pk>/rule/", objection_views.ObjectionRule.as_view(), name="objection.rule"),
    path("desk/objections/<int:pk>/person/", objection_views.ObjectionReveal.as_view(), name="objection.reveal"),
    path("desk/objections/files/<int:pk>/", objection_views.ObjectionFileDownload.as_view(), name="objection.file"),
    path("public/calendar.ics", public_views.PublicFeed.as_view(), name="public.feed"),
    path("public/notices/", public_page(public_views.PublicNotices.as_view()), name="public.notices"),
    path("public/notices/<slug:code>/", public_page(public_views.PublicNotice.as_view()), name="public.notice"),
    path("public/notices/<slug:code>/object/", public_views.PublicObject.as_view(), name="public.object"),
    path("public/notices/<slug:code>/bundle.json", bundle_views.PublicBundle.as_view(), name="public.bundle"),
    path("public/verify_result.py", bundle_views.PublicVerifier.as_view(), name="public.verify_result"),
    path("public/objections/", public_views.PublicObjectionStatus.as_view(), name="public.objection"),
]
