"""How Chinese text sounds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gis.sounds import readings, syllables

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("八经街46号", "ba jing jie 46 hao"),
        ("长安路", "chang an lu"),
        ("重庆", "chong qing"),
        ("人行道塌陷", "ren xing dao ta xian"),
        ("行道树", "xing dao shu"),
        ("成都路", "cheng du lu"),
        ("", ""),
        ("Café 7-11", "Café 7-11"),
        ("㐀𠀀", "qiu he"),
    ],
)
def test_letters_sound_as_in_their_phrase(text: str, sounds: str) -> None:
    assert " ".join(syllables(text)) == sounds


def test_a_letter_by_itself_has_all_its_readings() -> None:
    assert readings("行")[:2] == ("xing", "hang")
    assert readings("吕") == ("lv",)
    assert readings("x") == ("x",)


def test_the_kept_phrases_are_those_of_the_pinned_library() -> None:
    kept = (ROOT / "gis" / "sounds" / "phrases.txt").read_text("utf-8")
    script = [sys.executable, str(ROOT / "scripts" / "list_phrases.py")]
    assert subprocess.run(script, capture_output=True, check=True, text=True).stdout == kept
