"""A new page comes with its pictures and its check, or says why not."""

from tests.browser.pages import NO_PAGE, PAGES
from tests.browser.scenes import SCENES, UNSEEN
from tests.dashboard.routes import ROUTES


def test_every_page_has_a_picture_or_a_reason():
    shown = {scene.route for scene in SCENES if scene.route}
    assert shown | set(UNSEEN) == PAGES
    assert not shown & set(UNSEEN)


def test_no_two_pictures_have_one_name():
    names = [scene.name for scene in SCENES]
    assert len(names) == len(set(names))


def test_what_is_no_page_is_a_route():
    assert set(NO_PAGE) <= {name for name, method in ROUTES if method == "get"}
