"""Certificates for TLS tests: good ones, an expired one, one for another host, a self-signed one."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """Issues certificates and the servers' TLS settings that carry them."""

    def __init__(self, directory):
        self._directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Test authority")
        certificate = self._sign(self._key, self._name, is_authority=True)
        self.certificate_path = directory / "authority.pem"
        self.certificate_path.write_bytes(_pem(certificate))

    def server_settings(self, host="127.0.0.1", *, ends_in_days=30, is_self_signed=False):
        """The TLS settings of a server that claims to be `host`."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(
            key, _name(host), host=host, ends_in_days=ends_in_days, is_self_signed=is_self_signed
        )
        path = self._directory / f"{x509.random_serial_number()}.pem"
        path.write_bytes(_pem(certificate) + _key_pem(key))
        settings = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        settings.load_cert_chain(path)
        return settings

    def _sign(self, key, name, *, host=None, ends_in_days=30, is_authority=False, is_self_signed=False):
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name if is_self_signed else self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=ends_in_days))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if host:
            builder = builder.add_extension(x509.SubjectAlternativeName([_alternative(host)]), critical=False)
        return builder.sign(key if is_self_signed else self._key, hashes.SHA256())


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternative(host):
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
