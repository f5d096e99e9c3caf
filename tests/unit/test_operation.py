"""The guide for operators and its files name commands, options and files that exist."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer
import yaml

from api.cli import app
from gis.settings import Settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "operation"
PROMETHEUS = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool (Debian: prometheus) isn't installed"
)
FILES = [ROOT / "docs" / "operation.md", *sorted(FOLDER.iterdir())]
COMMANDS = typer.main.get_group(app).commands
IDS = [path.name for path in FILES]


def said(path: Path) -> list[list[str]]:
    """Return the words of each command of ours that a file shows."""
    text = path.read_text("utf-8").replace('", "', " ").replace("[FOLDER", "FOLDER")
    lines = re.findall(r"(?:^|[/ `\"])weiwang ((?:[a-z-]+)(?: [^\n`\"#|&]*)?)", text, re.MULTILINE)
    return [line.split() for line in lines if line.split()[0] in COMMANDS]


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_options_exist(path: Path) -> None:
    for name, *rest in said(path):
        command = COMMANDS[name]
        command = getattr(command, "commands", {}).get(rest[0] if rest else "", command)
        known = {word for one in command.params for word in (*one.opts, *one.secondary_opts)}
        wanted = {word.strip("[]`.,;()") for word in rest if word.strip("[").startswith("--")}
        assert wanted <= known, (name, wanted - known)


def test_the_guide_shows_the_commands_that_it_is_about() -> None:
    shown = {words[0] for path in FILES for words in said(path)}
    assert shown >= {"serve", "backup", "backup-key", "restore", "doctor", "import"}


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_settings_exist(path: Path) -> None:
    named = set(re.findall(r"\bWEIWANG_([A-Z_]+[A-Z])\b", path.read_text("utf-8")))
    known = {name.upper() for name in Settings.model_fields} | {"DOMAIN", "BEHIND"}
    for name, group in Settings.model_fields.items():
        known |= {f"{name}__{one}".upper() for one in getattr(group.annotation, "model_fields", {})}
    assert named <= known


def test_files_that_are_linked_exist() -> None:
    guide = (ROOT / "docs" / "operation.md").read_text("utf-8")
    linked = re.findall(r"\]\(([^)#]+)\)", guide)
    assert linked
    assert all((ROOT / "docs" / path).exists() for path in linked)
    assert {path.name for path in FOLDER.iterdir()} >= {"weiwang.service", "Containerfile", "compose.yaml"}


def promtool(*arguments: str | Path) -> None:
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@PROMETHEUS
def test_alerts_come_when_they_have_to_and_not_otherwise() -> None:
    promtool("check", "rules", FOLDER / "alerts.yaml")
    promtool("test", "rules", FOLDER / "alerts.test.yaml")


def test_each_alert_is_seen_to_come() -> None:
    rules = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
    seen = re.findall(r'alertname="(\w+)"', (FOLDER / "alerts.test.yaml").read_text("utf-8"))
    assert {rule["alert"] for rule in rules} == set(seen)


@PROMETHEUS
def test_prometheus_understands_the_dashboard(tmp_path: Path) -> None:
    panels = json.loads((FOLDER / "grafana.json").read_text("utf-8"))["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    rules = [{"record": f"panel:{number}", "expr": one} for number, one in enumerate(asked)]
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump({"groups": [{"name": "all", "rules": rules}]}))
    promtool("check", "rules", tmp_path / "rules.yaml")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd isn't installed")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """Their programs are looked for where they will be: here something that is there stands for them."""
    units = []
    for path in sorted(FOLDER.glob("weiwang*.*")):
        text = re.sub(r"/opt/weiwang/\.venv/bin/\w+", "/bin/true", path.read_text("utf-8"))
        (tmp_path / path.name).write_text(text)
        units.append(tmp_path / path.name)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    told = [line for line in done.stderr.splitlines() if "weiwang" in line]
    assert (done.returncode, told) == (0, []), done.stderr


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx isn't installed")
def test_nginx_understands_its_site(tmp_path: Path) -> None:
    """A certificate of its own stands for the office's."""
    pair = tmp_path / "weiwang.pem"
    making = [
        "-x509",
        "-newkey",
        "ed25519",
        "-nodes",
        "-subj",
        "/CN=weiwang.example.org",
        "-keyout",
        str(pair),
    ]
    subprocess.run(
        ["openssl", "req", *making, "-out", str(tmp_path / "c.pem")], capture_output=True, check=True
    )
    pair.write_text(pair.read_text("ascii") + (tmp_path / "c.pem").read_text("ascii"))
    site = re.sub(r"/etc/ssl/\S+\.(?:pem|key)", str(pair), (FOLDER / "nginx.conf").read_text("utf-8"))
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {site} }}"
    (tmp_path / "nginx.conf").write_text(whole.replace(" 80;", " 8080;").replace(" 443 ", " 8443 "))
    asked = ["nginx", "-t", "-q", "-e", "stderr", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
