"""Who may do what, over every resource, by role and by scope (security.md, rows 6 and 14)."""

from itertools import product

import pytest
from django.urls import URLPattern, get_resolver

from backups.api.urls import urlpatterns
from backups.api.views.resource import Resource
from backups.models import Membership, Scope
from backups.secrecy import tokens
from tests.api.routes import OPEN, READERS, ROUTES
from tests.fixtures.callers import Caller


def resources() -> dict[str, type[Resource]]:
    return {
        route.name: route.callback.cls  # type: ignore[attr-defined]
        for route in urlpatterns
        if isinstance(route, URLPattern) and route.name and route.name not in OPEN
    }


def test_every_route_and_method_has_its_row():
    there = {(name, method.lower()) for name, kind in resources().items() for method in kind.scopes}
    assert there == set(ROUTES)


def test_every_method_that_a_resource_answers_asks_for_a_scope():
    for name, kind in resources().items():
        answered = {method for method in ("get", "post", "put", "patch", "delete") if hasattr(kind, method)}
        assert {method.lower() for method in kind.scopes} == answered, name
        assert set(kind.scopes.values()) <= set(Scope.values)


@pytest.mark.parametrize("reader", READERS)
def test_each_caller_gets_what_the_table_says(
    places, bodies, reader, call_as, request, stranger, storefront, payments
):
    person = request.getfixturevalue(reader) if reader != "nobody" else None
    call = call_as(person, team=storefront if reader == "stranger" else payments)
    told = {
        (name, method): call.send(method, places[name], bodies.get((name, method))).status_code
        if method != "get"
        else call.get(places[name]).status_code
        for name, method in ROUTES
    }
    assert told == {route: answers[READERS.index(reader)] for route, answers in ROUTES.items()}


@pytest.mark.parametrize("lacking", Scope.values)
def test_without_its_scope_a_token_gets_nothing_whatever_its_owner_may(
    places, bodies, lacking, call_as, stranger, storefront, payments, admin
):
    Membership.objects.filter(user=admin).update(roles=["requester", "approver", "admin"])
    others = [scope for scope in Scope.values if scope != lacking]
    call = call_as(admin, *others)
    for name, method in ROUTES:
        if resources()[name].scopes[method.upper()] == lacking:
            reply = call.send(method, places[name], bodies.get((name, method)))
            assert (reply.status_code, reply.json()["type"]) == (403, "urn:safepoint:problem:scope"), name


def test_a_method_that_a_resource_does_not_know_is_refused(places, call_as, admin):
    call = call_as(admin)
    methods = ("get", "post", "put", "patch", "delete", "options", "trace")
    for name, method in set(product(places, methods)) - set(ROUTES):
        assert call.send(method, places[name]).status_code == 405, (name, method)


def test_a_browser_that_is_signed_in_is_nobody_here(places, client, admin):
    client.force_login(admin)
    assert client.get(places["api-me"]).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer spt_short", "Bearer \xff"])
def test_what_is_no_token_is_told_so(places, client, header):
    reply = client.get(places["api-me"], headers={"authorization": header} if header else {})
    assert (reply.status_code, reply["WWW-Authenticate"]) == (401, 'Bearer realm="Safepoint"')
    assert reply["Content-Type"] == "application/problem+json"


def test_a_token_of_the_right_form_that_was_never_made_opens_nothing(places):
    assert Caller(tokens.new_token().reveal()).get(places["api-me"]).status_code == 401


def test_every_path_below_the_api_is_of_the_api(call_as, dba):
    assert get_resolver().resolve("/api/v1/anything/else").url_name == "api-nowhere"
    for method in ("get", "post", "delete"):
        reply = call_as(dba).send(method, "/api/v1/anything/else")
        assert (reply.status_code, reply["Content-Type"]) == (404, "application/problem+json")
