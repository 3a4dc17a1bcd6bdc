"""What a person should look at: on the backup's page, in the lists, and once it was seen."""

import pytest

from backups.models import Alarm, Backup
from backups.operations import alarms, audit
from backups.queries import timeline
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW


@pytest.fixture
def backup(orders) -> Backup:
    """A backup that ended well."""
    return past(orders, 1)


@pytest.mark.parametrize(
    ("alarm", "details", "told"),
    [
        (Alarm.DUPLICATE, ["twin-1", "twin-2"], ("twice", "twin-1", "twin-2", "Nothing was deleted")),
        (Alarm.WENT_BACK, ["BUILDING"], ("changed its word", "“Completed”", "BUILDING", "ask for another")),
        (Alarm.OVERDUE, [], ("more than 24 hours", "each hour", "goes away by itself")),
    ],
)
def test_an_alarm_tells_what_it_means_and_what_to_do(desk, backup, alarm, details, told):
    alarms.sound(backup, alarm, details, at=NOW)
    page = desk.get(f"/backups/{backup.pk}/").text
    for words in (*told, f"Alarm: {Alarm(alarm).label.lower()}"):
        assert words in page
    row = desk.get("/backups/").text.split(f'id="backup-{backup.pk}"')[1].split("</tr>")[0]
    assert str(Alarm(alarm).label) in row
    assert "<svg" in row.split('class="tag alarm"')[1]


def test_seen_takes_the_alarm_off_and_the_timeline_keeps_it(desk, backup):
    alarms.sound(backup, Alarm.DUPLICATE, ["twin-1"], at=NOW)
    page = desk.post(f"/backups/{backup.pk}/alarm-seen", follow=True).text
    assert "marked as seen" in page
    assert 'id="alarm-title"' not in page
    assert "Alarm seen" in page
    assert Backup.objects.get().alarm == ""


def test_an_overdue_backup_has_nothing_to_be_marked_as_seen(desk, backup):
    alarms.sound(backup, Alarm.OVERDUE, [], at=NOW)
    assert "alarm-seen" not in desk.get(f"/backups/{backup.pk}/").text


def test_a_viewer_sees_the_alarm_and_why_it_is_not_hers_to_take_off(client, backup, auditor):
    alarms.sound(backup, Alarm.DUPLICATE, ["twin-1"], at=NOW)
    client.force_login(auditor)
    page = client.get(f"/backups/{backup.pk}/").text
    assert "twin-1" in page
    assert "alarm-seen" not in page
    assert "Only a requester" in client.post(f"/backups/{backup.pk}/alarm-seen", follow=True).text
    assert Backup.objects.get().alarm == Alarm.DUPLICATE


def test_a_word_of_the_cloud_that_nobody_knows_is_shown_as_it_is(desk, orders, ask):
    backup = ask(orders, "before-release")
    Backup.objects.update(status="BUILDING", cloud_id="a", begin_time=NOW, raw_status="PRE_FREEZING")
    assert "the cloud says “PRE_FREEZING”" in desk.get("/backups/").text
    assert "a word that Safepoint does not know" in desk.get(f"/backups/{backup.pk}/").text
    Backup.objects.update(raw_status="BUILDING")
    assert "the cloud says" not in desk.get("/backups/").text


def test_a_backup_that_vanished_says_what_that_means(desk, backup):
    Backup.objects.update(status="VANISHED")
    assert "it cannot be restored from" in desk.get(f"/backups/{backup.pk}/").text


def test_every_verb_of_a_backups_life_has_its_words(desk, backup):
    verbs = "sent_again send_again_decided closed in_doubt vanished alarm_duplicate alarm_went_back"
    for verb in (*verbs.split(), "alarm_overdue", "alarm_seen"):
        audit.record(verb, team_id=backup.team_id, at=NOW, backup=backup)
        assert timeline.of(backup)[-1].title not in {verb, ""}
    assert desk.get(f"/backups/{backup.pk}/").status_code == 200
