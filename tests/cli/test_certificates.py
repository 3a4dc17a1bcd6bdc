"""TLS: the certificates of one's own house, and no others."""

import time

from tests.cli.told import page, told
from tests.cloud.certificates import Authority
from tests.cloud.raw_server import NoHandshake, always


def test_a_certificate_that_nobody_vouches_for_fails_at_once(run, serve_raw, tmp_path):
    server = serve_raw(always(), tls=Authority(tmp_path).server_settings())
    began = time.monotonic()
    result = run(server, "list")
    assert result.exit_code == 1
    assert "certificate verify failed" in result.stderr
    assert time.monotonic() - began < 5
    assert not server.requests


def test_a_file_names_who_vouches(run, serve_raw, tmp_path):
    authority = Authority(tmp_path)
    server = serve_raw(lambda sock, _: sock.sendall(page(told())), tls=authority.server_settings())
    result = run(server, "list", SAFEPOINT_CA_FILE=str(authority.certificate_path))
    assert result.exit_code == 0


def test_another_hosts_certificate_fails(run, serve_raw, tmp_path):
    authority = Authority(tmp_path)
    server = serve_raw(always(), tls=authority.server_settings("desk.example.org"))
    result = run(server, "list", SAFEPOINT_CA_FILE=str(authority.certificate_path))
    assert result.exit_code == 1
    assert not server.requests


def test_a_file_without_certificates_is_told(run, serve_raw, tmp_path):
    (tmp_path / "odd.pem").write_text("none")
    server = serve_raw(always(), tls=Authority(tmp_path).server_settings())
    result = run(server, "list", SAFEPOINT_CA_FILE=str(tmp_path / "odd.pem"))
    assert result.exit_code == 2
    assert "SAFEPOINT_CA_FILE holds no certificates" in result.stderr


def test_a_handshake_that_breaks_off_is_tried_again(run, serve_raw, tmp_path):
    tls = Flickering(Authority(tmp_path).server_settings())
    server = serve_raw(lambda sock, _: sock.sendall(page(told())), tls=tls)
    result = run(server, "list", SAFEPOINT_CA_FILE=str(tmp_path / "authority.pem"))
    assert result.exit_code == 0
    assert "trying again" in result.stderr


class Flickering:
    """TLS settings whose first connection breaks off."""

    def __init__(self, tls):
        self.left = [NoHandshake(), tls]

    def wrap_socket(self, sock, **how):
        return self.left.pop(0).wrap_socket(sock, **how)
