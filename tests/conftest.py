"""The plugins that every test may lean on."""

pytest_plugins = [
    "tests.fixtures.cast",
    "tests.fixtures.projects",
    "tests.fixtures.simulator",
    "tests.fixtures.processes",
]
