"""An admin adds a service account; with four eyes a second one agrees first."""

import pytest

from backups.models import Event, Membership, Role, User
from backups.operations import governance, rights, services
from backups.operations.refusals import Refused
from tests.fixtures.cast import NOW, member


def refusal(call) -> Refused:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value


@pytest.fixture
def add(payments, admin):
    """Add one as an admin: `add("ci")`."""
    return lambda name, roles=("requester",), by=admin: services.add(payments, name, roles, by=by, at=NOW)


def test_a_new_one_has_no_password_and_its_roles_at_once(add, payments):
    assert add("ci", {"viewer", "requester"}) is None
    account = User.objects.get(username="ci")
    assert account.is_service
    assert not account.has_usable_password()
    row = Membership.objects.get(team=payments, user=account)
    assert (row.roles, row.may_break_glass, row.since) == (["requester", "viewer"], False, NOW)
    assert Event.objects.get(verb="changed").data["change"]["username"] == "ci"


def test_with_four_eyes_it_can_do_nothing_until_a_second_admin_agrees(add, govern, payments):
    second = member("second", payments, Role.ADMIN)
    govern()
    proposal = add("ci")
    assert proposal is not None
    assert not Membership.objects.filter(user__username="ci").exists()
    governance.agree(proposal, by=second, at=NOW)
    assert Membership.objects.get(user__username="ci").roles == ["requester"]


def test_one_of_another_team_comes_into_this_one_too(add, payments, storefront):
    account = services.find_or_make("ci", is_service=True)[0]
    Membership.objects.create(team=storefront, user=account, roles=["viewer"])
    add("ci")
    assert set(account.teams.all()) == {payments, storefront}


@pytest.mark.parametrize(
    ("name", "roles", "code", "field"),
    [
        ("", ["requester"], "invalid", "username"),
        ("two words", ["requester"], "invalid", "username"),
        ("x" * 151, ["requester"], "invalid", "username"),
        ("admin", ["requester"], "person", "username"),
        ("deploy", ["viewer"], "taken", "username"),
        ("ci", ["approver"], "service", "roles"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_leaves_no_account(add, service, name, roles, code, field):
    before = User.objects.count()
    tried = refusal(lambda: add(name, roles))
    assert (tried.code, tried.field) == (code, field)
    assert User.objects.count() == before


def test_only_an_admin_of_the_team_adds_one(add, dba, stranger):
    for person in (dba, stranger):
        with pytest.raises(rights.RightError):
            add("ci", by=person)
    assert not User.objects.filter(username="ci").exists()
