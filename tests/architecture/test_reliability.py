"""The table in docs/reliability.md names a test for every fault, and only tests that are there."""

import re
from pathlib import Path

from deploy.choices import REPOSITORY

IN_SCOPE = {*range(1, 33)}
FOLDERS = ("faults", "four_eyes")
ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)
LINK = re.compile(r"\[`(test_row_(\d\d)_\w+)`\]\(\.\./(tests/(?:faults|four_eyes)/\w+\.py)\)")
DEFINED = re.compile(r"^def (test_row_(\d\d)_\w+)\(", re.MULTILINE)


def table() -> str:
    return (REPOSITORY / "docs" / "reliability.md").read_text()


def defined() -> set[tuple[str, str]]:
    """Every test of a row that there is, with its file."""
    modules = [module for name in FOLDERS for module in (REPOSITORY / "tests" / name).glob("test_*.py")]
    return {
        (found[1], relative(module)) for module in modules for found in DEFINED.finditer(module.read_text())
    }


def relative(module: Path) -> str:
    return str(module.relative_to(REPOSITORY))


def test_every_fault_has_its_line():
    assert {int(number) for number in ROW.findall(table())} == IN_SCOPE


def test_every_line_names_a_test_of_its_own_row():
    for line in table().splitlines():
        if number := ROW.match(line):
            tests = LINK.findall(line)
            assert tests, line
            assert {int(row) for _, row, _ in tests} == {int(number[1])}


def test_the_table_names_exactly_the_tests_that_are_there():
    assert {(name, path) for name, _, path in LINK.findall(table())} == defined()
