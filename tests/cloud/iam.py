"""A sign-in service and a cloud on one server: issues tokens, and accepts the last one."""

from datetime import UTC, datetime, timedelta

from tests.cloud.raw_server import reply

GOOD_LIST = {"instances": [], "total_count": 0}


class Iam:
    """Counts the sign-ins; `refuses` makes it answer them with a given reply."""

    def __init__(self, *, tells_end=True, accepts=True, refuses=None):
        self.tells_end, self.accepts, self.refuses = tells_end, accepts, refuses
        self.sign_ins = []
        self.calls = []

    def __call__(self, sock, received):
        is_sign_in = received.path == "/v3/auth/tokens"
        sock.sendall(self.sign_in(received) if is_sign_in else self.call(received))

    def sign_in(self, received):
        self.sign_ins.append(received)
        if self.refuses:
            return self.refuses
        ends = (datetime.now(UTC) + timedelta(hours=24)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        body = {"token": {"expires_at": ends} if self.tells_end else {}}
        return reply(201, body, X_Subject_Token=self.token)

    @property
    def token(self):
        return f"MIItoken{len(self.sign_ins):04d}" + "x" * 4000

    def call(self, received):
        self.calls.append(received)
        is_current = received.headers.get("X-Auth-Token") == self.token
        if self.accepts and is_current:
            created = {"backup": {"id": "b-1"}}
            return reply(200, GOOD_LIST if received.method == "GET" else created)
        return reply(401, {"error_code": "APIGW.0307", "error_msg": "token must be updated"})
