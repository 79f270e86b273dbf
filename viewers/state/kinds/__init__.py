"""The kinds of viewport: one file and one line of the table each."""
