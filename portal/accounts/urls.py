"""URLs of people, the union tree and the own account."""

from django.urls import include, path

from portal.accounts.views import (
    audit_chain,
    audit_log,
    employers,
    feeds,
    imports,
    invitations,
    lines,
    members,
    organisations,
    profile,
    reference,
)

app_name = "accounts"

ORGANISATIONS = [
    path("", organisations.OrganisationList.as_view(), name="organisation.list"),
    path("tree/", organisations.OrganisationTree.as_view(), name="organisation.tree"),
    path("pick/", organisations.OrganisationPick.as_view(), name="organisation.pick"),
    path("new/", organisations.OrganisationCreate.as_view(), name="organisation.create"),
    path("<int:pk>/", organisations.OrganisationDetail.as_view(), name="organisation.detail"),
    path("<int:pk>/children/", organisations.OrganisationChildren.as_view(), name="organisation.children"),
    path("<int:pk>/history/", organisations.OrganisationHistory.as_view(), name="organisation.history"),
    path("<int:pk>/change/", organisations.OrganisationChange.as_view(), name="organisation.change"),
    path("<int:pk>/move/", organisations.OrganisationMove.as_view(), name="organisation.move"),
    path("<int:pk>/merge/", organisations.OrganisationMerge.as_view(), name="organisation.merge"),
    path("<int:pk>/close/", organisations.OrganisationClose.as_view(), name="organisation.close"),
    path("<int:pk>/reopen/", organisations.OrganisationReopen.as_view(), name="organisation.reopen"),
    path("<int:pk>/reporting/", lines.ReportingSet.as_view(), name="reporting.set"),
    path("<int:pk>/reporting/<int:line>/clear/", lines.ReportingClear.as_view(), name="reporting.clear"),
    path("<int:pk>/coverage/", lines.CoverageAdd.as_view(), name="coverage.add"),
    path("<int:pk>/coverage/<int:employer>/end/", lines.CoverageEnd.as_view(), name="coverage.end"),
]
EMPLOYERS = [
    path("", employers.EmployerList.as_view(), name="employer.list"),
    path("pick/", employers.EmployerPick.as_view(), name="employer.pick"),
    path("new/", employers.EmployerCreate.as_view(), name="employer.create"),
    path("<int:pk>/", employers.EmployerDetail.as_view(), name="employer.detail"),
    path("<int:pk>/history/", employers.EmployerHistory.as_view(), name="employer.history"),
    path("<int:pk>/change/", employers.EmployerChange.as_view(), name="employer.change"),
    path("<int:pk>/year/", employers.EmployerYearConfirm.as_view(), name="employer.year"),
]
MEMBERS = [
    path("", members.MemberList.as_view(), name="member.list"),
    path("grant/", members.MemberGrant.as_view(), name="member.grant"),
    path("<int:pk>/", members.MemberDetail.as_view(), name="member.detail"),
    path("<int:pk>/end/", members.MemberEnd.as_view(), name="member.end"),
    path("<int:pk>/sign-ins/", members.MemberSignIns.as_view(), name="member.sign_ins"),
    path("<int:pk>/reset-password/", members.MemberResetPassword.as_view(), name="member.reset_password"),
    path("<int:pk>/reset-second-factor/", members.MemberResetSecondFactor.as_view(), name="member.reset_second_factor"),
    path("<int:pk>/unlock/", members.MemberUnlock.as_view(), name="member.unlock"),
    path("invitations/", invitations.InvitationList.as_view(), name="invitation.list"),
    path("invitations/new/", invitations.InvitationCreate.as_view(), name="invitation.create"),
    path("invitations/<int:pk>/", invitations.InvitationDetail.as_view(), name="invitation.detail"),
    path("invitations/<int:pk>/renew/", invitations.InvitationRenew.as_view(), name="invitation.renew"),
    path("invitations/<int:pk>/letter/", invitations.InvitationLetterDraft.as_view(), name="invitation.letter"),
    path("invitations/<int:pk>/cancel/", invitations.InvitationCancel.as_view(), name="invitation.cancel"),
]
IMPORTS = [
    path("", imports.ImportList.as_view(), name="import.list"),
    path("new/", imports.ImportCreate.as_view(), name="import.create"),
    path("template/<slug:kind>/", imports.ImportTemplate.as_view(), name="import.template"),
    path("<int:pk>/", imports.ImportDetail.as_view(), name="import.detail"),
    path("<int:pk>/apply/", imports.ImportApply.as_view(), name="import.apply"),
    path("<int:pk>/cancel/", imports.ImportCancel.as_view(), name="import.cancel"),
    path("<int:pk>/errors/", imports.ImportErrors.as_view(), name="import.errors"),
]
PROFILE = [
    path("", profile.Profile.as_view(), name="profile"),
    path("change/", profile.ProfileChange.as_view(), name="profile.change"),
    path("sign-ins/", profile.SignInHistory.as_view(), name="profile.sign_ins"),
    path("calendar/", feeds.FeedList.as_view(), name="feed.list"),
    path("calendar/<int:membership_id>/new/", feeds.FeedCreate.as_view(), name="feed.create"),
    path("calendar/<int:membership_id>/revoke/", feeds.FeedRevoke.as_view(), name="feed.revoke"),
    path("tokens/", profile.Tokens.as_view(), name="token.list"),
    path("tokens/new/", profile.TokenCreate.as_view(), name="token.create"),
    path("tokens/<str:token_key>/revoke/", profile.TokenRevoke.as_view(), name="token.revoke"),
]
REFERENCE = [
    path("holidays/", reference.HolidayList.as_view(), name="holiday.list"),
    path("holidays/new/", reference.HolidayCreate.as_view(), name="holiday.create"),
    path("holidays/<int:pk>/", reference.HolidayChange.as_view(), name="holiday.change"),
    path("holidays/<int:pk>/delete/", reference.HolidayDelete.as_view(), name="holiday.delete"),
    path("codes/", reference.CodeLists.as_view(), name="code.list"),
    path("codes/<slug:name>/", reference.CodeRows.as_view(), name="code.rows"),
]

urlpatterns = [
    path("desk/switch/<int:membership_id>/", profile.DeskSwitch.as_view(), name="desk.switch"),
    path("invitation/<str:token>/", invitations.InvitationAccept.as_view(), name="invitation.accept"),
    path("desk/organisations/", include(ORGANISATIONS)),
    path("desk/employers/", include(EMPLOYERS)),
    path("desk/members/", include(MEMBERS)),
    path("desk/imports/", include(IMPORTS)),
    path("desk/profile/", include(PROFILE)),
    path("desk/audit/", audit_log.AuditLog.as_view(), name="audit.log"),
    path("desk/audit/chain/", audit_chain.AuditChain.as_view(), name="audit.chain"),
    path("desk/audit/chain/roots.json", audit_chain.DailyRoots.as_view(), name="audit.roots"),
    path("desk/", include(REFERENCE)),
]
