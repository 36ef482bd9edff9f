"""URLs of this room, gathered in portal/lifecycle/urls.py (namespace ``lifecycle``)."""

from django.urls import path

from portal.lifecycle.entries.views import downloads, editing, listing, record, start, submission

one = "desk/entries/<str:code>/"

urlpatterns: list = [
    path("desk/entries/", listing.EntryList.as_view(), name="entry.list"),
    path("desk/entries/new/", start.EntryStart.as_view(), name="entry.create"),
    path("desk/entries/new/<int:cycle>/", start.EntryBegin.as_view(), name="entry.begin"),
    path(one, record.EntryDetail.as_view(), name="entry.detail"),
    path(f"{one}attachments/", record.EntryAttachments.as_view(), name="entry.attachments"),
    path(f"{one}versions/", record.EntryVersions.as_view(), name="entry.versions"),
    path(f"{one}history/", record.EntryHistory.as_view(), name="entry.history"),
    path(f"{one}files/", record.EntryFiles.as_view(), name="entry.files"),
    path(f"{one}edit/", editing.EntryEdit.as_view(), name="entry.edit"),
    path(f"{one}edit/<slug:section>/", editing.EntrySection.as_view(), name="entry.section"),
    path(f"{one}edit/<slug:section>/autosave/", editing.EntryAutosave.as_view(), name="entry.autosave"),
    path(f"{one}upload/<slug:field>/", editing.EntryUpload.as_view(), name="entry.upload"),
    path(f"{one}attachments/<int:pk>/", downloads.EntryAttachment.as_view(), name="entry.attachment"),
    path(f"{one}attachments/<int:pk>/remove/", editing.EntryAttachmentRemove.as_view(), name="entry.attachment.remove"),
    path(f"{one}papers/<slug:document>.<slug:kind>", downloads.EntryDocument.as_view(), name="entry.document"),
    path(f"{one}review/", submission.EntryReview.as_view(), name="entry.review"),
    path(f"{one}withdraw/", submission.EntryWithdraw.as_view(), name="entry.withdraw"),
    path(f"{one}reveal/", submission.EntryReveal.as_view(), name="entry.reveal"),
    path(f"{one}consent/", submission.EntryConsent.as_view(), name="entry.consent"),
    path(f"{one}consent/withdraw/", submission.EntryConsentWithdraw.as_view(), name="entry.consent.withdraw"),
]
