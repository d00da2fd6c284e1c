"""The room of finished images: the gallery, one image alone, its files, its star, its way out and back."""

from assistant.web.creations import files, gallery, image, keeping, prints
from assistant.web.creations.room import pages

__all__ = ["files", "gallery", "image", "keeping", "pages", "prints"]
