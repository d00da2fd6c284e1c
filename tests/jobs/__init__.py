"""The ledger, the runner and what they stand on."""
