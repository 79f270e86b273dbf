"""VTK, without Qt: what VTK does best (volume rendering), off-screen."""
