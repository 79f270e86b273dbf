"""The embedded DICOMweb hub, a separate server for demonstration, training and tests."""
