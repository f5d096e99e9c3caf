"""Map layers as bytes, plain and compressed, kept by what they depend on (versions and scope)."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from dataclasses import dataclass

MOST_BYTES = 64_000_000
GZIP_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer ready to be sent."""

    plain: bytes
    compressed: bytes

    @property
    def size(self) -> int:
        """Memory taken, bytes."""
        return len(self.plain) + len(self.compressed)


def pack(content: str | bytes) -> Layer:
    """Return a layer from its text or bytes; slow for megabytes, so run it in a thread."""
    plain = content.encode() if isinstance(content, str) else content
    return Layer(plain, gzip.compress(plain, GZIP_LEVEL, mtime=0))


class LayerCache:
    """The most recently used layers, at most ``MOST_BYTES`` of them."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._layers: OrderedDict[str, Layer] = OrderedDict()
        self._bytes = 0
        self._most_bytes = most_bytes

    def find(self, tag: str) -> Layer | None:
        """Return a layer and make it the most recent."""
        layer = self._layers.get(tag)
        if layer is not None:
            self._layers.move_to_end(tag)
        return layer

    def keep(self, tag: str, layer: Layer) -> None:
        """Keep a layer, dropping those used longest ago."""
        if layer.size > self._most_bytes or tag in self._layers:
            return
        self._layers[tag] = layer
        self._bytes += layer.size
        while self._bytes > self._most_bytes:
            _, dropped = self._layers.popitem(last=False)
            self._bytes -= dropped.size
