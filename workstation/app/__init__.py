"""The composition root: the only place where concrete objects are built and wired."""
