"""`manage.py sync` reads everything and says how far it is."""

from io import StringIO

import pytest
from django.core.management import call_command

from backups.models import Project
from backups.operations import catalog
from tests.fixtures.catalog import assert_same_as_cloud


@pytest.fixture
def run(due):
    """Run it; what it printed."""

    def run_with(*arguments: str) -> str:
        out = StringIO()
        call_command("sync", *arguments, stdout=out)
        return out.getvalue()

    return run_with


def test_it_reads_the_whole_past_and_tells_how_far_it_is(run, due, simulator, monkeypatch):
    monkeypatch.setattr(catalog, "MOST", 10)
    printed = run(due.name)
    assert "backups read, back to" in printed
    due.refresh_from_db()
    assert printed.endswith(f"{due.name}: up to date, {due.backups_listed} backups in the cloud\n")
    assert_same_as_cloud(due, simulator)


def test_the_whole_past_is_read_again_where_that_is_asked_for(run, due, monkeypatch):
    run()
    due.refresh_from_db()
    monkeypatch.setattr(catalog, "MOST", 10)
    run("--whole")
    before, due = due.swept_at, Project.objects.get()
    assert due.swept_at > before


def test_it_says_what_went_wrong(run, due, simulator):
    simulator.fault(operation="list_backups", action="status", status=400, code="DBS.200001", times=0)
    assert "DBS.200001" in run()
    simulator.fault(operation="list_instances", action="status", status=400, code="DBS.200004", times=0)
    assert "DBS.200004" in run()
