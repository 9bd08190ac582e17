"""The solid modelling kernel (OCCT through ``OCP``) in a process of its own.

``python -m manyworks.files.solids.kernel`` reads requests from its standard input and answers on its
standard output (see `messages`); only modules of this folder import the kernel, and only the worker
imports those that do. `process` is the side that asks.
"""
