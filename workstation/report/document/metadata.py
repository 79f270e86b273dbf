"""The XMP packet of a PDF/A-2u document. Ours holds no time but the report's, so that bytes repeat."""

from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

PRODUCER = "Requis"


def xmp_metadata(title: str, author: str, language: str, created: datetime) -> str:
    """Return the packet; it says the same as the document information. Source: ISO 19005-2 6.6."""
    moment = quoteattr(created.isoformat(timespec="seconds"))
    producer = quoteattr(PRODUCER)
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
  <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
    <rdf:Description rdf:about="" xmp:CreatorTool={producer} xmp:CreateDate={moment} pdf:Producer={producer}>
      <pdfaid:part>2</pdfaid:part>
      <pdfaid:conformance>U</pdfaid:conformance>
      <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
      <dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator>
      <dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>
    </rdf:Description>
  </rdf:RDF>
</x:xmpmeta>"""
