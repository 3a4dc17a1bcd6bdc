"""What the form says of a request beforehand is what then holds of it."""

from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backups.models import User
from backups.operations import creation
from backups.queries import approvers, consent
from tests.backups.queries.test_approvers import NAMES, undone, worlds
from tests.fixtures.cast import NOW, member
from tests.fixtures.consent import approve, deputize


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds, needed=st.integers(0, 3))
def test_who_is_named_beforehand_can_decide_and_enough_voices_are_enough(
    payments, orders, dba, govern, world, needed
):
    with undone():
        cast = {
            name: member(name, payments, *roles) for name, roles in zip(NAMES, world["roles"], strict=True)
        }
        for absent, deputy, day in world["absences"]:
            if absent != deputy and day < 0:
                deputize(payments, cast[absent], cast[deputy], days=30)
        User.objects.filter(username__in=world["disabled"]).update(is_active=False)
        govern(approvals=needed)
        orders.team.refresh_from_db()
        demand = consent.demands([orders], by=dba, at=NOW).get(orders.pk)
        draft = creation.Draft(orders, name="before-release")
        [backup] = creation.create_backups([draft], by=dba, at=NOW, client_token=uuid4())
        assert (demand is None) == (backup.approvals_needed == 0)
        if demand is None:
            return
        assert demand.could == consent.of(backup, at=NOW).could
        voices = {voice.owner.pk: voice.owner for voice in approvers.open_voices(backup, at=NOW)}
        for owner in voices.values():
            if backup.status == "AWAITING_APPROVAL":
                approve(backup, owner)
                backup.refresh_from_db()
        assert demand.is_hopeless == (backup.status == "AWAITING_APPROVAL")


def test_several_instances_cost_no_more_queries_than_one(
    payments, orders, ledger, dba, policy, django_assert_num_queries
):
    for chosen in ([orders], [orders, ledger]):
        for instance in chosen:
            instance.team = payments
        with django_assert_num_queries(3):
            assert len(consent.demands(chosen, by=dba, at=NOW)) == len(chosen)
