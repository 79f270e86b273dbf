"""Rigid registration of two volumes: in a worker process, judged before it is believed.

Values are sampled on even grids here, where the volumes are, and lie in shared memory for the worker, which receives
nothing else: no file, no received byte. One process is started for each registration and ended after it.
"""
