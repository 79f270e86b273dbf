"""The viewer library: volumes in, pictures and the reader's marks out.

It knows geometry, pixels and annotations; it knows no patient, opens no file and never imports the application.
"""
