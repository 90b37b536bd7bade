import json
import struct

import numpy as np
import pytest

from index.errors import ModelError
from index.safetensors import map_tensors


def written(path, header, data):
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


@pytest.fixture
def file(tmp_path):
    header = {
        "__metadata__": {"format": "pt"},
        "matrix": {"dtype": "F32", "shape": [2, 2], "data_offsets": [8, 24]},
        "places": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]},
        "bias": {"dtype": "F32", "shape": [1], "data_offsets": [24, 28]},
    }
    data = struct.pack("<q4ff", 7, 1.5, -2.0, 0.25, 3.0, 9.0)
    return written(tmp_path / "model.safetensors", header, data)


def test_floats_are_found_by_name_and_others_left_out(file):
    found = map_tensors(file)
    assert sorted(found) == ["bias", "matrix"]
    assert found["matrix"].dtype == np.float32
    assert found["matrix"].tolist() == [[1.5, -2.0], [0.25, 3.0]]
    assert found["bias"].tolist() == [9.0]


def test_nothing_can_be_written_to_them(file):
    with pytest.raises(ValueError, match="read-only"):
        map_tensors(file)["bias"][0] = 1.0


@pytest.mark.parametrize("kept", [0, 4, 30, 270])
def test_a_file_cut_off_is_no_safetensors_file(file, kept):
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(ModelError, match=r"model\.safetensors: not a safetensors file"):
        map_tensors(file)


@pytest.mark.parametrize(
    "header",
    [
        [],
        {"bias": {"dtype": "F32", "shape": [1]}},
        {"bias": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}},
        {"bias": 3},
    ],
)
def test_a_header_that_describes_nothing_sensible(tmp_path, header):
    file = written(tmp_path / "x.safetensors", header, b"\0\0\0\0")
    with pytest.raises(ModelError, match=r"x\.safetensors: not a safetensors file"):
        map_tensors(file)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ModelError, match="No such file"):
        map_tensors(tmp_path / "none.safetensors")
