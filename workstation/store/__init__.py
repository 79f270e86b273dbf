"""What this profile holds: the encrypted database and the encrypted objects."""
