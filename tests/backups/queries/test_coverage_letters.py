"""What a letter on coverage says, and to whom."""

from datetime import timedelta

import pytest

from backups.models import Event, Notice, Occasion
from backups.operations import coverage
from backups.queries import audience, letters, verbs
from tests.backups.queries.test_coverage import HOUR, good
from tests.fixtures.cast import NOW
from tests.fixtures.fleet import make_instance

pytestmark = pytest.mark.django_db


def test_a_letter_names_how_many_and_which_and_leads_to_the_page(orders, ledger, by_mail, settings):
    coverage.tell(at=NOW)
    letter = letters.letter(Notice.objects.get())
    assert letter.subject == "[Payments] 2 instances have no good backup within their targets"
    assert "ledger, orders" in letter.text
    assert letter.link == f"{settings.SITE_URL}/coverage/?team=payments"
    assert letter.data["type"] == "coverage"
    assert [each["id"] for each in letter.data["instances"]] == [ledger.cloud_id, orders.cloud_id]


def test_risk_and_the_way_back_have_words_of_their_own(orders, by_mail):
    good(orders, timedelta(0), end_time=NOW)
    for hours in (0, 25):
        coverage.tell(at=NOW + hours * HOUR)
    good(orders, -26 * HOUR, end_time=NOW + 26 * HOUR)
    coverage.tell(at=NOW + 26 * HOUR)
    subjects = [letters.letter(notice).subject for notice in Notice.objects.order_by("id")]
    assert subjects == [
        "[Payments] 1 instance will soon miss its target",
        "[Payments] 1 instance is covered again",
    ]


def test_of_many_instances_the_first_few_are_named(project):
    for number in range(12):
        make_instance(project, f"db-{number:02d}")
    coverage.tell(at=NOW)
    detail = verbs.detail(Event.objects.get(verb="coverage_lost"))
    assert detail.startswith("db-00, db-01")
    assert detail.endswith("db-09 and 2 others")


def test_the_admins_and_whoever_can_ask_for_a_backup_are_told(payments, dba, lead, admin, auditor):
    notice = Notice(team=payments, occasion=Occasion.COVERAGE, at=NOW)
    assert audience.of(notice, at=NOW) == [admin, dba]
