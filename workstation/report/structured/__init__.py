"""The report as DICOM objects: SR, key images, presentation states, encapsulated PDF. The owner of pydicom writing."""
