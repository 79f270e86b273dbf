"""Patient space: LPS millimetres, affines, planes and orientation letters."""
