"""The size and the names of things: what makes a house easy to live in is checked by a machine."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.choices import REPOSITORY
from deploy.lint import tracked

GRAB_BAGS = {"utils", "helpers", "common", "misc", "base"}
SOURCE = [name for name in tracked("*.py") if "/migrations/" not in name]


def read(name: str) -> str:
    return (REPOSITORY / name).read_text()


def functions() -> Iterator[tuple[str, int]]:
    for name in SOURCE:
        for node in ast.walk(ast.parse(read(name))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name}:{node.lineno} {node.name}", body_length(node)


def body_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body without its docstring: words that explain are not what makes a function long."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize(
    ("names", "most"),
    [
        ([name for name in SOURCE if not name.startswith("tests/")], 300),
        ([name for name in SOURCE if name.startswith("tests/")], 150),
        (tracked("templates/*.html"), 120),
        (tracked("static/css/*.css", "static/js/*.js"), 300),
    ],
    ids=["source", "tests", "templates", "static"],
)
def test_no_file_is_so_long_that_it_must_hold_two_rooms(names, most):
    too_long = {name: length for name in names if (length := len(read(name).splitlines())) > most}
    assert not too_long


def test_no_function_is_over_60_lines_and_the_median_is_at_most_8():
    lengths = dict(functions())
    assert not {name: length for name, length in lengths.items() if length > 60}
    product = [length for name, length in lengths.items() if not name.startswith("tests/")]
    assert statistics.median(product) <= 8


def test_no_module_is_a_grab_bag():
    assert not [name for name in SOURCE if GRAB_BAGS & set(Path(name).with_suffix("").parts)]


def test_nothing_is_imported_inside_a_function():
    inside = [
        f"{name}:{node.lineno}"
        for name in SOURCE
        for function in ast.walk(ast.parse(read(name)))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not inside
