"""Template, answers and measurements to a report, and the report to the objects that are sent."""
