"""The errors textlens raises on purpose.

Every message is Japanese, says what is wrong, what was found and what to do, and never holds a
citizen's words: only file names, sheet and column headings, row numbers, ids, offsets and lengths.
"""

from __future__ import annotations


class TextlensError(Exception):
    """Base of every error that textlens raises on purpose."""


class ParameterError(TextlensError, ValueError):
    """A parameter has a value that cannot be used."""


class InputFileError(TextlensError, ValueError):
    """A file cannot be read as a table of comments."""


class EncodingError(InputFileError):
    """The bytes of a file are not text in the encoding that was tried."""


class ColumnNotFoundError(InputFileError):
    """A column that was named, or that is needed, is not in the table."""


class TextColumnError(InputFileError):
    """A column that should hold comments holds something else."""


class DictionaryError(TextlensError, ValueError):
    """A dictionary file breaks its own rules. The message names file, line and row id."""


class TokenizerError(TextlensError, RuntimeError):
    """The tokenizer gave something that does not lie on the text."""


class AccountingError(TextlensError, RuntimeError):
    """Rows in and rows out do not balance (全件収支). The run stops."""


class AnalysisError(TextlensError, RuntimeError):
    """The analysers break down on more rows than can be set aside. The run stops."""


class DisclosureError(TextlensError, ValueError):
    """Something may not leave the office in the way that was asked."""
