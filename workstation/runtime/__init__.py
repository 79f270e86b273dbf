"""When and on which thread: pools, the way back to the window's thread, commands and their inverses."""
