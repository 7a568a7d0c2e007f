"""A papermill engine that starts no kernel: each notebook runs in a process forked from the one that calls it.

It imports nothing else of ours. The caller must have one thread only (`ready` says whether; else a kernel is started
after all), so it belongs into a process of its own that has loaded what notebooks import: see `batch.worker`. Outputs,
metadata and errors are kept as papermill's own engine keeps them, and what a cell does to its process stays in that
process: one that kills it, or never ends, fails its notebook alone.
"""

from salesplaybook.batch.engine.forked import NAME, Forked, Stopped, ready, register

__all__ = ["NAME", "Forked", "Stopped", "ready", "register"]
