"""The reader's marks: frozen records in LPS millimetres, their measured values, their archive."""
