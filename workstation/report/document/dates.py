"""Dates and times as people of a language read them."""

from datetime import datetime


def printed_date(dicom_date: str, language: str) -> str:
    """Return a DICOM date (YYYYMMDD) for people; anything else as it is."""
    if len(dicom_date) != 8 or not dicom_date.isdigit():
        return dicom_date
    year, month, day = dicom_date[:4], dicom_date[4:6], dicom_date[6:]
    return f"{day}/{month}/{year}" if language == "fr" else f"{year}-{month}-{day}"


def printed_moment(moment: datetime, language: str) -> str:
    """Return date, time and offset from UTC."""
    date = printed_date(moment.strftime("%Y%m%d"), language)
    offset = moment.strftime("%z")
    zone = f"UTC{offset[:3]}:{offset[3:5]}" if offset else ""
    return f"{date} {moment.strftime('%H:%M')} {zone}".strip()
