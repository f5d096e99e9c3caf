"""Photos decoded beside the service: two at a time, in processes of their own, so that neither requests nor memory suffer."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from gis.errors import UnavailableError
from gis.intake.decode import check_bytes
from gis.intake.decoders import Decoders
from gis.intake.photo import CleanPhoto
from gis.settings import PhotoSettings

WORKERS = 2
MAX_WAITING_BYTES = 150_000_000  # photos queued; more are sent away for a moment, not kept in memory


class Darkroom:
    """Where photos are decoded: a few threads that wait for decoders, and a limit on how many bytes may wait for them."""

    def __init__(self, workers: int = WORKERS, max_waiting_bytes: int = MAX_WAITING_BYTES) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="photo")
        self.decoders = Decoders()
        self._max_waiting_bytes = max_waiting_bytes
        self._waiting_bytes = 0

    async def prepare(self, data: bytes, limits: PhotoSettings) -> CleanPhoto:
        """Return a photo checked and decoded; see `decode_photo` for what it raises."""
        check_bytes(data, limits)
        if self._waiting_bytes and self._waiting_bytes + len(data) > self._max_waiting_bytes:
            raise UnavailableError("too many photos at once", code="photo_busy", retry_after_s=2)
        self._waiting_bytes += len(data)
        work = asyncio.wrap_future(self._threads.submit(self.decoders.decode, data, limits))
        work.add_done_callback(lambda _: self._finished(len(data)))
        return await work

    async def start(self) -> None:
        """Begin the processes, so that the first photo needn't wait."""
        await asyncio.wrap_future(self._threads.submit(self.decoders.start))

    def _finished(self, count: int) -> None:
        self._waiting_bytes -= count


_darkroom = Darkroom()


async def prepare_photo(data: bytes, limits: PhotoSettings) -> CleanPhoto:
    """Check and decode a photo without holding up anybody else; call it before the transaction begins.

    Parameters
    ----------
    data
        The file as it came.
    limits
        What is accepted, and the sizes of renditions.

    Raises
    ------
    InvalidInputError
        And its kinds, as `decode_photo`.
    UnavailableError
        ``photo_busy`` when too many photos are waiting already.
    """
    return await _darkroom.prepare(data, limits)


async def start_decoding() -> None:
    """Begin what decodes photos, so that the first one needn't wait."""
    await _darkroom.start()
