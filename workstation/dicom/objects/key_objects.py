"""Key object selections: images that somebody pointed out or rejected, with title and reasons.

Source: PS3.16 TID 2010.
"""

from workstation.dicom.header import Header
from workstation.dicom.objects.content_tree import content_tree, value_text
from workstation.dicom.objects.model import Block, Contents, Entry, KeySelection, Phrase, ReadObject
from workstation.dicom.objects.provenance import author_of, date_of, image_place, reference_of
from workstation.dicom.objects.report import about

# Titles that say an image is not to be used. Source: PS3.16 CID 7010, CID 7011.
_REJECTIONS = frozenset({"113001", "113037", "113038", "113039"})
# Titles of lists of what an examination holds: no one of their images is pointed out. Source: PS3.16 CID 7010.
_MANIFESTS = frozenset({"113030", "113031", "113032", "113033", "113034", "113035", "113036"})
_REASON = "113011"
_DESCRIPTION = "113012"


def read_key_objects(header: Header, contents: Contents) -> ReadObject:
    """Return a key object selection; objects that are no images are counted."""
    del contents
    root = content_tree(header).root
    references = [one for one in root.walk() if one.kind in ("IMAGE", "COMPOSITE", "WAVEFORM")]
    images = tuple(image_place(one.header.item("ReferencedSOPSequence")) for one in references if one.kind == "IMAGE")
    is_rejection = root.concept.value in _REJECTIONS
    blocks: list[Block] = [*about(header)]
    if is_rejection:
        blocks.append(Entry(0, "", Phrase("objects.key.rejected")))
    blocks += [Entry(0, Phrase("objects.key.reason"), value_text(one)) for one in root.all(_REASON)]
    blocks += [Entry(0, Phrase("objects.key.description"), value_text(one)) for one in root.all(_DESCRIPTION)]
    blocks += [Entry(0, "", Phrase("objects.image"), (image,)) for image in images]
    others = len(references) - len(images)
    if others:
        blocks.append(Entry(0, "", Phrase("objects.key.others", (("count", str(others)),))))
    return ReadObject(
        reference=reference_of(header),
        kind="key_objects",
        title=root.name,
        author=author_of(header),
        date=date_of(header),
        blocks=tuple(blocks),
        key_images=None if root.concept.value in _MANIFESTS else KeySelection(root.name, is_rejection, images),
    )
