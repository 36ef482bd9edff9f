"""URLs of this room, gathered in portal/lifecycle/urls.py (namespace ``lifecycle``)."""

from django.urls import path

from portal.lifecycle.review.checklist.urls import urlpatterns as checklist
from portal.lifecycle.review.codes.urls import urlpatterns as codes
from portal.lifecycle.review.discussion.urls import urlpatterns as discussions
from portal.lifecycle.review.imported.urls import urlpatterns as results
from portal.lifecycle.review.meeting.urls import urlpatterns as meetings
from portal.lifecycle.review.presentation.urls import urlpatterns as presentations
from portal.lifecycle.review.remarking.urls import urlpatterns as remarkings
from portal.lifecycle.review.views import balance, desk, marks, panels, pool, rulings, stages
from portal.lifecycle.review.visits.urls import urlpatterns as visits
from portal.lifecycle.review.vote.urls import urlpatterns as votes

expert = [
    path("review/", desk.ReviewDesk.as_view(), name="review.desk"),
    path("review/conflicts/", desk.OwnConflicts.as_view(), name="review.conflicts"),
    path("review/conflicts/<int:pk>/withdraw/", desk.WithdrawOwnConflict.as_view(), name="review.conflict_withdraw"),
    path("review/<int:pk>/", desk.ReviewSheet.as_view(), name="review.sheet"),
    path("review/<int:pk>/save/", desk.SaveSheet.as_view(), name="review.save"),
    path("review/<int:pk>/submit/", desk.SubmitSheet.as_view(), name="review.submit"),
    path("review/<int:pk>/recuse/", desk.RecuseSheet.as_view(), name="review.recuse"),
    path("review/<int:pk>/files/<int:number>/", desk.SheetFile.as_view(), name="review.file"),
]

organiser = [
    path("desk/reviews/", stages.StageList.as_view(), name="review.stages"),
    path("desk/reviews/begin/", stages.BeginReview.as_view(), name="review.begin"),
    path("desk/reviews/complete/", stages.CompleteReview.as_view(), name="review.complete"),
    path("desk/reviews/<int:pk>/", stages.StageProgress.as_view(), name="review.stage"),
    path("desk/reviews/<int:pk>/entries/", stages.StageEntries.as_view(), name="review.entries"),
    path("desk/reviews/<int:pk>/panels/", panels.PanelList.as_view(), name="review.panels"),
    path("desk/reviews/<int:pk>/panels/new/", panels.PanelCreate.as_view(), name="review.panel_create"),
    path("desk/reviews/<int:pk>/marks/", marks.Marks.as_view(), name="review.marks"),
    path("desk/reviews/<int:pk>/balance/", balance.BalancePage.as_view(), name="review.balance"),
    path("desk/reviews/<int:pk>/marks/print/", marks.MarksPrint.as_view(), name="review.marks_print"),
    path("desk/reviews/panels/<int:pk>/", panels.Matrix.as_view(), name="review.matrix"),
    path("desk/reviews/panels/<int:pk>/conflicts/", rulings.ConflictPairs.as_view(), name="ruling.list"),
    path(
        "desk/reviews/panels/<int:pk>/conflicts/<int:entry>/<int:expert>/",
        rulings.RulePair.as_view(),
        name="ruling.rule",
    ),
    path("desk/reviews/rulings/<int:pk>/confirm/", rulings.ConfirmRuling.as_view(), name="ruling.confirm"),
    path("desk/reviews/rulings/<int:pk>/withdraw/", rulings.WithdrawRuling.as_view(), name="ruling.withdraw"),
    path("desk/reviews/panels/<int:pk>/edit/", panels.PanelEdit.as_view(), name="review.panel"),
    path("desk/reviews/panels/<int:pk>/remove/", panels.PanelRemove.as_view(), name="review.panel_remove"),
    path("desk/reviews/panels/<int:pk>/proposal/", panels.ProposalPage.as_view(), name="review.proposal"),
    path("desk/reviews/panels/<int:pk>/proposal/accept/", panels.ProposalAccept.as_view(), name="review.accept"),
    path("desk/reviews/sheets/<int:pk>/withdraw/", panels.WithdrawSheet.as_view(), name="review.withdraw"),
    path("desk/reviews/sheets/<int:pk>/reopen/", marks.ReopenSheet.as_view(), name="review.reopen"),
    path("desk/reviews/entries/<int:pk>/", marks.EntryMarks.as_view(), name="review.entry"),
    path("desk/reviews/experts/", pool.ExpertList.as_view(), name="review.experts"),
    path("desk/reviews/experts/add/", pool.ExpertAdd.as_view(), name="review.expert_add"),
    path("desk/reviews/experts/<int:pk>/", pool.ExpertEdit.as_view(), name="review.expert"),
    path("desk/reviews/experts/<int:pk>/conflicts/", pool.ExpertConflict.as_view(), name="review.expert_conflict"),
    path(
        "desk/reviews/experts/conflicts/<int:pk>/withdraw/",
        pool.ExpertConflictWithdraw.as_view(),
        name="review.expert_conflict_withdraw",
    ),
]

urlpatterns: list = [
    *expert,
    *checklist,
    *results,
    *codes,
    *visits,
    *presentations,
    *votes,
    *discussions,
    *remarkings,
    *meetings,
    *organiser,
]
