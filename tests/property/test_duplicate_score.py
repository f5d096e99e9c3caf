"""The score of two reports: symmetric, never higher for what is farther apart, and a probability whatever comes in."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gis.categories import CATEGORIES
from gis.duplicates import (
    JOINED,
    PERSONAL,
    Pairs,
    extent_m,
    hamming,
    reach_m,
    related,
    score,
    sigma_m,
    text_similarity,
)

metres = st.floats(0, 500)
sigmas = st.floats(1.5, 90)
hours = st.floats(0, 24 * 60)
codes = st.sampled_from([one.code for one in CATEGORIES])
texts = st.text("路面塌陷下水堵井盖灯不亮abc ，。", max_size=12)


def pairs(distance_m, sigma, after_h, *, other=0.0, bits=math.nan, alike=math.nan) -> Pairs:
    columns = [
        np.atleast_1d(np.asarray(one, dtype=float))
        for one in (distance_m, sigma, after_h, other, bits, alike)
    ]
    return Pairs(*np.broadcast_arrays(*columns))


@given(metres, metres, sigmas, hours, st.booleans(), st.one_of(st.just(math.nan), st.floats(0, 1)))
def test_farther_apart_is_never_more_probable(one, other, sigma, after_h, kind, alike) -> None:  # noqa: PLR0917
    near, far = sorted((one, other))
    found = score(pairs([near, far], sigma, after_h, other=float(kind), alike=alike))
    assert found[0] >= found[1]


@given(metres, sigmas, hours, hours)
def test_longer_after_is_never_more_probable(distance, sigma, one, other) -> None:
    soon, late = sorted((one, other))
    found = score(pairs(distance, sigma, [soon, late]))
    assert found[0] >= found[1]


@given(metres, sigmas, hours, st.floats(0, 64), st.floats(0, 64), st.floats(0, 1), st.floats(0, 1))
def test_more_alike_is_never_less_probable(  # noqa: PLR0917
    distance, sigma, after_h, bits, other_bits, alike, other_alike
) -> None:
    closer, wider = sorted((bits, other_bits))
    photos = score(pairs(distance, sigma, after_h, bits=[closer, wider]))
    assert photos[0] >= photos[1]
    less, more = sorted((alike, other_alike))
    words = score(pairs(distance, sigma, after_h, alike=[less, more]))
    assert words[0] <= words[1]
    assert score(pairs(distance, sigma, after_h))[0] >= score(pairs(distance, sigma, after_h, other=1.0))[0]


@given(metres, sigmas, hours, st.floats(0, 64), st.floats(0, 1))
def test_it_is_a_probability_and_zero_outside_the_block(distance, sigma, after_h, bits, alike) -> None:
    (found,) = score(pairs(distance, sigma, after_h, bits=bits, alike=alike))
    assert 0 <= found <= 1
    if distance > max(50, 3 * sigma):
        assert found == 0


@given(metres, sigmas, hours, texts, texts, st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_swapping_the_two_changes_nothing(  # noqa: PLR0917
    distance, sigma, after_h, one, other, first, second
) -> None:
    assert text_similarity(one, other) == text_similarity(other, one)
    hashes = f"{first:016x}", f"{second:016x}"
    assert hamming(*hashes) == hamming(*reversed(hashes))
    assert score(pairs(distance, sigma, after_h)) == score(pairs(-distance, sigma, -after_h))


@given(codes, codes)
def test_related_categories_are_related_both_ways(one: str, other: str) -> None:
    assert (other in related(one)) == (one in related(other))
    assert one not in related(one)
    assert extent_m(one) >= 2
    assert reach_m(one, 1.0) == next(kind.radius_m for kind in CATEGORIES if kind.code == one)


@given(st.one_of(st.none(), st.floats(0, 1e6)), st.sampled_from(["gnss", "pin", "plate", "exif"]))
def test_every_position_has_an_error(accuracy: float | None, source: str) -> None:
    assert 1.5 <= sigma_m(accuracy, source) <= 60


def test_words_and_photos() -> None:
    assert text_similarity("路灯不亮", "路灯 不亮！") == 1
    assert text_similarity("路灯不亮", "下水堵了") == 0
    assert 0.3 < (text_similarity("路面塌了一块", "路面塌了个坑") or 0) < 0.7
    assert text_similarity("", "路灯不亮") is None
    assert text_similarity("灯", "路灯不亮") is None
    assert hamming("0" * 16, "f" * 16) == 64
    assert hamming("", "f" * 16) is None
    assert not JOINED & PERSONAL
    assert {"sewer", "manhole"} <= JOINED


def test_what_the_thresholds_mean() -> None:
    """At one spot within the hour it is linked; the breadth of a street away it is asked; a block away neither."""
    sigma = math.sqrt(2 * sigma_m(8.0, "gnss") ** 2 + extent_m("road_damage") ** 2)
    here, street, block = score(pairs([3.0, 17.0, 60.0], sigma, 1.0))
    assert here >= 0.8
    assert 0.3 <= street < 0.8
    assert block == 0
    (passed_on,) = score(pairs(17.0, sigma, 1.0, bits=2))
    assert passed_on >= 0.8
