"""Views that a person keeps: under a name of their own, and for nobody else."""

import pytest

from backups.models import SavedView
from backups.operations import saved_views
from backups.operations.saved_views import ViewRefused


@pytest.fixture
def failed(dba) -> SavedView:
    return saved_views.save(dba, name="  Failed   here ", query="status=FAILED")


def test_a_view_is_kept_under_its_name(failed, dba):
    assert SavedView.objects.get(user=dba).name == "Failed here"


@pytest.mark.parametrize(
    ("name", "query", "why"),
    [
        (" ", "q=a", "Give it a name."),
        ("n" * 61, "q=a", "61 characters; at most 60."),
        ("empty", "", "nothing to keep"),
        ("long", "q=" + "a" * 999, "fewer filters"),
        ("Failed here", "q=a", "already"),
    ],
)
def test_a_view_that_cannot_be_kept_says_why(failed, dba, name, query, why):
    with pytest.raises(ViewRefused, match=why):
        saved_views.save(dba, name=name, query=query)
    assert SavedView.objects.count() == 1


def test_fifty_views_of_sixty_letters_and_a_thousand_of_filters_are_kept(dba):
    query = "q=" + "a" * 998
    for number in range(50):
        saved_views.save(dba, name=f"{number:060d}", query=query)
    with pytest.raises(ViewRefused, match="You have 50 views"):
        saved_views.save(dba, name="one-more", query=query)


def test_another_persons_name_for_a_view_is_not_taken(failed, lead):
    assert saved_views.save(lead, name="Failed here", query="status=FAILED").user == lead


def test_nobody_keeps_more_views_than_a_menu_can_show(failed, dba, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST", 1)
    with pytest.raises(ViewRefused, match="delete one first"):
        saved_views.save(dba, name="another", query="q=a")


def test_a_view_is_renamed_but_not_to_one_that_is_there(failed, dba):
    other = saved_views.save(dba, name="other", query="q=a")
    assert saved_views.rename(other, name="Mine").name == "Mine"
    with pytest.raises(ViewRefused, match="already"):
        saved_views.rename(other, name="Failed here")
    other.refresh_from_db()
    assert other.name == "Mine"


def test_a_view_is_deleted_by_whom_it_belongs_to_only(failed, dba, lead):
    saved_views.delete(lead, failed.pk)
    assert SavedView.objects.count() == 1
    saved_views.delete(dba, failed.pk)
    saved_views.delete(dba, failed.pk)
    assert not SavedView.objects.exists()
