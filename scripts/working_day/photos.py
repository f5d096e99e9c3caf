"""Photos as phones send them, each another: one picture coded once, with a few bytes of its own in a comment."""

from __future__ import annotations

import hashlib
from io import BytesIO
from uuid import uuid4

import numpy as np
from PIL import Image

SIZE = (1600, 1200)
QUALITY = 70
START = b"\xff\xd8"
COMMENT = b"\xff\xfe\x00\x12"
"""A comment of sixteen bytes."""
BOUNDARY = "weiwang-load"


def picture(seed: int, wanted_bytes: int = 200_000) -> bytes:
    """Return a JPEG of about so many bytes: soft shapes with as much grain as it takes.

    Parameters
    ----------
    seed
        Of what is on it.
    wanted_bytes
        Its size.
    """
    random = np.random.default_rng(seed)
    soft = random.integers(30, 220, (15, 20, 3), dtype=np.uint8)
    base = np.asarray(Image.fromarray(soft).resize(SIZE, Image.Resampling.BICUBIC), dtype=np.float32)
    grain = random.normal(0.0, 1.0, (SIZE[1], SIZE[0], 1)).astype(np.float32)
    low, high, data = 0.0, 40.0, b""
    for _ in range(9):  # halving what is still possible
        strength = (low + high) / 2
        file = BytesIO()
        pixels = np.clip(base + strength * grain, 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(file, "JPEG", quality=QUALITY)
        data = file.getvalue()
        low, high = (strength, high) if len(data) < wanted_bytes else (low, strength)
    return data


def another(data: bytes) -> tuple[bytes, str]:
    """Return the same picture as a file of its own, and its SHA-256."""
    own = START + COMMENT + uuid4().hex[:16].encode() + data[2:]
    return own, hashlib.sha256(own).hexdigest()


def form(fields: dict[str, str], photo: bytes) -> tuple[bytes, str]:
    """Return the body of a form with a photo, and its media type."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="photo.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    body = b"".join(["".join(parts).encode(), head.encode(), photo, f"\r\n--{BOUNDARY}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={BOUNDARY}"
