"""Who plays in the simulated world: its projects, its databases, and how people name their backups."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A database instance: what it is called, how big it is and what it is for."""

    name: str
    volume_gb: int
    fill: float
    backup_hour: int
    status: str = "normal"
    environment: str = "production"
    version: str = "8.0"

    @property
    def used_gb(self) -> float:
        """How much of its volume holds data."""
        return round(self.volume_gb * self.fill, 1)


@dataclass(frozen=True)
class Stage:
    """A project: a tenant in a region."""

    name: str
    region: str
    roles: tuple[Role, ...]


PAYMENTS = Stage(
    "payments",
    "cn-north-4",
    (
        Role("orders", 640, 0.71, 18),
        Role("ledger", 900, 0.64, 17),
        Role("settlement", 320, 0.55, 19),
        Role("customers", 240, 0.48, 18),
        Role("fraud-scoring", 160, 0.62, 20),
        Role("chargebacks", 80, 0.35, 19, status="frozen"),
        Role("payments-staging", 60, 0.41, 16, environment="staging"),
    ),
)
STOREFRONT = Stage(
    "storefront",
    "ap-southeast-1",
    (
        Role("catalog-read", 480, 0.52, 17),
        Role("carts", 200, 0.44, 18),
        Role("reviews", 140, 0.58, 19),
        Role("loyalty-points", 100, 0.37, 20),
        Role("storefront-dev", 40, 0.25, 15, environment="development"),
    ),
)
STAGES = (PAYMENTS, STOREFRONT)

MEDIAN_USED_GB = 93.6
"""What the median instance of the two projects holds: its backup takes the build seconds."""

OCCASIONS = (
    ("before-migration-{number}", "Before schema migration {number}, change CHG-4{number}"),
    ("pre-release-{stamp}", "Ahead of the release of {stamp}"),
    ("{instance}-monthend-{stamp}", "Month-end snapshot asked for by finance"),
    ("before-partition-cleanup", "Old partitions are dropped tonight, ticket DBA-{number}"),
    ("{instance}-{stamp}-1410", ""),
    ("pre-upgrade-{number}", "Before the minor version goes up, change CHG-4{number}"),
    ("audit-copy-{stamp}", "Kept for the auditors, owner Mei Chen"),
    ("before-index-rebuild_{number}", "Rebuilding the index on the largest table (DBA-{number})"),
    ("restore-drill-{stamp}", "Restore drill of the quarter"),
    ("hotfix-{number}-before", "Before hotfix {number}; delete after two weeks"),
)
"""How people name and describe the backups that they take by hand."""
