"""The chain of the audit log: whatever is edited, left out, put in, exchanged or cut off is found, and the first is named."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gis.audit import (
    Anchor,
    Checker,
    Content,
    Excuses,
    Link,
    Wrong,
    digest_of,
    first_hash,
    hash_of,
    told_digest,
)

Entry = tuple[str, str, Content]
PLACE = "test"
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
CONTENTS = st.builds(Content, st.integers(0, 2**50), TEXTS, TEXTS | st.none(), st.just(False))
CHAINS = st.lists(CONTENTS, min_size=1, max_size=12).map(
    lambda found: [("access", str(number), one) for number, one in enumerate(found)]
)


def chain(entries: list[Entry]) -> list[Link]:
    """Return the links of some entries."""
    links: list[Link] = []
    before = first_hash(PLACE)
    for seq, (source, key, one) in enumerate(entries, start=1):
        told = told_digest(one.told)
        digest = digest_of(one.fixed, told)
        before = hash_of(before, seq, source, key, one.at_us, 7, told, digest)
        links.append(Link(seq, source, key, one.at_us, 7, told, digest, before))
    return links


def looked_over(links: list[Link], entries: list[Entry], head: Link, **options: Any) -> Any:
    """Return what is found first."""
    checker = Checker(PLACE, options.pop("excuses", Excuses()), **options)
    there = {(source, key): one for source, key, one in entries}
    return checker.check(links, there) or checker.end((head.seq, head.hash, head.linked_us))


@given(CHAINS)
def test_a_chain_as_it_was_written_is_whole(entries: list[Entry]) -> None:
    links = chain(entries)
    assert looked_over(links, entries, links[-1]) is None


@given(CHAINS, st.data())
def test_any_edit_of_a_link_is_found_where_it_is(entries: list[Entry], data: st.DataObject) -> None:
    links = chain(entries)
    at = data.draw(st.integers(0, len(links) - 1))
    name = data.draw(st.sampled_from([one.name for one in fields(Link)]))
    value = getattr(links[at], name)
    other = {int: lambda: value + data.draw(st.integers(1, 9)), str: lambda: value + "x"}
    changed = replace(links[at], **{name: other.get(type(value), lambda: bytes(32))()})
    edited = [*links[:at], changed, *links[at + 1 :]]
    found = looked_over(edited, entries, links[-1])
    if changed != links[at]:
        assert found is not None
        assert found.seq == at + 1


@given(CHAINS, st.data())
def test_any_edit_of_an_entry_is_found_where_it_is(entries: list[Entry], data: st.DataObject) -> None:
    links = chain(entries)
    at = data.draw(st.integers(0, len(links) - 1))
    source, key, one = entries[at]
    changed = data.draw(CONTENTS)
    edited = [*entries[:at], (source, key, changed), *entries[at + 1 :]]
    found = looked_over(links, edited, links[-1])
    assert (found is None) == (changed == one)
    gone = looked_over(links, [*entries[:at], *entries[at + 1 :]], links[-1])
    assert (gone.wrong, gone.seq, gone.key) == (Wrong.REMOVED, at + 1, key)


@given(CHAINS, st.data())
def test_what_is_left_out_put_in_or_exchanged_is_found(entries: list[Entry], data: st.DataObject) -> None:
    links = chain(entries)
    at = data.draw(st.integers(0, len(links) - 1))
    without = [*links[:at], *links[at + 1 :]]
    assert looked_over(without, entries, links[-1]) is not None
    assert looked_over([*links[: at + 1], links[at], *links[at + 1 :]], entries, links[-1]) is not None
    if at:
        swapped = [*links[: at - 1], links[at], links[at - 1], *links[at + 1 :]]
        assert looked_over(swapped, entries, links[-1]).seq == at


@given(CHAINS, st.data())
def test_a_tail_that_was_cut_off_with_its_head_shows_against_an_anchor(
    entries: list[Entry], data: st.DataObject
) -> None:
    links = chain([*entries, *entries])
    cut = data.draw(st.integers(1, len(links) - 1))
    anchor = Anchor(PLACE, links[-1].seq, links[-1].hash)
    both = [*entries, *entries]
    assert looked_over(links[:cut], both, links[cut - 1]) is None, "without one it can't be seen"
    found = looked_over(links[:cut], both, links[cut - 1], anchors=[anchor])
    assert (found.wrong, found.seq) == (Wrong.CUT, cut + 1)
    written_anew = [*both[:cut], ("access", "9", Content(1, "", None, blank=False)), *both[cut + 1 :]]
    anew = chain(written_anew)
    found = looked_over(anew, written_anew, anew[-1], anchors=[anchor])
    assert found is not None


@given(CHAINS, st.data())
def test_erased_words_and_old_entries_are_excused_only_where_the_log_says_so(
    entries: list[Entry], data: st.DataObject
) -> None:
    links = chain(entries)
    at = data.draw(st.integers(0, len(links) - 1))
    source, key, one = entries[at]
    empty = [*entries[:at], (source, key, replace(one, told=None, blank=True)), *entries[at + 1 :]]
    excused = Excuses(frozenset({(source, key)}))
    assert looked_over(links, empty, links[-1], excuses=excused) is None
    found = looked_over(links, empty, links[-1])
    assert found is None if one.told is None else found.wrong is Wrong.WORDS_GONE
    young = Excuses(before_us={source: one.at_us})
    gone = [*entries[:at], *entries[at + 1 :]]
    assert looked_over(links, gone, links[-1], excuses=young).wrong is Wrong.REMOVED
    old = Excuses(before_us={source: one.at_us + 1})
    assert looked_over(links, gone, links[-1], excuses=old) is None
