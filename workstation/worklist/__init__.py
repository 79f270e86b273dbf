"""What to read next: the queue, claims, releases, refusals."""
