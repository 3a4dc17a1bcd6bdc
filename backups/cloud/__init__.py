"""The only code that speaks HTTP to a cloud: values in, frozen records or one family of errors out.

It knows neither ORM nor settings. `CloudClient` is the door; `Guard` decides where it may connect.
"""

from backups.cloud.auth import AccessKeyAuth, Auth, TokenAuth
from backups.cloud.client import APIS, CloudClient
from backups.cloud.diagnosis import Step, diagnose
from backups.cloud.errors import (
    CertificateRefused,
    CloudAmbiguous,
    CloudError,
    CloudLater,
    CloudNotSent,
    CloudRefused,
    CredentialFailed,
    EndpointRefused,
    NotOurTurn,
)
from backups.cloud.exchange import Exchange
from backups.cloud.guard import Guard, Target
from backups.cloud.listing import Tally
from backups.cloud.records import BackupRecord, InstanceRecord, JobRecord
from backups.cloud.throttle import Throttle
from backups.cloud.tokens import MemoryKeeper, Token, TokenKeeper

__all__ = [
    "APIS",
    "AccessKeyAuth",
    "Auth",
    "BackupRecord",
    "CertificateRefused",
    "CloudAmbiguous",
    "CloudClient",
    "CloudError",
    "CloudLater",
    "CloudNotSent",
    "CloudRefused",
    "CredentialFailed",
    "EndpointRefused",
    "Exchange",
    "Guard",
    "InstanceRecord",
    "JobRecord",
    "MemoryKeeper",
    "NotOurTurn",
    "Step",
    "Tally",
    "Target",
    "Throttle",
    "Token",
    "TokenAuth",
    "TokenKeeper",
    "diagnose",
]
