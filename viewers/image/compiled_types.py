"""The type that compiled loops take voxels as, apart so that it can be named without loading the compiler."""

from typing import Any

from numpy.typing import NDArray

# Each type of voxel is compiled for itself when it first comes.
FlatVoxels = NDArray[Any]
