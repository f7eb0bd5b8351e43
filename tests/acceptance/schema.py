"""The schema of the configuration and the program's own reader take and refuse the same files.

usage: schema.py FEDCRED SCHEMA [ROUNDS [SEED]]

Configurations are made from good and bad values for every key; each is judged by the schema (jsonschema) and by `fedcred preview`.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

from jsonschema import Draft202012Validator

TEXTS = ["prod", ["dev", "prod"], [], "", [""], 7, ["a", 1], True, {"a": "b"}, None, [None]]
VALUES = {
    "repository": {
        "name": ["octo/app", "octo", "octo/app/x", "octo@1/app", "", 5, None, ["octo/app"], "oc to/app"],
        "default-branch": ["main", "feature/x", "", None, 3, ["main"]],
        "subject-prefix": ["repo:octo/app", "repo:octo@1/app@2", "octo/app", "repo:octo@1/app", "repo:octo@x/app@y", "repo:octo-1/app-2", "", None],
        "template": [["repo", "context"], "repo,context", "repo, context", [], "", ["repo", "repo"], ["re-po"], [1], None, "repo"],
        "environments": TEXTS,
        "id": [2, "2", 0, -1, "x", 1.5, None, True, "", 99999999999999999999999, "00012", "0x10", 0x10],
        "owner-id": [1, "1", [1]],
        "default_branch": ["main"],
    },
    "identity": {
        "client-id": TEXTS + [["secrets.A"]],
        "environments": TEXTS,
        "credentials": [["a.tf"], "a.tf", [], {"a": "b"}, None],
        "clients": ["x"],
    },
    "ignore": {
        "rule": ["wrong-audience", "no-such-rule", None, 3, ["wrong-audience"]],
        "reason": ["meant", "", " ", None, 3],
        "path": ["a.yml", "", None, 1],
        "job": ["a", None, ["a"]],
        "subject": ["repo:o/r:x", None, False],
        "reasons": ["x"],
    },
}
RULES = {"wrong-audience": None, "unmatched-subject": None, "no-such-rule": None}
LEVELS = ["off", "note", "warning", "error", "loud", None, 1, True, ["off"], False]


def some(pick, values, likely=0.4):
    """A mapping with some of the keys; now and then something that is no mapping."""
    if pick.random() < 0.04:
        return pick.choice([None, "x", [], 3, True])
    return {key: pick.choice(options) for key, options in values.items() if pick.random() < likely}


def configuration(pick):
    """A configuration in which few values are wrong, so that both answers occur."""
    if pick.random() < 0.02:
        return pick.choice([None, [], "x", 1, {}])
    good = lambda values: {key: options[: max(1, len(options) // 2)] if pick.random() < 0.8 else options for key, options in values.items()}
    made = {}
    if pick.random() < 0.5:
        made["repository"] = some(pick, good(VALUES["repository"]), 0.25)
    if pick.random() < 0.3:
        made["identities"] = pick.choice([None, [], "x"]) if pick.random() < 0.1 else {"deploy": some(pick, good(VALUES["identity"]))}
    if pick.random() < 0.3:
        made["rules"] = pick.choice([None, [], "x"]) if pick.random() < 0.1 else {
            key: pick.choice(LEVELS[:4] if pick.random() < 0.8 else LEVELS) for key in RULES if pick.random() < 0.3}
    if pick.random() < 0.4:
        entry = some(pick, good(VALUES["ignore"]), 0.3)
        if isinstance(entry, dict) and pick.random() < 0.8:
            entry = {"rule": "wrong-audience", "reason": "meant", **entry}
        made["ignore"] = pick.choice([None, {}, "x"]) if pick.random() < 0.1 else [entry]
    if pick.random() < 0.03:
        made["repositories"] = {}
    return made


def main(program, schema, rounds="400", seed="1"):
    """Prints each disagreement; the exit status is 1 where there is one."""
    with open(schema, encoding="utf-8") as file:
        validator = Draft202012Validator(json.load(file))
    pick = random.Random(int(seed))
    differ = taken = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "fedcred.yml")
        # The source that some configurations name.
        with open(os.path.join(folder, "a.tf"), "w", encoding="utf-8") as file:
            file.write('resource "azuread_application_federated_identity_credential" "a" {}\n')
        for _ in range(int(rounds)):
            made = configuration(pick)
            with open(path, "w", encoding="utf-8") as file:
                json.dump(made, file)
            words = [program, "lint", "--offline", "--quiet", "--repository", "octo/app", "--config", path, folder]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            reader = done.returncode != 2
            complaints = [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(made)]
            taken += reader
            if reader == bool(complaints):
                differ += 1
                print(json.dumps(made), "| reader:", "takes it" if reader else done.stderr.strip(), "| schema:", complaints[:2] or "takes it")
            if not reader and ("fedcred.yml:" not in done.stderr or not done.stderr.strip()):
                differ += 1
                print(json.dumps(made), "| no place:", done.stderr.strip())
    print(f"{rounds} configurations, {taken} taken, {differ} disagreements")
    return 1 if differ or not 0 < taken < int(rounds) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
