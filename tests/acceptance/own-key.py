"""azure-identity signs in to the emulator with every form of the key; PyJWT verifies what fedcred signs."""

import base64
import os

import jwt
from azure.identity import CertificateCredential
from cryptography import x509
from cryptography.hazmat.primitives import hashes

BASE, TENANT, CLIENT = (os.environ["AZURE_" + name] for name in ("AUTHORITY_HOST", "TENANT_ID", "CLIENT_ID"))
PASSWORD = os.environ["PASSWORD"]

for name in ["identity.pem", "sealed.pem", "identity.p12"]:
    password = None if name == "identity.pem" else PASSWORD
    credential = CertificateCredential(
        TENANT, CLIENT, name, password=password, authority=BASE, disable_instance_discovery=True
    )
    print("azure-identity with", name, "got", len(credential.get_token(f"{BASE}/.default").token), "characters")

with open("assertion.jwt") as file:
    token = file.read()
with open("certificate.pem", "rb") as file:
    certificate = x509.load_pem_x509_certificate(file.read())
claims = jwt.decode(token, certificate.public_key(), algorithms=["PS256"], options={"verify_aud": False})
assert claims["iss"] == claims["sub"], claims
header = jwt.get_unverified_header(token)
digest = base64.urlsafe_b64encode(certificate.fingerprint(hashes.SHA256())).rstrip(b"=").decode()
assert header["x5t#S256"] == digest, header
sent = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0]))
assert sent == certificate, header
print("PyJWT verifies PS256, the thumbprint and x5c")
