"""Holds `fedcred credentials list` of a folder against other parsers: the same resources, the same literal values.

usage: readers.py FEDCRED FOLDER NODE_FOLDER
"""

import json
import pathlib
import subprocess
import sys

from pycep import BicepParser

fedcred, folder, packages = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
here = pathlib.Path(__file__).parent

TERRAFORM = {
    "azuread_application_federated_identity_credential",
    "azuread_application_flexible_federated_identity_credential",
    "azurerm_federated_identity_credential",
}
BICEP = {
    "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    "Microsoft.Graph/applications/federatedIdentityCredentials",
}
FIELDS = {
    "name": ("display_name", "name"),
    "issuer": ("issuer",),
    "subject": ("subject",),
    "expression": ("claims_matching_expression",),
    "audience": ("audience", "audiences"),
}


def literals(values):
    """The values that are plain texts, under our names."""
    found = {}
    for field, names in FIELDS.items():
        for name in names:
            value = values.get(name)
            if isinstance(value, list) and len(value) == 1:
                value = value[0]
            if isinstance(value, str) and "${" not in value:
                found[field] = value
    return found


def terraform(files):
    if not files:
        return
    command = ["node", str(here / "readers.mjs"), packages, *map(str, files)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    for file, line in zip(files, lines, strict=True):
        for kind, named in json.loads(line).get("resource", {}).items():
            if kind in TERRAFORM:
                for blocks in named.values():
                    yield from ((file, literals(block)) for block in blocks)


def bicep(files):
    for file in files:
        resources = BicepParser().parse(text=file.read_text())["resources"]
        for resource in resources.values():
            if resource["type"] in BICEP and not resource["existing"]:
                config = resource["config"]
                body = config.get("config", config) if "loop_type" in config else config
                yield file, literals({"name": body.get("name"), **body.get("properties", body)})


listed = subprocess.run(
    [fedcred, "credentials", "list", ".", "--format", "json"], cwd=folder, check=False, capture_output=True, text=True
)
ours = json.loads(listed.stdout)["credentials"]
wanted = [*terraform(sorted(folder.rglob("*.tf"))), *bicep(sorted(folder.rglob("*.bicep")))]
problems = []
for file in sorted({file for file, _ in wanted}):
    path = file.relative_to(folder).as_posix()
    mine = [credential for credential in ours if credential["source"] == path]
    theirs = [values for other, values in wanted if other == file]
    if len({credential["line"] for credential in mine}) != len(theirs):
        problems.append(f"{path}: {len(theirs)} resources, we read {sorted({c['line'] for c in mine})}")
    for values in theirs:
        if not any(all(credential[field] == value for field, value in values.items()) for credential in mine):
            problems.append(f"{path}: nothing read has {values}")
if problems:
    sys.exit("\n".join(problems))
print(len(wanted))
