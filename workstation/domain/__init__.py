"""What a patient, a study, a request, a report, a delivery *is*: frozen records without input or output."""
