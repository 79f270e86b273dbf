"""The keys of translations that code puts together, by the shape of the f-string that makes them.

Each family lists what fills the hole, from the enumeration or the table that the code itself walks through, so that a
new value without its words is found here and not by a reader. A family of code that is written later is added here.
"""

import dataclasses
import re
from collections.abc import Iterable

from tests.house.tree import source
from viewers.annotations.errors import NOT_MEASURED
from viewers.image.colour_maps import COLOUR_MAPS
from viewers.image.description import SpacingSource
from viewers.image.presets import ACQUIRED, AUTOMATIC, PRESETS
from viewers.image.sampling import Projection
from viewers.image.volume import FindingKind
from viewers.qt.labels import ViewportLabels
from viewers.state.resolved import Mark
from viewers.sync.bridges.base import BridgeKind
from viewers.tools.registry import TOOLS
from workstation.audit.chain import ProblemKind
from workstation.bench.registry import BENCHMARKS
from workstation.cli.bench import COLUMNS as BENCH_COLUMNS
from workstation.dicom.objects.dose import COLUMNS as DOSE_COLUMNS
from workstation.dicom.objects.dose import TOTALS as DOSE_TOTALS
from workstation.dicom.objects.registry import KINDS
from workstation.domain.delivery import CompletionState, DeliveryState, ObjectRole, StepName
from workstation.domain.delivery_acts import DeliveryAct
from workstation.domain.hub_findings import Service, Why
from workstation.domain.identity import Match as IdentityMatch
from workstation.domain.identity import Trait
from workstation.domain.listing import Listed
from workstation.domain.report import Grade
from workstation.domain.request import Carrier, RequestState, Severity
from workstation.hub.protocol import DeclineReason
from workstation.reading.protocols.model import RuleKind
from workstation.reading.volume_presets import load_volume_presets
from workstation.report.answers import CRITICAL_FIELDS
from workstation.retrieval.ledger_words import EXTRAS, GAPS
from workstation.retrieval.result import CountSource
from workstation.shell.acts.act import Group
from workstation.shell.acts.registry import ACTS
from workstation.shell.agreement_box import IMPACTS, TYPES
from workstation.shell.closing import Choice
from workstation.shell.keys.keymaps import keymap_ids
from workstation.shell.keys.mouse import mouse_ids
from workstation.shell.lock_page import LockReason
from workstation.shell.queue_model import COLUMNS
from workstation.shell.series_rows import QUIET_FINDINGS
from workstation.signing.verdict import Coverage, Integrity, Match, Time, Trust
from workstation.store.restoration import Source
from workstation.store.study_needs import Need
from workstation.vault.passphrase import Strength
from workstation.vault.slots import KeyringState, WhyLocked

MEASURED = tuple(dict.fromkeys(name for tool in TOOLS.values() for name in tool.values))
KEY_NAMES = (
    "Up", "Down", "Left", "Right", "PgUp", "PgDown", "Home", "End", "Space", "Esc", "Return", "Enter", "Menu", "Ctrl",
    "Shift", "Alt", "Meta", "Tab", "Backspace", "Del", "Ins",
)  # fmt: skip
CATEGORIES = ("1", "2", "3")
SECTIONS_OF_THE_DEMONSTRATION = (
    "indication", "protocol", "dose", "comparison", "first_report", "findings", "conclusion", "recommendations",
    "limits",
)  # fmt: skip


def _checks(acceptable_only: bool) -> tuple[str, ...]:
    """The ids of the checks, as the code that yields them spells them."""
    calls = re.findall(r'Check\(\s*f?"([a-z-]+)([^)]*)', source("workstation/report/checks.py"))
    return tuple(name.replace("-", "_") for name, rest in calls if "acceptable" in rest or not acceptable_only)


def _viewport_labels() -> tuple[str, ...]:
    """One text for each label that a viewport draws; those by value have a family of their own."""
    grouped = {"projections", "values", "refusals", "marks", "volume_presets"}
    return tuple(label.name for label in dataclasses.fields(ViewportLabels) if label.name not in grouped)


def _acts() -> tuple[str, ...]:
    return tuple(act.id for act in ACTS if not act.title)


