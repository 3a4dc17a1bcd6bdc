"""Somebody who calls the simulated cloud, and the instances that can be backed up."""

import pytest

from tests.simulator.caller import Caller


@pytest.fixture
def caller(simulator):
    """Calls for the project payments."""
    return Caller(simulator.endpoint, simulator.projects[0])


@pytest.fixture
def instance_ids(simulator, caller):
    """The ids of the project's instances by their names."""
    return {each["name"]: each["id"] for each in simulator.instances(caller.project["project_id"])}


@pytest.fixture
def orders(instance_ids):
    return instance_ids["orders"]


@pytest.fixture
def made(simulator, caller):
    """The names of the backups that calls have made in the project."""
    return lambda: [each["name"] for each in simulator.backups(caller.project["project_id"])]
