"""The HTTP servers of the ecosystem, set as the tuning ledger of the README says."""
