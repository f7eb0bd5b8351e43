"""sources_aws_spiffe.py EMULATOR.json right|clock|refused: asks the emulated AWS and SPIFFE with their real clients."""

import base64
import json
import os
import sys

emulator = json.load(open(sys.argv[1]))
case = sys.argv[2]
for name in [name for name in os.environ if name.startswith(("AWS_", "SPIFFE_"))]:
    del os.environ[name]
for source in ("aws", "spiffe"):
    os.environ.update(emulator["sources"][source])
os.environ["AWS_DEFAULT_REGION"] = os.environ["AWS_REGION"]  # the only one that boto3 reads

import boto3
from botocore.config import Config
import grpc
from spiffe import WorkloadApiClient
from spiffe._proto import workload_pb2, workload_pb2_grpc

# grpcio makes an `:authority` of the socket's path, with percent signs that the server's HTTP/2 library refuses. Clients in Go
# and Rust send `localhost`.
plain_channel = grpc.insecure_channel
grpc.insecure_channel = lambda target: plain_channel(target, options=[("grpc.default_authority", "localhost")])

AUDIENCE = "api://AzureADTokenExchange"
POOL = "eu-west-1:99999999-9999-4999-8999-999999999999"
ONCE = Config(retries={"total_max_attempts": 1})


def claims(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def sts():
    asked = boto3.client("sts", config=ONCE).get_web_identity_token(
        Audience=[AUDIENCE], SigningAlgorithm="RS256", DurationSeconds=300
    )
    assert asked["Expiration"]
    found = claims(asked["WebIdentityToken"])
    assert (found["sub"], found["aud"]) == ("arn:aws:iam::123456789012:role/deploy", AUDIENCE), found
    return found["iss"]


def cognito():
    asked = boto3.client("cognito-identity", config=ONCE).get_open_id_token_for_developer_identity(
        IdentityPoolId=POOL, Logins={"login.contoso.deploy": "robot"}, TokenDuration=300
    )
    found = claims(asked["Token"])
    assert (found["sub"], found["aud"]) == (asked["IdentityId"], POOL), found
    return found["iss"]


def spiffe_unix():
    with WorkloadApiClient(os.environ["SPIFFE_ENDPOINT_SOCKET"]) as client:
        svid = client.fetch_jwt_svid(audience={AUDIENCE})
        assert AUDIENCE in svid.audience
        return str(svid.spiffe_id)


def spiffe_tcp():  # the client itself knows Unix sockets only; these are its generated stubs
    with grpc.insecure_channel("127.0.0.1:" + emulator["url"].rsplit(":", 1)[1]) as channel:
        stub = workload_pb2_grpc.SpiffeWorkloadAPIStub(channel)
        question = workload_pb2.JWTSVIDRequest(audience=[AUDIENCE])
        (svid,) = stub.FetchJWTSVID(question, metadata=[("workload.spiffe.io", "true")], timeout=10).svids
        return claims(svid.svid)["sub"]


EXPECTED = {
    "right": {sts: "tokens.sts.global.api.aws", cognito: "cognito-identity.amazonaws.com", spiffe_unix: "spiffe://", spiffe_tcp: "spiffe://"},
    "clock": {sts: "SignatureDoesNotMatch", cognito: "SignatureDoesNotMatch"},
    "refused": {sts: "OutboundWebIdentityFederationDisabledException", spiffe_unix: "no identity issued", spiffe_tcp: "no identity issued"},
}[case]

failed = False
for client, expected in EXPECTED.items():
    try:
        said, good = client(), case == "right"
    except Exception as error:  # whatever a client raises is what people read
        said, good = f"{type(error).__name__}: {error}", case != "right"
    good = good and expected in said
    failed |= not good
    print(f"{'ok  ' if good else 'FAIL'} {client.__name__}: {said[:170]}")
sys.exit(failed)
