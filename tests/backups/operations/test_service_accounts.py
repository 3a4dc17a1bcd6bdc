"""A service account is no person: it may ask for backups, and decides nothing (security.md, row 14)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from backups.models import Decision, Delegation, Membership, Role, Scope, User
from backups.operations import access, creation, decisions, deputies, membership, rights
from backups.operations.refusals import Refused
from tests.fixtures.cast import NOW
from tests.fixtures.consent import deputize


def refusal(call) -> Refused:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value


def test_it_asks_for_a_backup_like_any_requester(service, orders):
    assert not creation.check(creation.Draft(instance=orders, name="nightly-1"), by=service)


@pytest.mark.parametrize("scope", [Scope.APPROVE, Scope.MANAGE])
def test_a_service_account_asks_and_decides_nothing(service, payments, scope):
    grant = access.Grant(service, payments, "pipeline")
    tried = refusal(lambda: access.issue_token(grant, scopes=[scope], by=None, at=NOW))
    assert (tried.code, tried.field) == ("service", "scopes")


def test_what_a_service_account_may_be_is_kept_by_the_database_too(service, asked_for, dba, payments):
    writes = [
        lambda: Membership.objects.filter(user=service).update(roles=[Role.APPROVER]),
        lambda: Membership.objects.filter(user=service).update(may_break_glass=True),
        lambda: User.objects.filter(pk=service.pk).update(is_service=False),
        lambda: User.objects.filter(pk=dba.pk).update(is_service=True),
        lambda: Decision.objects.create(
            backup=asked_for,
            requester=dba,
            content_hash=asked_for.content_hash,
            person=service,
            voice=service,
            verdict="approved",
            at=NOW,
        ),
    ]
    for write in writes:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


@pytest.mark.parametrize("roles", [["approver"], ["requester", "admin"]])
def test_no_admin_gives_it_a_role_of_a_person(service, payments, admin, roles):
    wanted = {"username": "deploy", "roles": roles}
    assert refusal(lambda: membership.check(payments, wanted)).code == "service"
    wanted = {"username": "deploy", "roles": ["requester"], "may_break_glass": True}
    assert refusal(lambda: membership.check(payments, wanted)).code == "service"
    membership.check(payments, {"username": "deploy", "roles": ["viewer"]})


def test_nobody_appoints_it_as_a_deputy(service, payments, lead):
    tried = refusal(
        lambda: deputies.appoint(
            payments, "deploy", starts_at=NOW, ends_at=NOW + timedelta(days=1), by=lead, at=NOW
        )
    )
    assert (tried.code, tried.field) == ("invalid", "deputy")


def test_a_row_that_makes_it_a_deputy_gives_it_no_voice(service, payments, lead, asked_for):
    deputize(payments, lead, service)
    assert Delegation.objects.exists()
    assert rights.voices_of(service, asked_for, at=NOW) == []
    assert not rights.may_decide(service, asked_for, at=NOW).is_allowed
    tried = refusal(lambda: decisions.approve(asked_for, by=service, seen=asked_for.content_hash, at=NOW))
    assert tried.code == "no_right"


def test_whoever_gave_it_what_it_asks_with_counts_as_who_asked(
    policy, service, payments, orders, admin, lead
):
    Membership.objects.filter(user=admin).update(roles=[Role.ADMIN, Role.APPROVER])
    access.issue_token(access.Grant(service, payments, "pipeline"), by=admin, at=NOW)
    draft = creation.Draft(instance=orders, name="nightly-1")
    [asked] = creation.create_backups([draft], by=service, at=NOW, client_token=uuid4())
    assert "count as who asked" in rights.may_decide(admin, asked, at=NOW).why_not
    tried = refusal(lambda: decisions.approve(asked, by=admin, seen=asked.content_hash, at=NOW))
    assert tried.code == "no_right"
    assert rights.may_decide(lead, asked, at=NOW).is_allowed
