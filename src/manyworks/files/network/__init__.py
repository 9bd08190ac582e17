"""Networks and orders as people keep them: a folder of tables and a TOML file, checked cell by cell.

`read_network` makes a `manyworks.model.Network` of a folder, `read_orders` the orders of an
``orders.toml``. Both tell every problem at once and raise `manyworks.files.FilesError` at their strict
doors. `describe_tables` is the reference of the format,
made from the very list of columns the reader goes by.
"""

from manyworks.files.network.describe import describe_tables
from manyworks.files.network.orders import read_orders
from manyworks.files.network.reader import read_network

__all__ = ["describe_tables", "read_network", "read_orders"]
