"""The worker process of one registration: two grids in, one motion out. Run by ``aligning``."""

from typing import Any

import numpy as np

from workstation.decoding.call import Call
from workstation.decoding.wire import Kind, Message
from workstation.decoding.worker import main as serve
from workstation.registration.rigid import METHOD, Grid, register


def _register(call: Call) -> Message:
    sizes = [np.dtype(np.float32).itemsize * int(np.prod(call.fields[f"{name}_shape"])) for name in ("fixed", "moving")]
    fixed = _grid(call.fields, "fixed", call.data[: sizes[0]])
    moving = _grid(call.fields, "moving", call.data[sizes[0] : sum(sizes)])
    found = register(fixed, moving, int(call.fields["threads"]))
    figures = {"before": found.before, "after": found.after, "beside": found.beside, "shared": found.shared}
    return Message(Kind.REPLY, {"matrix": found.matrix, "method": METHOD, **figures})


def _grid(fields: Any, name: str, data: memoryview) -> Grid:
    i, j, k = (float(value) for value in fields[f"{name}_spacing"])
    x, y, z = (float(value) for value in fields[f"{name}_origin"])
    values = np.frombuffer(data, np.float32).reshape(fields[f"{name}_shape"])
    return Grid(values, (i, j, k), (x, y, z), tuple(float(value) for value in fields[f"{name}_directions"]))


def main() -> None:
    """Serve on the standard streams until the workstation closes them."""
    serve({"register": _register})
