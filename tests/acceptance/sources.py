"""sources.py google|pipelines|machine: obtains a token from the emulator's door with the platform's own client."""

import base64
import json
import logging
import os
import sys

logging.disable()  # the exception says it all
AUDIENCE = "api://AzureADTokenExchange"
BASE = os.environ["AZURE_AUTHORITY_HOST"]


def claims(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def google():
    for name in ("GCE_METADATA_HOST", "GCE_METADATA_IP"):
        os.environ[name] = BASE.split("://")[1].rstrip("/")
    import google.auth.transport.requests
    from google.oauth2 import id_token

    said = claims(id_token.fetch_id_token(google.auth.transport.requests.Request(), AUDIENCE))
    assert (said["iss"], said["aud"]) == ("https://accounts.google.com", AUDIENCE), said
    assert said["sub"].isdigit(), said


def pipelines():
    os.environ["SYSTEM_OIDCREQUESTURI"] = BASE.rstrip("/") + "/azure-pipelines/octo/oidctoken"
    from azure.identity import AzurePipelinesCredential

    credential = AzurePipelinesCredential(
        tenant_id=os.environ["AZURE_TENANT_ID"],
        client_id=os.environ["AZURE_CLIENT_ID"],
        service_connection_id="5b404cf4-a79d-4cfe-b866-24bf8e1a4921",
        system_access_token="emulated-system-token",
        authority=BASE,
        disable_instance_discovery=True,
    )
    assert len(credential.get_token("https://management.azure.com/.default").token) > 100


def machine():
    os.environ["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = BASE.rstrip("/")
    from azure.identity import ManagedIdentityCredential

    identity = "66666666-6666-4666-8666-666666666666"
    said = claims(ManagedIdentityCredential(client_id=identity).get_token(AUDIENCE + "/.default").token)
    assert (said["sub"], said["aud"]) == ("77777777-7777-4777-8777-777777777777", AUDIENCE), said


{"google": google, "pipelines": pipelines, "machine": machine}[sys.argv[1]]()
