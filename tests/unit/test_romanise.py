"""Addresses for readers of English."""

import pytest

from web.romanise import place_name


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("八经街46号", "46 Bajing Street"),
        ("北五经街14-1号", "14-1 Beiwujing Street"),
        ("六纬路", "Liuwei Road"),
        ("南京北街12号 邮局", "12 Nanjingbei Street 邮局"),
        ("惠民便利店", "惠民便利店"),
        ("12 Rue Grimaldi", "12 Rue Grimaldi"),
        ("", ""),
    ],
)
def test_addresses_are_written_as_on_street_signs(name: str, english: str) -> None:
    assert place_name("en", name) == english
    assert place_name("zh", name) == name
