"""What can go wrong with keys, tokens, signatures and their verification."""

from typing import ClassVar

from workstation.errors import WorkstationError


class SigningError(WorkstationError):
    """Root of the errors of signing and verification."""

    key: ClassVar[str] = "signing.failed"


class KeyFileUnreadable(SigningError):
    """The file is not a PKCS#12 key file."""

    key = "signing.key_file_unreadable"


class WrongKeyPassphrase(SigningError):
    """The passphrase does not open the key file."""

    key = "signing.wrong_passphrase"


class KeySlotDamaged(SigningError):
    """The key that the profile keeps is not what was stored."""

    key = "signing.key_slot_damaged"


class NoSigningKey(SigningError):
    """The file or token holds no RSA key with its certificate."""

    key = "signing.no_key"


class KeyTooWeak(SigningError):
    """An RSA key below 2048 bits, or a key that is not RSA."""

    key = "signing.weak_key"


class KeyMismatch(SigningError):
    """The key does not belong to the certificate: the signature that it made does not verify."""

    key = "signing.key_mismatch"


class SignerClosed(SigningError):
    """The signer was closed and its key forgotten."""

    key = "signing.closed"


class CertificateNotValidNow(SigningError):
    """The certificate has expired, or is not valid yet."""

    key = "signing.certificate_not_valid_now"


class TokenModuleMissing(SigningError):
    """The PKCS#11 module cannot be loaded."""

    key = "signing.token_module_missing"


class TokenNotFound(SigningError):
    """No token with this label is in a reader."""

    key = "signing.token_not_found"


class WrongPin(SigningError):
    """The token refused the PIN."""

    key = "signing.wrong_pin"


class PinBlocked(SigningError):
    """The token has locked its PIN."""

    key = "signing.pin_blocked"


class TokenFailed(SigningError):
    """The token or its driver reported anything else."""

    key = "signing.token_failed"


class ObjectUnreadable(SigningError):
    """The bytes are not DICOM Part 10 as the standard lays it out, or exceed our limits."""

    key = "signing.object_unreadable"


class EncodingNotSupported(SigningError):
    """The object is well formed in an encoding in which its signature cannot be computed."""

    key = "signing.encoding_not_supported"


class AlreadySigned(SigningError):
    """The object carries a digital signature; a new one needs a new instance."""

    key = "signing.already_signed"


class ElementNotSignable(SigningError):
    """The object holds a private or unknown element, which no signature could protect."""

    key = "signing.element_not_signable"


class CharacterSetFalse(SigningError):
    """A text is not written in the character set that the object declares."""

    key = "signing.character_set_false"


class PurposeNotAllowed(SigningError):
    """A verified report must be signed for the purpose of verification."""

    key = "signing.purpose_not_allowed"


class DocumentRefused(SigningError):
    """The PDF cannot be signed: not a PDF, encrypted, or signed already."""

    key = "signing.document_refused"


class TrustFileUnreadable(SigningError):
    """The file of authorities holds no certificate."""

    key = "signing.trust_file_unreadable"


class NothingToVerify(SigningError):
    """The file is neither a DICOM object nor a PDF."""

    key = "signing.nothing_to_verify"


class NoSignedDocument(NothingToVerify):
    """No hub holds a signed document of the study."""

    key = "signing.no_signed_document"


class SignedDocumentsUnreachable(NothingToVerify):
    """No signed document of the study was found, and some hubs could not be asked."""

    key = "signing.signed_documents_unreachable"
