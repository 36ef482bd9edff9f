"""Who gets what at every URL. Columns, in the order of ``ROLES``:

    anonymous · filer, unit checker, zone checker, district checker, district manager
    · expert, city checker, city manager, supervisor, auditor · manager of another municipal root

Letters: ``o`` let in (for POST also: told what is wrong with the empty form) · ``x`` 403, with the reason · ``.`` 404, as
if it did not exist · ``L`` sent to sign in · ``r`` sent elsewhere · ``m`` 405.
The objects are those of ``tests/urls/world.py``; all of them belong to the first root.
"""

from __future__ import annotations

from tests.urls.rooms import rooms
from tests.urls.table_more import MORE
from tests.urls.table_review import REVIEW

ROLES = (
    "anonymous",
    "filer",
    "unit checker",
    "zone checker",
    "district checker",
    "district manager",
    "expert",
    "city checker",
    "city manager",
    "supervisor",
    "auditor",
    "other manager",
)

# Signs of life, and what comes with the sign-in package: tested in tests/portal/core and tests/portal/accounts.
ELSEWHERE = (
    "healthz",
    "readyz",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_email",
    "account_email_verification_sent",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_confirm_login_code",
    "account_confirm_email",
    "account_reset_password_from_key_done",
    "account_reset_password_from_key",
    "account_reset_password_done",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "socialaccount_connections",
    "openid_connect_login",
    "openid_connect_callback",
)

