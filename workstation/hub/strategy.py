"""From what a hub showed to how it is asked: a pure function of the findings, so that the same hub is asked the same.

A stream has one answer to wait for; single images each wait for theirs, several at once. A compressed transfer syntax
is asked for where the link is slow and the image then came sooner.
"""

from dataclasses import replace
from typing import Final

from workstation.domain.hub_findings import AS_STORED, Asking, HubFindings, Service, Why
from workstation.domain.strategy import ONE_BY_ONE, WHOLE_SERIES, Strategy, Way

SLOW_BYTES_PER_S: Final = 8_000_000.0
# Below this gain in size the hub's work and the loss of the original bytes are not worth it.
_WORTHWHILE: Final = 0.9
# Single images must be so much faster: a stream costs the hub less and cannot leave one out.
_MARGIN: Final = 0.7
# A first image that waits longer than this behind a stream is asked for by itself.
_LONG_WAIT_MS: Final = 1000.0
_BY_FRAMES: Final = Strategy(Way.FRAMES)


def choose(findings: HubFindings) -> HubFindings:
    """Return the findings with the strategy that they speak for."""
    strategy, why = _way(findings)
    by_frames = strategy.way is Way.FRAMES
    asking = Asking(_transfer_syntax(findings), findings.asking.dialect, by_frames)
    return replace(findings, strategy=strategy, asking=asking, why=why)


def _way(findings: HubFindings) -> tuple[Strategy, Why]:
    # What gives frames alone gives no object by which a speed is measured.
    if not findings.offers(Service.SERIES) and (findings.probed_bytes or findings.offers(Service.FRAMES)):
        return (ONE_BY_ONE, Why.NO_SERIES) if findings.offers(Service.INSTANCE) else (_BY_FRAMES, Why.ONLY_FRAMES)
    if not findings.probed_bytes:
        return WHOLE_SERIES, Why.NO_STUDY
    if 0 < findings.single_image_ms < _MARGIN * findings.stream_image_ms:
        return ONE_BY_ONE, Why.SINGLE_IS_FASTER
    is_long = findings.first_byte_ms > _LONG_WAIT_MS or 0 < findings.bytes_per_s < SLOW_BYTES_PER_S
    is_compared = findings.single_image_ms > 0
    return replace(WHOLE_SERIES, ahead=is_long), Why.STREAM_IS_FASTEST if is_compared else Why.STREAM_IS_FAST


def _transfer_syntax(findings: HubFindings) -> str:
    """Return the lossless syntax in which an image came soonest, on a slow link, else as it is stored."""
    if not 0 < findings.bytes_per_s < SLOW_BYTES_PER_S:
        return AS_STORED
    given = [trial for trial in findings.syntaxes if trial.is_given and trial.ratio < _WORTHWHILE]
    sooner = [trial for trial in given if trial.duration_ms < findings.instance_ms]
    return min(sooner, key=lambda trial: trial.duration_ms).transfer_syntax if sooner else AS_STORED
