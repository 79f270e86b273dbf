"""Studies from hubs and files into the store, completely or with a count of what is missing."""
