"""The page on which an approver says who decides while he is away."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Delegation, Event, Role
from tests.fixtures.cast import member
from tests.fixtures.consent import deputize

PLACE = "/account/deputies/"


@pytest.fixture
def leads_desk(client, lead, auditor):
    lead.time_zone = "Europe/Berlin"
    lead.save()
    client.force_login(lead)
    return client


def typed(**values: str) -> dict[str, str]:
    begin = timezone.now() + timedelta(days=1)
    span = {"starts_at": f"{begin:%Y-%m-%dT09:00}", "ends_at": f"{begin + timedelta(days=7):%Y-%m-%dT09:00}"}
    return {"deputy": "payments/auditor", **span, **values}


def test_the_page_is_found_from_the_menu_and_the_approvals(leads_desk):
    assert leads_desk.get("/approvals/").text.count(f'href="{PLACE}"') == 2


def test_a_deputy_is_appointed_by_the_readers_clock_and_shown(leads_desk, lead, auditor):
    assert "By the clock of Europe/Berlin" in leads_desk.get(PLACE).text
    page = leads_desk.post(
        PLACE, typed(starts_at="2099-01-10T09:00", ends_at="2099-01-17T09:00"), follow=True
    )
    assert "Auditor stands in for you in Payments." in page.text
    row = Delegation.objects.get()
    assert (row.absent, row.deputy) == (lead, auditor)
    assert row.starts_at.isoformat() == "2099-01-10T08:00:00+00:00"
    assert "2099-01-10 09:00 +0100" in page.text
    assert "Call off" in page.text


def test_only_members_of_the_own_teams_are_offered_each_under_its_team(
    leads_desk, lead, stranger, storefront
):
    lead.memberships.create(team=storefront, roles=[Role.APPROVER])
    page = leads_desk.get(PLACE).text
    assert '<optgroup label="Payments">' in page
    assert 'value="storefront/stranger"' in page
    assert "payments/stranger" not in page
    assert "payments/lead" not in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"deputy": ""}, "deputy"),
        ({"deputy": "payments/stranger"}, "deputy"),
        ({"deputy": "storefront/stranger"}, "deputy"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"ends_at": ""}, "ends_at"),
        ({"ends_at": "2020-01-01T09:00"}, "ends_at"),
        ({"ends_at": "2999-01-01T09:00"}, "ends_at"),
        # The clocks of Berlin leave this hour out.
        ({"ends_at": "2099-03-29T02:30"}, "ends_at"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(leads_desk, stranger, wrong, field):
    sent = typed(**wrong)
    reply = leads_desk.post(PLACE, sent)
    assert reply.status_code == 422
    assert list(reply.context["form"].errors) == [field]
    assert "Nobody was appointed" in reply.text
    for name in ("starts_at", "ends_at"):
        assert not sent[name] or f'value="{sent[name]}"' in reply.text
    assert not Delegation.objects.exists()


def test_both_see_it_and_the_deputy_may_lay_it_down(leads_desk, client, payments, lead, auditor):
    row = deputize(payments, lead, auditor, at=timezone.now())
    assert "Who stands in for you" in leads_desk.get(PLACE).text
    client.force_login(auditor)
    page = client.get(PLACE).text
    assert "For whom you stand in" in page
    assert "Appoint a deputy" not in page
    told = client.post(f"{PLACE}{row.pk}/end", follow=True).text
    assert "Auditor no longer stands in for Lead." in told
    assert "You stand in for nobody" in told
    assert Event.objects.get(verb="deputy_ended").actor == auditor


def test_an_admin_sees_and_ends_those_of_the_team_and_others_see_nothing(
    client, payments, lead, auditor, admin, dba
):
    row = deputize(payments, lead, auditor, at=timezone.now())
    client.force_login(dba)
    assert "Auditor" not in client.get(PLACE).text
    assert "Only an admin of Payments" in client.post(f"{PLACE}{row.pk}/end", follow=True).text
    client.force_login(admin)
    assert "Others in teams that you look after" in client.get(PLACE).text
    client.post(f"{PLACE}{row.pk}/end")
    assert Delegation.objects.get().ended_at is not None


def test_one_of_another_team_is_not_there(client, payments, lead, auditor, stranger):
    row = deputize(payments, lead, auditor, at=timezone.now())
    client.force_login(stranger)
    assert client.post(f"{PLACE}{row.pk}/end").status_code == 404
    assert "Lead" not in client.get(PLACE).text


def test_the_page_costs_the_same_however_many_stand_in(
    leads_desk, payments, lead, auditor, django_assert_num_queries
):
    deputize(payments, lead, auditor, at=timezone.now())
    leads_desk.get(PLACE)
    with django_assert_num_queries(6):
        leads_desk.get(PLACE)
    for number in range(5):
        deputize(payments, lead, member(f"m{number}", payments, Role.VIEWER), at=timezone.now())
    with django_assert_num_queries(6):
        leads_desk.get(PLACE)
