"""Tokens and key pairs on their page: listed by team, revoked for good."""

from datetime import timedelta

from django.utils import timezone

from backups.models import ApiToken
from backups.operations import access

LIST = "/account/access/"


def issue(user, team, *, days=90, name="pipeline") -> ApiToken:
    now = timezone.now()
    grant = access.Grant(user, team, name, now + timedelta(days=days))
    return access.issue_token(grant, by=None, at=now)[0]


def test_the_page_is_found_from_the_menu_and_says_what_there_is_to_do(desk):
    assert f'href="{LIST}"' in desk.get("/approvals/").text
    page = desk.get(LIST).text
    assert "No program signs in for you" in page
    for place in (f"{LIST}new", "/api/v1/docs/", "/api/v1/openapi.json"):
        assert f'href="{place}"' in page


def test_it_is_revoked_after_a_second_word(desk, dba, payments):
    token = issue(dba, payments)
    place = f"{LIST}{token.pk}/revoke"
    assert place in desk.get(LIST).text
    assert "never used" in desk.get(place).text
    assert ApiToken.objects.get().revoked_at is None
    assert "opens nothing any more." in desk.post(place, follow=True).text
    assert ApiToken.objects.get().revoked_at
    page = desk.get(LIST).text
    assert "1 that opens nothing any more" in page
    assert place not in page
    assert "It is revoked already." in desk.post(place, follow=True).text


def test_what_ends_within_two_weeks_is_marked(desk, dba, payments):
    issue(dba, payments, days=30)
    assert 'data-tone="waiting"' not in desk.get(LIST).text
    issue(dba, payments, days=13)
    assert 'data-tone="waiting"' in desk.get(LIST).text


def test_the_list_costs_the_same_with_many(desk, dba, payments, django_assert_num_queries):
    issue(dba, payments)
    desk.get(LIST)
    for _number in range(5):
        issue(dba, payments)
    with django_assert_num_queries(5):
        desk.get(LIST)
