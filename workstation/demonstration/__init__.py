"""The demonstration requests and the hub they live on."""
