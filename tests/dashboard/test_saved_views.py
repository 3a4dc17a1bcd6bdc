"""The views that a reader keeps beside the filters."""

import pytest

from backups.models import SavedView


@pytest.fixture
def kept(desk, dba) -> SavedView:
    desk.post("/backups/views?status=FAILED&sort=-size&nonsense=1&before=x", {"name": "Big failures"})
    return SavedView.objects.get(user=dba)


def test_only_what_the_filters_understand_is_kept(kept, desk):
    assert kept.query == "status=FAILED&sort=-size"
    page = desk.get("/backups/").text
    assert '<a href="/backups/?status=FAILED&amp;sort=-size">Big failures</a>' in page
    assert 'aria-current="true">Big failures' in desk.get(f"/backups/?{kept.query}").text


def test_a_name_that_is_taken_says_so_and_nothing_typed_is_lost(kept, desk):
    reply = desk.post("/backups/views?q=other", {"name": "Big failures"})
    assert reply.status_code == 422
    assert "You have a view named “Big failures” already." in reply.text
    assert 'value="Big failures"' in reply.text
    assert 'value="other"' in reply.text
    assert SavedView.objects.count() == 1


def test_a_view_is_renamed_and_deleted_and_the_list_stays_as_it_was(kept, desk):
    reply = desk.post(f"/backups/views/{kept.pk}/rename?q=a", {"name": "Heavy"}, follow=True)
    assert reply.redirect_chain == [("/backups/?q=a", 302)]
    assert ">Heavy</a>" in reply.text
    assert "Give it a name." in desk.post(f"/backups/views/{kept.pk}/rename", {"name": ""}, follow=True).text
    assert "is deleted" in desk.post(f"/backups/views/{kept.pk}/delete", follow=True).text
    assert not SavedView.objects.exists()


def test_nobody_sees_or_changes_the_view_of_another(kept, client, lead):
    client.force_login(lead)
    assert ">Big failures</a>" not in client.get("/backups/").text
    for act in ("rename", "delete"):
        assert client.post(f"/backups/views/{kept.pk}/{act}", {"name": "Mine"}).status_code == 404
    assert SavedView.objects.get().name == "Big failures"
