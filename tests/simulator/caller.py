"""Plain HTTP calls, signed by the vendor's own signer, so that every part of them can be made wrong."""

import http.client
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json()["error_code"])


@dataclass
class Caller:
    """Makes calls for one project of the simulated cloud."""

    endpoint: str
    project: dict[str, str]
    api: str = "mysql/v3"

    @property
    def root(self) -> str:
        return f"/{self.api}/{self.project['project_id']}"

    def send(
        self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        """Send as it is, without signing in."""
        connection = http.client.HTTPConnection(urlsplit(self.endpoint).netloc, timeout=20)
        try:
            connection.request(method, target, body or None, headers or {})
            reply = connection.getresponse()
            return Answer(reply.status, reply.headers, reply.read())
        finally:
            connection.close()

    def call(self, method: str, path: str, body: Any = None, **changed: Any) -> Answer:
        """Send signed; `body` is bytes or a value for JSON; `path` goes below the project."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        target = f"{self.root}/{path}"
        return self.send(method, target, data, self.signed(method, target, data, **changed))

    def create(self, instance_id: str, name: str = "before-migration", **fields: Any) -> Answer:
        return self.call("POST", "backups/create", {"instance_id": instance_id, "name": name, **fields})

    def signed(
        self,
        method: str,
        target: str,
        body: bytes,
        *,
        skew_seconds: float = 0,
        secret_key: str | None = None,
        access_key: str | None = None,
        extra: dict[str, str] | None = None,
    ) -> dict[str, str]:
        """The headers of a signed request."""
        parts = urlsplit(target)
        date = datetime.now(UTC) + timedelta(seconds=skew_seconds)
        headers = {"Content-Type": "application/json", "X-Sdk-Date": date.strftime("%Y%m%dT%H%M%SZ")}
        request = SdkRequest(
            method=method,
            schema="http",
            host=urlsplit(self.endpoint).netloc,
            resource_path=parts.path,
            query_params=parse_qsl(parts.query, keep_blank_values=True),
            header_params={**headers, **(extra or {})},
            body=body,
        )
        keys = BasicCredentials(
            access_key or self.project["access_key"], secret_key or self.project["secret_key"]
        )
        return dict(Signer(keys).sign(request).header_params)

    def sign_in(self, password: str | None = None, scope: Any = None) -> Answer:
        """Ask for a token."""
        user: dict[str, Any] = {
            "name": self.project["username"],
            "password": password or self.project["password"],
        }
        user["domain"] = {"name": self.project["domain"]}
        auth: dict[str, Any] = {"identity": {"methods": ["password"], "password": {"user": user}}}
        auth["scope"] = scope or {"project": {"id": self.project["project_id"]}}
        return self.send("POST", "/v3/auth/tokens", json.dumps({"auth": auth}).encode())
