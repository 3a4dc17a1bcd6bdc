"""The REST list beside what Django REST framework gives out of the box, as many as go."""

from functools import partial

from benchmarks import names
from benchmarks.figures import Figure, ratio_at_least
from benchmarks.load import answers_per_second, api_request, pool
from benchmarks.samples import take_turns
from benchmarks.scene import Scene
from deploy.processes import manage

LIST, STOCK = "/api/v1/backups/?limit=50", "/stock/backups/"
SLICE_SECONDS = 3.0


def measure(scene: Scene) -> list[Figure]:
    """Lists of fifty a second, of ours and of a stock ModelViewSet with counted pages."""
    stand, web = scene.stand, scene.many
    command = manage("create_token", names.READER, "--team", names.LARGEST_TEAM, "--scopes", "read")
    token = stand.command(command, DATABASE_URL=web.database_url).strip()
    ours, stock = api_request(LIST, token), api_request(STOCK, "")
    slice_seconds = min(SLICE_SECONDS, scene.choices.seconds / 4)
    with pool() as makers:
        taken = take_turns(
            {
                "ours": partial(answers_per_second, makers, web.port, [ours], slice_seconds, status=200),
                "stock": partial(answers_per_second, makers, web.port, [stock], slice_seconds, status=200),
            },
            rounds=max(round(scene.choices.seconds / (2 * slice_seconds)), 2),
            warm_up=1,
        )
    return [
        Figure(
            "REST list of 50, as many as go",
            taken["ours"].median,
            "/s",
            taken["stock"].median,
            "stock ModelViewSet",
            goal=ratio_at_least(5),
            spread=taken["ours"].spread,
        )
    ]
