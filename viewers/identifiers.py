"""Branded identifiers: a series UID cannot be passed where an instance UID is meant."""

from typing import NewType

StudyUID = NewType("StudyUID", str)
SeriesUID = NewType("SeriesUID", str)
InstanceUID = NewType("InstanceUID", str)
FrameOfReferenceUID = NewType("FrameOfReferenceUID", str)
AnnotationId = NewType("AnnotationId", str)
ViewportId = NewType("ViewportId", str)
