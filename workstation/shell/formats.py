"""Dates, durations and sizes as the reader's language writes them."""

from datetime import datetime, timedelta

from workstation.translations import Translator


def dicom_date(value: str, language: str) -> str:
    """Return YYYYMMDD as DD/MM/YYYY in French and YYYY-MM-DD otherwise; anything else as it is."""
    if len(value) != 8 or not value.isdigit():
        return value
    year, month, day = value[:4], value[4:6], value[6:]
    return f"{day}/{month}/{year}" if language == "fr" else f"{year}-{month}-{day}"


def moment(value: datetime, language: str) -> str:
    """Return a moment in local time."""
    local = value.astimezone()
    return local.strftime("%d/%m/%Y %H:%M" if language == "fr" else "%Y-%m-%d %H:%M")


def duration(value: timedelta, translator: Translator) -> str:
    """Return a duration in its two largest units, such as ``2 h 05``; a negative one says it is overdue."""
    seconds = int(abs(value.total_seconds()))
    days, hours, minutes = seconds // 86_400, seconds % 86_400 // 3600, seconds % 3600 // 60
    if days:
        text = translator.text("shell.duration.days", days=days, hours=hours)
    elif hours:
        text = translator.text("shell.duration.hours", hours=hours, minutes=f"{minutes:02d}")
    else:
        text = translator.text("shell.duration.minutes", minutes=minutes)
    return text if value >= timedelta(0) else translator.text("shell.duration.overdue", duration=text)


def decimal(value: float, language: str) -> str:
    """Return a number with one decimal where it has one, as the language writes it."""
    return numeral(f"{value:.1f}".removesuffix(".0"), language)


def numeral(digits: str, language: str) -> str:
    """Return digits with a decimal point as the language writes them: with a comma in French."""
    return digits.replace(".", ",") if language == "fr" else digits
