"""Contact sheets: many pictures of pages at once, to be looked at by a person."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTHS = {"phone": (312, 5), "desktop": (700, 2)}
"""How wide one picture is on a sheet, and how many there are beside each other."""
TALLEST = {"phone": 1250, "desktop": 487}
LABEL = 22
GAP = 6
ROWS = {"phone": 1, "desktop": 3}


def make_sheets(folder: Path) -> list[Path]:
    """Put pictures of one kind together, some on each sheet.

    Parameters
    ----------
    folder
        Of pictures named `<page>-<who>-<size>-<language>-<theme>[-large].png`.
    """
    for old in folder.glob("sheet-*.png"):
        old.unlink()
    kinds: defaultdict[tuple[str, str], list[Path]] = defaultdict(list)
    for picture in sorted(set(folder.glob("*.png")) - set(folder.glob("sheet-*.png"))):
        for size in WIDTHS:
            if f"-{size}-" in picture.stem:
                kinds[size, picture.stem.partition(f"-{size}-")[2]].append(picture)
    made = []
    for (size, look), pictures in kinds.items():
        at_once = WIDTHS[size][1] * ROWS[size]
        for first in range(0, len(pictures), at_once):
            target = folder / f"sheet-{size}-{look}-{first // at_once + 1:02d}.png"
            _sheet(size, pictures[first : first + at_once]).quantize(200).save(target, optimize=True)
            made.append(target)
    return made


def _sheet(size: str, pictures: list[Path]) -> Image.Image:
    width, columns = WIDTHS[size]
    tall = TALLEST[size] + LABEL + GAP
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * (width + GAP), rows * tall), "#555")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for n, path in enumerate(pictures):
        left, top = n % columns * (width + GAP), n // columns * tall
        with Image.open(path) as picture:
            small = picture.resize(
                (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
            )
        draw.text((left + 4, top + 2), path.stem.partition(f"-{size}-")[0], "#fff", font=font)
        sheet.paste(small.crop((0, 0, width, min(small.height, TALLEST[size]))), (left, top + LABEL))
    return sheet
