"""The faces are those of a real site."""

import pytest


@pytest.fixture(autouse=True)
def collected(static_files: str) -> None:
    """Styles and scripts have their hashed names."""
