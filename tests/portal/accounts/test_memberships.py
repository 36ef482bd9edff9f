"""Roles, invitations, desks: rights come from memberships only."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.db import connection
from django.utils import timezone

from portal.accounts.domain.desks import switch_desk
from portal.accounts.domain.invitations import (
    LIFETIME,
    NewAccount,
    accept_invitation,
    cancel_invitation,
    hash_of,
    renew_invitation,
)
from portal.accounts.domain.memberships import end_role, grant_role
from portal.accounts.domain.sign_in import (
    MAX_TOKENS,
    change_own_data,
    create_token,
    one_time_password,
    reset_password,
    reset_second_factor,
    revoke_token,
    unlock,
)
from portal.accounts.enums import ROLES_AT_LEVEL, Role, UnionLevel
from portal.accounts.models import ApiToken, Invitation, Membership, User
from portal.accounts.queries.desks import memberships_of
from portal.accounts.queries.memberships import holders_at_or_above, invitation_by_token_hash, member_list, staff_of
from portal.audit.models import AuditEvent
from portal.core.context import Actor
from portal.core.crypto import is_encrypted
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import may
from portal.core.scoping import system_scope
from tests.factories.accounts import make_invitation
from tests.factories.people import PASSWORD, make_actor, make_membership, make_organisation, make_user

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
ACCOUNT = NewAccount(username="lixinming", password="Tianjin-Gonghui-2026", phone="138 0013 8000")


# --- granting and ending -------------------------------------------------------------------------------------------


def test_manager_grants_a_role_below_and_it_is_recorded(tianjin, all_rows):
    person = make_user("王海燕")
    membership = grant_role(
        actor=tianjin.district_manager, user=person, organisation=tianjin.zone, role=Role.CHECKER, title="干事", now=NOW
    )
    assert membership.is_active
    event = AuditEvent.objects.get(action="accounts.membership.granted")
    assert (event.object_id, event.data["user"], event.at) == (membership.pk, person.pk, NOW)


def test_one_person_holds_several_roles_in_several_trees(tianjin, hebei, all_rows):
    person = make_user("赵立新")
    for organisation, role in ((tianjin.unit, Role.FILER), (tianjin.unit, Role.CHECKER), (hebei.unit, Role.FILER)):
        make_membership(person, organisation, role)
    assert [m.role for m in memberships_of(person)] == ["checker", "filer", "filer"]


def test_same_role_twice_is_a_conflict_and_an_ended_one_comes_back(tianjin, all_rows):
    membership = Membership.objects.get(user=tianjin.filer.user)
    grant = {"actor": tianjin.manager, "user": tianjin.filer.user, "organisation": tianjin.unit, "role": Role.FILER}
    with pytest.raises(Conflict):
        grant_role(**grant, now=NOW)
    end_role(actor=tianjin.manager, membership=membership, reason="调离", now=NOW)
    assert memberships_of(tianjin.filer.user) == []
    assert grant_role(**grant, now=NOW).pk == membership.pk


@pytest.mark.parametrize("level", list(UnionLevel))
def test_each_level_has_its_roles_and_units_alone_fill_in(level):
    assert Role.CHECKER in ROLES_AT_LEVEL[level]
    assert (Role.FILER in ROLES_AT_LEVEL[level]) is (level in {"grassroots", "team"})


def test_role_that_the_level_lacks_is_refused(tianjin, all_rows):
    with pytest.raises(Invalid) as error:
        grant_role(actor=tianjin.manager, user=make_user("甲"), organisation=tianjin.unit, role=Role.AUDITOR, now=NOW)
    assert "不设“审计”角色" in error.value.fields["role"][0]


def test_manager_and_auditor_are_kept_apart_at_one_organisation(tianjin, all_rows):
    with pytest.raises(Invalid) as error:
        grant_role(
            actor=tianjin.manager,
            user=tianjin.auditor.user,
            organisation=tianjin.municipal,
            role=Role.MANAGER,
            now=NOW,
        )
    assert "不能由同一人" in error.value.fields["role"][0]
    assert grant_role(
        actor=tianjin.manager, user=tianjin.auditor.user, organisation=tianjin.district, role=Role.MANAGER, now=NOW
    )


def test_grant_outside_the_own_part_is_refused(tianjin, hebei, all_rows):
    for organisation in (tianjin.group, tianjin.municipal, hebei.unit):
        with pytest.raises(Refused):
            grant_role(
                actor=tianjin.district_manager,
                user=make_user("乙"),
                organisation=organisation,
                role=Role.CHECKER,
                now=NOW,
            )


def test_own_role_and_last_municipal_manager_stay(tianjin, all_rows):
    own = Membership.objects.get(user=tianjin.manager.user)
    with pytest.raises(Refused):
        end_role(actor=tianjin.manager, membership=own, now=NOW)
    system = Actor(system="test")
    with pytest.raises(Invalid):
        end_role(actor=system, membership=own, now=NOW)
    make_actor(tianjin.municipal, Role.MANAGER)
    assert not end_role(actor=system, membership=own, now=NOW).is_active


def test_ended_role_ends_once(tianjin, all_rows):
    membership = Membership.objects.get(user=tianjin.filer.user)
    end_role(actor=tianjin.manager, membership=membership, now=NOW)
    with pytest.raises(Conflict):
        end_role(actor=tianjin.manager, membership=membership, now=NOW)


# --- invitations ---------------------------------------------------------------------------------------------------


def test_invitation_makes_an_account_with_the_role_and_an_encrypted_telephone(tianjin, all_rows):
    invitation, token = make_invitation(tianjin.district_manager, tianjin.zone, Role.CHECKER, now=NOW)
    assert token not in str(vars(invitation))
    assert invitation_by_token_hash(hash_of(token)) == invitation
    user, membership = accept_invitation(invitation=invitation, account=ACCOUNT, now=NOW)
    assert (user.name, user.username, user.phone) == ("李新明", "lixinming", "13800138000")
    assert (membership.organisation_id, membership.role) == (tianjin.zone.pk, "checker")
    assert user.check_password(ACCOUNT.password)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_user WHERE id = %s", [user.pk])
        assert is_encrypted(cursor.fetchone()[0])


def test_invitation_works_once(tianjin, all_rows):
    invitation, _token = make_invitation(tianjin.manager, tianjin.zone, Role.CHECKER, now=NOW)
    accept_invitation(invitation=invitation, account=ACCOUNT, now=NOW)
    with pytest.raises(Conflict) as error:
        accept_invitation(invitation=invitation, user=make_user("他人"), now=NOW)
    assert "使用过" in error.value.message


def test_invitation_expires_after_seven_days(tianjin, all_rows):
    invitation, _token = make_invitation(tianjin.manager, tianjin.zone, Role.CHECKER, now=NOW)
    with pytest.raises(Conflict) as error:
        accept_invitation(invitation=invitation, account=ACCOUNT, now=NOW + LIFETIME)
    assert "有效期" in error.value.message
    assert accept_invitation(invitation=invitation, account=ACCOUNT, now=NOW + LIFETIME - dt.timedelta(seconds=1))


def test_renewed_invitation_has_a_new_link_and_the_old_one_is_dead(tianjin, all_rows):
    invitation, old = make_invitation(tianjin.manager, tianjin.zone, Role.CHECKER, now=NOW)
    later = NOW + dt.timedelta(days=8)
    renewed, token = renew_invitation(actor=tianjin.manager, invitation=invitation, now=later)
    assert invitation_by_token_hash(hash_of(old)) is None
    assert invitation_by_token_hash(hash_of(token)) == renewed
    assert accept_invitation(invitation=renewed, account=ACCOUNT, now=later)


def test_cancelled_invitation_is_dead_and_cannot_be_cancelled_again(tianjin, all_rows):
    invitation, _token = make_invitation(tianjin.manager, tianjin.zone, Role.CHECKER, now=NOW)
    cancel_invitation(actor=tianjin.manager, invitation=invitation, now=NOW)
    with pytest.raises(Conflict):
        accept_invitation(invitation=invitation, account=ACCOUNT, now=NOW)
    with pytest.raises(Conflict):
        cancel_invitation(actor=tianjin.manager, invitation=invitation, now=NOW)
    with pytest.raises(Conflict):
        renew_invitation(actor=tianjin.manager, invitation=invitation, now=NOW)


def test_person_with_an_account_gets_the_role_without_a_second_account(tianjin, hebei, all_rows):
    invitation, _token = make_invitation(hebei.manager, hebei.zone, Role.CHECKER, now=NOW)
    before = User.objects.count()
    user, membership = accept_invitation(invitation=invitation, user=tianjin.filer.user, now=NOW)
    assert user == tianjin.filer.user
    assert User.objects.count() == before
    assert membership in memberships_of(user)


@pytest.mark.parametrize("password", ["short1A!", "alllowercaseletters", "1234567890123", "lixinming-2026A"])
def test_weak_password_is_refused_and_the_invitation_still_works(tianjin, all_rows, password):
    invitation, _token = make_invitation(tianjin.manager, tianjin.zone, Role.CHECKER, now=NOW)
    with pytest.raises(Invalid) as error:
        accept_invitation(invitation=invitation, account=NewAccount("lixinming", password), now=NOW)
    assert error.value.fields["password"]
    assert accept_invitation(invitation=invitation, account=ACCOUNT, now=NOW)


def test_taken_user_name_is_refused(tianjin, all_rows):
    make_user("李四", "lixinming")
    invitation, _token = make_invitation(tianjin.manager, tianjin.zone, Role.CHECKER, now=NOW)
    with pytest.raises(Invalid) as error:
        accept_invitation(invitation=invitation, account=ACCOUNT, now=NOW)
    assert list(error.value.fields) == ["username"]


def test_wrong_telephone_is_refused_beside_the_field(tianjin, all_rows):
    invitation, _token = make_invitation(tianjin.manager, tianjin.zone, Role.CHECKER, now=NOW)
    with pytest.raises(Invalid) as error:
        accept_invitation(invitation=invitation, account=NewAccount("lixinming", ACCOUNT.password, "12345"), now=NOW)
    assert list(error.value.fields) == ["phone"]


@pytest.mark.django_db(transaction=True)
def test_two_acceptances_at_once_make_one_account(tianjin):
    with system_scope("test"):
        invitation, _token = make_invitation(tianjin.manager, tianjin.zone, Role.CHECKER)
    gate, outcomes = threading.Barrier(2), []

    def accept(username):
        try:
            gate.wait()
            account = NewAccount(username, ACCOUNT.password)
            accept_invitation(invitation=invitation, account=account, now=timezone.now())
            outcomes.append("accepted")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted", "conflict"]
    with system_scope("test"):
        assert User.objects.filter(username__in=["first", "second"]).count() == 1
        assert Membership.objects.filter(organisation=tianjin.zone, user__username__in=["first", "second"]).count() == 1


def test_invitations_are_seen_in_the_own_part_only(tianjin, hebei, in_scope, all_rows):
    make_invitation(tianjin.manager, tianjin.zone, Role.CHECKER)
    make_invitation(hebei.manager, hebei.zone, Role.CHECKER)
    for actor, count in ((tianjin.district_manager, 1), (make_actor(tianjin.group, Role.MANAGER), 0)):
        with in_scope(actor):
            assert Invitation.objects.count() == count


# --- desks ---------------------------------------------------------------------------------------------------------


def test_switch_is_remembered_and_recorded(tianjin, all_rows):
    person = tianjin.filer.user
    other = make_membership(person, tianjin.unit, Role.CHECKER)
    switch_desk(actor=tianjin.filer, membership_id=other.pk, now=NOW)
    person.refresh_from_db()
    assert person.last_membership_id == other.pk
    event = AuditEvent.objects.get(action="accounts.desk.switched")
    assert event.before == {"membership": tianjin.filer.desk.membership_id}


def test_switch_to_another_persons_or_an_ended_desk_is_refused(tianjin, all_rows):
    with pytest.raises(Refused):
        switch_desk(actor=tianjin.filer, membership_id=tianjin.manager.desk.membership_id, now=NOW)
    ended = make_membership(tianjin.filer.user, tianjin.unit, Role.CHECKER)
    Membership.objects.filter(pk=ended.pk).update(is_active=False)
    with pytest.raises(Refused):
        switch_desk(actor=tianjin.filer, membership_id=ended.pk, now=NOW)


def test_desk_at_a_closed_organisation_is_gone(tianjin, all_rows):
    tianjin.unit.is_active = False
    tianjin.unit.save()
    assert memberships_of(tianjin.filer.user) == []


# --- resets --------------------------------------------------------------------------------------------------------


def test_reset_gives_a_one_time_password_and_ends_tokens(tianjin, all_rows):
    membership = Membership.objects.get(user=tianjin.filer.user)
    create_token(actor=tianjin.filer, name="同步", now=NOW)
    password = reset_password(actor=tianjin.district_manager, membership=membership, now=NOW)
    user = User.objects.get(pk=tianjin.filer.user.pk)
    assert user.check_password(password)
    assert user.must_change_password
    assert not ApiToken.objects.filter(user=user).exists()
    event = AuditEvent.objects.get(action="accounts.user.password_reset")
    assert password not in str(vars(event))


def test_manager_below_cannot_take_over_an_account_with_desks_above(tianjin, all_rows):
    """A unit's manager must not sign in as a municipal manager who also works at the unit."""
    unit_manager = make_actor(tianjin.unit, Role.MANAGER)
    shared = make_membership(tianjin.manager.user, tianjin.unit, Role.CHECKER)
    with pytest.raises(Refused) as error:
        reset_password(actor=unit_manager, membership=shared, now=NOW)
    assert "还在" in error.value.message
    with pytest.raises(Refused):
        reset_second_factor(actor=unit_manager, membership=shared, now=NOW)


