"""The plugins that every test may lean on."""

pytest_plugins = [
    "tests.fixtures.cast",
    "tests.fixtures.fleet",
    "tests.fixtures.projects",
    "tests.fixtures.simulator",
    "tests.fixtures.processes",
]
