"""What was found of each hub, remembered in the profile. No act of the reader: the audit log hears nothing of it."""

from dataclasses import asdict

from workstation.domain.hub_findings import Asking, HubFindings, Service, SyntaxTrial, Why
from workstation.domain.identifiers import HubName
from workstation.domain.strategy import Strategy, Way
from workstation.store.database import Database
from workstation.store.errors import RecordDamaged
from workstation.store.fields import Fields, JsonObject, encode

_VERSION = 2
_WITHOUT_UNDECIDED = 1


def findings_setting(hub: HubName) -> str:
    """Return the name of the setting that keeps the findings of a hub."""
    return f"hub findings {hub}"


class FindingsStore:
    """The findings by hub, among the settings; those that cannot be read are asked for anew."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, hub: HubName) -> HubFindings | None:
        """Return the last findings of a hub, however old."""
        with self._database.read() as connection:
            row = connection.execute("SELECT value FROM settings WHERE name = ?", (findings_setting(hub),)).fetchone()
        try:
            return None if row is None else findings_from_json(str(row[0]))
        except RecordDamaged:
            return None

    def remember(self, hub: HubName, findings: HubFindings) -> None:
        """Keep the findings of a hub in place of the last."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO settings (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (findings_setting(hub), findings_to_json(findings)),
            )


def findings_to_json(findings: HubFindings) -> str:
    """Return the text of one hub's findings."""
    strategy = findings.strategy
    return encode(
        {
            "version": _VERSION,
            "found": findings.found.isoformat(),
            "url": findings.url,
            "link": findings.link,
            "server": findings.server,
            "services": [service.value for service in findings.services],
            "undecided": [service.value for service in findings.undecided],
            "times": {name: getattr(findings, name) for name in _TIMES},
            "probed_bytes": findings.probed_bytes,
            "syntaxes": [_trial_to_object(trial) for trial in findings.syntaxes],
            "page_cap": findings.page_cap,
            "ignores_offset": findings.ignores_offset,
            "strategy": {"way": strategy.way.value, "parallel": strategy.parallel, "ahead": strategy.ahead},
            "asking": asdict(findings.asking),
            "why": findings.why.value,
        }
    )


_TIMES = ("latency_ms", "first_byte_ms", "instance_ms", "stream_image_ms", "single_image_ms", "bytes_per_s")


def findings_from_json(text: str) -> HubFindings:
    """Read one hub's findings back.

    Raises
    ------
    RecordDamaged
        When the text is not one that ``findings_to_json`` writes.
    """
    fields = Fields.parse(text, _VERSION, _WITHOUT_UNDECIDED)
    times, strategy, asking = fields.record("times"), fields.record("strategy"), fields.record("asking")
    is_old = fields.integer("version") == _WITHOUT_UNDECIDED
    return HubFindings(
        found=fields.time("found"),
        url=fields.text("url"),
        link=fields.text("link"),
        server=fields.text("server"),
        services=_services(fields, "services"),
        undecided=() if is_old else _services(fields, "undecided"),
        latency_ms=_number(times, "latency_ms"),
        first_byte_ms=_number(times, "first_byte_ms"),
        instance_ms=_number(times, "instance_ms"),
        stream_image_ms=_number(times, "stream_image_ms"),
        single_image_ms=_number(times, "single_image_ms"),
        bytes_per_s=_number(times, "bytes_per_s"),
        probed_bytes=fields.integer("probed_bytes"),
        syntaxes=tuple(_trial(record) for record in fields.records("syntaxes")),
        page_cap=fields.optional_integer("page_cap"),
        ignores_offset=fields.boolean("ignores_offset"),
        strategy=Strategy(strategy.choice("way", Way), strategy.integer("parallel"), strategy.boolean("ahead")),
        asking=Asking(asking.text("transfer_syntax"), asking.text("dialect"), asking.boolean("by_frames")),
        why=fields.choice("why", Why),
    )


def _services(fields: Fields, name: str) -> tuple[Service, ...]:
    try:
        return tuple(Service(one) for one in fields.texts(name))
    except ValueError as error:
        raise RecordDamaged("not a service") from error


def _trial_to_object(trial: SyntaxTrial) -> JsonObject:
    return {
        "transfer_syntax": trial.transfer_syntax,
        "is_given": trial.is_given,
        "ratio": trial.ratio,
        "duration_ms": trial.duration_ms,
    }


def _trial(fields: Fields) -> SyntaxTrial:
    return SyntaxTrial(
        fields.text("transfer_syntax"),
        fields.boolean("is_given"),
        _number(fields, "ratio"),
        _number(fields, "duration_ms"),
    )


def _number(fields: Fields, name: str) -> float:
    value = fields.optional_scalar(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RecordDamaged(f"{name} is not a number")
    return float(value)
