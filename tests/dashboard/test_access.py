"""Who may do what, over every route: a new one without a row here fails (security.md, row 6)."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from backups import cloud
from backups.models import (
    ApiToken,
    Channel,
    Delivery,
    DeliveryState,
    Notice,
    Policy,
    Proposal,
    SavedView,
    Team,
    User,
)
from backups.operations import access
from dashboard.urls import urlpatterns
from tests.backups.queries.test_history import past
from tests.dashboard.routes import ROUTES
from tests.fixtures.consent import deputize

READERS = ("nobody", "stranger", "auditor", "dba", "lead", "admin")
ANSWERS_EVERY_METHOD = {"healthz"}


@pytest.fixture
def places(orders, by_mail, lead, auditor, admin, service, now, monkeypatch) -> dict[str, str]:
    """Each route's address, with something of Payments behind it; the cloud is not called."""
    monkeypatch.setattr(cloud, "diagnose", lambda _client: [])
    kinds = {
        "backup": (backup := past(orders, 1).pk),
        "approval": backup,
        "instance": orders.pk,
        "project": orders.project_id,
        "channel": by_mail.pk,
        "channel-replay": (by_mail.pk, delivered(by_mail, at=now).pk),
        "member": auditor.memberships.get().pk,
        # In force, but without four eyes, so that every other row is as in a team without any.
        "policy": Policy.objects.create(team=orders.team, name="production").pk,
        "proposal": Proposal.objects.create(
            team=orders.team, kind="four_eyes", change={}, proposed_by=admin, proposed_at=now, expires_at=now
        ).pk,
        "deputy": deputize(orders.team, lead, auditor, at=timezone.now()).pk,
        "team": orders.team.slug,
        "access": token_of_a(service, orders.team).pk,
        "view": SavedView.objects.create(user=lead, name="Failed", query="status=FAILED").pk,
    }
    return {
        route.name: reverse(route.name, args=arguments(route, kinds))
        for route in urlpatterns
        if isinstance(route, URLPattern) and route.name
    }


def arguments(route: URLPattern, kinds: dict[str, Any]) -> list[Any]:
    """What is behind a route: something of its own, or of its kind."""
    if "<" not in str(route.pattern):
        return []
    name = str(route.name)
    found = kinds[name if name in kinds else name.split("-", maxsplit=1)[0]]
    return [*found] if isinstance(found, tuple) else [found]


def token_of_a(service: User, team: Team) -> ApiToken:
    """A token that only an admin of the team looks after."""
    grant = access.Grant(service, team, "pipeline")
    return access.issue_token(grant, by=None, at=timezone.now())[0]


def delivered(channel: Channel, *, at: datetime) -> Delivery:
    """Something that a channel has told."""
    notice = Notice.objects.create(team=channel.team, at=at, addressed_at=at)
    return Delivery.objects.create(
        notice=notice, channel=channel, next_at=at, state=DeliveryState.DELIVERED, delivered_at=at
    )


def test_every_route_has_its_row(places):
    assert set(places) == {name for name, _ in ROUTES}
    pages = [route for route in urlpatterns if isinstance(route, URLPattern)]
    assert len(places) == len(pages)


def test_what_is_no_page_is_for_programs_and_has_a_table_of_its_own():
    included = [
        str(getattr(route.urlconf_module, "__name__", ""))
        for route in urlpatterns
        if isinstance(route, URLResolver)
    ]
    assert included == ["backups.api.urls", "backups.api.gateway.urls"]


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_gets_what_the_table_says(places, reader, client, request, stranger, now):
    person = request.getfixturevalue(reader) if reader != "nobody" else None
    told = {}
    for name, method in ROUTES:
        if person:
            client.force_login(person)
        told[name, method] = getattr(client, method)(places[name]).status_code
    assert told == {route: answers[READERS.index(reader)] for route, answers in ROUTES.items()}


def test_nobody_is_led_to_signing_in_and_back(places, client):
    reply = client.get(places["project-detail"])
    assert reply.url == f"/sign-in/?next={places['project-detail']}"


def test_a_method_that_a_route_does_not_know_is_refused(places, client, admin):
    client.force_login(admin)
    for name in set(places) - ANSWERS_EVERY_METHOD:
        known = {method for route, method in ROUTES if route == name}
        for method in {"get", "post", "put", "delete"} - known:
            if name != "sign-in":  # leads away whoever is signed in
                assert getattr(client, method)(places[name]).status_code == 405, (name, method)


def rows() -> list[str]:
    """Everything the database holds, but for the sessions."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - {"django_session"}):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" AS t')
            found += sorted(row[0] for row in cursor.fetchall())
    return found


def test_reading_changes_nothing(places, client, admin):
    client.force_login(admin)
    before = rows()
    for name, method in ROUTES:
        if method == "get":
            client.get(places[name])
    assert rows() == before
