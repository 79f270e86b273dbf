"""What others drew on images: outlines, texts and segments, placed by reference or by position, never by index."""