TABLE = """
# people, the tree, the own account
accounts:desk.switch                       POST L xxxxx xxoxx x
accounts:invitation.accept                 GET  o ooooo ooooo o
accounts:invitation.accept                 POST o ooooo ooooo o
accounts:organisation.list                 GET  L ooooo xoooo o
accounts:organisation.tree                 GET  L ooooo xoooo o
accounts:organisation.pick                 GET  L ooooo xoooo o
accounts:organisation.create               GET  L xxxxo xxoxx o
accounts:organisation.create               POST L xxxxo xxoxx o
accounts:organisation.detail               GET  L ooooo .oooo .
accounts:organisation.children             GET  L ooooo .oooo .
accounts:organisation.history              GET  L ooooo .oooo .
accounts:organisation.change               GET  L xxxxo .xoxx .
accounts:organisation.change               POST L xxxxo .xoxx .
accounts:organisation.move                 GET  L xxxxo .xoxx .
accounts:organisation.move                 POST L xxxxo .xoxx .
accounts:organisation.merge                GET  L ..xxo .xoxx .
accounts:organisation.merge                POST L ..xxo .xoxx .
accounts:organisation.close                POST L xxxxo .xoxx .
accounts:organisation.reopen               POST L ..xxo .xoxx .
accounts:reporting.set                     GET  L xxxxx .xoxx .
accounts:reporting.set                     POST L xxxxx .xoxx .
accounts:reporting.clear                   POST L ..xxx .xoxx .
accounts:coverage.add                      GET  L xxxxo .xoxx .
accounts:coverage.add                      POST L xxxxo .xoxx .
accounts:coverage.end                      POST L xxxx. .xoxx .
accounts:employer.list                     GET  L ooooo xoooo o
accounts:employer.pick                     GET  L ooooo xoooo o
accounts:employer.create                   GET  L oxxxo xxoxx o
accounts:employer.create                   POST L oxxxo xxoxx o
accounts:employer.detail                   GET  L ooooo .oooo .
accounts:employer.history                  GET  L ooooo .oooo .
accounts:employer.change                   GET  L oxxxo .xoxx .
accounts:employer.change                   POST L oxxxo .xoxx .
accounts:employer.year                     GET  L oxxxo .xoxx .
accounts:employer.year                     POST L oxxxo .xoxx .
accounts:member.list                       GET  L xxxxo xxoxo o
accounts:member.grant                      GET  L xxxxo xxoxx o
accounts:member.grant                      POST L xxxxo xxoxx o
accounts:member.detail                     GET  L ....o ..o.o .
accounts:member.end                        GET  L ....o ..o.x .
accounts:member.end                        POST L ....o ..o.x .
accounts:member.sign_ins                   GET  L xxxxo xxooo .
accounts:member.reset_password             POST L ....o ..o.x .
accounts:member.reset_second_factor        POST L ....o ..o.x .
accounts:member.unlock                     POST L ....o ..o.x .
accounts:invitation.list                   GET  L xxxxo xxoxx o
accounts:invitation.create                 GET  L xxxxo xxoxx o
accounts:invitation.create                 POST L xxxxo xxoxx o
accounts:invitation.detail                 GET  L ....o ..o.x .
accounts:invitation.renew                  POST L ....o ..o.x .
accounts:invitation.cancel                 POST L ....o ..o.x .
accounts:import.list                       GET  L xxxxo xxoxx o
accounts:import.create                     GET  L xxxxo xxoxx o
accounts:import.create                     POST L xxxxo xxoxx o
accounts:import.template                   GET  L xxxxo xxoxx o
accounts:import.detail                     GET  L ..... .xoxx .
accounts:import.apply                      POST L ..... .xoxx .
accounts:import.cancel                     POST L ..... .xoxx .
accounts:import.errors                     GET  L ..... .xoxx .
accounts:profile                           GET  L ooooo ooooo o
accounts:profile.change                    GET  L ooooo ooooo o
accounts:profile.change                    POST L ooooo ooooo o
accounts:profile.sign_ins                  GET  L ooooo ooooo o
accounts:feed.list                         GET  L ooooo ooooo o
accounts:feed.create                       POST L ..... ..o.. .
accounts:feed.revoke                       POST L ..... ..o.. .
accounts:token.list                        GET  L ooooo ooooo o
accounts:token.create                      GET  L ooooo ooooo o
accounts:token.create                      POST L ooooo ooooo o
accounts:token.revoke                      POST L ..... ..o.. .
accounts:audit.log                         GET  L xxxxo xxooo o
accounts:audit.chain                       GET  L xxxxx xxooo o
accounts:audit.roots                       GET  L xxxxx xxooo o
accounts:holiday.list                      GET  L ooooo xoooo o
accounts:holiday.create                    GET  L xxxxx xxoxx o
accounts:holiday.create                    POST L xxxxx xxoxx o
accounts:holiday.change                    GET  L xxxxx .xoxx o
accounts:holiday.change                    POST L xxxxx .xoxx o
accounts:holiday.delete                    POST L xxxxx .xoxx o
accounts:code.list                         GET  L ooooo xoooo o
accounts:code.rows                         GET  L ooooo xoooo o
# work list
lifecycle:worklist.home                    GET  L ooooo roooo o
lifecycle:worklist.search                  GET  L ooooo xoooo o
# cycles and programmes
lifecycle:cycle.list                       GET  L ooooo ooooo o
lifecycle:cycle.calendar                   GET  L ooooo ooooo o
lifecycle:cycle.create                     GET  L xxxxo xxoxx o
lifecycle:cycle.create                     POST L xxxxo xxoxx o
lifecycle:cycle.detail                     GET  L ooooo ooooo .
lifecycle:cycle.history                    GET  L ooooo ooooo .
lifecycle:cycle.amend                      GET  L xxxxx xxoxx .
lifecycle:cycle.amend                      POST L xxxxx xxoxx .
lifecycle:cycle.amend_check                POST L xxxxx xxoxx .
lifecycle:cycle.rules                      GET  L xxxxx xxoxx .
lifecycle:cycle.rules                      POST L xxxxx xxoxx .
lifecycle:cycle.version                    GET  L xxxxx xxoxx .
lifecycle:cycle.version                    POST L xxxxx xxoxx .
lifecycle:cycle.plan                       GET  L xxxxx xxoxx .
lifecycle:cycle.plan                       POST L xxxxx xxoxx .
lifecycle:cycle.plan_check                 POST L xxxxx xxoxx .
lifecycle:announcement.read                POST L ooooo ooooo .
lifecycle:calendar.feed                    GET  o ooooo ooooo o
lifecycle:cycle.copy                       GET  L xxxxx xxoxx .
lifecycle:cycle.copy                       POST L xxxxx xxoxx .
lifecycle:cycle.cancel                     GET  L xxxxx xxoxx .
lifecycle:cycle.cancel                     POST L xxxxx xxoxx .
lifecycle:stage.open                       POST L xxxxx xxoxx .
lifecycle:stage.close                      POST L xxxxx xxoxx .
lifecycle:stage.reopen                     GET  L xxxxx xxoxx .
lifecycle:stage.reopen                     POST L xxxxx xxoxx .
lifecycle:programme.list                   GET  L ooooo ooooo o
lifecycle:blueprint.load                   GET  L xxxxo xxoxx o
lifecycle:blueprint.load                   POST L xxxxo xxoxx o
lifecycle:programme.detail                 GET  L ooooo ooooo .
# drafts of blueprints: the owner's managers
lifecycle:draft.list                       GET  L xxxxo xxoxx o
lifecycle:draft.create                     GET  L xxxxo xxoxx o
lifecycle:draft.create                     POST L xxxxo xxoxx o
lifecycle:draft.revise                     GET  L xxxxo xxoxx o
lifecycle:draft.revise                     POST L xxxxo xxoxx o
lifecycle:draft.copy                       GET  L xxxxo xxoxx o
lifecycle:draft.copy                       POST L xxxxo xxoxx o
lifecycle:draft.edit                       GET  L ..... ..o.. .
lifecycle:draft.edit                       POST L ..... ..o.. .
lifecycle:draft.source                     POST L ..... ..o.. .
lifecycle:draft.sources                    GET  L ..... ..o.. .
lifecycle:draft.publish                    GET  L ..... ..o.. .
lifecycle:draft.publish                    POST L ..... ..o.. .
lifecycle:draft.discard                    POST L ..... ..o.. .
lifecycle:draft.history                    GET  L ..... ..o.. .
lifecycle:draft.preview                    GET  L ..... ..o.. .
lifecycle:draft.paper                      GET  L ..... ..o.. .
# entries (autosave tells its script of a refusal by 409)
lifecycle:entry.list                       GET  L ooooo xoooo o
lifecycle:entry.create                     GET  L oxxxx xxxxx x
lifecycle:entry.begin                      GET  L oxxxx xxxxx x
lifecycle:entry.begin                      POST L oxxxx xxxxx x
lifecycle:entry.detail                     GET  L ooooo .oooo .
lifecycle:entry.attachments                GET  L ooooo .oooo .
lifecycle:entry.versions                   GET  L ooooo .oooo .
lifecycle:entry.history                    GET  L ooooo .oooo .
lifecycle:entry.files                      GET  L ooooo .oooo .
lifecycle:entry.edit                       GET  L rx... ..... .
lifecycle:entry.section                    GET  L ox... ..... .
lifecycle:entry.section                    POST L ox... ..... .
lifecycle:entry.autosave                   POST L oo... ..... .
lifecycle:entry.upload                     POST L ox... ..... .
lifecycle:entry.attachment                 GET  L oo... ..... .
lifecycle:entry.attachment.remove          POST L ox... ..... .
lifecycle:entry.document                   GET  L ooooo .ooxx .
lifecycle:entry.review                     GET  L ox... ..... .
lifecycle:entry.review                     POST L ox... ..... .
lifecycle:entry.withdraw                   GET  L oxxxx .xxxx .
lifecycle:entry.withdraw                   POST L oxxxx .xxxx .
lifecycle:entry.reveal                     GET  L ooooo .ooxx .
lifecycle:entry.reveal                     POST L ooooo .ooxx .
lifecycle:entry.consent                    POST L ox... ..... .
lifecycle:entry.consent.withdraw           POST L ox... ..... .
# recommendation
lifecycle:nomination.list                  GET  L xoooo xooxx o
lifecycle:nomination.waiting               GET  L xoooo xooxx o
lifecycle:nomination.bulk_endorse          POST L xoooo xooxx o
lifecycle:nomination.endorse               GET  L xxxoo .xxxx .
lifecycle:nomination.endorse               POST L xxxoo .xxxx .
lifecycle:nomination.return                GET  L xxxoo .xxxx .
lifecycle:nomination.return                POST L xxxoo .xxxx .
lifecycle:nomination.decline               GET  L xxxoo .xxxx .
lifecycle:nomination.decline               POST L xxxoo .xxxx .
lifecycle:quota.list                       GET  L xxxxo xxoxx o
lifecycle:quota.edit                       GET  L ..... xxoxx .
lifecycle:quota.edit                       POST L ..... xxoxx .
lifecycle:nomination.sheet                 GET  L xoooo xooxx .
lifecycle:nomination.rank                  POST L xoooo xooxx .
lifecycle:nomination.forward               GET  L xoooo xooxx .
lifecycle:nomination.forward               POST L xoooo xooxx .
lifecycle:nomination.print                 GET  L xoooo xooxx .
lifecycle:nomination.docx                  GET  L x.... x..xx .
lifecycle:nomination.xlsx                  GET  L xoooo xooxx .
# clearance
lifecycle:clearance.list                   GET  L xxooo xoooo o
lifecycle:clearance.letters                GET  L xxooo xooxx o
lifecycle:clearance.letters                POST L xxooo xooxx o
lifecycle:clearance.record                 GET  L xxxxx .oooo .
lifecycle:clearance.record                 POST L xxxxx .ooxx .
lifecycle:clearance.disqualify             GET  L xxxxx .xoxx .
lifecycle:clearance.disqualify             POST L xxxxx .xoxx .
# review
lifecycle:review.desk                      GET  L xxxxx oxxxx x
lifecycle:review.conflicts                 GET  L xxxxx oxxxx x
lifecycle:review.conflicts                 POST L xxxxx oxxxx x
lifecycle:review.conflict_withdraw         POST L ..... o.... .
lifecycle:review.sheet                     GET  L ..... o.... .
lifecycle:review.save                      POST L ..... o.... .
lifecycle:review.submit                    POST L ..... o.... .
lifecycle:review.recuse                    GET  L ..... o.... .
lifecycle:review.recuse                    POST L ..... o.... .
lifecycle:review.file                      GET  L ..... o.... .
lifecycle:review.stages                    GET  L xxxxo xxooo o
lifecycle:review.begin                     POST L xxxxo xxoxx o
lifecycle:review.complete                  POST L xxxxo xxoxx o
lifecycle:review.stage                     GET  L ..... xxooo .
lifecycle:review.entries                   GET  L ..... xxooo .
lifecycle:review.panels                    GET  L ..... xxooo .
lifecycle:review.panel_create              GET  L ..... ..oxx .
lifecycle:review.panel_create              POST L ..... ..oxx .
lifecycle:review.marks                     GET  L ..... xxooo .
lifecycle:review.marks_print               GET  L ..... xxooo .
lifecycle:review.matrix                    GET  L ..... ..ooo .
lifecycle:review.matrix                    POST L ..... ..oxx .
lifecycle:review.panel                     GET  L ..... ..oxx .
lifecycle:review.panel                     POST L ..... ..oxx .
lifecycle:review.panel_remove              POST L ..... ..oxx .
lifecycle:review.proposal                  GET  L ..... ..rxx .
lifecycle:review.accept                    POST L ..... ..oxx .
lifecycle:review.withdraw                  POST L ..... ..oxx .
lifecycle:review.reopen                    GET  L ..... ..oxx .
lifecycle:review.reopen                    POST L ..... ..oxx .
lifecycle:review.entry                     GET  L ..... ..ooo .
# checklist, visits, presentations, votes
lifecycle:checklist.self                   GET  L oo... ..... .
lifecycle:checklist.self_save              POST L ox... ..... .
lifecycle:checklist.evidence               GET  L oo... ..... .
lifecycle:checklist.save                   POST L ..... o.... .
lifecycle:checklist.review_evidence        GET  L ..... o.... .
lifecycle:visit.stages                     GET  L xxooo xoooo o
lifecycle:visit.plan                       POST L xxxxo xxoxx o
lifecycle:visit.list                       GET  L ..... xoooo .
lifecycle:visit.record                     GET  L ..... .oooo .
lifecycle:visit.record                     POST L ..... .ooxx .
lifecycle:visit.reopen                     GET  L ..... .xoxx .
lifecycle:visit.reopen                     POST L ..... .xoxx .
lifecycle:visit.photo                      GET  L ..... .oooo .
lifecycle:visit.photo_remove               POST L ..... .ooxx .
lifecycle:visit.reading                    GET  L ..... o.... .
lifecycle:visit.reading_photo              GET  L ..... o.... .
lifecycle:presentation.stages              GET  L xxooo xoooo o
lifecycle:presentation.order               GET  L ..... .oooo .
lifecycle:presentation.draw                GET  L ..... .xoxx .
lifecycle:presentation.draw                POST L ..... .xoxx .
lifecycle:presentation.print               GET  L ..... .oooo .
lifecycle:vote.stages                      GET  L xxooo xoooo o
lifecycle:vote.overview                    GET  L ..... .oooo .
lifecycle:vote.open                        POST L ..... .xoxx .
lifecycle:vote.staff                       GET  L ooooo .oooo .
lifecycle:vote.staff                       POST L ooooo .oooo .
lifecycle:vote.public                      GET  o ooooo ooooo o
lifecycle:vote.public                      POST o ooooo ooooo o
lifecycle:review.experts                   GET  L xxxxo xxoxx o
lifecycle:review.expert_add                GET  L xxxxo xxoxx o
lifecycle:review.expert_add                POST L xxxxo xxoxx o
lifecycle:review.expert                    GET  L ..... ..o.. .
lifecycle:review.expert                    POST L ..... ..o.. .
lifecycle:review.expert_conflict           GET  L ..... ..o.. .
lifecycle:review.expert_conflict           POST L ..... ..o.. .
lifecycle:review.expert_conflict_withdraw  POST L ..... ..o.. .
# notices and objections
lifecycle:notice.list                      GET  L xoooo xooxx o
lifecycle:notice.choose                    GET  L xoooo xooxx o
lifecycle:notice.create                    GET  L x.... xooxx .
lifecycle:notice.create                    POST L x.... xooxx .
lifecycle:notice.detail                    GET  L ..... .oooo .
lifecycle:notice.change                    GET  L ..... .ooxx .
lifecycle:notice.change                    POST L ..... .ooxx .
lifecycle:notice.publish                   POST L ..... .xoxx .
lifecycle:notice.close                     POST L ..... .xoxx .
lifecycle:notice.cancel                    GET  L ..... .xoxx .
lifecycle:notice.cancel                    POST L ..... .xoxx .
lifecycle:notice.docx                      GET  L ..... .oooo .
lifecycle:objection.list                   GET  L xoooo xoooo o
lifecycle:objection.detail                 GET  L ..... ..ooo .
lifecycle:objection.rule                   GET  L ..... ..oxx .
lifecycle:objection.rule                   POST L ..... ..oxx .
lifecycle:objection.reveal                 GET  L ..... ..oxx .
lifecycle:objection.reveal                 POST L ..... ..oxx .
lifecycle:objection.file                   GET  L ..... ..ooo .
# public pages of notices and showcase
lifecycle:public.notices                   GET  o ooooo ooooo o
lifecycle:public.feed                      GET  o ooooo ooooo o
lifecycle:public.notice                    GET  o ooooo ooooo o
lifecycle:public.bundle                    GET  o ooooo ooooo o
lifecycle:public.verify_result             GET  o ooooo ooooo o
lifecycle:public.object                    GET  o ooooo ooooo o
lifecycle:public.object                    POST o ooooo ooooo o
lifecycle:public.objection                 GET  o ooooo ooooo o
lifecycle:public.objection                 POST o ooooo ooooo o
# conferrals and showcase
lifecycle:conferral.list                   GET  L xxxxo xxooo o
lifecycle:conferral.choose                 GET  L xxxxo xxoxx o
lifecycle:conferral.create                 GET  L xxxx. xxoxx .
lifecycle:conferral.create                 POST L xxxx. xxoxx .
lifecycle:conferral.detail                 GET  L ..... ..ooo .
lifecycle:conferral.change                 GET  L ..... ..oxx .
lifecycle:conferral.change                 POST L ..... ..oxx .
lifecycle:conferral.issue                  POST L ..... ..oxx .
lifecycle:conferral.docx                   GET  L ..... ..ooo .
lifecycle:conferral.revoke                 GET  L ..... ..oxx .
lifecycle:conferral.revoke                 POST L ..... ..oxx .
lifecycle:showcase.desk                    GET  L xxxxo xxoxx o
lifecycle:showcase.prepare                 POST L ..... .xoxx .
lifecycle:showcase.publish                 GET  L ..... ..oxx .
lifecycle:showcase.publish                 POST L ..... ..oxx .
lifecycle:showcase.withdraw                POST L ..... ..oxx .
# public pages of notices and showcase
lifecycle:public.showcase                  GET  o ooooo ooooo o
lifecycle:public.showcase_item             GET  o ooooo ooooo o
lifecycle:public.showcase_picture          GET  o ooooo ooooo o
# honours and the public site
awards:honour.list                         GET  L ooooo ooooo o
awards:honour.detail                       GET  L ooooo .oooo .
awards:certificate                         GET  L ooooo .oooo .
awards:public.home                         GET  o ooooo ooooo o
awards:public.calls                        GET  o ooooo ooooo o
awards:public.call                         GET  o ooooo ooooo o
awards:public.honours                      GET  o ooooo ooooo o
awards:public.verify_form                  GET  o ooooo ooooo o
awards:public.verify_form                  POST o ooooo ooooo o
awards:public.verify                       GET  o ooooo ooooo o
awards:public.accessibility                GET  o ooooo ooooo o
"""


def _rows() -> list[tuple[str, str, str]]:
    found = []
    for line in "".join((TABLE, MORE, REVIEW, *(room.TABLE for room in rooms()))).splitlines():
        if line and not line.startswith("#"):
            name, method, *letters = line.split()
            found.append((name, method, "".join(letters)))
    return found


ROWS = _rows()
