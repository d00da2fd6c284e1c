"""Where the texts with blanks live: pages, instructions for the language model, example sheets and briefs."""

from pathlib import Path

PAGES = Path(__file__).parent / "pages"
PROMPTS = Path(__file__).parent / "prompts"
SHEETS = Path(__file__).parent / "sheets"
BRIEFS = Path(__file__).parent / "briefs"
