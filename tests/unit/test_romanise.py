"""Addresses for readers of English."""

import pytest

from web.romanise import place_name


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("八经街46号", "46 Bajing Street"),
        ("北五经街14-1号", "14-1 Beiwujing Street"),
        ("六纬路", "Liuwei Road"),
        ("南京北街12号 邮局", "12 Nanjing North Street 邮局"),
        ("五纬南巷", "Wuwei South Lane"),
        ("六纬二巷", "Liuwei Second Lane"),
        ("河南路3号", "3 Henan Road"),
        ("东街", "Dong Street"),
        ("延安三路", "Yanansan Road"),
        ("惠民便利店", "惠民便利店"),
        ("12 Rue Grimaldi", "12 Rue Grimaldi"),
        ("", ""),
    ],
)
def test_addresses_are_written_as_on_street_signs(name: str, english: str) -> None:
    assert place_name("en", name) == english
    assert place_name("zh", name) == name
