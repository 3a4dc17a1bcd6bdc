"""Many measurements of a few things that take turns."""

import random
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """What one thing took, each time."""

    values: list[float]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The middle half."""
        return self.quantile(0.25), self.quantile(0.75)

    def quantile(self, share: float) -> float:
        """The value that this share of all stays under."""
        ordered = sorted(self.values)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def take_turns(
    subjects: Mapping[str, Callable[[], float]], *, rounds: int, warm_up: int = 5
) -> dict[str, Sample]:
    """Measure each subject once a round, in another order each round.

    What else the machine does meets all of them alike. The first rounds warm up and are not counted.
    """
    chance = random.Random(rounds)  # noqa: S311 - an order, the same each time
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    for number in range(-warm_up, rounds):
        for name in chance.sample(list(subjects), len(subjects)):
            value = subjects[name]()
            if number >= 0:
                taken[name].append(value)
    return {name: Sample(values) for name, values in taken.items()}
