"""The whole loop without a window: claim, pull, report, sign, send, verify; each step says what happened."""

from viewers.identifiers import StudyUID
from workstation.app.core import Core, open_core
from workstation.app.demonstration import READER, Demonstration
from workstation.cli.command import Invocation, environment_words
from workstation.domain.identifiers import HubName
from workstation.domain.report import Agreement, Answers, Grade, KeyImage
from workstation.domain.request import Request
from workstation.report.checks import unsettled
from workstation.signing.verdict import verdicts_to_json
from workstation.translations import translator


def run_loop(call: Invocation, demonstration: Demonstration) -> int:
    """Answer the demonstration's request that has a prior, and verify what the hub then holds."""
    words = environment_words()
    with open_core(demonstration.profile, None, passphrase=demonstration.passphrase) as core:
        request = next(one for one in core.worklist.refresh().requests if one.priors)
        call.output.say(words.text("cli.demo.step.claim", question=request.question))
        request = core.worklist.claim(request)
        for reference in (*request.studies, *request.priors):
            result = core.retrieval.pull(core.hubs.client(reference.hub), reference.study)
            received = sum(one.received for one in result.series)
            call.output.say(words.text("cli.demo.step.pull", received=received))
        objects = _sign(core, request)
        call.output.say(words.text("cli.demo.step.sign", count=objects))
        core.courier.deliver(force=True)
        completed = core.completer.complete(force=True)
        call.output.say(words.text("cli.demo.step.send", completed=completed))
        found = core.verification.of_study(request.studies[0].study)
    for verdict in found.verdicts:
        for sentence in verdict.sentences():
            call.output.say("  " + words.text(sentence.key, **sentence.details))
    call.output.show({"request": request.id, **verdicts_to_json(found.verdicts)}, [])
    return 0 if completed == 1 and all(verdict.valid for verdict in found.verdicts) else 1


def _sign(core: Core, request: Request) -> int:
    reader = core.store.settings.reader() or READER
    study = request.studies[0].study
    draft = core.drafting.begin(study, request, reader, request.language, answers=_answers(core, request, study))
    with core.signers.open(reader, None) as signer:
        checks = core.finishing.checks(draft, reader, demonstration=True)
        accepted = [check.id for check in unsettled(checks, ()) if check.acceptable]
        prepared = core.finishing.prepare(draft, reader, accepted, demonstration=True)
        return len(core.finishing.sign(prepared, signer, HubName(request.hub)))


def _answers(core: Core, request: Request, study: StudyUID) -> Answers:
    words = translator(request.language)
    images = [one for one in core.store.catalogue.instances(study) if one.frames]
    sections = {
        section: words.text(f"cli.demo.answer.{section}")
        for section in (
            "indication", "protocol", "dose", "comparison", "first_report", "findings", "conclusion",
            "recommendations", "limits",
        )
    }  # fmt: skip
    return Answers(
        {"question": request.question, "clinical": request.clinical, **sections},
        Agreement(Grade.A0),
        key_images=(KeyImage(images[len(images) // 2].reference.instance),) if images else (),
    )
