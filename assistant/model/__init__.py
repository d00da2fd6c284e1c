"""A client of any OpenAI-compatible endpoint: how it is asked, what comes back, what its faults mean."""
