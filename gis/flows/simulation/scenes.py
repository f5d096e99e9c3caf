"""Drawn photos for the simulation: simple, recognisable, each a little different, and marked 演示."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 480, 360
HORIZON = 150
QUALITY = 72

Draw = ImageDraw.ImageDraw
Scene = Callable[[Draw, random.Random, bool], None]

# 演示 as strokes in a box of 100 x 100, so that no font is needed
_MARK = (
    (
        ((10, 12), (22, 22)),
        ((4, 38), (16, 48)),
        ((6, 94), (24, 60)),
        ((60, 2), (66, 10)),
        ((36, 32), (36, 18), (92, 18), (92, 32)),
        ((46, 34), (84, 34)),
        ((42, 46), (88, 46), (88, 78), (42, 78), (42, 46)),
        ((42, 62), (88, 62)),
        ((65, 34), (65, 78)),
        ((55, 80), (38, 98)),
        ((75, 80), (94, 98)),
    ),
    (
        ((25, 20), (75, 20)),
        ((8, 42), (92, 42)),
        ((50, 42), (50, 94), (40, 88)),
        ((28, 56), (12, 80)),
        ((72, 56), (88, 80)),
    ),
)


def draw_scene(category: str, seed: int, *, settled: bool) -> bytes:
    """Return a JPEG of what a category looks like.

    Parameters
    ----------
    category
        A code; those without a scene of their own show a stairwell's door.
    seed
        Each gives another picture; before and after show the same place.
    settled
        False: the trouble; True: after the work.
    """
    choose = random.Random(f"{category}-{seed}")  # noqa: S311 - not a secret
    dark = category in {"street_lamp", "power_cut", "noise"}
    image = Image.new("RGB", (WIDTH, HEIGHT), (34, 40, 62) if dark else _shade((188, 208, 224), choose))
    draw = ImageDraw.Draw(image)
    _street(draw, choose, dark=dark)
    _SCENES.get(category, _door)(draw, choose, settled)
    _mark(draw)
    noise = np.random.default_rng(choose.randrange(2**32)).normal(0, 7, (HEIGHT, WIDTH, 1))
    pixels = np.clip(np.asarray(image, dtype=np.float32) + noise, 0, 255).astype(np.uint8)
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def _shade(colour: tuple[int, int, int], choose: random.Random) -> tuple[int, int, int]:
    lighter = choose.uniform(0.88, 1.08)
    red, green, blue = (min(255, int(one * lighter)) for one in colour)
    return red, green, blue


def _street(draw: Draw, choose: random.Random, *, dark: bool) -> None:
    """Draw slab buildings behind a pavement and a road."""
    wall = (60, 58, 66) if dark else _shade((206, 186, 160), choose)
    left = -choose.randrange(80)
    while left < WIDTH:
        width, top = choose.randrange(150, 220), choose.randrange(10, 45)
        draw.rectangle((left, top, left + width, HORIZON), fill=wall, outline=(90, 84, 78))
        for row in range(top + 14, HORIZON - 14, 24):
            for column in range(left + 12, left + width - 16, 26):
                lit = dark and choose.random() < 0.2  # noqa: PLR2004
                glass = (236, 214, 120) if lit else ((40, 44, 60) if dark else (126, 148, 168))
                draw.rectangle((column, row, column + 14, row + 14), fill=glass)
        left += width + choose.randrange(14, 50)
    ground = (52, 52, 58) if dark else (128, 126, 124)
    draw.rectangle((0, HORIZON, WIDTH, HORIZON + 34), fill=(76, 76, 82) if dark else (176, 172, 164))
    draw.rectangle((0, HORIZON + 34, WIDTH, HEIGHT), fill=ground)
    for start in range(choose.randrange(60), WIDTH, 110):
        draw.rectangle((start, 300, start + 56, 306), fill=(206, 204, 190))


def _blob(
    draw: Draw, choose: random.Random, box: tuple[int, int, int, int], fill: tuple[int, int, int]
) -> None:
    """Draw an uneven round patch."""
    left, top, right, bottom = box
    centre = np.array([(left + right) / 2, (top + bottom) / 2])
    half = np.array([(right - left) / 2, (bottom - top) / 2])
    angles = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    points = [
        tuple(centre + half * choose.uniform(0.78, 1.08) * np.array([np.cos(angle), np.sin(angle)]))
        for angle in angles
    ]
    draw.polygon(points, fill=fill)


def _place(choose: random.Random) -> int:
    return choose.randrange(110, 300)


def _road(draw: Draw, choose: random.Random, settled: bool) -> None:
    left = _place(choose)
    box = (left, 222, left + choose.randrange(90, 140), 282)
    if settled:
        _blob(draw, choose, box, (92, 90, 90))
        return
    _blob(draw, choose, box, (70, 62, 56))
    _blob(draw, choose, (box[0] + 14, 232, box[2] - 14, 276), (34, 30, 28))
    for _ in range(5):
        x = choose.randrange(box[0], box[2])
        draw.line(
            (x, 250, x + choose.randrange(-70, 70), 250 + choose.randrange(-30, 60)),
            fill=(54, 50, 48),
            width=2,
        )


def _lamp(draw: Draw, choose: random.Random, settled: bool) -> None:
    x = _place(choose)
    if settled:
        draw.polygon([(x + 50, 62), (x - 40, 330), (x + 150, 330)], fill=(142, 132, 86))
    draw.rectangle((x, 50, x + 7, HORIZON + 40), fill=(120, 122, 128))
    draw.line((x + 3, 52, x + 50, 44), fill=(120, 122, 128), width=6)
    draw.ellipse(
        (x + 36, 40, x + 66, 58), fill=(255, 236, 160) if settled else (28, 28, 32), outline=(150, 150, 156)
    )


def _water(draw: Draw, choose: random.Random, settled: bool) -> None:
    x = _place(choose)
    draw.rectangle((x, 30, x + 12, HORIZON + 10), fill=(142, 110, 84))
    if settled:
        draw.rectangle((x - 4, 92, x + 16, 116), fill=(214, 62, 52))
        return
    _blob(draw, choose, (x - 90, HORIZON + 30, x + 130, 320), (104, 150, 190))
    for _ in range(16):
        drop = x + choose.randrange(-30, 44)
        draw.line((x + 6, 100, drop, 100 + choose.randrange(30, 90)), fill=(176, 208, 232), width=2)


def _sewer(draw: Draw, choose: random.Random, settled: bool) -> None:
    x = _place(choose)
    if not settled:
        _blob(draw, choose, (x - 110, 204, x + 180, 330), (74, 70, 52))
    draw.ellipse((x, 236, x + 84, 276), fill=(64, 64, 68), outline=(30, 30, 32), width=4)
    for row in range(244, 270, 8):
        draw.line((x + 14, row, x + 70, row), fill=(96, 96, 100), width=2)


def _manhole(draw: Draw, choose: random.Random, settled: bool) -> None:
    x = _place(choose)
    draw.ellipse(
        (x, 232, x + 96, 280), fill=(84, 84, 90) if settled else (8, 8, 10), outline=(40, 40, 44), width=6
    )
    if not settled:
        draw.arc((x, 232, x + 96, 280), 200, 300, fill=(150, 146, 140), width=7)


def _rubbish(draw: Draw, choose: random.Random, settled: bool) -> None:
    x = _place(choose)
    draw.rectangle((x, 140, x + 56, 218), fill=(46, 118, 74), outline=(24, 70, 44), width=3)
    draw.rectangle((x - 4, 132, x + 60, 142), fill=(30, 92, 56))
    if settled:
        return
    colours = ((30, 30, 34), (206, 202, 196), (178, 40, 44), (60, 88, 150), (196, 160, 60))
    for _ in range(choose.randrange(9, 15)):
        left, top = x + choose.randrange(-70, 110), choose.randrange(186, 232)
        _blob(draw, choose, (left, top, left + choose.randrange(26, 48), top + 34), choose.choice(colours))


def _tree(draw: Draw, choose: random.Random, settled: bool) -> None:
    x = _place(choose)
    draw.rectangle((x, 90, x + 16, 220), fill=(96, 68, 44))
    _blob(draw, choose, (x - 56, 16, x + 74, 120), (70, 116, 58))
    if not settled:
        draw.line((x + 8, 180, x + 150, 268), fill=(88, 62, 40), width=12)
        _blob(draw, choose, (x + 90, 228, x + 190, 300), (84, 132, 66))


def _car(draw: Draw, choose: random.Random, settled: bool) -> None:
    for start in range(60, 420, 40):
        draw.line((start, 330, start + 30, 236), fill=(222, 190, 60), width=5)
    if settled:
        return
    x, paint = _place(choose), choose.choice(((170, 34, 40), (44, 74, 130), (226, 226, 228), (54, 54, 58)))
    draw.rounded_rectangle((x - 60, 216, x + 120, 280), 18, fill=paint)
    draw.rounded_rectangle((x - 24, 186, x + 84, 228), 16, fill=paint)
    draw.rectangle((x - 14, 194, x + 74, 218), fill=(150, 172, 190))
    for wheel in (x - 40, x + 70):
        draw.ellipse((wheel, 260, wheel + 36, 296), fill=(20, 20, 22))


def _door(draw: Draw, choose: random.Random, settled: bool) -> None:
    x = _place(choose)
    draw.rectangle((x, 60, x + 84, HORIZON + 30), fill=(92, 64, 52), outline=(50, 34, 28), width=4)
    draw.ellipse((x + 66, 114, x + 74, 122), fill=(206, 190, 120))
    if settled:
        return
    for _ in range(6):
        left, top = x + choose.randrange(-30, 80), choose.randrange(140, 186)
        colour = choose.choice(((150, 112, 70), (120, 90, 60), (90, 96, 110)))
        draw.rectangle(
            (left, top, left + choose.randrange(26, 50), top + 40), fill=colour, outline=(50, 40, 30)
        )


def _hydrant(draw: Draw, choose: random.Random, settled: bool) -> None:
    x = _place(choose)
    draw.rectangle((x, 60, x + 90, HORIZON), fill=(196, 36, 32), outline=(110, 16, 16), width=4)
    inside = (150, 176, 190) if settled else (30, 24, 24)
    draw.rectangle((x + 10, 72, x + 80, HORIZON - 10), fill=inside)
    if not settled:
        for _ in range(9):
            shard = x + choose.randrange(0, 90)
            draw.line((shard, HORIZON + 8, shard + 12, HORIZON + 18), fill=(214, 232, 238), width=2)


def _mark(draw: Draw) -> None:
    """Write 演示 into the corner."""
    draw.rectangle((WIDTH - 76, HEIGHT - 42, WIDTH - 4, HEIGHT - 4), fill=(255, 255, 255))
    for number, strokes in enumerate(_MARK):
        left, top = WIDTH - 70 + number * 33, HEIGHT - 38
        for stroke in strokes:
            draw.line([(left + x * 0.29, top + y * 0.29) for x, y in stroke], fill=(176, 24, 24), width=2)


_SCENES: dict[str, Scene] = {
    "road_damage": _road,
    "street_lamp": _lamp,
    "power_cut": _lamp,
    "water_leak": _water,
    "sewer": _sewer,
    "manhole": _manhole,
    "rubbish": _rubbish,
    "tree": _tree,
    "illegal_parking": _car,
    "fire_equipment": _hydrant,
}
