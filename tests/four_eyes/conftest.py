"""The faces are those of a real site."""

import pytest

from tests.four_eyes.faces import FACES, Face


@pytest.fixture(autouse=True)
def collected(static_files: str) -> None:
    """Styles and scripts have their hashed names."""


@pytest.fixture(params=FACES, ids=lambda face: face.name)
def face(request) -> Face:
    """Each way in which a person can decide, in turn."""
    return request.param
