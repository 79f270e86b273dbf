"""What ``requis signer`` does."""

from workstation.app.errors import NoSignerKept
from workstation.app.signer_key import SignerFacts
from workstation.cli.command import Invocation
from workstation.cli.errors import FileRefused
from workstation.translations import Translator
from workstation.vault.passphrase import read_passphrase_file

WARNED_DAYS = 60


def import_key(call: Invocation) -> int:
    """Keep the key of a PKCS#12 file."""
    arguments = call.arguments
    try:
        content = arguments.key.read_bytes()
    except OSError as error:
        raise FileRefused(f"{error.strerror}", path=str(arguments.key)) from error
    passphrase = read_passphrase_file(arguments.passphrase_file)
    own = read_passphrase_file(arguments.new_file) if arguments.new_file else passphrase
    with call.core() as core:
        facts = core.signers.key.take_in(content, passphrase, own)
        _print(call, facts, core.words)
    return 0


def show(call: Invocation) -> int:
    """Tell who signs."""
    with call.core() as core:
        facts = core.signers.key.facts()
        if facts is None:
            raise NoSignerKept("no key slot")
        _print(call, facts, core.words)
    return 0


def change_passphrase(call: Invocation) -> int:
    """Seal the key under another passphrase."""
    former = read_passphrase_file(call.arguments.passphrase_file)
    new = read_passphrase_file(call.arguments.new_file)
    with call.core() as core:
        if not core.signers.key.change_passphrase(former, new):
            raise NoSignerKept("no key slot")
    call.output.show({"changed": True}, [])
    return 0


def _print(call: Invocation, facts: SignerFacts, words: Translator) -> None:
    document = {
        "holder": facts.holder,
        "identifier": facts.identifier,
        "issuer": facts.issuer,
        "not_after": facts.not_after.isoformat(),
        "days_left": facts.days_left,
        "demonstration": facts.demonstration,
    }
    until = facts.not_after.date().isoformat()
    line = words.text("signer.facts", holder=facts.holder, issuer=facts.issuer, until=until)
    if facts.days_left < WARNED_DAYS:
        call.output.say(words.text("signer.expires", days=max(0, facts.days_left)))
    call.output.show({"signer": document}, [line])
