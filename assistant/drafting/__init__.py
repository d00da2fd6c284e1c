"""How a goal and a few examples become rows: the brief, the model, combinations. No Flask, no pages."""
