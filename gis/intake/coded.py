"""A JPEG's own coded picture, taken out of its file: nothing is decoded or coded again, and nothing but pixels is kept.

A phone sends photos that are already as small as the view: coding them again would cost most of the time that a photo takes,
and quality. What describes the picture (tables, frame, scans) is copied, segment by segment; all else is left behind:
EXIF, previews, profiles, comments, makers' data, and whatever follows the picture's end.
"""

from __future__ import annotations

from collections.abc import Iterator

START, END, SCAN = 0xD8, 0xD9, 0xDA
WITHOUT_LENGTH = frozenset({0x01, START})
FRAMES = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive by Huffman's code: what every browser shows."""
OF_THE_PICTURE = FRAMES | {0xC4, 0xDB, 0xDD, SCAN}
NOT_COPIED = frozenset({*range(0xC3, 0xD0), 0xDC, 0xDE, 0xDF}) - {0xC4}
"""Frames and tables of kinds that not every reader knows."""
JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
HEAVY_BYTES = 600_000
"""A rendition travels to phones on slow lines: a larger one is coded again."""


def segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield marker, start and end of each segment of the first picture in a JPEG, up to its end marker or the file's end.

    Parameters
    ----------
    data
        The file; of a scan the segment is its header, and the coded data follow up to the next one.
    """
    at = 2
    while (start := data.find(0xFF, at)) >= 0:
        at = start + 1
        while at < len(data) and data[at] == 0xFF:  # fill bytes  # noqa: PLR2004
            at += 1
        if at >= len(data):
            return
        marker, at = data[at], at + 1
        if marker == 0 or 0xD0 <= marker <= 0xD7:  # noqa: PLR2004 - a stuffed byte, or a restart inside coded data
            continue
        if marker != END and marker not in WITHOUT_LENGTH:
            at += int.from_bytes(data[at : at + 2], "big")
        yield marker, start, at
        if marker == END:
            return


def coded_picture(data: bytes) -> bytes | None:
    """Return a JPEG that holds the same coded picture and nothing else.

    Parameters
    ----------
    data
        A JPEG that a decoder has read to its end.

    Returns
    -------
    bytes or None
        None where the picture can't be taken out as it is: it is too heavy, its end is missing, or it is of a kind that not
        every reader knows.
    """
    if len(data) > HEAVY_BYTES * 2:
        return None
    kept, scan_at, frames = [b"\xff\xd8", JFIF], 0, 0
    for marker, start, end in segments(data):
        if scan_at:
            kept.append(data[scan_at:start])
            scan_at = 0
        if marker == END:
            whole = b"".join([*kept, b"\xff\xd9"])
            return whole if frames == 1 and len(whole) <= HEAVY_BYTES else None
        if marker in NOT_COPIED or marker == START:
            return None
        if marker in OF_THE_PICTURE:
            kept.append(data[start:end])
            frames += marker in FRAMES
            scan_at = end if marker == SCAN else 0
    return None
