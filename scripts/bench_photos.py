"""What checking a photo takes of time and memory: one process for each kind, so that peaks are apart.

Run ``python scripts/bench_photos.py``; it draws its photos itself. Beside what decoding takes in the process itself stands
what the same photo takes of processor time when a decoder does it, both sides of the line counted.
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
from gis.intake.decoders import Decoders
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
    needed_mb = peak_mb() - before_mb
    here_ms, there_ms = in_turns(data)
    return (
        f"{len(data) / 1e6:7.1f} MB {took_ms:8.0f} ms  +{needed_mb:6.0f} MB"
        f"   processor: here {here_ms:7.1f} ms, in a decoder {there_ms:7.1f} ms, ratio {there_ms / here_ms:.2f}"
    )


def in_turns(data: bytes, rounds: int = 8) -> tuple[float, float]:
    """Return the processor time of one photo decoded here, and by a decoder, milliseconds; the two take turns."""
    decoders, limits, here, there = Decoders(), PhotoSettings(), 0.0, 0.0
    decoders.decode(data, limits)
    [_, decoder] = decoders.numbers()
    for _ in range(rounds):
        began = time.process_time()
        decode_photo(data, limits)
        here += time.process_time() - began
        began = time.process_time() + processor_s(decoder)
        decoders.decode(data, limits)
        there += time.process_time() + processor_s(decoder) - began
    decoders.close()
    return here / rounds * 1000, there / rounds * 1000


def processor_s(process: int) -> float:
    """Return the processor time that another process has had, seconds; Linux only."""
    nanoseconds = int(Path(f"/proc/{process}/schedstat").read_text().split()[0])
    return nanoseconds / 1e9


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
