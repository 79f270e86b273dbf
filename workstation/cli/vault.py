"""``requis vault``: the slots that open the profile, its passphrase, the key store, the idle lock."""

from pathlib import Path
from typing import TYPE_CHECKING

from workstation.cli.command import Invocation, Subparsers, add, environment_words

if TYPE_CHECKING:
    from workstation.vault.slots import SlotsFound


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = subparsers.add_parser("vault", help="what opens this profile: passphrase and key store")
    actions = group.add_subparsers(metavar="ACTION", required=True)
    add(actions, "status", "which slots there are, and whether the key store opens the profile now", _status)
    change = add(actions, "passphrase", "change the recovery passphrase", _passphrase)
    change.add_argument("--new-file", required=True, type=Path, metavar="F", help="a file that holds the new one")
    keyring = add(actions, "keyring", "let the key store of the system open the profile, or not", _keyring)
    keyring.add_argument("wanted", choices=("on", "off"))
    lock = add(actions, "lock-after", "minutes without a touch after which the window locks", _lock_after)
    lock.add_argument("minutes", type=int, choices=range(1, 31), metavar="1..30")


def _status(call: Invocation) -> int:
    # Key stores and ciphers are loaded by the commands that need them only.
    from workstation.vault.keyring_slot import system_keyring
    from workstation.vault.slots import slots_of

    found = slots_of(call.profile, system_keyring())
    call.output.show(_described(found), _sentences(found))
    return 0


def _passphrase(call: Invocation) -> int:
    from workstation.vault.passphrase import read_passphrase_file

    new = read_passphrase_file(call.arguments.new_file)
    with call.core() as core:
        core.keys.change_passphrase(new)
        call.output.say(core.words.text("vault.changed"))
    call.output.show({"changed": True}, [])
    return 0


def _keyring(call: Invocation) -> int:
    with call.core() as core:
        if call.arguments.wanted == "on":
            core.keys.use_keyring()
        else:
            core.keys.leave_keyring()
        found = core.keys.slots()
    call.output.show(_described(found), _sentences(found))
    return 0


def _lock_after(call: Invocation) -> int:
    with call.core() as core:
        core.store.settings.set_lock_after_minutes(call.arguments.minutes)
        minutes = core.store.settings.lock_after_minutes()
    call.output.show({"lock_after_minutes": minutes}, [str(minutes)])
    return 0


def _described(found: "SlotsFound") -> dict[str, object]:
    passphrase = {
        "type": "passphrase",
        "kdf": "argon2id",
        "memory_kib": found.cost.memory_kib,
        "iterations": found.cost.iterations,
        "lanes": found.cost.lanes,
    }
    slots: list[dict[str, object]] = [passphrase]
    if found.keyring_recorded is not None:
        slots.append({"type": "keyring", "backend": found.keyring_recorded, "opens_now": found.keyring_opens})
    return {
        "vault": found.vault_id,
        "created": found.created,
        "slots": slots,
        "keyring": {
            "allowed": found.keyring_allowed,
            "backend": found.keyring_here,
            "opens_now": found.keyring_opens,
        },
    }


def _sentences(found: "SlotsFound") -> list[str]:
    words = environment_words()
    return [words.text("vault.slot.passphrase"), words.text(f"vault.slot.{found.keyring_state}")]
