"""One picture: what it shows, and the way there."""

from dataclasses import dataclass

from tests.browser.ways import Lead


@dataclass(frozen=True)
class Scene:
    """A picture's name, the route that it shows, the way there, and who looks; "" is nobody yet.

    `is_whole`: the page, not only what the window shows of it.
    """

    name: str
    route: str
    lead: Lead
    is_whole: bool = True
    reader: str = "admin"
