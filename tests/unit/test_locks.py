"""The locks: hashes everywhere, no address of any index, no path of any machine."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
ADDRESS = re.compile(r"https?://|git\+|file:|--(extra-)?index-url|--find-links|(^|\s)-[fi] |(^|\s)/\w+/")


def entries(lock):
    text = lock.read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def names(lock):
    return {re.split(r"[\[=;@ ]", line)[0].lower().replace("_", "-") for line in entries(lock)}


def versions(lock):
    return {line.split(" ")[0] for line in entries(lock)}


def test_the_expected_locks_are_there():
    assert [lock.name for lock in LOCKS] == ["bootstrap.txt", "node.txt", "runtime.txt", "s3.txt", "test.txt"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_python_locks_hold_exact_versions_with_hashes(lock):
    assert entries(lock)
    for entry in entries(lock):
        assert re.match(r"^[a-z0-9][a-z0-9._-]*==\S+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_python_locks_name_no_address(lock):
    found = [line for line in lock.read_text("utf-8").splitlines() if ADDRESS.search(line)]
    assert found == []


def test_the_test_lock_holds_the_runtime_lock():
    runtime, test = (ROOT / "requirements" / name for name in ("runtime.txt", "test.txt"))
    assert versions(runtime) <= versions(test)


def test_every_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    def wanted(lines):
        return {re.split(r"[\[<>=!~ ]", line)[0].lower() for line in lines}

    assert wanted(project["dependencies"]) <= names(ROOT / "requirements" / "runtime.txt")
    assert wanted(project["optional-dependencies"]["test"]) <= names(ROOT / "requirements" / "test.txt")


def test_nothing_huge_got_in():
    assert not {"torch", "tensorflow", "jax", "jaxlib"} & names(ROOT / "requirements" / "test.txt")


def test_npm_packages_have_hashes_and_no_addresses():
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    for name, package in lock["packages"].items():
        assert "resolved" not in package, name
        if name:
            assert package["integrity"].startswith("sha512-"), name


def test_npm_versions_are_exact():
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    for version in {**package["dependencies"], **package["devDependencies"]}.values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_each_listed_asset_is_of_a_locked_package():
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    table = tomllib.loads((ROOT / "scripts" / "assets.toml").read_text("utf-8"))
    for source in [*table["files"].values(), *table["licences"].values()]:
        parts = source.split("/")
        package = "/".join(parts[: 2 if source.startswith("@") else 1])
        assert f"node_modules/{package}" in locked, source
