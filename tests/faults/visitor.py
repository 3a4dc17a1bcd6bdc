"""A person's browser without the screen: cookies, forms, and what comes back."""

import re
from urllib.parse import urlencode
from uuid import uuid4

import urllib3


class Visitor:
    """Somebody who uses the pages of a running Safepoint."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = urllib3.PoolManager(timeout=10, retries=False)
        self.cookies: dict[str, str] = {}

    def sign_in(self, username: str, password: str) -> None:
        """Sign in by the form."""
        self.post("/sign-in/", username=username, password=password)

    def get(self, path: str) -> str:
        """A page's HTML."""
        reply = self.http.request("GET", self.url + path, headers=self._headers(), redirect=False)
        self._remember(reply)
        assert reply.status == 200, f"{path}: {reply.status}"
        return reply.data.decode()

    def post(self, path: str, *, page: str = "", **fields: str | list[str]) -> str:
        """Send a form that stands on `page`, or on its own path; where it leads."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(page or path))
        assert token
        reply = self.http.request(
            "POST",
            self.url + path,
            body=urlencode({"csrfmiddlewaretoken": token[1], **fields}, doseq=True),
            headers={
                **self._headers(),
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": self.url + path,
                "Origin": self.url,
            },
            redirect=False,
        )
        self._remember(reply)
        assert reply.status == 302, reply.data.decode()[:2000]
        return str(reply.headers["Location"])

    def ask(self, name: str, instance: str) -> str:
        """Ask for a backup; the path of its page."""
        return self.post("/backups/new", client_token=str(uuid4()), instances=instance, name=name)

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _remember(self, reply: urllib3.BaseHTTPResponse) -> None:
        for cookie in reply.headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
