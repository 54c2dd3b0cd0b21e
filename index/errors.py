"""What can go wrong in this room, drawn as a tree; every message says what to do.

::

    ValueError
    └── IndexProblem            base of all below
        ├── EncoderError        an encoder's folder cannot be used
        ├── WeightsError        an embedding model's weights cannot be had
        ├── ContentError        the content folder cannot be read
        ├── GoldenError         the golden questions cannot be read
        └── VersionError        no such version, or its files cannot be used
            └── PublishConflict somebody else moved the live version in the meantime
"""

from __future__ import annotations


class IndexProblem(ValueError):
    """Base of this room's errors."""


class EncoderError(IndexProblem):
    """An encoder's folder is missing, incomplete or not understood."""


class WeightsError(IndexProblem):
    """The weights of an embedding model cannot be had from any source, or are not the published ones."""


class ContentError(IndexProblem):
    """The content folder does not exist or holds nothing that can be indexed."""


class VersionError(IndexProblem):
    """The index has no such version, or the version cannot be opened."""


class GoldenError(IndexProblem):
    """The file of golden questions cannot be used; the message names file and line."""


class PublishConflict(VersionError):
    """Another version went live since the decision to publish was made; nothing was changed."""
