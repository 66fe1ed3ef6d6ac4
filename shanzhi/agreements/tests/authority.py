"""A time-stamp authority on this machine: pyHanko's own, behind an HTTP server as RFC 3161 says."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from asn1crypto import keys, tsp
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

STAMPED = datetime(2026, 11, 16, 2, 0, 7, tzinfo=UTC)
NAME = "示例时间戳服务"


def certificate() -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    signs = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_cert_sign=False, crl_sign=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(STAMPED - timedelta(days=30))
        .not_valid_after(STAMPED + timedelta(days=3650))
        .add_extension(usage, critical=True).add_extension(signs, critical=True)
    )  # fmt: skip
    return made.sign(key, hashes.SHA256()), key


class Answers(BaseHTTPRequestHandler):
    """`server.how`: stamps, refuses, or says nonsense."""

    def do_POST(self):
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        kind, content = "application/timestamp-reply", b""
        if self.server.how == "nonsense":
            kind, content = "text/html", b"<h1>Welcome</h1>"
        elif self.server.how == "garbled":
            content = b"\x30\x03\x02\x01"
        elif self.server.how == "refuses":
            status = tsp.PKIStatusInfo({"status": "rejection"}).dump()  # and no token
            content = bytes([0x30, len(status)]) + status
        else:
            asked = tsp.TimeStampReq.load(asked)
            if self.server.how == "another":
                asked["message_imprint"]["hashed_message"] = b"\0" * 32
            content = self.server.stamper.request_tsa_response(asked).dump()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@contextmanager
def serving() -> Iterator[HTTPServer]:
    """`url`, `pem` and `how` of the server may be looked at and changed."""
    cert, key = certificate()
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    server = HTTPServer(("127.0.0.1", 0), Answers)
    server.stamper = DummyTimeStamper(
        Certificate.load(cert.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(der),
        fixed_dt=STAMPED,
    )  # fmt: skip
    server.how, server.url = "stamps", f"http://127.0.0.1:{server.server_port}/tsa"
    server.pem = cert.public_bytes(Encoding.PEM)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
