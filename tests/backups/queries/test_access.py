"""What programs sign in with, as the page and the team's list of service accounts read it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from backups.models import ApiToken, Membership, User
from backups.operations import access
from backups.queries import access as held
from tests.fixtures.cast import NOW
from tests.fixtures.consent import leave

DAY = timedelta(days=1)


@pytest.fixture
def issue(payments):
    """Make one: `issue(dba, "pipeline", days=7)`; a key pair with `way=access.issue_key_pair`."""

    def make(user, name, *, days=90, team=payments, way=access.issue_token):
        return way(access.Grant(user, team, name, NOW + days * DAY), by=None, at=NOW)[0]

    return make


def names(user, at=NOW) -> list[str]:
    return [row.access.name for row in held.held_by(user, at=at) if not row.ended]


def ended(user, at) -> dict[str, str]:
    return {row.access.name: row.ended for row in held.held_by(user, at=at) if row.ended}


def services_of(team, at) -> list[Any]:
    return list(held.services_of(team, at=at))


def test_one_reads_his_own_and_an_admin_those_of_service_accounts(issue, dba, admin, lead, service):
    issue(dba, "mine")
    issue(service, "pipeline")
    issue(service, "script", way=access.issue_key_pair)
    assert names(dba) == ["mine"]
    assert names(admin) == ["pipeline", "script"]
    assert names(lead) == []
    issue(admin, "zebra")
    assert names(admin) == ["zebra", "pipeline", "script"]


def test_an_admin_elsewhere_reads_nothing_of_it(issue, service, stranger, storefront):
    Membership.objects.create(team=storefront, user=service, roles=["viewer"])
    made = issue(service, "pipeline")
    issue(service, "of storefront", team=storefront)
    assert names(stranger) == ["of storefront"]
    assert held.find(stranger, made.pk) is None
    assert held.find(stranger, uuid4()) is None


def test_a_key_pair_reads_and_asks_and_what_it_signed_in_for_is_a_use_of_it(issue, dba):
    pair = issue(dba, "script", way=access.issue_key_pair)
    signed_in = access.sign_in(pair, at=NOW)[0]
    access.note_use(signed_in, at=NOW + DAY)
    [row] = held.held_by(dba, at=NOW)
    assert row.access_key == pair.access_key
    assert row.scopes == ["Read", "Ask for backups, cancel, send again, close"]
    assert row.used_at == NOW + DAY
    assert held.find(dba, signed_in.pk) is None


def test_why_one_opens_nothing_is_told_for_ninety_days(issue, dba, payments):
    revoked = issue(dba, "lost")
    access.revoke(revoked, by=dba, at=NOW)
    issue(dba, "short", days=1)
    issue(dba, "long", days=200)
    assert ended(dba, NOW + DAY) == {"lost": "Revoked", "short": "Expired"}
    assert held.held_by(dba, at=NOW + DAY)[1].over_since == NOW
    assert ended(dba, NOW + 90 * DAY) == {"short": "Expired"}
    assert ended(dba, NOW + 91 * DAY) == {}
    leave(payments, dba)
    assert ended(dba, NOW + 91 * DAY) == {"long": "Not in the team any more"}
    User.objects.filter(pk=dba.pk).update(is_active=False)
    assert ended(dba, NOW + 91 * DAY) == {"long": "Account disabled"}
    assert held.find(dba, revoked.pk) == revoked


def test_it_is_marked_when_two_weeks_are_left(issue, dba):
    issue(dba, "soon", days=14)
    issue(dba, "later", days=15)
    soon = {row.access.name: row.ends_soon for row in held.held_by(dba, at=NOW)}
    assert soon == {"soon": True, "later": False}


def test_the_service_accounts_of_a_team_with_what_they_sign_in_with(
    issue, service, payments, django_assert_num_queries
):
    [none] = services_of(payments, NOW)
    assert (none.in_use, none.used_at) == (0, None)
    access.revoke(issue(service, "old"), by=service, at=NOW)
    issue(service, "pipeline")
    issue(service, "short", days=1)
    pair = issue(service, "script", way=access.issue_key_pair)
    access.sign_in(pair, at=NOW)
    access.note_use(pair, at=NOW + DAY)
    access.note_use(ApiToken.objects.get(name="pipeline"), at=NOW)
    with django_assert_num_queries(1):
        [row] = services_of(payments, NOW + DAY)
    assert (row.user, row.in_use, row.used_at) == (service, 2, NOW + DAY)


def test_both_lists_cost_the_same_with_many(issue, dba, django_assert_num_queries):
    for number in range(5):
        issue(dba, f"pipeline-{number}")
    with django_assert_num_queries(2):
        assert len(held.held_by(dba, at=NOW)) == 5
