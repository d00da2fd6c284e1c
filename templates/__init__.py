"""Where the texts with blanks live: pages for people, instructions for the language model, example sheets."""

from pathlib import Path

PAGES = Path(__file__).parent / "pages"
PROMPTS = Path(__file__).parent / "prompts"
SHEETS = Path(__file__).parent / "sheets"
