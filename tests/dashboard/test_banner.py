"""What is not well, on every page, and in place while the page is open."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Credential, Project, Pulse, User
from backups.operations import reach


@pytest.fixture(autouse=True)
def here_for_an_hour(dba) -> None:
    """Nothing just starts."""
    User.objects.update(date_joined=timezone.now() - timedelta(hours=1))


@pytest.fixture
def alive(db) -> None:
    """Reconciler and worker have just shown life."""
    for name in ("reconciler", "worker"):
        Pulse.objects.create(name=name, at=timezone.now())


def poll_of(page: str) -> str:
    found = re.search(r'hx-get="(/health/live[^"]*)"', page)
    assert found
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize("place", ["/backups/", "/backups/new", "/instances/", "/projects/", "/nowhere"])
def test_every_page_tells_what_is_not_well_what_it_means_and_what_to_do(desk, place):
    page = desk.get(place).text
    for told in ("The reconciler is silent", "Nothing is lost", "The operator starts the reconciler"):
        assert told in page


def test_nothing_is_told_while_all_is_well_nor_to_who_is_not_signed_in(alive, desk, client):
    assert "problem" not in desk.get("/backups/").text
    client.logout()
    Pulse.objects.all().delete()
    page = client.get("/sign-in/").text
    assert "reconciler" not in page
    assert "/health/live" not in page


def test_an_open_page_hears_of_it_only_when_something_changes(alive, desk):
    page = desk.get("/backups/").text
    assert "every 15s" in page.split("/health/live")[1].split(">")[0]
    assert desk.get(poll_of(page)).status_code == 204
    Pulse.objects.filter(name="worker").update(at=timezone.now() - timedelta(minutes=5))
    told = desk.get(poll_of(page)).text
    assert "The queue is slow" in told
    assert "data-over" in told  # it lies over the page: nothing moves
    assert "every 5s" in told
    assert desk.get(poll_of(told)).status_code == 204
    Pulse.objects.filter(name="worker").update(at=timezone.now())
    gone = desk.get(poll_of(told)).text
    assert "problems" not in gone
    assert desk.get(poll_of(gone)).status_code == 204


def test_a_page_that_was_loaded_with_a_problem_says_when_all_is_well_again(alive, desk):
    Pulse.objects.filter(name="worker").update(at=timezone.now() - timedelta(minutes=5))
    page = desk.get("/backups/").text
    assert "The queue is slow" in page
    assert "data-over" not in page
    Pulse.objects.filter(name="worker").update(at=timezone.now())
    assert "All is well again." in desk.get(poll_of(page)).text


def test_a_problem_that_becomes_urgent_is_told_anew(alive, desk, project):
    reach.note_sign_in_failed(project, "refused", at=timezone.now())
    page = desk.get("/backups/").text
    assert "does not accept the credential of payments-north" in page
    Credential.objects.update(failures=3)
    assert "is stopped" in desk.get(poll_of(page)).text


def test_a_projects_own_page_tells_of_it_once(alive, desk, project):
    reach.note_sign_in_failed(project, "refused", at=timezone.now())
    page = desk.get(f"/projects/{project.pk}/").text
    assert page.count("does not accept the credential of payments-north") == 1
    assert desk.get(poll_of(page)).status_code == 204


def test_many_projects_make_a_short_banner(alive, desk, project):
    for number in range(9):
        kept = Project.objects.get(name="payments-north")
        credential = kept.credential
        kept.pk, kept.name, kept.endpoint = None, f"project-{number}", f"https://{number}.example"
        kept.unreachable_since = timezone.now()
        kept._state.adding = True
        kept.save()
        credential.pk, credential.project = None, kept
        credential._state.adding = True
        credential.save()
    page = desk.get("/backups/").text
    assert page.count('class="banner problem"') == 4
    assert "5 more projects are not well" in page


def test_what_the_cloud_said_is_text(alive, desk, project):
    Project.objects.update(unreachable_since=timezone.now(), unreachable_why="<b>gone</b>")
    page = desk.get("/backups/").text
    assert "&lt;b&gt;gone" in page
    assert "<b>gone" not in page


def test_banner_and_badge_cost_every_page_one_query_while_all_is_well_and_else_two(
    desk, project, alive, django_assert_num_queries
):
    desk.get("/projects/")
    with django_assert_num_queries(3):  # session, reader, and what stands around the page
        desk.get("/nowhere")
    Project.objects.update(unreachable_since=timezone.now())
    with django_assert_num_queries(4):
        assert "does not answer" in desk.get("/nowhere").text
