"""The promise for one product: who makes and sells what, where, at which landed price, date and footprint."""

from manyworks.quoting.build import Prepared, prepare
from manyworks.quoting.documents import option_to_json, quote_to_json, quotes_to_json
from manyworks.quoting.quote import QuotingError, possible, quote, quote_prepared

__all__ = [
    "Prepared",
    "QuotingError",
    "option_to_json",
    "possible",
    "prepare",
    "quote",
    "quote_prepared",
    "quote_to_json",
    "quotes_to_json",
]
