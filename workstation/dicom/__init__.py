"""The DICOM model as JSON, multipart bodies and media types: shared by hub client, embedded hub and store."""
