"""A cloud as large as a benchmark wants it, in a few statements."""

import pytest

from backups.simulator.cloud import Cloud, Habits
from backups.simulator.filling import Size, fill, size_of


def figures(cloud: Cloud, query: str) -> list[tuple]:
    with cloud.store.transaction() as db:
        return [tuple(row) for row in db.execute(query)]


@pytest.fixture
def cloud() -> Cloud:
    """A cloud without a past."""
    return Cloud(Habits(history_days=0))


def test_it_holds_as_many_as_were_asked_for_dealt_out_over_projects_instances_and_nights(cloud):
    projects = fill(cloud, Size(projects=3, instances=10, backups=1000))
    assert len({project["access_key"] for project in projects}) == 3
    columns = ", ".join(f"count(DISTINCT {name})" for name in ("id", "instance_id", "project_id"))
    bulk = f"SELECT count(*), {columns} FROM backups"
    assert figures(cloud, bulk) == [(1000, 1000, 10, 3)]
    shares = figures(cloud, "SELECT count(*) FROM backups GROUP BY instance_id")
    assert {count for (count,) in shares} <= set(range(82, 112))
    assert figures(cloud, "SELECT DISTINCT type FROM backups ORDER BY 1") == [("auto",), ("manual",)]
    assert figures(cloud, "SELECT count(*) FROM sqlite_master WHERE name = 'backups_of_instance'") == [(1,)]


def test_it_may_hold_none_and_be_filled_again(cloud):
    fill(cloud, Size(instances=2, backups=0))
    fill(cloud, Size(instances=2, backups=5))
    assert figures(cloud, "SELECT count(*) FROM backups") == [(5,)]


def test_what_makes_no_sense_is_refused():
    assert size_of({"instances": "7", "name": "bench"}) == Size(instances=7, name="bench")
    with pytest.raises(ValueError, match="at least 1"):
        size_of({"projects": 0})


def test_a_simulator_can_be_started_with_it_and_lists_the_end_as_soon_as_the_beginning(start_simulator):
    cloud = start_simulator(projects=2, instances=4, backups=300)
    bulk = [project for project in cloud.projects if project["name"].startswith("bulk")]
    assert [len(cloud.backups(project["project_id"], has_past=True)) for project in bulk] == [150, 150]
    added = cloud.control("fill", {"instances": 1, "backups": 3, "name": "more"})["projects"]
    assert len(cloud.backups(added[0]["project_id"], has_past=True)) == 3
