"""What each viewport shows and how: frozen states, resolved purely."""
