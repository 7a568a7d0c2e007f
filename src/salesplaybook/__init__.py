"""salesplaybook: exports and a few typed lines go in; records and honest pages of a sales project come out.

Light on purpose: nothing is imported here, so that the command line's help and cookiecutter's hooks start at once.
"""

__version__ = "0.1.0"
