"""A server that plays what it is told, and a client that may call it."""

import ssl

import pytest

from backups.cloud import AccessKeyAuth, CloudClient, Guard
from backups.secrecy.secret import Secret
from tests.cloud.certificates import Authority
from tests.cloud.raw_server import RawServer

CLOUD = "https://gaussdb.cn-north-4.myhuaweicloud.com"
PROJECT_ID = "0483b6b16e954cb88930a360d2c4e663"
INSTANCE_ID = "d8e6ca5a624745bcb546a227aa3ae1cfin01"
ACCESS_KEY = "AKCANARY0000EXAMPLE1"
SECRET_KEY = "skcanary+/=Zb9pRm4Wq7Lx2Vt5Kd8Hs1Nf6Jy"


@pytest.fixture
def serve():
    """Starts servers that play a script; they are closed at the end."""
    servers = []

    def start(play, **options):
        servers.append(RawServer(play, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def key_auth():
    return AccessKeyAuth(Secret(ACCESS_KEY), Secret(SECRET_KEY))


@pytest.fixture
def client_of(key_auth):
    """A client of a server, or of the cloud itself, with whatever differs from the usual."""

    def make(server=None, **options):
        endpoint = server.origin if server else CLOUD
        given = {
            "endpoint": endpoint,
            "api": "mysql/v3",
            "project_id": PROJECT_ID,
            "auth": key_auth,
            "guard": Guard({endpoint}),
            "deadline_seconds": 5.0,
        }
        return CloudClient(**{**given, **options})

    return make


@pytest.fixture
def create_on(client_of):
    """Makes the create call on a server, with whatever differs from the usual client."""

    def create(server=None, **options):
        return client_of(server, **options).create_backup(instance_id=INSTANCE_ID, name="backup-1")

    return create


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """A certificate authority of this test run."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def trusting(authority):
    """A client's TLS settings that trust this test run's authority besides nothing."""
    return ssl.create_default_context(cafile=str(authority.certificate_path))
