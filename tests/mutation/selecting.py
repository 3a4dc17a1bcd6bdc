"""Which tests judge a mutant: of those that run its line, the nearest, the quickest and the most thorough."""

import ast
import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

import coverage

MODELS_AND_MIGRATIONS = "tests/backups/models/test_migrations.py"

NEAREST_SECONDS = 20.0
"""As long as the judges of a mutant whose file calls its module may take together."""
LONGEST_SECONDS = 10.0
"""As long the quickest of all, and as long the most thorough."""


@dataclass(frozen=True)
class Judges:
    """The tests that run each line."""

    by_line: dict[str, dict[int, set[str]]]
    seconds: dict[str, float]

    def of(self, path: str, line: int) -> list[str]:
        """The tests for a change in a line; of a constant or a class, those of the lines that name it."""
        source = Path(path).read_text()
        lines = self.by_line.get(path, {})
        begins, ends = _function_around(source, line)
        inside = [number for number in sorted(lines) if begins <= number <= ends]
        before = [number for number in inside if number <= line]
        if before and begins:
            chosen = lines[before[-1]]
        else:
            # What else runs at import concerns every test of the module.
            chosen = self._naming(_name_at(source, line)) or set().union(*(lines[at] for at in inside))
        first: set[str] = set()
        if path.startswith("backups/models/"):
            first = {test for test in self.seconds if test.startswith(MODELS_AND_MIGRATIONS)}
        judges = (chosen | first) & self.seconds.keys()
        thoroughness = Counter(test for tests in lines.values() for test in tests)
        quickest = sorted(judges, key=lambda test: (test not in first, self.seconds[test]))
        nearest = [test for test in quickest if _calls(test.partition("::")[0], Path(path).stem)]
        most_thorough = sorted(judges, key=lambda test: (-thoroughness[test], self.seconds[test]))
        chosen_first = self._in_time(nearest, NEAREST_SECONDS)
        others = [*self._in_time(quickest, LONGEST_SECONDS), *self._in_time(most_thorough, LONGEST_SECONDS)]
        return list(dict.fromkeys([*chosen_first, *others]))

    def _in_time(self, tests: list[str], seconds: float) -> list[str]:
        sums = accumulate(self.seconds[test] for test in tests)
        return [test for test, so_far in zip(tests, sums, strict=True) if so_far <= seconds]

    def _naming(self, name: str) -> set[str]:
        """The tests that run a line of a function in which `name` stands."""
        word = re.compile(rf"\b{name}\b")
        return {
            test
            for path, lines in self.by_line.items()
            for number, text in enumerate(Path(path).read_text().splitlines(), start=1)
            if name and word.search(text)
            for test in lines.get(number, ())
        }

    def usual_seconds(self, tests: list[str]) -> float:
        """How long they take on the program as it is."""
        return sum(self.seconds[test] for test in tests)


def read(directory: Path) -> Judges:
    """What `measure` wrote down."""
    data = coverage.CoverageData(str(directory / "coverage"))
    data.read()
    here = Path.cwd()
    by_line: dict[str, dict[int, set[str]]] = {}
    for file in data.measured_files():
        contexts = data.contexts_by_lineno(file)
        by_line[str(Path(file).relative_to(here))] = {
            line: {context.partition("|")[0] for context in found if context}
            for line, found in contexts.items()
            if any(found)
        }
    return Judges(by_line, json.loads((directory / "seconds.json").read_text()))


@cache
def _calls(tests: str, module: str) -> bool:
    """Whether a file of tests calls what is in the module."""
    return re.search(rf"\b{module}\.[a-z]", Path(tests).read_text()) is not None


def _name_at(source: str, line: int) -> str:
    """The name of the constant or the class that the statement of a module in that line makes."""
    for node in ast.parse(source).body:
        if not _first_line(node) <= line <= (node.end_lineno or node.lineno):
            continue
        if isinstance(node, ast.Assign):
            return ast.unparse(node.targets[0])
        if isinstance(node, ast.ClassDef):
            return node.name
    return ""


def _first_line(node: ast.stmt) -> int:
    """Where it begins, its decorators included."""
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])


def _function_around(source: str, line: int) -> tuple[int, int]:
    """The first and last line of the innermost function there; of no function, the whole module's."""
    spans = [
        (_first_line(node), node.end_lineno or node.lineno)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
    ]
    return max([span for span in spans if span[0] <= line <= span[1]], default=(0, len(source)))
