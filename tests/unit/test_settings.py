"""A setting that is wrong is named in one line before anything begins, and what it says is told to nobody."""

import pytest

from api.cli import run
from api.cli.frame import say, settings_for
from gis.errors import InvalidInputError, SetupError
from gis.settings import Settings

WRONG = [
    ("WEIWANG_RATES__PERSON", "0"),
    ("WEIWANG_RATES__PERSON", "many"),
    ("WEIWANG_SIGN_IN__SESSION_HOURS", "inf"),
    ("WEIWANG_SIGN_IN__SESSION_HOURS", "1e300"),
    ("WEIWANG_RETENTION__NOTICES_DAYS", "1e9"),
    ("WEIWANG_DISPATCH__OFFER_S", "-1"),
    ("WEIWANG_SNAP__OUTSIDE_M", "nan"),
    ("WEIWANG_REPLICA__LAG_S", "nan"),
    ("WEIWANG_REPLICA__URL", "https://somebody:secret@host/x"),
    ("WEIWANG_BUCKET__NAME", "a/../b"),
    ("WEIWANG_BUCKET__ENDPOINT", "file:///etc/secret"),
    ("WEIWANG_POOL_SIZE", "0"),
    ("WEIWANG_PORT", "70000"),
    ("WEIWANG_OFFICE__DAY", "secret"),
    ("WEIWANG_TRUSTED_PROXIES", "secret"),
    ("WEIWANG_IDENTITY__KEYS", '["secret'),
    ("WEIWANG_IDENTITY__KEYS", '{"a": "secret"}'),
    ("DATABASE_URL", "mysql://somebody:secret@host/x"),
    ("DATABASE_URL", "postgresql://somebody:secret@host:port/x"),
    ("DATABASE_URL", "secret"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_it_is_named_and_not_shown(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert run(["boards"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert name.partition("__")[0] in said.err
    assert said.err.count("\n") == 1
    assert "secret" not in said.err


def test_nothing_of_it_stays_in_what_led_to_the_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIWANG_IDENTITY__KEYS", '{"a": "secret"}')
    with pytest.raises(SetupError) as caught:
        settings_for()
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@host:5432/x",
        "postgresql+psycopg://u:p@/x?host=/run/postgresql",
        "postgres://[::1]/x",
        "",
    ],
)
def test_addresses_of_databases(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert Settings().database_url == url


def test_an_error_of_the_shell_names_the_field(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    say(InvalidInputError("neither a date nor a moment", code="date_invalid", field="from"))
    assert "“from” isn't a valid date" in capsys.readouterr().err
