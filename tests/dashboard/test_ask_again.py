"""A request is never edited: from one that ended a new one is made."""

from uuid import uuid4

import pytest
from django.utils import timezone

from backups.models import Backup, Instance, Status
from backups.operations import creation
from tests.fixtures.consent import reject

DRAFT = {"description": "all of it", "reason": "schema change", "change_ticket": "CHG-1"}


@pytest.fixture
def ended(desk, dba, lead, policy, orders) -> Backup:
    """A request that the lead has rejected."""
    draft = creation.Draft(
        orders, "before-release", DRAFT["description"], DRAFT["reason"], DRAFT["change_ticket"]
    )
    [backup] = creation.create_backups([draft], by=dba, at=timezone.now(), client_token=uuid4())
    reject(backup, lead, at=timezone.now())
    return backup


def test_the_form_opens_with_what_was_asked_for(ended, desk, orders):
    link = f"/backups/new?again={ended.pk}"
    assert f'href="{link}"' in desk.get(f"/backups/{ended.pk}/").text
    page = desk.get(link).text
    for typed in ("before-release", *DRAFT.values()):
        assert f'value="{typed}"' in page
    assert page.count("checked") == 1
    assert "Filled in as" in page
    assert "needs 1 approval from Lead" in page
    assert "&quot;description&quot;: &quot;all of it&quot;" in page


def test_what_comes_of_it_is_a_new_request_that_is_decided_anew(ended, desk, orders):
    typed = {"client_token": str(uuid4()), "instances": [str(orders.pk)], "name": ended.name, **DRAFT}
    desk.post("/backups/new", typed)
    again = Backup.objects.exclude(pk=ended.pk).get()
    assert (again.name, again.status) == ("before-release", Status.AWAITING_APPROVAL)
    assert Backup.objects.get(pk=ended.pk).status == Status.REJECTED


@pytest.mark.parametrize("status", [Status.EXPIRED, Status.CANCELLED, Status.FAILED, Status.REFUSED])
def test_every_end_but_a_good_one_offers_it(ended, desk, status):
    Backup.objects.filter(pk=ended.pk).update(status=status)
    assert "Ask again" in desk.get(f"/backups/{ended.pk}/").text


@pytest.mark.parametrize("status", [Status.AWAITING_APPROVAL, Status.BUILDING, Status.COMPLETED])
def test_what_goes_on_or_ended_well_does_not(ended, desk, status):
    Backup.objects.filter(pk=ended.pk).update(status=status, cloud_id="a" * 36, next_action_at=timezone.now())
    assert "Ask again" not in desk.get(f"/backups/{ended.pk}/").text


def test_who_may_not_ask_is_told_why(ended, client, auditor):
    client.force_login(auditor)
    page = client.get(f"/backups/{ended.pk}/").text
    assert "Ask again" not in page
    assert "Only a requester of Payments may do this" in page


def test_a_name_that_is_taken_meanwhile_is_proposed_anew(ended, desk, dba, orders):
    draft = creation.Draft(orders, name="before-release")
    creation.create_backups([draft], by=dba, at=timezone.now(), client_token=uuid4())
    page = desk.get(f"/backups/new?again={ended.pk}").text
    assert 'value="{instance}-' in page
    assert 'value="schema change"' in page


def test_a_request_of_another_team_or_none_fills_in_nothing(ended, client, stranger):
    client.force_login(stranger)
    for again in (ended.pk, uuid4(), "nonsense"):
        page = client.get("/backups/new", {"again": again})
        assert page.status_code == 200
        assert "schema change" not in page.text


def test_an_instance_that_is_gone_is_not_chosen_again(ended, desk, orders):
    Instance.objects.filter(pk=orders.pk).update(gone_at=timezone.now())
    page = desk.get(f"/backups/new?again={ended.pk}").text
    assert "checked" not in page
    assert "Choose an instance to see what will happen" in page
