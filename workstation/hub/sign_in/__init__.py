"""Ways to sign in at a hub: one file each, one line each in ``registry.SIGN_INS``."""
