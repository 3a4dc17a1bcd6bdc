"""Whether the pages answer; as a command, exit code 0 when they do."""

import http.client
import sys

from deploy import choices

ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what is bound everywhere is asked for here


def answers(address: str, port: int) -> bool:
    """Ask for /healthz; a redirect to https is an answer too."""
    connection = http.client.HTTPConnection(ANY.get(address, address), port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status < http.HTTPStatus.BAD_REQUEST
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> int:
    """Ask the pages of this machine."""
    chosen = choices.read()
    return 0 if answers(chosen.bind_address, chosen.port) else 1


if __name__ == "__main__":
    sys.exit(main())
