"""How to talk to one distant hub: query, retrieve, store, work items."""
