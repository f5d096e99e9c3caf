"""How long checking a photo takes and how much memory it needs: one process for each kind, so that peaks are apart.

Run ``python scripts/bench_photos.py``; it draws its photos itself.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image, ImageFilter

from gis.intake import decode_photo, warm_up
from gis.settings import PhotoSettings

PHOTOS: dict[str, tuple[tuple[int, int], str, dict[str, Any]]] = {
    "JPEG, phone, 1600 px": ((1600, 1200), "JPEG", {"quality": 70}),
    "JPEG, 12 MP": ((4000, 3000), "JPEG", {"quality": 90}),
    "JPEG, 48 MP": ((8000, 6000), "JPEG", {"quality": 90}),
    "JPEG, 48 MP, progressive": ((8000, 6000), "JPEG", {"quality": 90, "progressive": True}),
    "HEIC, 12 MP": ((4000, 3000), "HEIF", {"quality": 60, "enc_params": {"preset": "ultrafast"}}),
    "PNG, 12 MP": ((4000, 3000), "PNG", {"compress_level": 1}),
    "PNG, 64 MP, one colour": ((8000, 8000), "PNG", {}),
    "WebP, 12 MP": ((4000, 3000), "WEBP", {"quality": 80, "method": 0}),
    "WebP, 64 MP, one colour": ((8000, 8000), "WEBP", {"quality": 80, "method": 0}),
}


def draw(path: Path, size: tuple[int, int], kind: str, options: dict[str, Any]) -> None:
    """Write a photo with some detail in it, or of one colour where it is to be the largest there is."""
    if size == (8000, 8000):
        image = Image.new("RGB", size, (90, 120, 150))
    else:
        noise = Image.effect_noise((size[0] // 8, size[1] // 8), 90).filter(ImageFilter.GaussianBlur(2))
        image = noise.resize(size, Image.Resampling.BICUBIC).convert("RGB")
    image.save(path, kind, **options)


def measure(path: Path) -> str:
    """Return what one photo costs in this process."""
    warm_up()
    data = path.read_bytes()
    before_mb = peak_mb()
    began = time.perf_counter()
    decode_photo(data, PhotoSettings())
    took_ms = (time.perf_counter() - began) * 1000
    return f"{len(data) / 1e6:7.1f} MB {took_ms:8.0f} ms  +{peak_mb() - before_mb:6.0f} MB"


def peak_mb() -> float:
    """Return the most memory that this program has had, megabytes; Linux only."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024 / 1e6


def main() -> None:
    """Print a line for each photo; with a path, measure that one alone."""
    if len(sys.argv) > 1:
        print(measure(Path(sys.argv[1])))
        return
    import pillow_heif

    pillow_heif.register_heif_opener()
    with tempfile.TemporaryDirectory() as folder:
        for name, (size, kind, options) in PHOTOS.items():
            path = Path(folder) / "photo"
            draw(path, size, kind, options)
            line = subprocess.run(
                [sys.executable, __file__, str(path)], check=True, capture_output=True, text=True
            )
            print(f"{name:28}{line.stdout.strip()}", flush=True)


if __name__ == "__main__":
    main()