def _told_findings() -> tuple[str, ...]:
    return tuple(kind for kind in FindingKind if kind not in QUIET_FINDINGS)


def families() -> dict[str, tuple[str, ...]]:
    """Return the families: a template with one hole, and everything that can fill it."""
    agreement = (*(f"grade.{one}" for one in Grade), *(f"type.{t}" for t in TYPES), *(f"impact.{i}" for i in IMPACTS))
    return {
        "audit.problem.{}": tuple(ProblemKind),
        "cli.bench.column.{}": BENCH_COLUMNS,
        "cli.bench.figure.{}.{}": tuple(f"{name}.{one}" for name, bench in BENCHMARKS.items() for one in bench.figures),
        "cli.bench.measure.{}.{}": tuple(
            f"{name}.{one}" for name, bench in BENCHMARKS.items() for one in bench.measures
        ),
        "cli.bench.name.{}": tuple(BENCHMARKS),
        "cli.demo.answer.{}": SECTIONS_OF_THE_DEMONSTRATION,
        "cli.hub.service.{}": tuple(Service),
        "cli.hub.verdict.{}": tuple(Carrier),
        "decline.reason.{}": tuple(reason.value.value for reason in DeclineReason),
        "editor.agreement.choose.{}": ("grade", "type", "impact"),
        "editor.agreement.{}.{}": agreement,
        "editor.critical.category_{}": CATEGORIES,
        "editor.critical.{}": ("category", *CRITICAL_FIELDS),
        "closing.{}": tuple(Choice),
        "colour_maps.{}": ("own", *COLOUR_MAPS),
        "hub_findings.listed.{}": tuple(Listed),
        "hub_findings.why.{}": tuple(Why),
        "library.need.{}": tuple(Need),
        "reading_page.protocol.reason.{}": tuple(RuleKind),
        "lock.why.{}": tuple(LockReason),
        "objects.dose.column.{}": tuple(key for key, _ in DOSE_COLUMNS),
        "objects.dose.total.{}": ("count", *(total.key for total in DOSE_TOTALS)),
        "objects.drawn.{}": ("scoord", "scoord3d", "tcoord"),
        "objects.field.{}": ("author", "patient", "date", "institution", "state", "description"),
        "objects.kind.{}": ("unsupported", *(kind.id for kind in KINDS)),
        "objects.presentation.{}": (
            "modality_table",
            "shutter",
            "compound",
            "overlay",
            "subtraction",
            "true_size",
        ),
        "objects.reference.{}": ("composite", "waveform"),
        "objects.segments.{}": ("segment", "property", "algorithm", "volume"),
        "objects.state.{}": ("complete", "partial", "verified", "unverified"),
        "objects.structures.{}": ("region", "type", "contours"),
        "outbox.act.{}": tuple(DeliveryAct),
        "outbox.decided.{}": (DeliveryState.HELD, DeliveryState.CANCELLED),
        "outbox.done.{}": tuple(DeliveryAct),
        "outbox.hint.{}": tuple(DeliveryAct),
        "outbox.page.column.{}": ("object", "hub", "state", "when", "reason"),
        "outbox.request_reason.{}": (CompletionState.CANCELLED, CompletionState.AGAIN),
        "outbox.request_state.{}": tuple(CompletionState),
        "outbox.role.{}": tuple(ObjectRole),
        "outbox.reason.{}": ("demonstration", "not_confirmed", "not_kept", "not_readable", "other_bytes"),
        "outbox.state.{}": tuple(DeliveryState),
        "outbox.step.{}": tuple(StepName),
        "volume_presets.{}": tuple(load_volume_presets()),
        "presets.{}": (AUTOMATIC, ACQUIRED, *PRESETS),
        "reading_page.act.{}": _acts(),
        "reading_page.group.{}": tuple(Group),
        "hands.keymap.{}": keymap_ids(),
        "hands.name.{}": KEY_NAMES,
        "hands.{}": ("set", "add", "remove", "as_in_keymap", "reset", "sheet"),
        "hands.field.{}": ("keymap", "mouse"),
        "hands.profile.{}": mouse_ids(),
        "hands.{}.{}": (*(f"keymap.{one}" for one in keymap_ids()), *(f"profile.{one}" for one in mouse_ids())),
        "hands.column.{}": ("act", "group", "keys", "own"),
        "hands.button.{}": (
            "left",
            "middle",
            "right",
            "shift",
            "control",
            "alt",
            "right_click",
            "wheel",
            "control_wheel",
            "double_click",
        ),
        "reading_page.finding.{}": _told_findings(),
        "reading_page.measurements.column.{}": ("tool", "name", "value"),
        "reading_page.nothing_to_{}": ("undo", "redo"),
        "reading_page.step.{}": (
            "mark_placed",
            "mark_changed",
            "mark_removed",
            "text",
            "agreement",
            "critical",
            "key_images",
        ),
        "reading_page.{}_done": ("undo", "redo"),
        "reading_page.series.{}": ("prior", "current", "loading", "counts", "counts_objects", "counts_one"),
        "reading_page.series.expected{}": ("", "_objects"),
        "reading_page.series.received{}": ("", "_objects"),
        "reading_page.tab.{}": ("report", "measurements", "request", "first_report", "objects"),
        "report.agreement.{}": ("type", "impact", "reason"),
        "report.checks.{}": _checks(acceptable_only=False),
        "report.critical.category_{}": CATEGORIES,
        "report.critical.{}": CRITICAL_FIELDS,
        "report.document.column_{}": ("mark", "label", "measure", "value", "remark"),
        "report.document.{}": ("female", "male", "other"),
        "report.grades.{}": tuple(Grade),
        "report.limits.{}": _checks(acceptable_only=True),
        "report.measures.{}": MEASURED,
        "case.ledger.{}": (*GAPS, *EXTRAS),
        "case.source.{}": tuple(CountSource),
        "restoration.{}": tuple(Source),
        "shell.banner.sex.{}": ("F", "M", "O"),
        "shell.banner.{}": ("qualified", "unqualified"),
        "shell.details.{}": ("question", "clinical", "requester", "times", "studies", "first_report"),
        "shell.page.{}": ("queue", "reading", "outbox", "verification", "settings"),
        "shell.queue.column.{}": COLUMNS,
        "shell.queue.filter.{}": ("modality", "specialty", "hub"),
        "shell.queue.severity.{}": tuple(str(int(severity)) for severity in Severity),
        "shell.queue.state.{}": tuple(state.name for state in RequestState),
        "shell.settings.field.{}": ("name", "identifier", "organisation", "language", "hub_name", "hub_url"),
        "signing.coverage.{}": tuple(Coverage),
        "signing.integrity.{}": tuple(Integrity),
        "signing.signer.{}": tuple(Match),
        "signing.time.{}": tuple(Time),
        "signing.trust.{}": tuple(Trust),
        "vault.box.field.{}": ("keyring", "passphrase", "lock"),
        "vault.strength.{}": tuple(Strength),
        "vault.slot.{}": tuple(KeyringState),
        "vault.why.{}": tuple(WhyLocked),
        "verify.kind.{}": ("dicom", "pdf", "sr", "kos", "gsps", "document"),
        "verify.{}": ("valid", "invalid"),
        "viewport.joined.{}": (*(kind for kind in BridgeKind if kind is not BridgeKind.FRAME),),
        "identity.matches.{}": tuple(IdentityMatch),
        "identity.trait.{}": tuple(Trait),
        "viewport.mark.{}": tuple(Mark),
        "viewport.measured_on_{}": ("lossy", "partial", "reduced"),
        "viewport.projection.{}": tuple(Projection),
        "reading_page.measurements.size.{}": tuple(
            one.name.lower() for one in SpacingSource if one is not SpacingSource.NONE
        ),
        "viewport.refusal.{}": tuple(one.key.rpartition(".")[2] for one in NOT_MEASURED),
        "viewport.value.{}": MEASURED,
        "viewport.{}": _viewport_labels(),
    }


def expanded(template: str, fills: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of one family; two holes are filled by one text with a full stop."""
    shape = template.replace("{}.{}", "{}")
    return tuple(shape.replace("{}", str(fill)) for fill in fills)
