"""What every suite works with: the stand, its worlds, and people signed in to them."""

from dataclasses import dataclass
from functools import cached_property

from benchmarks import names, worlds
from benchmarks.choices import Choices
from benchmarks.stand import Stand, Web
from benchmarks.visitors import Visitor


@dataclass(frozen=True)
class Scene:
    """The stand and the sizes; a world is made when the first suite asks for it."""

    stand: Stand
    choices: Choices

    @cached_property
    def many(self) -> Web:
        """Web processes over the large world."""
        return self._web("many", self.choices.rows, self.choices.instances)

    @cached_property
    def few(self) -> Web:
        """Web processes over a small part of such a world: fewer instances, each with as long a past."""
        rows = self.choices.few_rows
        return self._web("few", rows, max(self.choices.instances * rows // self.choices.rows, 1))

    @cached_property
    def reader(self) -> Visitor:
        """Dana, in eight of ten teams, before the large world."""
        return self.visitor(self.many, names.READER)

    def visitor(self, web: Web, username: str) -> Visitor:
        """Somebody who has just signed in."""
        return Visitor(web.port).sign_in(username, names.PASSWORD)

    def _web(self, name: str, rows: int, instances: int) -> Web:
        url = worlds.database(self.stand, name, rows=rows, instances=instances)
        return self.stand.web(url)
