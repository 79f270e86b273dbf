"""What Requis ships besides code; read only through ``workstation.resources``."""
