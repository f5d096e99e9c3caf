"""Licence plates of cars in renditions, by a model that the operator has put on the machine: none comes with a package.

The model is one of those that ``open-image-models`` publishes (YOLOv9 with its own suppression of doubles, as an ONNX file);
that library, an extra of ours (``plates``), reads it, and nothing is fetched.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from gis.errors import SetupError

SURE = 0.3
"""A plate that is shown does more harm than a place that is blurred for nothing."""


def plates_in(image: Image.Image, model: Path) -> list[tuple[int, int, int, int]]:
    """Return left, top, right and bottom of every plate that is found, pixels.

    Parameters
    ----------
    image
        Upright, RGB.
    model
        The ONNX file.

    Raises
    ------
    SetupError
        ``plate_reader_missing``, ``plate_model_unusable``.
    """
    import numpy as np

    found = plate_reader(model).predict(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))
    boxes = (
        (one.bounding_box.x1, one.bounding_box.y1, one.bounding_box.x2, one.bounding_box.y2) for one in found
    )
    width, height = image.size
    inside = ((max(0, x1), max(0, y1), min(width, x2), min(height, y2)) for x1, y1, x2, y2 in boxes)
    return [one for one in inside if one[0] < one[2] and one[1] < one[3]]


@cache
def plate_reader(model: Path) -> Any:
    """Return what finds plates; loaded once, in some tenths of a second.

    Parameters
    ----------
    model
        The ONNX file.

    Raises
    ------
    SetupError
        ``plate_reader_missing``: the library isn't installed. ``plate_model_unusable``: it can't read the file.
    """
    try:
        from onnxruntime import SessionOptions
        from open_image_models.detection.core.yolo_v9.inference import YoloV9Detector
    except ImportError as error:
        raise SetupError(str(error), code="plate_reader_missing") from error
    options = SessionOptions()
    options.intra_op_num_threads = 1  # requests go before
    try:
        reader = YoloV9Detector(
            model, ["plate"], conf_thresh=SURE, providers=["CPUExecutionProvider"], sess_options=options
        )
        _try(reader)
    except Exception as error:  # the runtime has a kind of its own for each way in which a file can be wrong
        raise SetupError(str(error), code="plate_model_unusable", path=str(model)) from error
    return reader


def _try(reader: Any) -> None:
    """Have a model look at nothing: one that fails over a picture would later be taken for one that finds none in it."""
    import numpy as np

    height, width = reader.img_size
    reader.model.run(None, {reader.input_name: np.zeros((1, 3, height, width), np.float32)})
    reader.predict(np.zeros((height, width, 3), np.uint8))
