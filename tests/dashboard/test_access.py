"""Who may do what, over every route: a new one without a row here fails (security.md, row 6)."""

import pytest
from django.db import connection
from django.urls import URLPattern, reverse
from django.utils import timezone

from backups import cloud
from dashboard.urls import urlpatterns
from tests.backups.queries.test_history import past
from tests.dashboard.routes import ROUTES
from tests.fixtures.consent import deputize

READERS = ("nobody", "stranger", "auditor", "dba", "lead", "admin")
<<<<<<< HEAD
=======
ROUTES = {
    # route and method: the answer to nobody, a stranger, a viewer, a requester, an approver and an admin
    ("overview", "get"): (302, 302, 302, 302, 302, 302),
    ("backup-list", "get"): (302, 200, 200, 200, 200, 200),
    ("backup-live", "get"): (302, 204, 204, 204, 204, 204),
    ("backup-new", "get"): (302, 200, 200, 200, 200, 200),
    ("backup-new", "post"): (302, 422, 422, 422, 422, 422),
    ("backup-check", "post"): (302, 200, 200, 200, 200, 200),
    ("backup-choose", "get"): (302, 200, 200, 200, 200, 200),
    ("backup-detail", "get"): (302, 404, 200, 200, 200, 200),
    ("backup-detail-live", "get"): (302, 404, 200, 200, 200, 200),
    ("backup-cancel", "post"): (302, 404, 302, 302, 302, 302),
    ("backup-send-again", "post"): (302, 404, 302, 302, 302, 302),
    ("backup-close", "post"): (302, 404, 302, 302, 302, 302),
    ("backup-alarm-seen", "post"): (302, 404, 302, 302, 302, 302),
    ("backup-review", "post"): (302, 404, 302, 302, 302, 302),
    ("approval-list", "get"): (302, 200, 200, 200, 200, 200),
    ("approval-decide", "post"): (302, 422, 422, 422, 422, 422),
    ("approval-detail", "get"): (302, 404, 200, 200, 200, 200),
    ("approval-detail", "post"): (302, 404, 422, 422, 422, 422),
    ("instance-list", "get"): (302, 200, 200, 200, 200, 200),
    ("instance-detail", "get"): (302, 404, 200, 200, 200, 200),
    ("project-list", "get"): (302, 200, 200, 200, 200, 200),
    ("project-new", "get"): (302, 200, 403, 403, 403, 200),
    ("project-new", "post"): (302, 422, 403, 403, 403, 422),
    ("project-addresses", "get"): (302, 200, 200, 200, 200, 200),
    ("project-detail", "get"): (302, 404, 200, 200, 200, 200),
    ("project-edit", "get"): (302, 404, 403, 403, 403, 200),
    ("project-edit", "post"): (302, 404, 403, 403, 403, 422),
    ("project-test", "post"): (302, 404, 403, 403, 403, 200),
    ("project-sync", "post"): (302, 404, 403, 302, 302, 302),
    ("audit-list", "get"): (302, 200, 200, 200, 200, 200),
    ("audit-csv", "get"): (302, 200, 200, 200, 200, 200),
    ("audit-json", "get"): (302, 200, 200, 200, 200, 200),
    ("team-settings", "get"): (302, 404, 403, 403, 403, 200),
    ("team-settings", "post"): (302, 404, 403, 403, 403, 422),
    ("team-channels", "get"): (302, 404, 403, 403, 403, 200),
    ("team-channel-new", "get"): (302, 404, 403, 403, 403, 200),
    ("team-channel-new", "post"): (302, 404, 403, 403, 403, 422),
    ("channel-detail", "get"): (302, 404, 403, 403, 403, 200),
    ("channel-edit", "get"): (302, 404, 403, 403, 403, 200),
    ("channel-edit", "post"): (302, 404, 403, 403, 403, 422),
    ("channel-test", "post"): (302, 404, 403, 403, 403, 302),
    ("channel-remove", "post"): (302, 404, 403, 403, 403, 302),
    ("health-live", "get"): (302, 204, 204, 204, 204, 204),
    ("sign-in", "get"): (200, 302, 302, 302, 302, 302),
    ("sign-in", "post"): (200, 302, 302, 302, 302, 302),
    ("sign-out", "post"): (302, 302, 302, 302, 302, 302),
    ("first-admin", "get"): (302, 302, 302, 302, 302, 302),
    ("first-admin", "post"): (302, 302, 302, 302, 302, 302),
    ("healthz", "get"): (200, 200, 200, 200, 200, 200),
    ("readyz", "get"): (503, 503, 503, 503, 503, 503),
}
>>>>>>> 59be03b (Approvals: filtered by the address, words and ticks kept, deadlines on the reader's clock, counts, and news of what changed)
ANSWERS_EVERY_METHOD = {"overview", "healthz"}


@pytest.fixture
def places(orders, by_mail, lead, auditor, monkeypatch) -> dict[str, str]:
    """Each route's address, with something of Payments behind it; the cloud is not called."""
    monkeypatch.setattr(cloud, "diagnose", lambda _client: [])
    kinds = {
        "backup": (backup := past(orders, 1).pk),
        "approval": backup,
        "instance": orders.pk,
        "project": orders.project_id,
        "channel": by_mail.pk,
        "member": auditor.memberships.get().pk,
        "deputy": deputize(orders.team, lead, auditor, at=timezone.now()).pk,
        "team": orders.team.slug,
    }
    return {
        route.name: reverse(
            route.name, args=[kinds[route.name.split("-")[0]]] if "<" in str(route.pattern) else []
        )
        for route in urlpatterns
        if isinstance(route, URLPattern) and route.name
    }


def test_every_route_has_its_row(places):
    assert set(places) == {name for name, _ in ROUTES}
    assert len(places) == len(urlpatterns)


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
