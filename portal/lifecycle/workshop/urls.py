"""Drafts of blueprints."""

from django.urls import path

from portal.lifecycle.workshop import preview_views, views

urlpatterns = [
    path("desk/drafts/", views.DraftList.as_view(), name="draft.list"),
    path("desk/drafts/new/", views.DraftFromNothing.as_view(), name="draft.create"),
    path("desk/drafts/revise/", views.DraftOfProgramme.as_view(), name="draft.revise"),
    path("desk/drafts/copy/", views.DraftFromCopy.as_view(), name="draft.copy"),
    path("desk/drafts/<int:pk>/", views.DraftEdit.as_view(), name="draft.edit"),
    path("desk/drafts/<int:pk>/source/", views.DraftSource.as_view(), name="draft.source"),
    path("desk/drafts/<int:pk>/sources/", views.DraftSources.as_view(), name="draft.sources"),
    path("desk/drafts/<int:pk>/publish/", views.DraftPublish.as_view(), name="draft.publish"),
    path("desk/drafts/<int:pk>/discard/", views.DraftDiscard.as_view(), name="draft.discard"),
    path("desk/drafts/<int:pk>/history/", views.DraftHistory.as_view(), name="draft.history"),
    path("desk/drafts/<int:pk>/preview/", preview_views.DraftPreview.as_view(), name="draft.preview"),
    path("desk/drafts/<int:pk>/papers/<slug:code>/", preview_views.DraftPaper.as_view(), name="draft.paper"),
]
