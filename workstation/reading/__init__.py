"""One open case: its images, its marks, its draft."""
