"""Photo bytes to place, time and clean renditions."""

from gis.intake.decode import check_bytes, decode_photo, warm_up
from gis.intake.exif import exif_disagreement_m
from gis.intake.photo import CleanPhoto, ExifHint
from gis.intake.prepare import prepare_photo, start_decoding

__all__ = [
    "CleanPhoto",
    "ExifHint",
    "check_bytes",
    "decode_photo",
    "exif_disagreement_m",
    "prepare_photo",
    "start_decoding",
    "warm_up",
]
