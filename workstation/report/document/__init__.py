"""The report as a PDF for people: the same words as the SR, fonts embedded, PDF/A. The owner of fpdf."""
