"""How a goal and a few examples become rows: the brief, the model, the composer. No Flask, no pages."""
