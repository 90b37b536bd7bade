"""Tensors of a safetensors file, mapped into memory and not copied.

The format: eight bytes that hold the header's length, the header in JSON, the tensors' bytes; all
little-endian (https://github.com/huggingface/safetensors, section "Format").
"""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

_LENGTH = 8


def map_tensors(file: Path) -> dict[str, npt.NDArray[np.float32]]:
    """Return the 32-bit floating-point tensors of a file by name, read-only; others are left out.

    Only what is used of a tensor is ever read from the disk.

    Raises:
        ModelError: the file cannot be read or is no safetensors file.
    """
    try:
        content = np.asarray(np.memmap(file, dtype=np.uint8, mode="r"))
        length = int.from_bytes(content[:_LENGTH].tobytes(), "little")
        header = json.loads(content[_LENGTH : _LENGTH + length].tobytes())
        data = content[_LENGTH + length :]
        return {
            name: data[slice(*tensor["data_offsets"])].view("<f4").reshape(tensor["shape"])
            for name, tensor in header.items()
            if tensor.get("dtype") == "F32"
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{file}: not a safetensors file ({error}); install it again") from error
