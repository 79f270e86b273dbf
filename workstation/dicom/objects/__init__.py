"""Standard objects that are no images, read for people: one module for each kind, one line for each class."""
