"""Who did what and when: chained lines, written with the act."""
