"""A small company of two accounts: what its costs and its advice are.

The costs are a table of lines below, each a daily amount with a weekly rhythm, so that every grouping and filter of Cost
Explorer adds up to the same total. Where the environment variable FINOPS_PLANTED names a file that `seed.py` printed, advice
speaks of the resources planted in moto, else of the ids below.
"""

import sys
from pathlib import Path

# The folder is the package `company`.
sys.path.insert(0, str(Path(__file__).parent.parent))

from company import advice, commitments, costs, explorer, hub  # noqa: E402

for module in (advice, commitments, costs, explorer, hub):
    globals().update({name: value for name, value in vars(module).items() if name.startswith(module.SERVICES)})
