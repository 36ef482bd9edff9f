"""Pages of the room, below ``desk/challenges/``; the board for everybody."""

from django.urls import path

from competitions.challenges.views import challenges, claims, problems
from portal.web.public_cache import public_page

public_urlpatterns = [
    path(
        "public/challenges/", public_page(challenges.PublicChallenges.as_view()), name="public.challenges"
    ),
    path(
        "public/challenges/<int:pk>/", public_page(challenges.PublicChallenge.as_view()), name="public.challenge"
    ),
]  # fmt: skip
urlpatterns = [
    path("", problems.ProblemList.as_view(), name="problem.list"),
    path("topics/", problems.Topics.as_view(), name="problem.topics"),
    path("add/", problems.ProblemAdd.as_view(), name="problem.add"),
    path("<int:pk>/", problems.ProblemDetail.as_view(), name="problem.detail"),
    path("<int:pk>/change/", problems.ProblemChange.as_view(), name="problem.change"),
    path("<int:pk>/submit/", problems.ProblemSubmit.as_view(), name="problem.submit"),
    path("<int:pk>/withdraw/", problems.ProblemWithdraw.as_view(), name="problem.withdraw"),
    path("<int:pk>/pick/", problems.ProblemPick.as_view(), name="problem.pick"),
    path("<int:pk>/link/", problems.ProblemLink.as_view(), name="problem.link"),
    path("<int:pk>/classify/", problems.ProblemClassify.as_view(), name="problem.classify"),
    path("<int:pk>/solve/", problems.ProblemSolve.as_view(), name="problem.solve"),
    path("<int:pk>/publish/", challenges.ChallengePublish.as_view(), name="challenge.publish"),
    path("<int:pk>/files/<slug:which>/", problems.ProblemFile.as_view(), name="problem.file"),
    path("board/", challenges.ChallengeList.as_view(), name="challenge.list"),
    path("board/<int:pk>/", challenges.ChallengeDetail.as_view(), name="challenge.detail"),
    path("board/<int:pk>/claim/", claims.ClaimMake.as_view(), name="challenge.claim"),
    path("board/<int:pk>/extend/", challenges.ChallengeExtend.as_view(), name="challenge.extend"),
    path("board/<int:pk>/close/", challenges.ChallengeClose.as_view(), name="challenge.close"),
    path("board/<int:pk>/stop/", challenges.ChallengeStop.as_view(), name="challenge.stop"),
    path("claims/", claims.ClaimList.as_view(), name="claim.list"),
    path("claims/<int:pk>/", claims.ClaimDetail.as_view(), name="claim.detail"),
    path("claims/<int:pk>/withdraw/", claims.ClaimWithdraw.as_view(), name="claim.withdraw"),
    path("claims/<int:pk>/accept/", claims.ClaimAccept.as_view(), name="claim.accept"),
    path("claims/<int:pk>/decline/", claims.ClaimDecline.as_view(), name="claim.decline"),
    path("claims/<int:pk>/plan/", claims.ClaimPlan.as_view(), name="claim.plan"),
    path("claims/<int:pk>/report/", claims.ClaimReport.as_view(), name="claim.report"),
    path("claims/<int:pk>/deliver/", claims.ClaimDeliver.as_view(), name="claim.deliver"),
    path("claims/<int:pk>/pass/", claims.ClaimPass.as_view(), name="claim.pass"),
    path("claims/<int:pk>/rework/", claims.ClaimRework.as_view(), name="claim.rework"),
    path("claims/<int:pk>/end/", claims.ClaimEnd.as_view(), name="claim.end"),
    path("claims/<int:pk>/files/<slug:which>/", claims.ClaimFile.as_view(), name="claim.file"),
    path("claims/progress/<int:pk>/file/", claims.ProgressFile.as_view(), name="claim.progress_file"),
]
