"""What PostgreSQL itself refuses, whoever writes the row."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from backups.models import Attempt, Backup, Credential, Event, Instance, Membership, Team, User
from backups.operations import audit
from tests.fixtures.cast import NOW

Insert = Callable[..., Backup]


@pytest.fixture
def insert(orders: Instance, dba: User) -> Insert:
    """Write a row past every operation."""

    def insert_backup(**values: object) -> Backup:
        defaults = {
            "team": orders.team,
            "instance": orders,
            "name": f"by-hand-{uuid4().hex[:8]}",
            "status": "QUEUED",
            "requested_by": dba,
            "requested_at": NOW,
            "client_token": uuid4(),
            "next_action_at": NOW,
        }
        return Backup.objects.create(**defaults | values)

    return insert_backup


BUILDING = {"status": "BUILDING", "cloud_id": "a"}


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"status": "DREAMING"}, "backup_status_known"),
        ({"source": "moon", "cloud_id": "a"}, "backup_source_known"),
        ({"name": "1st-backup"}, "backup_name_form"),
        ({"name": "abc"}, "backup_name_form"),
        ({"name": "with space"}, "backup_name_form"),
        ({"description": "a > b"}, "backup_description_form"),
        ({"description": "two\nlines"}, "backup_description_form"),
        ({"requested_by": None}, "backup_asked_by_a_person"),
        ({"client_token": None}, "backup_asked_by_a_person"),
        ({"status": "BUILDING"}, "backup_in_cloud_has_id"),
        ({"status": "COMPLETED"}, "backup_in_cloud_has_id"),
        ({"source": "elsewhere"}, "backup_found_has_id"),
        ({"status": "SUBMITTING"}, "backup_lease_while_submitting"),
        ({"lease_until": NOW}, "backup_lease_while_submitting"),
        ({"next_action_at": None}, "backup_never_forgotten"),
        ({"begin_time": NOW, "end_time": NOW.replace(hour=1)}, "backup_ends_after_it_begins"),
    ],
)
def test_the_database_refuses_a_row_that_cannot_be(insert: Insert, values, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        insert(**values)
    assert not Backup.objects.exists()


def test_a_live_name_stands_once_on_an_instance_and_is_free_again_after_a_refusal(insert: Insert):
    insert(name="nightly", status="REFUSED", next_action_at=None)
    insert(name="nightly")
    with pytest.raises(IntegrityError, match="backup_live_name_once"), transaction.atomic():
        insert(name="nightly")


@pytest.mark.parametrize("status", ["SUBMITTING", "UNCONFIRMED", "BUILDING"])
def test_one_backup_at_a_time_occupies_an_instance(insert: Insert, status):
    insert(**BUILDING)
    lease = NOW if status == "SUBMITTING" else None
    with pytest.raises(IntegrityError, match="backup_one_at_a_time"), transaction.atomic():
        insert(status=status, cloud_id="b", lease_until=lease)


def test_a_token_and_a_cloud_id_each_stand_for_one_backup(insert: Insert):
    token = insert(**BUILDING).client_token
    with pytest.raises(IntegrityError, match="backup_once_per_token"), transaction.atomic():
        insert(client_token=token)
    with pytest.raises(IntegrityError, match="backup_found_once"), transaction.atomic():
        insert(status="COMPLETED", cloud_id="a")


def test_a_backup_cannot_belong_to_another_team_than_its_instance(insert: Insert, storefront: Team):
    with pytest.raises(IntegrityError, match="backup_in_team_of_instance"), transaction.atomic():
        insert(team=storefront)
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_instance_cannot_belong_to_another_team_than_its_project(orders: Instance, storefront: Team):
    with pytest.raises(IntegrityError, match="instance_in_team_of_project"), transaction.atomic():
        Instance.objects.filter(pk=orders.pk).update(team=storefront)
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_every_write_raises_the_revision(insert: Insert):
    backup = insert()
    backup.refresh_from_db()
    before = backup.revision
    Backup.objects.filter(pk=backup.pk).update(raw_status="touched")
    backup.refresh_from_db()
    assert backup.revision > before


def test_an_attempt_is_written_once_per_fence_and_ends_with_an_outcome(insert: Insert):
    backup = insert()
    Attempt.objects.create(backup=backup, number=1, worker="w", started_at=NOW)
    with pytest.raises(IntegrityError, match="attempt_once_per_fence"), transaction.atomic():
        Attempt.objects.create(backup=backup, number=1, worker="w", started_at=NOW)
    with pytest.raises(IntegrityError, match="attempt_finished_has_outcome"), transaction.atomic():
        Attempt.objects.filter(backup=backup).update(finished_at=NOW)


def test_an_audit_event_can_be_neither_changed_nor_deleted(payments: Team):
    audit.record("tested", team_id=payments.pk, at=NOW)
    event = Event.objects.get()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(verb="forged")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).delete()
    assert Event.objects.get(pk=event.pk).verb == "tested"


def test_a_member_holds_known_roles_and_at_least_one(payments: Team, dba: User):
    for roles in ([], ["owner"]):
        with pytest.raises(IntegrityError, match="membership_roles_known"), transaction.atomic():
            Membership.objects.filter(user=dba, team=payments).update(roles=roles)


def test_a_credential_is_whole_or_not_there(project):
    with pytest.raises(IntegrityError, match="credential_complete"), transaction.atomic():
        Credential.objects.filter(project=project).update(secret_key_sealed=None)
