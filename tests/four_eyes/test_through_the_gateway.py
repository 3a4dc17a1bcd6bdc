"""At the cloud's own address nobody decides anything: whatever a caller is, what waits goes on waiting."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from backups.models import Backup, Decision, Status, Team, User
from tests.fixtures.signing import SignAs
from tests.four_eyes.disguises import OTHERS, OWN


@pytest.fixture(autouse=True)
def answers_at_once(settings) -> None:
    """No worker runs beside these tests."""
    settings.GATEWAY_WAIT_SECONDS = 0


@pytest.fixture
def wanted(orders) -> dict[str, str]:
    return {"instance_id": orders.cloud_id, "name": "before-release", "description": ""}


def assert_undecided() -> None:
    assert Backup.objects.get().status == Status.AWAITING_APPROVAL
    assert not Decision.objects.exists()


@pytest.mark.parametrize("disguise", OWN, ids=lambda case: case.__name__)
def test_the_requesters_own_call_again_approves_nothing(
    policy, dba: User, payments: Team, wanted, sign_as: SignAs, disguise: Callable[[User, Team], None]
):
    sign_as(dba).create(**wanted)
    disguise(dba, payments)
    for _try in range(3):
        sign_as(User.objects.get(pk=dba.pk)).create(**wanted)
    assert_undecided()


@pytest.mark.parametrize("somebody", OTHERS, ids=lambda case: case.__name__)
def test_nobody_elses_same_call_approves_it_or_runs_it(
    policy, ask, orders, dba: User, payments: Team, wanted, sign_as, somebody: Callable[[Team, User], User]
):
    ask(orders, wanted["name"], at=timezone.now())
    person = somebody(payments, dba)
    if person.memberships.exists():
        sign_as(person, team=person.memberships.get().team).create(**wanted)
    assert_undecided()


def test_not_even_an_approvers_call_is_a_yes(policy, ask, orders, lead, wanted, sign_as):
    ask(orders, wanted["name"], at=timezone.now())
    assert sign_as(lead).create(**wanted).status_code == 403
    assert_undecided()


def test_another_description_is_another_request_and_waits_as_well(policy, dba, wanted, sign_as):
    sign_as(dba).create(**wanted)
    reply = sign_as(dba).create(**wanted | {"name": "other-name", "description": "same data"})
    assert reply.json()["error_code"] == "SAFEPOINT.0001"
    assert set(Backup.objects.values_list("status", flat=True)) == {Status.AWAITING_APPROVAL}
