"""An approver who is away lends his voice, for a while, and never to whoever asked."""

from datetime import timedelta

import pytest

from backups.models import Delegation, Event, Role
from backups.operations import decisions, deputies, rights
from backups.operations.deputies import DeputyRefused
from backups.queries import verbs
from tests.fixtures.cast import NOW
from tests.fixtures.consent import approve

LATER = NOW + timedelta(days=7)


@pytest.fixture
def appoint(payments, lead, auditor):
    """The lead appoints: `appoint("auditor", ends_at=...)`."""

    def make(username: str = "auditor", *, by=lead, starts_at=NOW, ends_at=LATER, at=NOW) -> Delegation:
        return deputies.appoint(payments, username, starts_at=starts_at, ends_at=ends_at, by=by, at=at)

    return make


def test_a_deputy_decides_from_the_first_to_the_last_moment_and_not_a_moment_longer(
    appoint, asked_for, auditor
):
    begin, end = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    appoint(starts_at=begin, ends_at=end)
    moments = (NOW, begin, end - timedelta(microseconds=1), end)
    allowed = [rights.may_decide(auditor, asked_for, at=at).is_allowed for at in moments]
    assert allowed == [False, True, True, False]


def test_the_deputy_never_decides_his_own_request(appoint, asked_for, dba):
    appoint("dba")
    with pytest.raises(decisions.DecisionRefused, match="another person must decide"):
        approve(asked_for, dba)


def test_a_request_of_who_is_away_is_not_decided_in_his_own_stead(appoint, asked_for, dba, auditor):
    dba.memberships.update(roles=[Role.REQUESTER, Role.APPROVER])
    appoint(by=dba)
    with pytest.raises(decisions.DecisionRefused):
        approve(asked_for, auditor)


def test_each_act_is_recorded_in_words(appoint, payments, lead, admin):
    row = appoint()
    deputies.end(row, by=admin, at=NOW + timedelta(hours=1))
    appointed, ended = Event.objects.filter(team=payments, verb__startswith="deputy").order_by("id")
    assert (appointed.actor, ended.actor) == (lead, admin)
    assert verbs.title(appointed.verb) == "Deputy appointed"
    assert verbs.detail(appointed) == (
        "Auditor in the stead of Lead, from 2026-11-23 14:10 +0000 until 2026-11-30 14:10 +0000"
    )


def test_what_would_begin_in_the_past_begins_now(appoint):
    assert appoint(starts_at=NOW - timedelta(days=1)).starts_at == NOW


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"username": "nobody"}, "deputy"),
        ({"username": "stranger"}, "deputy"),
        ({"username": "lead"}, "deputy"),
        ({"ends_at": NOW}, "ends_at"),
        ({"ends_at": NOW - timedelta(days=1)}, "ends_at"),
        ({"ends_at": NOW + timedelta(days=90, minutes=1)}, "ends_at"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_written(appoint, stranger, wanted, field):
    with pytest.raises(DeputyRefused) as refused:
        appoint(**wanted)
    assert refused.value.field == field
    assert not Delegation.objects.exists()
    assert not Event.objects.filter(verb="deputy_appointed").exists()


def test_whose_account_is_disabled_stands_in_for_nobody(appoint, auditor):
    auditor.is_active = False
    auditor.save()
    with pytest.raises(DeputyRefused, match="no member of that name"):
        appoint()


def test_the_same_deputy_is_appointed_twice_only_for_times_that_do_not_overlap(appoint, dba):
    first = appoint()
    with pytest.raises(DeputyRefused, match="already"):
        appoint(starts_at=LATER - timedelta(minutes=1), ends_at=LATER + timedelta(days=1))
    appoint(starts_at=LATER, ends_at=LATER + timedelta(days=1))
    appoint("dba")
    deputies.end(first, by=first.absent, at=NOW)
    appoint()


@pytest.mark.parametrize("name", ["dba", "auditor", "admin", "stranger"])
def test_only_an_approver_lends_his_voice(appoint, request, name):
    with pytest.raises(rights.RightError):
        appoint("lead", by=request.getfixturevalue(name))


@pytest.mark.parametrize("name", ["lead", "auditor", "admin"])
def test_who_is_away_the_deputy_and_an_admin_end_it_at_once(appoint, asked_for, auditor, request, name):
    row = appoint()
    deputies.end(row, by=request.getfixturevalue(name), at=NOW + timedelta(hours=1))
    assert not rights.may_decide(auditor, asked_for, at=NOW + timedelta(hours=1)).is_allowed
    with pytest.raises(DeputyRefused, match="over already"):
        deputies.end(row, by=auditor, at=NOW + timedelta(hours=2))


def test_one_that_is_over_does_not_end_again(appoint, lead):
    with pytest.raises(DeputyRefused, match="over already"):
        deputies.end(appoint(), by=lead, at=LATER)


def test_one_that_is_called_off_never_begins(appoint, asked_for, auditor, lead):
    row = appoint(starts_at=NOW + timedelta(hours=1))
    deputies.end(row, by=lead, at=NOW)
    assert not rights.may_decide(auditor, asked_for, at=NOW + timedelta(hours=2)).is_allowed


@pytest.mark.parametrize("name", ["dba", "stranger", "disabled"])
def test_nobody_else_ends_it(appoint, payments, request, name, lead):
    row = appoint()
    if name == "disabled":
        lead.is_active = False
        lead.save()
    person = lead if name == "disabled" else request.getfixturevalue(name)
    with pytest.raises(DeputyRefused):
        deputies.end(row, by=person, at=NOW)
    assert Delegation.objects.get().ended_at is None


def test_a_decision_of_the_deputy_stands_when_his_time_has_ended(appoint, asked_for, auditor, lead):
    row = appoint()
    approve(asked_for, auditor)
    deputies.end(row, by=lead, at=NOW + timedelta(minutes=1))
    asked_for.refresh_from_db()
    assert decisions.stand(asked_for, at=NOW + timedelta(minutes=2))
