"""What Pinpoint raises. Each message names the thing, the cause and the way out."""


class PinpointError(Exception):
    """Base of every error that Pinpoint raises on purpose."""


class InputError(PinpointError, ValueError):
    """The caller asked for something that cannot be done (command line: exit status 2)."""


class SettingsError(InputError):
    """A setting is unknown, malformed or out of bounds."""


class LoadError(PinpointError):
    """A file cannot be turned into text."""


class IndexMissingError(PinpointError):
    """There is no index in the given home."""


class IndexDamagedError(PinpointError):
    """The database in the home cannot be read as a Pinpoint index."""


class IndexTooOldError(PinpointError):
    """The index was written by an older Pinpoint and has not been brought up to date."""


class IndexTooNewError(PinpointError):
    """The index was written by a newer Pinpoint."""


class IndexLockedError(PinpointError):
    """Another process is writing to the index, or to the conversations, for long."""


class StoreError(PinpointError):
    """The server that holds the index cannot be reached, or refused what was asked."""


class RowsGoneError(StoreError):
    """The server has not all rows of the version that was read; a newer one may be whole."""


class LeaseLostError(PinpointError):
    """Another process took over the writing; what this one had begun is not part of the index."""


class NoSpaceError(PinpointError):
    """The disk is full; what was to be written is as it was before."""


class BusyError(PinpointError):
    """Another job of this process is changing the index."""


class CrowdedError(PinpointError):
    """Too many questions are waiting already."""


class ModelError(PinpointError):
    """The embedding model cannot be found or loaded."""


class ModelMismatchError(PinpointError):
    """The index was built with another embedding model, or cut into chunks another way."""


class QuoteError(PinpointError):
    """A quote is not what the stored text holds at its offsets."""


class DocumentMissingError(QuoteError):
    """The index holds no document with this text (any more)."""


class ConversationMissingError(InputError):
    """There is no such conversation or turn, or it is another person's."""


class OriginalGoneError(PinpointError):
    """The file that a document was read from is not there any more."""


class OriginalChangedError(PinpointError):
    """The file that a document was read from holds something else now."""


class PhraseError(PinpointError):
    """The language model that was to phrase an answer gave none that can be used."""
