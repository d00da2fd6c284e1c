"""The blueprint that the views of this room belong to."""

from flask import Blueprint

pages = Blueprint("creations", __name__)
