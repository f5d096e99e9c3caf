"""Licence plates are blurred by a model of the operator's: here one that finds a plate in the same place of every picture."""

import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, save
from PIL import Image

from api.cli import checks
from gis.errors import SetupError
from gis.intake.blurring import blur
from gis.intake.licence_plates import plate_reader, plates_in
from gis.settings import PhotoSettings, Settings

SIDE = 64
PICTURE = Image.fromarray(np.random.default_rng(1).integers(0, 255, (100, 200, 3), dtype=np.uint8))


@pytest.fixture(autouse=True)
def read_anew() -> None:
    plate_reader.cache_clear()


def model(folder: Path, *found: tuple[float, ...], of: int = TensorProto.FLOAT) -> Path:
    """Return a model of pictures of 64 pixels a side; of each thing found left, top, right, bottom and how sure it is."""
    rows = [[0.0, *box, 0.0, sure] for *box, sure in found]
    given = helper.make_tensor_value_info("images", of, [1, 3, SIDE, SIDE])
    told = helper.make_tensor_value_info("output", TensorProto.FLOAT, [len(rows), 7])
    constant = helper.make_tensor(
        "rows", TensorProto.FLOAT, [len(rows), 7], np.array(rows, np.float32).ravel()
    )
    nodes = [
        helper.make_node("Cast", ["images"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMin", ["pixels"], ["darkest"], keepdims=0),
        helper.make_node("Mul", ["darkest", "none"], ["nothing"]),
        helper.make_node("Add", ["rows", "nothing"], ["output"]),
    ]
    none = helper.make_tensor("none", TensorProto.FLOAT, [], [0.0])
    graph = helper.make_graph(nodes, "plates", [given], [told], [constant, none])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    made.ir_version = 9
    path = folder / "plates.onnx"
    save(made, path)
    return path


def view(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=95)
    return file.getvalue()


def detail(image: bytes, box: tuple[int, int, int, int]) -> float:
    pixels = np.asarray(Image.open(BytesIO(image)).convert("L").crop(box), dtype=float)
    return float(np.abs(np.diff(pixels, axis=0)).mean())


def test_where_plates_are_in_the_picture_itself(tmp_path: Path) -> None:
    # 200 x 100 are 64 x 32 in the model's square, with 16 above and below
    path = model(tmp_path, (16, 24, 48, 40, 0.9), (0, 0, 64, 20, 0.8), (20, 20, 30, 30, 0.1))
    assert plates_in(PICTURE, path) == [(50, 25, 150, 75), (0, 0, 200, 12)]


def test_a_plate_is_blurred_and_nothing_else(tmp_path: Path) -> None:
    sharp = view(PICTURE)
    done = blur(sharp, PhotoSettings(plate_model=model(tmp_path, (16, 24, 48, 40, 0.9)), thumb_px=50))
    assert done.places == 1
    assert detail(done.view, (60, 30, 140, 70)) < 0.2 * detail(sharp, (60, 30, 140, 70))
    assert detail(done.view, (0, 80, 200, 100)) > 0.8 * detail(sharp, (0, 80, 200, 100))
    assert max(Image.open(BytesIO(done.thumb)).size) == 50


def test_what_is_not_asked_for_is_not_looked_for() -> None:
    sharp = view(PICTURE)
    assert not PhotoSettings().blurs
    assert blur(sharp, PhotoSettings()).view == sharp


def test_a_model_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plates.onnx"

    def state() -> list[str]:
        settings = Settings(photo=PhotoSettings(plate_model=path))
        return [one.state for one in checks.plates(settings)]

    for content in (None, b"", b"no model"):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(SetupError) as told:
            plates_in(PICTURE, path)
        assert told.value.code == "plate_model_unusable"
        assert state() == [checks.BAD]
    model(tmp_path, (16, 24, 48, 40, 0.9), of=TensorProto.UINT8)  # takes other pixels than the reader gives
    assert state() == [checks.BAD]
    model(tmp_path, (16, 24, 48, 40, 0.9))
    assert state() == [checks.GOOD]
    plate_reader.cache_clear()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(SetupError) as told:
        plates_in(PICTURE, path)
    assert told.value.code == "plate_reader_missing"
    assert list(checks.plates(Settings())) == []
