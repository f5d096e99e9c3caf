"""What the service and its decoders say to one another."""

from __future__ import annotations

import struct

from gis.errors import TooLargeError

ORDER = struct.Struct("!cI")
"""To the laboratory: ``F`` with a socket's descriptor for a new decoder, ``W`` with a decoder's number for how it ended."""
REPLY = struct.Struct("!i")
SENT = struct.Struct("!IQ")
"""To a decoder: how long the limits (JSON) and the photo are, which follow."""
ANSWERED = struct.Struct("!III")
"""From a decoder: how long the facts (JSON), the view and the thumbnail are, which follow."""


def too_costly() -> TooLargeError:
    """Return the refusal of a photo that takes more memory or time than any real one."""
    return TooLargeError("the photo takes too much to open", code="photo_too_costly", field="photo")
