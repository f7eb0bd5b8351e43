"""clients.py right|wrong: signs in with every Python client; `wrong` expects each to print the emulator's refusal."""

import json
import logging
import os
import sys
import tempfile
import urllib.request

import msal
from azure.identity import ClientAssertionCredential, WorkloadIdentityCredential

logging.disable()  # the exception says it all
WRONG = sys.argv[1] == "wrong"
BASE, TENANT, CLIENT = (os.environ["AZURE_" + name] for name in ("AUTHORITY_HOST", "TENANT_ID", "CLIENT_ID"))
SCOPE = f"{BASE}/.default"
EXPECTED = "AADSTS700213", "repo:octo/app:environment:staging"


def assertion():
    url = os.environ["ACTIONS_ID_TOKEN_REQUEST_URL"] + "&audience=api://AzureADTokenExchange"
    bearer = {"Authorization": "Bearer " + os.environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]}
    with urllib.request.urlopen(urllib.request.Request(url, headers=bearer), timeout=10) as answer:
        return json.load(answer)["value"]


def client_assertion():
    credential = ClientAssertionCredential(TENANT, CLIENT, assertion, authority=BASE, disable_instance_discovery=True)
    return credential.get_token(SCOPE).token


def workload_identity():
    with tempfile.NamedTemporaryFile("w", suffix=".jwt") as file:
        file.write(assertion())
        file.flush()
        os.environ["AZURE_FEDERATED_TOKEN_FILE"] = file.name
        return WorkloadIdentityCredential(disable_instance_discovery=True).get_token(SCOPE).token


def plain_msal():
    app = msal.ConfidentialClientApplication(
        CLIENT, authority=f"{BASE}/{TENANT}", client_credential={"client_assertion": assertion}, instance_discovery=False
    )
    answer = app.acquire_token_for_client([SCOPE])
    if "access_token" not in answer:
        raise RuntimeError(answer["error_description"])
    return answer["access_token"]


failed = False
for name, sign_in in [
    ("azure-identity ClientAssertionCredential", client_assertion),
    ("azure-identity WorkloadIdentityCredential", workload_identity),
    ("msal", plain_msal),
]:
    try:
        said = f"a token of {len(sign_in())} characters"
        good = not WRONG
    except Exception as error:  # whatever a client raises is what people read
        said = str(error).replace("\n", " ")
        good = WRONG and all(text in said for text in EXPECTED)
    failed |= not good
    print(f"{'ok  ' if good else 'FAIL'} {name}: {said[:170]}")
sys.exit(failed)
