"""One module a manufacturing process, found by its name: ``cnc-milling`` is ``cnc_milling.py``.

A module has ``take(operation, starts, bench) -> Lines`` and ``good_share(operation, bench)``; its
figures lie in ``data/<name>.toml``.
"""
