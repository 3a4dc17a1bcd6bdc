"""The preview says who could decide, and the decision allows exactly those."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backups.models import Backup, Membership, Role, Status, Team, User
from backups.operations import audit, content, rights
from backups.operations.decisions import DecisionRefused
from backups.queries import approvers
from tests.fixtures.cast import NOW, member
from tests.fixtures.consent import approve, deputize

NAMES = ("ann", "bob", "cyd", "dan")
people = st.sampled_from(NAMES)
worlds = st.fixed_dictionaries(
    {
        "requester": people,
        "roles": st.tuples(*[st.sets(st.sampled_from(list(Role)), min_size=1) for _ in NAMES]),
        "disabled": st.sets(people, max_size=1),
        "gone": st.sets(people, max_size=1),
        "absences": st.lists(st.tuples(people, people, st.sampled_from([-9, -1, 1])), max_size=3),
        "given": st.lists(people, max_size=2),
    }
)


class Undone(Exception):
    """Nothing of it stays."""


@contextmanager
def undone() -> Iterator[None]:
    """What happens in it has not happened."""
    with suppress(Undone), audit.act():
        yield
        raise Undone


def takes(backup: Backup, user: User) -> bool:
    """Whether the decision of `user` would be taken."""
    with undone():
        try:
            approve(backup, user)
        except DecisionRefused:
            return False
        return True


def arrange(team: Team, instance: Any, world: dict[str, Any]) -> tuple[Backup, list[User]]:
    """A request, and what has happened around it."""
    cast = {name: member(name, team, *roles) for name, roles in zip(NAMES, world["roles"], strict=True)}
    backup = Backup(
        team=team,
        instance=instance,
        name="before-release",
        status=Status.AWAITING_APPROVAL,
        requested_by=cast[world["requester"]],
        requested_at=NOW,
        client_token=uuid4(),
        approvals_needed=5,
        approve_by=NOW + timedelta(days=1),
        next_action_at=NOW,
    )
    backup.content_hash = content.hash_of(backup)
    backup.save(force_insert=True)
    for absent, deputy, day in world["absences"]:
        if absent != deputy:
            deputize(team, cast[absent], cast[deputy], at=NOW + timedelta(days=day), days=3)
    for name in world["given"]:
        if takes(backup, cast[name]):
            approve(backup, cast[name])
    User.objects.filter(username__in=world["disabled"]).update(is_active=False)
    Membership.objects.filter(team=team, user__username__in=world["gone"]).delete()
    return backup, list(User.objects.filter(username__in=NAMES))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds)
def test_preview_list_button_and_decision_agree_on_everybody(payments, orders, world):
    with undone():
        backup, everybody = arrange(payments, orders, world)
        previewed = {voice.person for voice in approvers.open_voices(backup, at=NOW)}
        assert previewed == {user for user in everybody if rights.may_decide(user, backup, at=NOW).is_allowed}
        assert previewed == {user for user in everybody if takes(backup, user)}
        listed = {user for user in everybody if approvers.to_decide(user, at=NOW).exists()}
        assert previewed == {user for user in listed if user.is_active}
        assert world["requester"] not in {user.username for user in previewed}
