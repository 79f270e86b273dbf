"""Sentences about a request."""

from workstation.domain.request import Request
from workstation.translations import Translator


def request_message(request: Request, words: Translator) -> str:
    """Return how to reach the requester, for a question that cannot wait for a report."""
    requester = request.requester
    contact = " · ".join(part for part in (requester.telephone, requester.email) if part)
    return words.text("shell.queue.ask", name=requester.name, organisation=requester.organisation, contact=contact)