def test_own_account_is_not_reset_but_changed(tianjin, all_rows):
    own = Membership.objects.get(user=tianjin.manager.user)
    assert may(tianjin.manager, "member.reset", own).code == "own"


def test_lost_telephone_is_replaced_by_reset(tianjin, all_rows):
    membership = Membership.objects.get(user=tianjin.checker.user)
    with pytest.raises(Conflict):
        reset_second_factor(actor=tianjin.manager, membership=membership, now=NOW)
    Authenticator.objects.create(user=membership.user, type="totp", data={})
    reset_second_factor(actor=tianjin.manager, membership=membership, now=NOW)
    assert not Authenticator.objects.exists()


def test_unlock_of_an_open_account_says_so(tianjin, all_rows):
    membership = Membership.objects.get(user=tianjin.filer.user)
    with pytest.raises(Conflict):
        unlock(actor=tianjin.manager, membership=membership, now=NOW)


def test_one_time_passwords_fit_the_password_rules_and_differ(user):
    passwords = {one_time_password() for _ in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        validate_password(password, user)


# --- own account ---------------------------------------------------------------------------------------------------


def test_own_data_are_checked_and_the_telephone_is_masked_in_the_log(tianjin, all_rows):
    with pytest.raises(Invalid) as error:
        change_own_data(actor=tianjin.filer, email="不是邮箱", phone="1", now=NOW)
    assert set(error.value.fields) == {"email", "phone"}
    user = change_own_data(actor=tianjin.filer, email="a@example.cn", phone="13800138000", now=NOW)
    assert user.phone == "13800138000"
    event = AuditEvent.objects.get(action="accounts.user.changed")
    assert event.after["phone"] == "138****8000"


def test_tokens_are_named_limited_and_revoked(tianjin, all_rows):
    with pytest.raises(Invalid):
        create_token(actor=tianjin.filer, name=" ", now=NOW)
    made = [create_token(actor=tianjin.filer, name=f"程序{i}", now=NOW) for i in range(MAX_TOKENS)]
    with pytest.raises(Invalid):
        create_token(actor=tianjin.filer, name="再一个", now=NOW)
    token, text = made[0]
    assert text not in str(vars(token))
    with pytest.raises(Conflict):
        revoke_token(actor=tianjin.manager, token=token, now=NOW)
    revoke_token(actor=tianjin.filer, token=token, now=NOW)
    with pytest.raises(Conflict):
        revoke_token(actor=tianjin.filer, token=token, now=NOW)


# --- reading -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 3])
def test_member_list_takes_one_query(tianjin, all_rows, n, django_assert_num_queries):
    unit = make_organisation("grassroots", "新工会", tianjin.zone)
    for _i in range(n):
        make_actor(unit, Role.FILER)
    with django_assert_num_queries(1):
        rows = list(member_list(now=NOW).filter(organisation=unit))
        assert [(m.user.name, m.organisation.name, m.has_second_factor, m.is_locked) for m in rows] == [
            ("新工会填报", "新工会", False, False)
        ] * n


def test_holders_are_found_upwards_the_nearest_first(tianjin, in_scope):
    with in_scope(tianjin.filer):
        found = holders_at_or_above(tianjin.unit, Role.CHECKER)
    names = [m.organisation.name for m in found]
    assert names == [tianjin.unit.name, tianjin.zone.name, tianjin.district.name, tianjin.municipal.name]


def test_staff_of_lists_active_roles_only(tianjin, all_rows):
    Membership.objects.filter(user=tianjin.filer.user).update(is_active=False)
    assert [m.role for m in staff_of(tianjin.unit)] == ["checker"]
    assert PASSWORD
