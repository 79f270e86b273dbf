"""Ways from one patient space to another: one file and one line of the table for each kind."""
