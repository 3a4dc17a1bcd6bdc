"""The servers that come along: a real PostgreSQL and a real Valkey, each in a home of its own.

    server = EmbeddedPostgres(home)
    server.prepare()                 # makes what is missing, stops what a killed run left behind
    subprocess.Popen(server.argv())  # in the foreground, for a supervisor to own
    server.wait_ready()
    server.url()
    server.stop()

Both serve on a socket in their home; where its path is too long, on a port of 127.0.0.1 with a password.
"""

from deploy.owned import EngineError
from deploy.postgres import EmbeddedPostgres
from deploy.valkey import EmbeddedValkey

__all__ = ["EmbeddedPostgres", "EmbeddedValkey", "EngineError"]
